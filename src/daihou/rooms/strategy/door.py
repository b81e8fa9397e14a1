"""What other rooms may use of strategies: what holds, each one's step, the queues."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from daihou.rooms.strategy.actions.ordering import (
    end_all,
    pause_journey,
    payload_of,
    resume_journey,
    stop_journey,
)
from daihou.rooms.strategy.actions.turning import (
    Doer,
    Turned,
    hold,
    register_follow,
)
from daihou.rooms.strategy.costs import register as register_cost
from daihou.rooms.strategy.harms import register as register_harm
from daihou.rooms.strategy.interrupt_words import event as event_word
from daihou.rooms.strategy.interrupt_words import sentence as interrupt_said
from daihou.rooms.strategy.queries import (
    RunLine,
    StepLine,
    in_force,
    step_of,
    steps_run,
)
from daihou.rooms.strategy.queries.orders import (
    OrderLine,
    interrupts_of,
    orders_of,
)
from daihou.rooms.strategy.queries.read_outs import Reckoned
from daihou.rooms.strategy.queries.read_outs import running as experiments
from daihou.rooms.strategy.words import action as action_word
from daihou.rooms.strategy.words import text as said

__all__ = [
    "Doer",
    "OrderLine",
    "QueueLine",
    "Reckoned",
    "RunLine",
    "StepLine",
    "Turned",
    "action_word",
    "end_all",
    "event_word",
    "experiments",
    "hold",
    "in_force",
    "interrupt_said",
    "interrupts_of",
    "orders_of",
    "pause_journey",
    "payload_of",
    "queues",
    "register_cost",
    "register_follow",
    "register_harm",
    "resume_journey",
    "said",
    "step_of",
    "steps_run",
    "stop_journey",
]


@dataclass(frozen=True, slots=True)
class QueueLine:
    """A queue as the strategies in force name it; `most` None: any number."""

    code: str
    title: Mapping[str, str]
    skill: str
    capacity_mode: str
    most: int | None
    redistribute_days: int
    version_id: int


def queues(on: date) -> tuple[QueueLine, ...]:
    """The queues of the strategies in force on a morning, each code once.

    Where two strategies name the same code, the one that is asked first counts.
    """
    found: dict[str, QueueLine] = {}
    for live in in_force(on):
        for each in live.strategy.queues:
            line = QueueLine(
                code=each.code,
                title=each.title,
                skill=each.skill,
                capacity_mode=each.capacity_mode.value,
                most=each.most,
                redistribute_days=each.redistribute_days,
                version_id=live.version_id,
            )
            found.setdefault(each.code, line)
    return tuple(found.values())
