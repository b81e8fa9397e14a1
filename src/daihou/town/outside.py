"""What the lender's own systems send each day: the town's book, a day at a time."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any, Final

import pyarrow as pa
import pyarrow.compute as pc

_ENDED: Final = ("settled", "written_off", "transferred")


@dataclass(slots=True)
class Outside:
    """The tables of a town that has lived beyond `since`, told as the days come.

    `spent`: what a borrower paid beyond the path drawn for them, fen by loan id of the
    lender; the household has that money no more, so later payments are less by it.
    """

    tables: Mapping[str, pa.Table]
    since: date
    spent: dict[str, int] = field(default_factory=dict)
    touched: set[str] = field(default_factory=set)  # relief has changed their terms
    _payments: dict[date, list[dict[str, Any]]] = field(default_factory=dict)
    _ends: dict[date, list[dict[str, Any]]] = field(default_factory=dict)
    _rows: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    _charges: dict[date, list[dict[str, Any]]] = field(default_factory=dict)
    _left_out: set[str] = field(default_factory=set)
    _taken_back: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        """Sort what is still to come by its day."""
        self._by_day("payments", "paid_on", self._payments)
        self._by_day("charges", "due_on", self._charges)
        self._by_day("loans", "closed_on", self._ends)
        takes_back = self.tables["payments"]["reversal_of"]
        self._taken_back.update(takes_back.drop_null().to_pylist())
        plans = self.tables["instalments"]
        for row in plans.filter(self._later(plans["effective_on"])).to_pylist():
            self._rows.setdefault(row["loan_id"], []).append(row)

    def _later(self, days: pa.ChunkedArray) -> pa.Array:
        return pc.fill_null(
            pc.greater_equal(days, pa.scalar(self.since)), fill_value=False
        )

    def _by_day(
        self, name: str, column: str, into: dict[date, list[dict[str, Any]]]
    ) -> None:
        table = self.tables[name]
        for row in table.filter(self._later(table[column])).to_pylist():
            into.setdefault(row[column], []).append(row)

    def past(self) -> dict[str, pa.Table]:
        """The tables as they were before `since`: no payment, charge or end of then."""
        found = dict(self.tables)
        for name, column in (
            ("payments", "paid_on"),
            ("charges", "due_on"),
            ("instalments", "effective_on"),
        ):
            table = found[name]
            found[name] = table.filter(pc.invert(self._later(table[column])))
        loans = found["loans"]
        goes_on = self._later(loans["closed_on"])
        for name, value in (("status", "active"), ("closed_on", None)):
            place = loans.schema.get_field_index(name)
            kind = loans.schema.field(name).type
            plain = pc.if_else(goes_on, pa.scalar(value, kind), loans[name])
            loans = loans.set_column(place, loans.schema.field(name), plain)
        return found | {"loans": loans}

    def of(self, day: date) -> dict[str, pa.Table]:
        """What is sent on a day: payments, charges, loans that end with their rows."""
        sent = {"payments": self._paid(day), "charges": self._charges.pop(day, [])}
        ends = [row for row in self._ends.pop(day, []) if self._really_ends(row)]
        sent["loans"] = ends
        sent["instalments"] = [
            each for row in ends for each in self._rows.pop(row["loan_id"], [])
        ]
        return {
            name: pa.Table.from_pylist(rows, schema=self.tables[name].schema)
            for name, rows in sent.items()
            if rows
        }

    def _really_ends(self, row: Mapping[str, Any]) -> bool:
        """Whether the end drawn for a loan still fits what happened to it."""
        loan = row["loan_id"]
        same = loan not in self.touched and not self.spent.get(loan)
        return row["status"] in _ENDED and (same or row["status"] != "settled")

    def _paid(self, day: date) -> list[dict[str, Any]]:
        rows = self._payments.pop(day, [])
        found = []
        for row in rows:
            paid = self._after_spent(row)
            if paid is not None:
                found.append(paid)
            else:
                self._left_out.add(row["payment_id"])
        return found

    def _after_spent(self, row: dict[str, Any]) -> dict[str, Any] | None:
        """A payment less what the household has spent on the loan before."""
        if row["reversal_of"] is not None:
            return None if row["reversal_of"] in self._left_out else row
        if row["payment_id"] in self._taken_back:
            return row  # it comes back anyhow
        spent = self.spent.get(row["loan_id"], 0)
        if not spent:
            return row
        fen = int(row["amount"] * 100)
        used = min(spent, fen)
        self.spent[row["loan_id"]] = spent - used
        if used == fen:
            return None
        return row | {"amount": (Decimal(fen - used) / 100).quantize(Decimal("0.01"))}
