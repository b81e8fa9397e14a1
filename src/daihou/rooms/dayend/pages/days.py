"""What is counted of closed days for one pair of eyes, and kept: a day never changes.

A figure is made once for the fingerprint of its day, the register's mark, the scope
and the currency; the next page that asks gets it from memory.
"""

import functools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from daihou.kit.kept import Kept
from daihou.kit.ladder import on_ladder
from daihou.kit.ports import BookReader
from daihou.kit.scope import Scope
from daihou.rooms.dayend.pages import figures
from daihou.rooms.ledger import door as ledger

COLUMNS = [
    "loan_id",
    "bucket",
    "dpd",
    "status",
    "overdue_total",
    "overdue_loan_balance",
    "outstanding_principal",
    "oldest_unpaid_due_on",
    "times_late",
]
HEAD = 50  # rows kept of a list

_DAYS: Kept["Stand"] = Kept(512)
_RECOVERED: Kept[Decimal | None] = Kept(512)
_CHANGES: Kept["Change"] = Kept(64)


@dataclass(frozen=True, slots=True)
class Stand:
    """One day: the ladder, the rates, the principal of all active loans."""

    loans: int
    stock: Mapping[str, figures.Stock]
    overdue_rate: Decimal | None
    loss_rate: Decimal | None
    whole_principal: int
    written_off: figures.Stock


@dataclass(frozen=True, slots=True)
class Top:
    """A list of loans cut to its head, and what the whole of it comes to."""

    loans: int
    amount: int
    head: Sequence[Mapping[str, Any]]

    @classmethod
    def of(cls, found: pa.Table, amount: str) -> "Top":
        """The first rows of a sorted table; `amount` is the column added up."""
        whole = pc.sum(found[amount]).as_py() or 0
        return cls(found.num_rows, whole, found.slice(0, HEAD).to_pylist())


@dataclass(frozen=True, slots=True)
class Change:
    """What one day brought against an earlier one."""

    moves: Sequence[figures.Move]
    newly_late: Top
    cured: Top
    movers: Top
    by_pair: Sequence[Mapping[str, Any]]  # loans and principal of each move


class Days:
    """The closed days as one person sees them, in one currency or in all."""

    def __init__(self, reader: BookReader, scope: Scope, *, currency: str = "") -> None:
        """`currency` leaves out the loans in any other."""
        self._reader = reader
        self._prints = reader.standing()
        book = ledger.book.register()
        self._seen = book.seen(scope, currency=currency)
        self._eyes = (book.mark, scope, currency)
        self.dates: Sequence[date] = sorted(self._prints)
        self._read = functools.cache(self._positions)

    def fingerprint(self, day: date) -> str:
        """The digest of that day's positions."""
        return self._prints[day]

    def stand(self, day: date) -> Stand:
        """How the book stood at the end of a day."""

        def count() -> Stand:
            now = self._read(day)
            return Stand(
                loans=now.num_rows,
                stock=figures.stock_by_bucket(now),
                overdue_rate=figures.overdue_rate(now),
                loss_rate=figures.loss_rate(now),
                whole_principal=figures.whole_principal(now),
                written_off=figures.written_off(now),
            )

        return _DAYS.get((self._key(day)), count)

    def recovered(self, before: date, now: date) -> Decimal | None:
        """What of M1 on a day was brought in until another (figures)."""

        def count() -> Decimal | None:
            return figures.recovered_rate(self._read(before), self._read(now))

        return _RECOVERED.get(self._key(before, now), count)

    def change(self, before: date, now: date) -> Change:
        """Who moved, became late and came back between two days."""

        def count() -> Change:
            old, new = self._read(before), self._read(now)
            movers = figures.movers(old, new)
            grouped = movers.group_by(["from_bucket", "to_bucket"]).aggregate(
                [("loan_id", "count"), ("outstanding_principal", "sum")]
            )
            return Change(
                moves=figures.moves(old, new),
                newly_late=Top.of(figures.became_late(old, new), "overdue_total"),
                cured=Top.of(figures.came_back(old, new), "overdue_total"),
                movers=Top.of(movers, "outstanding_principal"),
                by_pair=grouped.to_pylist(),
            )

        return _CHANGES.get(self._key(before, now), count)

    def _key(self, *days: date) -> tuple[object, ...]:
        return (*days, *(self._prints[day] for day in days), *self._eyes)

    def _positions(self, day: date) -> pa.Table:
        table = on_ladder(self._reader.read(day, columns=COLUMNS))
        if self._seen is None:
            return table
        return table.filter(pc.is_in(table["loan_id"], self._seen))
