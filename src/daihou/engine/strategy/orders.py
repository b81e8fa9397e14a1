"""Orders that stand over a customer's journey: paused, stopped, sent on, replaced.

An event or a person gives them between two evenings. They count on mornings: an order
given on a day is over what the evening before it said, and a pause lets time stand
still: what it interrupted is due again on the morning it ends.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Final

from daihou.engine.basics.dates import DAY
from daihou.engine.strategy.interrupts import Then
from daihou.engine.strategy.journey import (
    IsWorking,
    Journey,
    Next,
    State,
    at_step,
    next_step,
)
from daihou.engine.strategy.table import Value

PAUSE: Final = "pause"
STOP: Final = "stop"


@dataclass(frozen=True, slots=True)
class Order:
    """One order over the mornings [given_on, until); None: until it is ended.

    `journey` is the one it is about, empty for whichever there is. `aim` is the step
    of a JUMP or the journey of a START; `code` why, for a PAUSE or STOP.
    """

    do: Then
    given_on: date
    until: date | None = None
    journey: str = ""
    aim: str = ""
    code: str = ""

    def stands(self, morning: date) -> bool:
        """Whether it holds on a morning; a JUMP is done on its own alone."""
        if self.do is Then.JUMP and self.given_on != morning:
            return False
        return self.given_on <= morning and (self.until is None or morning < self.until)

    def ended_since(self, last: date | None, morning: date) -> bool:
        """Whether it held after the morning `last`, and holds no more.

        One that was ended on the day it was given held nothing.
        """
        if self.until is None or not self.given_on < self.until <= morning:
            return False
        return last is None or self.until > last


@dataclass(frozen=True, slots=True)
class Evening:
    """What an evening knew of a customer: the row, where the journey stood, the day.

    `row_journey` and `row_action` are what the table answers, `before` where the
    customer stood at the end of `previous`, the evening before (None: there was none).
    `morning` is the one that follows, `as_of` + 1 but where days were left out.
    """

    as_of: date
    morning: date
    previous: date | None
    row_journey: str
    row_action: str
    before: State | None


def ordered(
    orders: Sequence[Order],
    journeys: Mapping[str, Journey],
    evening: Evening,
    facts: Mapping[str, Value],
    *,
    is_working: IsWorking = lambda day: day.weekday() < 5,
) -> Next | None:
    """What a customer with orders (in the order they were given) comes to.

    None where no order changes what the evening says by itself. Asked again it says
    the same.
    """
    followed = _followed(orders, evening)
    mine = [each for each in orders if each.journey in ("", followed)]
    stop = _last(mine, Then.STOP, evening.morning)
    pause = _last(mine, Then.PAUSE, evening.morning)
    jump = _last(mine, Then.JUMP, evening.morning)
    resumed = _resumed(mine, evening)
    replaced = evening.row_journey and followed != evening.row_journey
    if not (stop or pause or jump or resumed or replaced):
        return None
    journey = journeys.get(followed)
    state = None if _begins(orders, evening) else _kept(evening, followed)
    was_held = any(
        each.do is Then.PAUSE and each.stands(evening.morning)
        for each in mine
        if each.given_on < evening.morning
    )
    if state is not None and (was_held or resumed):
        state = _moved(state, evening)
    lived = None
    if journey is not None and evening.row_journey and not was_held:
        lived = next_step(journey, state, facts, evening.as_of, is_working=is_working)
        state = lived.state
    if jump is not None and journey is not None and journey.place(jump.aim) >= 0:
        stood = state or _nowhere(followed, evening)
        place = journey.place(jump.aim)
        state = at_step(stood, journey, place, evening.as_of, is_working)
        lived = next_step(journey, state, facts, evening.as_of, is_working=is_working)
    if stop is not None:
        return Next(state or _nowhere(followed, evening), STOP, stop.code)
    if pause is not None or (not evening.row_journey and evening.row_action == PAUSE):
        code = pause.code if pause is not None else ""
        return Next(state or _nowhere("", evening), PAUSE, code)
    return lived


def _followed(orders: Sequence[Order], evening: Evening) -> str:
    """The journey a customer is on: that of the row, or one started in its place."""
    found = evening.row_journey
    if not found and evening.before is not None and evening.row_action == PAUSE:
        found = evening.before.journey  # a row that only pauses keeps it
    for each in orders:
        if each.do is Then.START and each.stands(evening.morning):
            found = each.aim if each.journey == found else found
    return found


def _begins(orders: Sequence[Order], evening: Evening) -> bool:
    """Whether another journey was started on this very morning."""
    return any(
        each.do is Then.START
        and each.given_on == evening.morning
        and each.stands(evening.morning)
        for each in orders
    )


def _kept(evening: Evening, journey: str) -> State | None:
    stood = evening.before
    return stood if stood is not None and stood.journey == journey else None


def _nowhere(journey: str, evening: Evening) -> State:
    return State(journey, "", evening.as_of, evening.as_of)


def _last(orders: Sequence[Order], do: Then, morning: date) -> Order | None:
    found = [each for each in orders if each.do is do and each.stands(morning)]
    return found[-1] if found else None


def _resumed(orders: Sequence[Order], evening: Evening) -> bool:
    last = None if evening.previous is None else evening.previous + DAY
    return any(
        each.do is Then.PAUSE and each.ended_since(last, evening.morning)
        for each in orders
    )


def _moved(state: State, evening: Evening) -> State:
    """Where it stood, as much later as days went by."""
    passed = timedelta(0)
    if evening.previous is not None:
        passed = evening.as_of - evening.previous
    next_on = None if state.next_on is None else state.next_on + passed
    return replace(state, step_since=state.step_since + passed, next_on=next_on)
