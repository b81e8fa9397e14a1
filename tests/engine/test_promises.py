"""Promises to pay: what is taken, which money they take, how they are judged."""

from collections import Counter
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from daihou.engine.commitments.judging import (
    Money,
    appropriate,
    judge,
    net,
    next_state,
)
from daihou.engine.commitments.promise import (
    ENDED,
    MOVES,
    Asked,
    Part,
    Promise,
    PromiseRules,
    State,
    may_move,
    problems,
)
from daihou.packs import law

FIRST = date(2026, 2, 26)  # four days before a month ends
NOON = datetime(2026, 2, 26, 4, tzinfo=UTC)
DAY = timedelta(days=1)


def day(number: int) -> date:
    """So many days after the first."""
    return FIRST + number * DAY


def promised(
    *parts: tuple[int, int],
    number: int = 1,
    made: int = 0,
    grace: int = 0,
    tolerance: int = 0,
    loans: tuple[int, ...] = (1,),
    window: int = 30,
) -> Promise:
    """A promise of (day, amount) parts."""
    return Promise(
        id=number,
        made_on=day(made),
        made_at=NOON + made * DAY,
        parts=tuple(Part(day(on), amount) for on, amount in parts),
        grace_days=grace,
        tolerance=tolerance,
        loans=frozenset(loans),
        window_days=window,
    )


def paid(
    on: int, amount: int, *, number: int = 1, loan: int = 1, back: int | None = None
) -> Money:
    """Money of a day, known in the evening."""
    return Money(
        id=number,
        loan=loan,
        amount=amount,
        paid_on=day(on),
        known_at=NOON + on * DAY + timedelta(hours=8),
        reversed_on=None if back is None else day(back),
    )


def state(promise: Promise, *payments: Money, on: int) -> State:
    return judge([promise], payments, as_of=day(on))[promise.id].state


def test_kept_partly_kept_broken_and_never_before_the_grace_is_over() -> None:
    one = promised((3, 100), grace=2)
    assert state(one, on=5) is State.ACTIVE
    assert state(one, on=6) is State.BROKEN
    assert state(one, paid(5, 100), on=5) is State.KEPT
    assert state(one, paid(6, 100), on=6) is State.BROKEN
    found = judge([one], [paid(1, 40)], as_of=day(6))[1]
    assert (found.state, found.ratio) == (State.PARTIALLY_KEPT, 400)
    assert found.decided_on == day(6)


def test_the_tolerance_is_rounded_up_to_a_whole_cent() -> None:
    one = promised((1, 101), tolerance=20)  # 98.98 is not reached by 98
    assert state(one, paid(1, 98), on=1) is State.ACTIVE
    found = judge([one], [paid(1, 99)], as_of=day(1))[1]
    assert (found.state, found.decided_on) == (State.KEPT, day(1))


def test_money_of_the_day_of_the_promise_counts_if_it_came_after_it() -> None:
    one = promised((3, 100))
    before = replace(paid(0, 100), known_at=NOON - timedelta(minutes=1))
    assert state(one, before, on=3) is State.ACTIVE
    assert state(one, paid(0, 100), on=3) is State.KEPT


def test_earliest_due_first_over_promises_and_only_on_their_loans() -> None:
    later, first = promised((5, 100), number=1), promised((3, 100), number=2)
    other = promised((1, 100), number=3, loans=(2,))
    shares = appropriate([later, first, other], [paid(1, 150)], as_of=day(2))
    assert [(one.promise, one.amount) for one in shares] == [(2, 100), (1, 50)]


def test_parts_are_met_one_after_another_and_the_first_missed_decides() -> None:
    one = promised((2, 50), (4, 50))
    assert state(one, paid(1, 60), on=3) is State.ACTIVE
    assert state(one, paid(1, 60), paid(4, 40, number=2), on=4) is State.KEPT
    assert state(one, paid(2, 49), on=3) is State.PARTIALLY_KEPT
    assert state(one, on=3) is State.BROKEN
    # Money for a later part is still seen: the promise was not wholly empty words.
    assert state(one, paid(4, 50), on=4) is State.PARTIALLY_KEPT


def test_a_reversal_is_judged_again_within_the_window_alone() -> None:
    one = promised((3, 100), window=5)
    assert state(one, paid(2, 100, back=4), on=3) is State.KEPT
    assert state(one, paid(2, 100, back=4), on=4) is State.BROKEN
    assert state(one, paid(2, 100, back=8), on=8) is State.BROKEN
    assert state(one, paid(2, 100, back=9), on=9) is State.KEPT
    assert state(one, paid(1, 100, back=2), on=2) is State.ACTIVE


