"""Roll matrices of a whole panel, account by account."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from daihou.columnar.portfolio import counting
from daihou.columnar.portfolio.columns import Ints
from daihou.columnar.portfolio.counting import Tally
from daihou.columnar.portfolio.panel import Keep, Panel, panel
from daihou.engine.metrics.errors import PanelError
from daihou.engine.metrics.matrix import MISSING, Counts, RollMatrix

MOST_PERIODS = 20_000  # matrices kept apart


def roll_matrix(
    given: Any,
    *,
    id: str,
    period: str,
    status: str,
    amount: str | None = None,
    missing: bool = False,
    states: Sequence[str] | None = None,
    keep: Keep | None = None,
) -> RollMatrix:
    """Count the moves of accounts between consecutive periods of a file or frame.

    As `engine.metrics.migration.roll_matrix`: only pairs of a period and the very
    next one, each with the opening amount of the account if `amount` names a column.
    See `panel` for what can be read and the errors.
    """
    found = panel(
        given,
        id=id,
        period=period,
        status=status,
        amount=amount,
        states=states,
        keep=keep,
    )
    return migration(found, missing=missing)


def migration(panel: Panel, *, missing: bool = False) -> RollMatrix:
    """The roll matrix of a panel over all its pairs of periods."""
    return _matrices(panel, missing=missing, slots=1)[0]


def roll_matrices(panel: Panel, *, missing: bool = False) -> Mapping[int, RollMatrix]:
    """One matrix for each pair of periods, by the first of the two."""
    slots = panel.last - panel.first
    if slots > MOST_PERIODS:
        first, last = panel.text(panel.first), panel.text(panel.last)
        raise PanelError("apart", first=first, last=last, limit=MOST_PERIODS)
    if not slots:
        return {}
    found = _matrices(panel, missing=missing, slots=slots)
    return {panel.first + n: matrix for n, matrix in enumerate(found)}


def _matrices(panel: Panel, *, missing: bool, slots: int) -> list[RollMatrix]:
    states = panel.states
    if missing:
        if MISSING in states:
            raise PanelError("reserved", status=MISSING)
        states = (*states, MISSING)
    size, weighed = len(states), panel.weighed
    tally = Tally(slots * size * size, weighed=weighed)
    counting.moves(
        tally,
        panel.account,
        panel.period,
        panel.status,
        panel.amount,
        size=size,
        first=panel.first,
        apart=slots > 1,
    )
    if missing:
        _absences(tally, panel, slots=slots, size=size)
    count = tally.count.tolist()
    amount = tally.sums() if weighed else None
    return [
        RollMatrix(
            states,
            _square(count, n, size),
            None if amount is None else _square(amount, n, size),
            panel.scale,
        )
        for n in range(slots)
    ]


def _square(cells: list[int], slot: int, size: int) -> Counts:
    at = slot * size * size
    return tuple(
        tuple(cells[at + row * size : at + (row + 1) * size]) for row in range(size)
    )


def _absences(tally: Tally, panel: Panel, *, slots: int, size: int) -> None:
    """Add the moves into, within and out of the state `missing`."""
    said = panel.status >= 0
    account, period = panel.account[said], panel.period[said]
    status = panel.status[said].astype(np.int64)
    ends = np.append(account[1:] != account[:-1], True)
    back = np.append(period[1:], 0)  # when the account is seen again
    back[ends] = panel.last + 1
    away = back - period > 1
    since, until, absent = period[away], back[away], size - 1
    returns = ~ends[away]
    last = np.append(status[1:], 0)[away][returns]

    def cell(at: Ints, here: Ints | int, there: Ints | int) -> Ints:
        slot = at - panel.first if slots > 1 else np.zeros_like(at)
        found: Ints = (slot * size + here) * size + there
        return found

    amount = panel.amount[said][away] if panel.weighed else None
    tally.add_in_blocks(cell(since, status[away], absent), amount)
    nothing = np.zeros(returns.sum(), np.int64) if panel.weighed else None
    tally.add_in_blocks(cell(until[returns] - 1, absent, last), nothing)
    tally.count += _within(
        since + 1, until - 1, panel, slots=slots, size=size, cells=len(tally.count)
    )


def _within(
    since: Ints, until: Ints, panel: Panel, *, slots: int, size: int, cells: int
) -> Ints:
    """How many are absent in a period and the next, from `since` up to `until`."""
    found = np.zeros(cells, np.int64)
    absent = size * size - 1
    if slots == 1:
        found[absent] = (until - since).sum()
        return found
    change = np.bincount(since - panel.first, minlength=slots + 1)
    change = change - np.bincount(until - panel.first, minlength=slots + 1)
    found[absent :: size * size] = change.cumsum()[:slots]
    return found
