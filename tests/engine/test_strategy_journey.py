"""Journeys: one day after another, until something is told or they stop."""

from datetime import date, timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from daihou.engine.strategy.journey import (
    FINISHED_WITH_DEBT,
    GOES_ROUND,
    NO_STEP,
    Do,
    Journey,
    Next,
    State,
    Step,
    next_step,
)

MONDAY = date(2026, 1, 5)
OWES = {"dpd": 3, "overdue_total": 100}


def walk(
    journey: Journey, days: int, facts: Any, *, start: date = MONDAY
) -> list[Next]:
    state: State | None = None
    found = []
    for count in range(days):
        on = start + timedelta(days=count)
        case = facts(on) if callable(facts) else facts
        found.append(next_step(journey, state, case, on))
        state = found[-1].state
    return found


def test_steps_are_done_one_a_day_and_waits_hold_them() -> None:
    journey = Journey(
        "j",
        {},
        (
            Step("sms", Do.MESSAGE, code="hello"),
            Step("rest", Do.WAIT, days=2),
            Step("call", Do.CALL),
            Step("stop", Do.STOP, code="enough"),
        ),
    )
    days = walk(journey, 6, OWES)
    actions = [(each.action, each.code) for each in days]
    assert actions == [
        ("message", "hello"),
        ("none", ""),
        ("none", ""),
        ("call", ""),
        ("stop", "enough"),
        ("stop", "enough"),
    ]
    assert days[1].state.next_on == MONDAY + timedelta(days=3)
    assert all(not each.alarm for each in days)


def test_working_days_are_counted_by_the_calendar() -> None:
    journey = Journey(
        "j", {}, (Step("rest", Do.WAIT, days=2, working=True), Step("call", Do.CALL))
    )
    friday = MONDAY + timedelta(days=4)
    first = next_step(journey, None, OWES, friday)
    assert first.state.next_on == friday + timedelta(days=4)  # over the weekend
    off = {friday + timedelta(days=3)}
    longer = next_step(
        journey,
        None,
        OWES,
        friday,
        is_working=lambda d: d.weekday() < 5 and d not in off,
    )
    assert longer.state.next_on == friday + timedelta(days=5)


def test_a_deadline_waits_for_the_days_past_due() -> None:
    journey = Journey(
        "j", {}, (Step("until", Do.DEADLINE, dpd=5), Step("call", Do.CALL))
    )
    days = walk(
        journey, 4, lambda on: {"dpd": 2 + (on - MONDAY).days, "overdue_total": 1}
    )
    assert [each.action for each in days] == ["none", "none", "none", "call"]


def test_conditions_send_on_and_sets_stay_said() -> None:
    journey = Journey(
        "j",
        {},
        (
            Step("late", Do.CONDITION, when=(("dpd", ">= 10"),), then="hard"),
            Step("soft", Do.ASSIGN, code="early"),
            Step("talk", Do.CALL),
            Step("over", Do.STOP, code="done"),
            Step("hard", Do.SET, name="priority", value="90"),
            Step("see", Do.VISIT),
        ),
    )
    soft = walk(journey, 2, OWES)
    assert [each.action for each in soft] == ["call", "stop"]
    assert soft[1].state.sets == {"queue": "early"}
    hard = next_step(journey, None, {"dpd": 10, "overdue_total": 1}, MONDAY)
    assert (hard.action, hard.state.sets) == ("visit", {"priority": "90"})


def test_nobody_falls_off_the_end_unseen() -> None:
    journey = Journey("j", {}, (Step("call", Do.CALL),))
    days = walk(journey, 3, OWES)
    assert [each.alarm for each in days] == ["", FINISHED_WITH_DEBT, FINISHED_WITH_DEBT]
    assert days[1].is_finished
    paid = walk(journey, 3, {"dpd": 0, "overdue_total": 0})
    assert [each.alarm for each in paid] == ["", "", ""]
    empty = next_step(Journey("j", {}, ()), None, OWES, MONDAY)
    assert empty.alarm == FINISHED_WITH_DEBT


def test_a_circle_without_time_and_a_step_that_is_gone_raise_an_alarm() -> None:
    always = (("overdue_total", ">= 0"),)
    circle = Journey(
        "j",
        {},
        (
            Step("a", Do.CONDITION, when=always, then="b"),
            Step("b", Do.CONDITION, when=always, then="a"),
        ),
    )
    assert next_step(circle, None, OWES, MONDAY).alarm == GOES_ROUND
    lost = State("j", "gone", MONDAY, MONDAY)
    found = next_step(circle, lost, OWES, MONDAY)
    assert (found.alarm, found.state) == (NO_STEP, lost)


def test_another_journey_begins_at_its_beginning() -> None:
    journey = Journey("new", {}, (Step("call", Do.CALL),))
    old = State("old", "call", MONDAY - timedelta(days=9), MONDAY)
    found = next_step(journey, old, OWES, MONDAY)
    assert found.action == "call"
    assert found.state.since == MONDAY


_KINDS = (Do.MESSAGE, Do.CALL, Do.WAIT, Do.PAUSE, Do.DEADLINE, Do.ASSIGN, Do.STOP)


@given(
    st.lists(
        st.tuples(st.sampled_from(_KINDS), st.integers(0, 3)), min_size=1, max_size=6
    )
)
def test_whoever_owes_is_worked_waits_for_a_day_or_is_told(
    given_steps: list[tuple[Do, int]],
) -> None:
    made = tuple(
        Step(str(at), do, code="c", days=many, dpd=many)
        for at, (do, many) in enumerate(given_steps)
    )
    journey = Journey("j", {}, made)
    for each in walk(journey, 30, {"dpd": 5, "overdue_total": 1}):
        waits = each.state.next_on is not None
        assert each.action != "none" or waits or each.alarm
    last = walk(journey, 60, {"dpd": 5, "overdue_total": 1})[-1]
    assert last.action == "stop" or last.alarm == FINISHED_WITH_DEBT
