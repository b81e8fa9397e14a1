"""A book of closed days held in memory, for pages."""

from collections.abc import Mapping, Sequence
from datetime import date

import pyarrow as pa

from daihou.nightly.digests import table_digest
from daihou.tables.positions import POSITIONS

NOTHING_DUE = {
    "dpd": 0,
    "bucket": "M0",
    "overdue_principal": 0,
    "overdue_interest": 0,
    "overdue_fee": 0,
    "overdue_penalty": 0,
    "overdue_compound": 0,
    "overdue_total": 0,
    "overdue_loan_balance": 0,
    "next_due_amount": 0,
    "outstanding_principal": 300_000,
    "outstanding_total": 300_000,
    "unapplied_credit": 0,
    "times_late": 0,
    "worst_dpd": 0,
    "late_instalments": 0,
    "status": "active",
    "dpd_method": "DPD-CN-01",
    "over_cap": 0,
}


def position(loan_id: int, **facts: object) -> dict[str, object]:
    """One row; a loan with `dpd` is late with principal 1,000 and interest 10."""
    row = NOTHING_DUE | {"loan_id": loan_id}
    dpd = int(str(facts.get("dpd", 0)))
    if dpd:
        row |= {
            "bucket": f"M{min(7, (dpd + 29) // 30)}",
            "overdue_principal": 100_000,
            "overdue_interest": 1_000,
            "overdue_total": 101_000,
            "overdue_loan_balance": 300_000,
            "late_instalments": 1,
            "times_late": 1,
            "oldest_unpaid_due_on": date(2026, 2, 1),
        }
    return row | facts


def positions(*rows: dict[str, object]) -> pa.Table:
    """Positions of one day, sorted by loan."""
    ordered = sorted(rows, key=lambda row: int(str(row["loan_id"])))
    return pa.Table.from_pylist(ordered, schema=POSITIONS)


class Book:
    """A `kit.ports.BookReader` over tables given by date."""

    def __init__(self, days: dict[date, pa.Table]) -> None:
        """`days` in any order."""
        self.days = days

    def dates(self) -> Sequence[date]:
        """Every closed date, earliest first."""
        return sorted(self.days)

    def standing(self) -> Mapping[date, str]:
        """The fingerprint of every closed date."""
        return {day: self.fingerprint(day) for day in self.dates()}

    def fingerprint(self, as_of: date) -> str:
        """A digest that begins with the day."""
        return as_of.strftime("%Y%m%d") + table_digest(self.days[as_of])

    def read(
        self,
        as_of: date,
        *,
        columns: Sequence[str] | None = None,
        filters: object = None,
    ) -> pa.Table:
        """Positions at the end of `as_of`."""
        table = self.days[as_of]
        table = table if filters is None else table.filter(filters)
        return table if columns is None else table.select(list(columns))
