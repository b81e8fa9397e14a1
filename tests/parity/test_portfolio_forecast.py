"""Forecasts as of past periods: what was known then, and what came, by hand."""

from random import Random

import pyarrow as pa
import pytest

from daihou.columnar.portfolio import panel
from daihou.columnar.portfolio.forecasting import backtest, between, standing
from daihou.engine.metrics.forecast import forecast
from daihou.engine.metrics.migration import Standing, roll_matrix

COLUMNS = {"id": "loan", "period": "month", "status": "bucket"}


def given(rows: list[Standing]) -> pa.Table:
    return pa.table(
        {
            "loan": [row.account for row in rows],
            "month": [row.period for row in rows],
            "bucket": pa.array([row.state for row in rows], pa.string()),
        }
    )


def a_book() -> list[Standing]:
    random = Random(17)
    return [
        Standing(f"{n}", month, random.choice(("M0", "M0", "M1", "M2", None)))
        for n in range(60)
        for month in range(9)
        if random.random() < 0.85
    ]


def test_where_accounts_stand_two_periods_later():
    rows = [
        *(Standing("a", 1, "M0"), Standing("a", 3, "M2")),
        *(Standing("b", 1, "M0"), Standing("b", 2, "M1")),
        *(Standing("c", 1, "M1"), Standing("c", 3, None)),
        Standing("d", 3, "M0"),
    ]
    found = between(panel(given(rows), **COLUMNS), start=1, end=3)
    assert found.states == ("M0", "M1", "M2", "missing")
    assert found.count == ((0, 0, 1, 1), (0, 0, 0, 1), (0,) * 4, (0,) * 4)


def test_a_trial_is_a_forecast_from_what_was_known():
    """With a window back to the first period the plain matrix says the same."""
    rows = a_book()
    among, horizon, at = ("M1", "M2"), 2, 3
    whole = panel(given(rows), **COLUMNS)
    trial = backtest(whole, among=among, horizon=horizon, window=at)[0]
    assert trial.period == at
    then = [row for row in rows if row.period == at and row.state is not None]
    opening = standing(whole, at=at)
    assert sum(opening.values()) == len(then)
    known = roll_matrix([row for row in rows if row.period <= at], missing=True)
    expected = forecast(opening, known, periods=horizon)[-1]
    share = sum(expected[state] for state in among) / len(then)
    assert trial.expected == pytest.approx(share)
    accounts = {row.account for row in then}
    came = [row for row in rows if row.period == at + horizon and row.state in among]
    hits = sum(row.account in accounts for row in came)
    assert trial.actual == pytest.approx(hits / len(then))


def test_what_comes_later_changes_no_forecast():
    rows = a_book()
    asked = {"among": ("M2",), "horizon": 1, "window": 3}
    whole = backtest(panel(given(rows), **COLUMNS), **asked)
    early = [row for row in rows if row.period <= 6]
    part = backtest(panel(given(early), **COLUMNS), **asked)
    assert part == whole[: len(part)]
    assert len(part) == 3
