"""Journeys: steps one after another, a day at a time, that never end unnoticed."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum
from typing import Final

from daihou.engine.basics.dates import DAY
from daihou.engine.strategy import cells
from daihou.engine.strategy.inputs import INPUTS
from daihou.engine.strategy.interrupts import Interrupt, On
from daihou.engine.strategy.table import Titles, Value

IsWorking = Callable[[date], bool]


class Do(StrEnum):
    """What a step does.

    The first group is done on one day; the journey goes on the next. WAIT and PAUSE
    hold it for days, DEADLINE until the customer is so many days late, CONDITION sends
    it on, ASSIGN and SET change what the row of the table answers, STOP ends it.
    """

    MESSAGE = "message"
    CALL = "call"
    VISIT = "visit"
    LETTER = "letter"
    OFFER = "offer"
    LEGAL_REVIEW = "legal_review"
    WAIT = "wait"
    PAUSE = "pause"
    DEADLINE = "deadline"
    CONDITION = "condition"
    ASSIGN = "assign"
    SET = "set"
    STOP = "stop"


DONE_ON_A_DAY: Final = frozenset(
    {Do.MESSAGE, Do.CALL, Do.VISIT, Do.LETTER, Do.OFFER, Do.LEGAL_REVIEW}
)
HOLDS: Final = frozenset({Do.WAIT, Do.PAUSE})
SETTABLE: Final = ("segment", "queue", "priority")
FINISHED_WITH_DEBT: Final = "finished_with_debt"
GOES_ROUND: Final = "goes_round"
NO_STEP: Final = "no_step"


@dataclass(frozen=True, slots=True)
class Step:
    """One step. What a field means depends on `do`.

    `code` is the template, offer, queue (ASSIGN) or reason (PAUSE, STOP). `days` counts
    for WAIT and PAUSE, working days with `working`. `dpd` is that of a DEADLINE.
    `when` (input -> text of a cell) is asked by CONDITION, which goes on at the step
    `then`, or else `otherwise`; empty: the next one. SET gives `name` the `value`.
    """

    id: str
    do: Do
    code: str = ""
    days: int = 0
    working: bool = False
    dpd: int = 0
    when: tuple[tuple[str, str], ...] = ()
    then: str = ""
    otherwise: str = ""
    name: str = ""
    value: str = ""


@dataclass(frozen=True, slots=True)
class Journey:
    """Steps in their order, and what interrupts them."""

    id: str
    title: Titles
    steps: tuple[Step, ...]
    interrupts: tuple[Interrupt, ...] = ()

    def on(self, event: On) -> Interrupt | None:
        """What it does about an event."""
        return next((each for each in self.interrupts if each.on is event), None)

    def place(self, step: str) -> int:
        """The place of a step; -1 where there is none of this id."""
        ids = [each.id for each in self.steps]
        return ids.index(step) if step in ids else -1


@dataclass(frozen=True, slots=True)
class State:
    """Where a customer stands: `step` is empty when the journey has ended.

    `since` is the day it began, `step_since` the day it came to the step, `next_on`
    the day on which a WAIT or PAUSE is over. `sets` is what SET and ASSIGN have said.
    """

    journey: str
    step: str
    since: date
    step_since: date
    next_on: date | None = None
    sets: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Next:
    """What a day comes to: the state after it, the action and its code.

    `action` is `none` on a day that waits. `alarm`: the journey has ended and something
    is still overdue, its steps go round without an end, or its step is gone.
    """

    state: State
    action: str
    code: str = ""
    alarm: str = ""

    @property
    def is_finished(self) -> bool:
        """Whether nothing follows."""
        return not self.state.step


def next_step(
    journey: Journey,
    state: State | None,
    facts: Mapping[str, Value],
    as_of: date,
    *,
    is_working: IsWorking = lambda day: day.weekday() < 5,
) -> Next:
    """Live one day of a journey; asked again for the same day it says the same.

    `state` is where the customer stood at the end of the last day asked, None at the
    beginning. `facts` are those of `inputs.INPUTS`; `overdue_total` tells what is left.
    """
    if state is None or state.journey != journey.id:
        if not journey.steps:
            return _ended(State(journey.id, "", as_of, as_of), facts)
        state = at_step(
            State(journey.id, "", as_of, as_of), journey, 0, as_of, is_working
        )
    elif not state.step:
        return _ended(state, facts)
    place = journey.place(state.step)
    if place < 0:  # the version that had this step is gone
        return Next(state, "none", alarm=NO_STEP)
    for _ in range(2 * len(journey.steps) + 1):
        step = journey.steps[place]
        if step.do is Do.STOP:
            return Next(state, "stop", step.code)
        if _stays(step, state, facts, as_of):
            return _standing(step, state)
        place, state = _passed(journey, place, state, facts)
        if place >= len(journey.steps):
            over = replace(state, step="", step_since=as_of, next_on=None)
            return _ended(over, facts)
        state = at_step(state, journey, place, as_of, is_working)
    return Next(state, "none", alarm=GOES_ROUND)


def _stays(step: Step, state: State, facts: Mapping[str, Value], as_of: date) -> bool:
    if step.do in DONE_ON_A_DAY:
        return state.step_since >= as_of
    if step.do in HOLDS:
        return state.next_on is not None and as_of < state.next_on
    if step.do is Do.DEADLINE:
        return _whole(facts["dpd"]) < step.dpd
    return False


def _standing(step: Step, state: State) -> Next:
    if step.do in DONE_ON_A_DAY or step.do is Do.PAUSE:
        return Next(state, step.do.value, step.code)
    return Next(state, "none")


def at_step(
    state: State, journey: Journey, place: int, as_of: date, is_working: IsWorking
) -> State:
    """Come to a step on a day; what it waits for is counted from there."""
    step = journey.steps[place]
    next_on = None
    if step.do in HOLDS:
        next_on = after(as_of, step.days, is_working if step.working else None)
    return replace(state, step=step.id, step_since=as_of, next_on=next_on)


def after(day: date, days: int, is_working: IsWorking | None) -> date:
    """The day so many days later; with `is_working` only those are counted."""
    if is_working is None:
        return day + days * DAY
    while days > 0:
        day += DAY
        days -= is_working(day)
    return day


def _passed(
    journey: Journey, place: int, state: State, facts: Mapping[str, Value]
) -> tuple[int, State]:
    """The place after a step, and what the step says for the rest of the journey."""
    step = journey.steps[place]
    if step.do is Do.CONDITION:
        aim = step.then if holds(step, facts) else step.otherwise
        return (journey.place(aim) if aim else place + 1), state
    if step.do in (Do.ASSIGN, Do.SET):
        name, value = ("queue", step.code)
        if step.do is Do.SET:
            name, value = step.name, step.value
        state = replace(state, sets={**state.sets, name: value})
    return place + 1, state


def holds(step: Step, facts: Mapping[str, Value]) -> bool:
    """Whether everything that a condition asks is so."""
    for name, text in step.when:
        column = INPUTS[name].input
        if not cells.read(text, column).test.holds(facts[name], column.kind):
            return False
    return True


def _ended(state: State, facts: Mapping[str, Value]) -> Next:
    """Nothing follows; whoever still owes what is overdue must not be forgotten."""
    left = _whole(facts["overdue_total"]) > 0
    return Next(state, "none", alarm=FINISHED_WITH_DEBT if left else "")


def _whole(value: Value) -> int:
    assert isinstance(value, int), value
    return value
