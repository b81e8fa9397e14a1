"""Counting and exact sums by cell, a block of rows at a time."""

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

from daihou.columnar.portfolio.columns import Codes, Ints

Flags = npt.NDArray[np.bool_]

BLOCK = 1 << 18  # rows that stay in the cache while they are looked at
_BITS = 26  # of a block's rows times these bits a float still holds every sum
_MASK = (1 << _BITS) - 1


class Tally:
    """How many rows fell into each cell, and exact sums of their weights.

    Sums run in three parts of 26 bits, so that neither a float in between nor the
    total of a large book can lose a unit.
    """

    def __init__(self, cells: int, *, weighed: bool) -> None:
        """All cells at nothing."""
        self.count = np.zeros(cells, np.int64)
        self.parts = np.zeros((3, cells), np.int64) if weighed else None

    def add(self, cell: npt.NDArray[np.integer], weight: Ints | None = None) -> None:
        """One more row in each of `cell`."""
        cells = len(self.count)
        self.count += np.bincount(cell, minlength=cells)
        if self.parts is None:
            return
        assert weight is not None, "this tally sums weights"
        thirds = (weight & _MASK, weight >> _BITS & _MASK, weight >> 2 * _BITS)
        for part, third in zip(self.parts, thirds, strict=True):
            part += np.bincount(cell, third, cells).astype(np.int64)

    def add_in_blocks(self, cell: Ints, weight: Ints | None = None) -> None:
        """The same for any number of rows."""
        for rows in blocks(len(cell)):
            self.add(cell[rows], None if weight is None else weight[rows])

    def run_on(self, ages: int) -> None:
        """Turn cells [line, age] into what had come by that age."""
        self.count = self.count.reshape(-1, ages).cumsum(axis=1).ravel()
        if self.parts is not None:
            self.parts = self.parts.reshape(3, -1, ages).cumsum(axis=2).reshape(3, -1)

    def sums(self) -> list[int]:
        """The sums of weights, numbers without a limit."""
        assert self.parts is not None, "this tally sums no weights"
        low, middle, high = self.parts.tolist()
        return [
            (h << 2 * _BITS) + (m << _BITS) + n
            for n, m, h in zip(low, middle, high, strict=True)
        ]


def blocks(rows: int) -> Iterator[slice]:
    """Slices that cover so many rows."""
    for start in range(0, rows, BLOCK):
        yield slice(start, min(start + BLOCK, rows))


def in_order(account: Ints, period: Ints) -> bool:
    """Whether every row comes after the one before, by account and period."""
    for rows in blocks(len(account) - 1):
        after = slice(rows.start + 1, rows.stop + 1)
        same = account[after] == account[rows]
        if (account[after] < account[rows]).any():
            return False
        if (same & (period[after] <= period[rows])).any():
            return False
    return True


def order(account: Ints, period: Ints) -> Ints:
    """The rows by account and period, those of one cell as they came."""
    accounts, periods = _from_0(account), _from_0(period)
    width = int(periods.max()) + 1
    if (int(accounts.max()) + 1) * width > np.iinfo(np.int64).max:
        found: Ints = np.lexsort((periods, accounts))
        return found
    return np.argsort(accounts * width + periods, kind="stable")


def _from_0(values: Ints) -> Ints:
    """The same order from 0 on; places instead of numbers that would overflow."""
    first, last = int(values.min()), int(values.max())
    if last - first < 1 << 62:
        return values - first
    return np.unique(values, return_inverse=True)[1].astype(np.int64)


def begins(account: Ints) -> Flags:
    """Which rows are the first of their account; rows are sorted."""
    found = np.empty(len(account), np.bool_)
    found[:1] = True
    np.not_equal(account[1:], account[:-1], out=found[1:])
    return found


def moves(
    tally: Tally,
    account: Ints,
    period: Ints,
    status: Codes,
    amount: Ints,
    *,
    size: int,
    first: int,
    apart: bool,
) -> None:
    """Tally pairs of consecutive periods by [period if `apart`, from, to]."""
    gaps = bool(len(status)) and status.min() < 0
    for here in blocks(len(account) - 1):
        there = slice(here.start + 1, here.stop + 1)
        pair = period[there] - period[here] == 1
        pair &= account[there] == account[here]
        if gaps:
            pair &= status[here] >= 0
            pair &= status[there] >= 0
        cell = (status[here] * size + status[there])[pair]
        if apart:
            cell = (period[here][pair] - first) * (size * size) + cell
        tally.add(cell, amount[here][pair] if len(amount) else None)
