"""What is wrong with a whole strategy: its table, and the names that lead nowhere."""

from collections.abc import Iterator
from typing import Any, Final

from daihou.engine.strategy.checks import (
    MOST_NODES,
    Finding,
    check,
    finding,
    speaks_to_held,
)
from daihou.engine.strategy.inputs import OUTBOUND
from daihou.engine.strategy.interrupts import MOST_DAYS, Interrupt, Then
from daihou.engine.strategy.journey import (
    DONE_ON_A_DAY,
    HOLDS,
    SETTABLE,
    Do,
    Journey,
    Step,
)
from daihou.engine.strategy.strategy import Strategy
from daihou.engine.strategy.table import Row

# What a step must say beside what it does.
_NEEDS: Final = {
    Do.MESSAGE: ("code",),
    Do.LETTER: ("code",),
    Do.OFFER: ("code",),
    Do.WAIT: ("days",),
    Do.PAUSE: ("days", "code"),
    Do.DEADLINE: ("dpd",),
    Do.CONDITION: ("when",),
    Do.ASSIGN: ("code",),
    Do.SET: ("name", "value"),
    Do.STOP: ("code",),
}


def check_strategy(
    strategy: Strategy, *, most_nodes: int = MOST_NODES
) -> tuple[Finding, ...]:
    """Look at a whole strategy; a version with findings is not fit to be released."""
    return (
        *check(strategy.table, most_nodes=most_nodes),
        *_rows(strategy),
        *speaks_to_held(strategy.table, OUTBOUND, most_nodes=most_nodes),
        *_arms(strategy),
        *(found for each in strategy.journeys for found in _journey(strategy, each)),
    )


def _rows(strategy: Strategy) -> Iterator[Finding]:
    table = strategy.table
    queues = {each.code for each in strategy.queues}
    journeys = {each.id for each in strategy.journeys}
    for row in table.rows:
        answers = table.answers(row)
        yield from _named(row, "queue", answers.get("queue"), queues)
        yield from _named(row, "journey", answers.get("journey"), journeys)
        if "action" in answers and not answers["action"]:
            yield finding("no_action", "cell", (row.id,))
        if not (row.because.get("zh") and row.because.get("en")):
            yield finding("no_because", "cell", (row.id,))


def _named(row: Row, what: str, name: object, known: set[str]) -> Iterator[Finding]:
    if name and name not in known:
        yield finding(what, "unknown", (row.id,), name=name)


def _arms(strategy: Strategy) -> Iterator[Finding]:
    if strategy.experiment is None:
        return
    rows = {each.id for each in strategy.table.rows}
    queues = {each.code for each in strategy.queues}
    journeys = {each.id for each in strategy.journeys}
    for arm in strategy.experiment.arms:
        named = [*arm.changes, *strategy.experiment.rows]
        for name in dict.fromkeys(named):
            if name not in rows:
                yield finding("arm_row", "unknown", (), arm=arm.code, name=name)
        for row, values in arm.changes.items():
            for what, known in (("queue", queues), ("journey", journeys)):
                if values.get(what) and values[what] not in known:
                    yield finding(what, "unknown", (row,), name=values[what])


def _journey(strategy: Strategy, journey: Journey) -> Iterator[Finding]:
    if not journey.steps:
        yield finding("no_steps", "unknown", (), journey=journey.id)
        return
    queues = {each.code for each in strategy.queues}
    for step in journey.steps:
        yield from _step(journey, step, queues)
    for each in journey.interrupts:
        yield from _interrupt(strategy, journey, each)
    aims = {
        journey.place(each.aim) for each in journey.interrupts if each.do is Then.JUMP
    }
    reached = _reached(journey, {0, *aims}, through_time=True)
    for place, step in enumerate(journey.steps):
        said: dict[str, Any] = {"journey": journey.id, "step": step.id}
        if place not in reached:
            yield finding("step_lost", "unreachable", (), **said)
        elif _goes_round(journey, place):
            yield finding("step_round", "unreachable", (), **said)


def _step(journey: Journey, step: Step, queues: set[str]) -> Iterator[Finding]:
    said: dict[str, Any] = {"journey": journey.id, "step": step.id}
    for what in _NEEDS.get(step.do, ()):
        if not getattr(step, what):
            yield finding("step_empty", "unknown", (), what=what, **said)
    queue = step.code if step.do is Do.ASSIGN else ""
    if step.do is Do.SET and step.name == "queue":
        queue = step.value
    if queue and queue not in queues:
        yield finding("step_queue", "unknown", (), name=queue, **said)
    if step.do is Do.SET and step.name and step.name not in SETTABLE:
        yield finding("step_empty", "unknown", (), what="name", **said)
    for aim in (step.then, step.otherwise):
        if aim and journey.place(aim) < 0:
            yield finding("step_target", "unknown", (), name=aim, **said)


def _interrupt(
    strategy: Strategy, journey: Journey, each: Interrupt
) -> Iterator[Finding]:
    said: dict[str, Any] = {"journey": journey.id, "event": each.on.value}
    if each.do is Then.PAUSE and not 0 < each.days <= MOST_DAYS:
        yield finding("interrupt_days", "unknown", (), most=MOST_DAYS, **said)
    if each.do is Then.JUMP and journey.place(each.aim) < 0:
        yield finding("interrupt_step", "unknown", (), name=each.aim, **said)
    if each.do is Then.START:
        other = strategy.journey(each.aim)
        if other is None or other.id == journey.id:
            yield finding("interrupt_journey", "unknown", (), name=each.aim, **said)


def _takes_time(step: Step) -> bool:
    # A deadline that is met passes at once, and a wait of no days does too.
    return step.do in DONE_ON_A_DAY or (step.do in HOLDS and step.days > 0)


def _following(journey: Journey, place: int) -> set[int]:
    step = journey.steps[place]
    if step.do is Do.STOP:
        return set()
    if step.do is not Do.CONDITION:
        return {place + 1}
    aims = (step.then, step.otherwise)
    return {journey.place(aim) if aim else place + 1 for aim in aims}


def _reached(journey: Journey, begin: set[int], *, through_time: bool) -> set[int]:
    """The places to which steps lead; without `through_time` within one day."""
    found: set[int] = set()
    waiting = {at for at in begin if 0 <= at < len(journey.steps)}
    while waiting:
        place = waiting.pop()
        found.add(place)
        if through_time or not _takes_time(journey.steps[place]):
            nexts = _following(journey, place)
            waiting |= {at for at in nexts if 0 <= at < len(journey.steps)} - found
    return found


def _goes_round(journey: Journey, place: int) -> bool:
    step = journey.steps[place]
    if _takes_time(step) or step.do is not Do.CONDITION:
        return False
    after = _reached(journey, _following(journey, place), through_time=False)
    return place in after
