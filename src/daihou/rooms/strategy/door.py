"""What other rooms may use of strategies: what holds, each one's step, the queues."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from daihou.rooms.strategy.harms import register as register_harm
from daihou.rooms.strategy.queries import (
    RunLine,
    StepLine,
    in_force,
    step_of,
    steps_run,
)

__all__ = [
    "QueueLine",
    "RunLine",
    "StepLine",
    "in_force",
    "queues",
    "register_harm",
    "step_of",
    "steps_run",
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
