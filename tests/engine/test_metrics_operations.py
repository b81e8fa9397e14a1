"""Promises by outcome and the contact funnel, by hand."""

from datetime import date, timedelta
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from daihou.engine.metrics.cures import Share
from daihou.engine.metrics.operations import (
    Attempt,
    Outcome,
    Promise,
    funnel,
    outcome,
    promises,
)

MADE, DUE = date(2026, 3, 2), date(2026, 3, 6)
TENTH = Fraction(9, 10)


def promise(*receipts: tuple[int, int], amount: int = 1000) -> Promise:
    """Receipts as (days after the date promised, minor units)."""
    told = [(DUE + timedelta(days), money) for days, money in receipts]
    return Promise(amount, DUE, MADE, told)


@pytest.mark.parametrize(
    ("receipts", "seen", "expected"),
    [
        ([(0, 1000)], 1, Outcome.KEPT),
        ([(1, 1000)], 2, Outcome.KEPT),  # within the day of grace
        ([(2, 1000)], 3, Outcome.LATE),
        ([(-2, 400), (1, 600)], 2, Outcome.KEPT),
        ([(-5, 1000)], 2, Outcome.BROKEN),  # it came before the promise
        ([(0, 999)], 2, Outcome.PARTIAL),
        ([], 2, Outcome.BROKEN),
        ([], 1, Outcome.OPEN),
        ([(0, 500)], 0, Outcome.OPEN),
        ([(0, 1000)], -1, Outcome.OPEN),  # seen from before it came
        ([(0, 1000), (1, -1000)], 2, Outcome.BROKEN),  # taken back
    ],
)
def test_a_promise_ends_in_one_way(receipts, seen, expected):
    as_of = DUE + timedelta(seen)
    assert outcome(promise(*receipts), as_of=as_of) is expected


def test_a_tolerance_keeps_what_is_nearly_whole():
    nearly = promise((0, 900))
    as_of = DUE + timedelta(9)
    assert outcome(nearly, as_of=as_of) is Outcome.PARTIAL
    assert outcome(nearly, as_of=as_of, share=TENTH) is Outcome.KEPT


rows = st.builds(
    lambda amount, told: promise(*told, amount=amount),
    st.integers(1, 2000),
    st.lists(st.tuples(st.integers(-6, 6), st.integers(-500, 1500)), max_size=4),
)


@given(st.lists(rows, max_size=8), st.integers(-3, 9), st.sampled_from([1, TENTH]))
def test_kept_broken_and_open_are_all_that_were_made(several, seen, share):
    """METRICS identity 8."""
    found = promises(several, as_of=DUE + timedelta(seen), share=Fraction(share))
    assert found.made == len(several)
    assert found.kept + found.partial + found.late + found.broken == found.due
    rate = found.amount_kept_rate
    assert rate is None or 0 <= rate <= 1
    if seen < 2:
        assert found.due == found.kept


def test_rates_leave_out_what_is_open_and_cap_what_came():
    late = promise((3, 1000))
    told = [promise((0, 5000)), promise((0, 250)), late, promise()]
    found = promises(told, as_of=DUE + timedelta(5))
    assert (found.kept, found.partial, found.late, found.broken) == (1, 1, 1, 1)
    assert found.kept_rate == Fraction(1, 4)
    assert found.amount_kept_rate == Fraction(1250, 4000)
    early = promises(told[3:], as_of=DUE)
    assert (early.open, early.kept_rate, early.amount_kept_rate) == (1, None, None)


def test_each_step_of_the_funnel_says_of_what_it_is_a_share():
    attempts = [
        Attempt("a"),
        Attempt("a", connected=True),
        Attempt("a", connected=True, right_party=True),
        Attempt("b", connected=True, right_party=True, promised=True),
        Attempt("c"),
        Attempt("x", connected=True),  # not of these accounts
    ]
    found = funnel(attempts, assigned=["a", "b", "c", "d"])
    assert found.coverage == Share(3, 4)
    assert found.penetration == Share(3, 5)
    assert found.rpc_per_attempt == Share(2, 5)
    assert found.rpc_per_account == Share(2, 3)
    assert found.rpc_share_of_connects == Share(2, 3)
    assert found.promise_rate == Share(1, 2)
    with pytest.raises(AssertionError):
        Attempt("a", promised=True)
