"""From the accounts that were assigned to the promises that were kept, step by step."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from daihou.engine.metrics.dictionary import METRICS
from daihou.kit.portfolio import Axis
from daihou.kit.scope import Scope
from daihou.rooms.reporting import words
from daihou.rooms.reporting.pages import answer
from daihou.rooms.reporting.queries import lab
from daihou.rooms.reporting.question import Question

# In the order of the work; each has its own whole, which is said beside it.
STEPS: Final = (
    "contact_coverage",
    "contact_penetration",
    "rpc_per_attempt",
    "rpc_per_account",
    "promise_rate",
    "promise_kept",
)
WIDTH: Final = 240


@dataclass(frozen=True, slots=True)
class Step:
    """One step: its share, what it is made of, and how long its bar is."""

    id: str
    word: str
    text: str
    made_of: str
    width: float
    current: bool


@dataclass(frozen=True, slots=True)
class Funnel:
    """The steps of one month."""

    month: str
    steps: Sequence[Step]
    width: int = WIDTH


def funnel(question: Question, *, scope: Scope) -> Funnel | None:
    """The steps in the last month of the question that is known; None without any."""
    found: list[tuple[str, Step]] = []
    for id in STEPS:
        if id not in METRICS:
            continue
        metric = METRICS[id]
        asked = replace(question, metric=metric, by=None, other=None)
        series = lab.series(asked, scope=scope)
        if isinstance(series, lab.Unknown) or series.axis is not Axis.MONTH:
            continue
        known = [point for point in series.points if point.value is not None]
        if not known:
            continue
        last = known[-1]
        assert last.value is not None
        step = Step(
            id=id,
            word=words.name(metric),
            text=words.share(last.value),
            made_of=answer.made_of(metric, last, currency=question.coin),
            width=round(WIDTH * min(1.0, float(last.value)), 1),
            current=id == question.metric.id,
        )
        found.append((last.at, step))
    if not found:
        return None
    month = max(at for at, _step in found)
    return Funnel(month, [step for at, step in found if at == month])
