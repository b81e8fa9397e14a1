"""Forecasts of a book made as of past periods, and what came of them."""

from collections import Counter
from collections.abc import Collection

import numpy as np

from daihou.columnar.portfolio.migration import roll_matrices
from daihou.columnar.portfolio.panel import Panel
from daihou.engine.metrics.forecast import Trial, forecast
from daihou.engine.metrics.matrix import MISSING, RollMatrix, added, from_cells


def standing(panel: Panel, *, at: int) -> Counter[str]:
    """How many accounts stand in each state in a period."""
    codes = panel.status[(panel.period == at) & (panel.status >= 0)]
    counts = np.bincount(codes, minlength=len(panel.states))
    return Counter(dict(zip(panel.states, counts.tolist(), strict=True)))


def between(panel: Panel, *, start: int, end: int) -> RollMatrix:
    """Where the accounts of one period stand in a later one, or `missing`."""
    assert start < end, (start, end)
    said = panel.status >= 0
    here = np.flatnonzero(said & (panel.period == start))
    there = np.flatnonzero(said & (panel.period == end))
    size = len(panel.states)
    reached = np.full(len(here), size)  # absent, until found
    _, ours, theirs = np.intersect1d(
        *(panel.account[here], panel.account[there]),
        assume_unique=True,
        return_indices=True,
    )
    reached[ours] = panel.status[there[theirs]]
    states = (*panel.states, MISSING)
    cells = Counter(zip(panel.status[here].tolist(), reached.tolist(), strict=True))
    named = {(states[i], states[j]): count for (i, j), count in cells.items()}
    return from_cells(states, named)


def backtest(
    panel: Panel, *, among: Collection[str], horizon: int, window: int
) -> tuple[Trial, ...]:
    """What share of a period's accounts would be in `among` after `horizon` periods.

    As of each past period, with the matrix of the `window` pairs of periods before
    it and nothing later, against where these accounts then stood. Accounts that
    disappear stay in the denominator.
    """
    assert horizon >= 1, horizon
    assert window >= 1, window
    months = roll_matrices(panel, missing=True)
    trials = []
    for at in range(panel.first + window, panel.last - horizon + 1):
        opening = standing(panel, at=at)
        total = sum(opening.values())
        if not total:
            continue
        matrix = added(months[at - n - 1] for n in range(window))
        expected = forecast(opening, matrix, periods=horizon)[-1]
        came = between(panel, start=at, end=at + horizon)
        arrived = {
            state: sum(column)
            for state, column in zip(
                came.states, zip(*came.count, strict=True), strict=True
            )
        }
        trials.append(
            Trial(
                period=at,
                expected=sum(expected[state] for state in among) / total,
                actual=sum(arrived[state] for state in among) / total,
            )
        )
    return tuple(trials)
