"""A roll matrix as a value: states, who moved where, and the exact shares."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from daihou.engine.metrics import showing

MISSING = "missing"  # known before, and without a row in this period

Counts = tuple[tuple[int, ...], ...]
Shares = tuple[tuple[Fraction | None, ...], ...]


@dataclass(frozen=True, slots=True)
class RollMatrix:
    """Who stood in a state in one period and in which the period after.

    `count[i][j]` accounts stood in `states[i]` and one period later in `states[j]`.
    `amount[i][j]` is their amount in the first of the two periods (the opening
    balance, so that rows add up), in units of 10 ** -`scale`; None: not asked.
    """

    states: tuple[str, ...]
    count: Counts
    amount: Counts | None = None
    scale: int = 0

    def __post_init__(self) -> None:
        """A matrix is as wide and as high as it has states."""
        size = len(self.states)
        for cells in (self.count, self.amount or self.count):
            assert len(cells) == size, (len(cells), size)
            assert all(len(row) == size for row in cells), self.states

    @property
    def rate(self) -> Shares:
        """Shares of accounts, exact; each row adds up to 1. A row of nobody: None."""
        return shares(self.count)

    @property
    def amount_rate(self) -> Shares:
        """Shares of the opening amount, exact; None where a row had none."""
        assert self.amount is not None, "the matrix was made without amounts"
        return shares(self.amount)

    def share(self, start: str, end: str) -> Fraction | None:
        """Share of the accounts in `start` that were in `end` a period later."""
        return self.rate[self.states.index(start)][self.states.index(end)]

    def _repr_html_(self) -> str:
        """What a notebook shows: a row for each state anybody stood in."""
        weighed = self.amount is not None
        rate = self.amount_rate if weighed else self.rate
        rows = [
            (state, [f"{sum(count):,}", *map(showing.percent, row)])
            for state, count, row in zip(self.states, self.count, rate, strict=True)
            if sum(count)
        ]
        of = "opening amount" if weighed else "accounts"
        return showing.table(
            ("", "accounts", *self.states), rows, caption=f"from row to column, {of}"
        )

    def content(self) -> dict[str, Any]:
        """As plain numbers for JSON; the shares of a row of nobody are 0.0."""
        found: dict[str, Any] = {
            "states": list(self.states),
            "count": [list(row) for row in self.count],
            "rate": _floats(self.rate),
        }
        if self.amount is not None:
            unit = 10**self.scale
            found["amount"] = [[_number(n, unit) for n in row] for row in self.amount]
            found["amount_rate"] = _floats(self.amount_rate)
        return found


def shares(cells: Sequence[Sequence[int]]) -> Shares:
    """Each cell over the sum of its row; None where that is 0."""
    found = []
    for row in cells:
        total = sum(row)
        found.append(tuple(Fraction(n, total) if total else None for n in row))
    return tuple(found)


def _floats(cells: Shares) -> list[list[float]]:
    return [[0.0 if share is None else float(share) for share in row] for row in cells]


def _number(units: int, unit: int) -> int | float:
    return units // unit if units % unit == 0 else units / unit


def in_order(states: Iterable[str]) -> tuple[str, ...]:
    """States in the order a person lists them: M2 before M10, `missing` last."""
    return tuple(sorted(set(states), key=_place))


def _place(state: str) -> tuple[bool, list[tuple[int, int, str]]]:
    parts = [part for part in re.split(r"(\d+)", state) if part]
    key = [(0, int(p), p) if p.isdecimal() else (1, 0, p) for p in parts]
    return state == MISSING, key


def added(matrices: Iterable[RollMatrix]) -> RollMatrix:
    """The matrices of several periods as one; their states and scale are the same."""
    several = tuple(matrices)
    assert several, "nothing to add"
    first = several[0]
    assert all((m.states, m.scale) == (first.states, first.scale) for m in several)
    amounts = [m.amount for m in several if m.amount is not None]
    assert len(amounts) in (0, len(several)), "some have amounts and some have not"
    return RollMatrix(
        states=first.states,
        count=_sum([m.count for m in several]),
        amount=_sum(amounts) if amounts else None,
        scale=first.scale,
    )


def _sum(several: Sequence[Counts]) -> Counts:
    return tuple(
        tuple(sum(cells) for cells in zip(*rows, strict=True))
        for rows in zip(*several, strict=True)
    )


def from_cells(
    states: Sequence[str],
    count: Mapping[tuple[str, str], int],
    amount: Mapping[tuple[str, str], int] | None = None,
    *,
    scale: int = 0,
) -> RollMatrix:
    """A matrix from pairs of states; a pair that is not there counts 0."""

    def cells(found: Mapping[tuple[str, str], int]) -> Counts:
        return tuple(tuple(found.get((i, j), 0) for j in states) for i in states)

    amounts = None if amount is None else cells(amount)
    return RollMatrix(tuple(states), cells(count), amounts, scale)