def test_money_booked_late_for_a_day_that_counts_mends_the_verdict() -> None:
    one = promised((3, 100))
    late = replace(paid(3, 100), known_at=NOON + 9 * DAY)
    assert state(one, on=4) is State.BROKEN
    assert state(one, late, on=9) is State.KEPT


def test_a_refund_takes_the_newest_money_of_its_loan() -> None:
    found = net([paid(1, 70), paid(2, 50, number=2), paid(3, -60, number=3)])
    assert [(one.id, one.amount) for one in found] == [(1, 60)]
    elsewhere = net([paid(1, 70), paid(3, -60, number=3, loan=2)])
    assert [one.amount for one in elsewhere] == [70]


def test_what_ended_keeps_its_money_and_takes_no_more() -> None:
    old = replace(promised((5, 100)), ended_at=NOON + DAY + timedelta(hours=9))
    new = promised((5, 60), number=2, made=2)
    shares = appropriate([old, new], [paid(1, 40), paid(3, 60, number=2)], as_of=day(5))
    assert [(one.promise, one.amount) for one in shares] == [(1, 40), (2, 60)]


def test_a_cleared_debt_invalidates_and_never_breaks() -> None:
    assert next_state(State.ACTIVE, State.BROKEN, cleared=True) is State.INVALIDATED
    assert next_state(State.ACTIVE, State.KEPT, cleared=True) is State.KEPT
    assert next_state(State.BROKEN, State.BROKEN, cleared=True) is State.BROKEN
    for ended in ENDED:
        assert next_state(ended, State.KEPT, cleared=False) is ended


def test_every_state_that_judging_leads_to_is_a_move_of_the_table() -> None:
    judged = (State.ACTIVE, State.KEPT, State.PARTIALLY_KEPT, State.BROKEN)
    for now in State:
        for found in judged:
            for cleared in (True, False):
                after = next_state(now, found, cleared=cleared)
                assert after is now or may_move(now, after), (now, after)
    assert not [move for move in MOVES if move[0] in ENDED]


RULES = PromiseRules(
    rule="CN-POL-30",
    horizon_days=14,
    most_open=1,
    most_parts=2,
    most_broken=3,
    broken_days=90,
    grace_days=1,
    tolerance=20,
    window_days=30,
    remind_days=1,
)


@pytest.mark.parametrize(
    ("parts", "more", "expected"),
    [
        (((3, 100),), {}, []),
        (((14, 100),), {}, []),
        (((15, 100),), {}, ["far"]),
        (((-1, 100),), {}, ["past"]),
        (((0, 100),), {}, []),
        ((), {}, ["nothing"]),
        (((2, 1), (1, 1)), {}, ["order"]),
        (((2, 1), (2, 1)), {}, ["order"]),
        (((1, 1), (2, 1), (3, 1)), {}, ["parts"]),
        (((1, 1),), {"standing": 1}, ["open"]),
        (((1, 1),), {"broken": 3}, ["broken"]),
        (((1, 1),), {"broken": 3, "lenient": True}, []),
        (((1, 1),), {"broken": 2}, []),
        (((1, 1_001),), {}, ["beyond"]),
        (((1, 1_000),), {}, []),
        (((1, 1),), {"held": True}, ["held"]),
    ],
)
def test_what_is_not_taken(
    parts: tuple[tuple[int, int], ...], more: dict[str, int], expected: list[str]
) -> None:
    given: dict[str, Any] = {"standing": 0, "broken": 0, "owed": 1_000}
    asked = Asked(
        parts=[Part(day(on), amount) for on, amount in parts],
        on=FIRST,
        **(given | more),
    )
    assert [one.code for one in problems(asked, RULES)] == expected


@pytest.mark.parametrize("jurisdiction", ["cn", "eu", "in", "uk", "us"])
def test_every_pack_that_is_open_has_the_policy(jurisdiction: str) -> None:
    book = law.known()
    for licence in book.packs[jurisdiction].licences:
        found = PromiseRules.of(
            book,
            jurisdiction=jurisdiction,
            licence=licence,
            product="consumer_loan",
            on=FIRST,
        )
        assert found is not None
        assert (found.horizon_days, found.tolerance, found.grace_days) == (14, 20, 1)


