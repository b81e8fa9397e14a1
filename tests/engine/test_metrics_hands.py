"""Hands beside their mix: what is expected adds up, and the interval is Byar's."""

from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from daihou.engine.metrics.hands import (
    FEWEST,
    Adjusted,
    Held,
    adjusted,
    byar,
    yields,
)

HELD = st.builds(
    Held,
    case=st.integers(1, 9),
    hand=st.sampled_from("abc"),
    stratum=st.sampled_from([("M1", "s"), ("M2", "s"), ("M2", "l")]),
    days=st.integers(1, 3),
    cured=st.booleans(),
    amount=st.integers(0, 3),
    cash=st.integers(-2, 5),
)


@given(st.lists(HELD, max_size=30))
def test_over_all_hands_what_is_expected_is_what_came(rows: list[Held]) -> None:
    found = adjusted(rows, yields(rows))
    assert sum((each.cured_expected for each in found.values()), Fraction(0)) == sum(
        row.cured for row in rows
    )
    # Cash of kinds of cases of which nothing was late can be expected of nobody.
    known = {stratum for stratum, each in yields(rows).items() if each.amount_days}
    expected = sum((each.cash_expected for each in found.values()), Fraction(0))
    assert expected == sum(row.cash for row in rows if row.stratum in known)


@given(st.lists(HELD, min_size=1, max_size=30))
def test_one_hand_alone_is_the_average(rows: list[Held]) -> None:
    alone = [replace(row, hand="a") for row in rows]
    found = adjusted(alone, yields(alone))["a"]
    assert found.ratio in (None, 1)


def test_who_had_the_hard_cases_is_not_told_worse() -> None:
    easy, hard = ("M1", "s"), ("M4", "s")
    rows = [
        *(Held(n + 0, "a", easy, 30, n < 60, 100, 0) for n in range(100)),
        *(Held(n + 1000, "b", easy, 30, n < 6, 100, 0) for n in range(10)),
        *(Held(n + 2000, "b", hard, 30, n < 9, 100, 0) for n in range(90)),
        *(Held(n + 3000, "c", hard, 30, n < 10, 100, 0) for n in range(100)),
    ]
    found = adjusted(rows, yields(rows))
    assert found["a"].cured / found["a"].cases > found["b"].cured / found["b"].cases
    assert found["b"].ratio == 1 == found["a"].ratio
    low, high = found["b"].interval or (0, 0)
    assert low < 1 < high and found["b"].enough


@pytest.mark.parametrize(
    ("count", "low", "high"),
    # Exact limits of a Poisson count (Ulm, 1990): Byar comes within a few hundredths.
    [(0, 0.0, 3.69), (5, 1.62, 11.67), (10, 4.80, 18.39), (100, 81.36, 121.63)],
)
def test_the_interval_is_near_the_exact_one(
    count: int, low: float, high: float
) -> None:
    found = byar(count)
    assert found[0] == pytest.approx(low, abs=0.08)
    assert found[1] == pytest.approx(high, abs=0.08)


def test_of_few_nothing_is_said() -> None:
    few = Adjusted(FEWEST - 1, 20, Fraction(20), 0, 0, Fraction(0))
    assert not few.enough and few.cash_ratio is None
    none = Adjusted(50, 0, Fraction(0), 0, 0, Fraction(0))
    assert not none.enough and none.ratio is None and none.interval is None
    assert Adjusted(FEWEST, 4, Fraction(5), 0, 0, Fraction(0)).enough


def test_a_case_that_comes_back_to_a_unit_is_one_case_there() -> None:
    kind = ("M1", "s")
    given = [(1, 10, 0, 1_000, 400), (1, 20, 1, 600, 600), (2, 30, 0, 500, 0)]
    rows = [
        Held(case, "unit", kind, days, bool(cured), amount, cash)
        for case, days, cured, amount, cash in given
    ]
    known = yields(rows)
    found = adjusted(rows, known)["unit"]
    assert (found.cases, found.cured, found.amount, found.cash) == (2, 1, 1_500, 1_000)
    assert found.cured_expected == 1 and found.cash_expected == 1_000
    assert (known[kind].cases, known[kind].days) == (2, 60)
