"""The chain of months by hand, ranges from past errors, and their trial."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from daihou.engine.metrics.forecast import (
    Trial,
    chain,
    forecast,
    interval,
    power,
    quality,
    times,
)
from daihou.engine.metrics.matrix import RollMatrix

HALF = RollMatrix(("M0", "M1", "gone"), ((1, 1, 0), (0, 1, 3), (0, 0, 0)))


def test_where_nobody_stood_whoever_comes_stays():
    assert chain(HALF)[2] == (0, 0, 1)


def test_two_months_by_hand():
    one, two = forecast({"M0": 80}, HALF, periods=2)
    assert one == {"M0": 40.0, "M1": 40.0, "gone": 0.0}
    assert two == {"M0": 20.0, "M1": 30.0, "gone": 30.0}


@given(
    cells=st.lists(
        st.lists(st.integers(0, 3), min_size=3, max_size=3), min_size=3, max_size=3
    ),
    periods=st.integers(0, 5),
)
def test_the_chain_is_the_power_of_the_matrix_and_loses_nobody(cells, periods):
    matrix = RollMatrix(("a", "b", "c"), tuple(map(tuple, cells)))
    whole = power(matrix, periods)
    assert [sum(row) for row in whole] == [1, 1, 1]
    assert times(whole, chain(matrix)) == power(matrix, periods + 1)
    for n, state in enumerate(matrix.states if periods else ()):
        last = forecast({state: 1}, matrix, periods=periods)[-1]
        assert list(last.values()) == pytest.approx([float(x) for x in whole[n]])


def trials(*errors: float) -> list[Trial]:
    return [Trial(n, 0.5, 0.5 + error) for n, error in enumerate(errors)]


def test_a_range_is_as_wide_as_past_errors():
    nine = trials(*(n / 100 for n in range(-4, 5)))
    assert interval(0.5, nine) == pytest.approx((0.46, 0.54))
    assert interval(0.5, nine, level=Fraction(6, 10)) == pytest.approx((0.47, 0.53))
    assert interval(0.01, nine) == pytest.approx((0.0, 0.05)), "a share is not below 0"
    assert interval(0.5, nine[:8]) is None, "eight errors say nothing of 10 % outside"


def test_quality_judges_each_forecast_by_those_before_it():
    told = trials(*([0.01, -0.01] * 5), 0.0, 0.3)
    found = quality(told)
    assert (found.trials, found.inside) == (3, 2 / 3)
    assert found.absolute_error == pytest.approx(0.31 / 3)
    assert found.bias == pytest.approx(0.29 / 3)
    assert quality(told[:5]) is None