promises = st.lists(
    st.builds(
        lambda made, first, more, amounts, grace, tolerance, loans: promised(
            *((first + place * more, each) for place, each in enumerate(amounts)),
            made=made,
            grace=grace,
            tolerance=tolerance * 100,
            loans=tuple(loans),
            window=2,
        ),
        st.integers(0, 3),
        st.integers(2, 5),
        st.integers(0, 2),
        st.lists(st.integers(1, 3), min_size=1, max_size=3),
        st.integers(0, 2),
        st.integers(0, 4),
        st.sets(st.integers(1, 2), min_size=1),
    ),
    min_size=1,
    max_size=4,
).map(lambda found: [replace(one, id=place) for place, one in enumerate(found)])
money = st.builds(
    lambda on, amount, loan, back: paid(on, amount, loan=loan, back=back),
    st.integers(0, 8),
    st.integers(1, 3),
    st.integers(1, 2),
    st.none() | st.integers(5, 9),
)
monies = st.lists(money, max_size=6).map(
    lambda found: [replace(one, id=place) for place, one in enumerate(found)]
)
days = st.integers(0, 12)


@given(promises, monies, days)
def test_no_cent_counts_twice_and_no_part_takes_too_much(
    some: list[Promise], payments: list[Money], on: int
) -> None:
    shares = appropriate(some, payments, as_of=day(on))
    by_payment: Counter[int] = Counter()
    by_part: Counter[tuple[int, int]] = Counter()
    for share in shares:
        assert share.amount > 0
        by_payment[share.payment] += share.amount
        by_part[share.promise, share.part] += share.amount
    assert all(by_payment[one.id] <= one.amount for one in payments)
    for (number, part), amount in by_part.items():
        assert amount <= some[number].parts[part].amount


_WORTH = {State.BROKEN: 0, State.PARTIALLY_KEPT: 1, State.ACTIVE: 2, State.KEPT: 3}


@given(promises, monies, money, days)
def test_more_money_never_makes_a_promise_worse(
    some: list[Promise], payments: list[Money], extra: Money, on: int
) -> None:
    before = judge(some, payments, as_of=day(on))
    after = judge(some, [*payments, replace(extra, id=99)], as_of=day(on))
    for number, standing in before.items():
        assert after[number].appropriated >= standing.appropriated
        assert after[number].met >= standing.met
        assert _WORTH[after[number].state] >= _WORTH[standing.state]


@given(promises, monies, days, st.randoms(use_true_random=False))
def test_the_order_of_rows_and_equal_payments_do_not_matter(
    some: list[Promise], payments: list[Money], on: int, chance: object
) -> None:
    shuffled = list(payments)
    chance.shuffle(shuffled)  # type: ignore[attr-defined]
    told = [
        {
            number: (one.state, one.appropriated, one.met)
            for number, one in judge(some, each, as_of=day(on)).items()
        }
        for each in (payments, shuffled)
    ]
    assert told[0] == told[1]


@given(promises, money, st.integers(1, 4), days)
def test_which_of_equal_payments_came_first_does_not_matter(
    some: list[Promise], one: Money, count: int, on: int
) -> None:
    equal = [replace(one, id=place) for place in range(count)]
    other = [replace(one, id=100 - place) for place in range(count)]
    found = judge(some, other, as_of=day(on))
    for number, standing in judge(some, equal, as_of=day(on)).items():
        assert found[number].state is standing.state
        assert found[number].appropriated == standing.appropriated


@given(promises, monies, days)
def test_a_reversed_payment_in_time_is_as_if_it_never_came(
    some: list[Promise], payments: list[Money], on: int
) -> None:
    wide = [replace(one, window_days=99) for one in some]
    kept = [
        one for one in payments if one.reversed_on is None or one.reversed_on > day(on)
    ]
    whole = judge(wide, payments, as_of=day(on))
    without = judge(wide, kept, as_of=day(on))
    for number, one in whole.items():
        assert one.state is without[number].state
        assert one.appropriated == without[number].appropriated


@given(promises, monies, days)
def test_days_that_pass_without_money_only_break_what_stood(
    some: list[Promise], payments: list[Money], on: int
) -> None:
    never_back = [replace(one, reversed_on=None) for one in payments]
    seen = [one for one in never_back if one.paid_on <= day(on)]
    now = judge(some, seen, as_of=day(on))
    next_day = judge(some, seen, as_of=day(on + 1))
    for number, one in now.items():
        after = next_day[number]
        assert after.appropriated == one.appropriated
        assert after.state is one.state or one.state is State.ACTIVE
