"""What no single row of the files says, put beside the rows: dates, states, rows due.

A mapping file turns one layout into another row by row. That a loan was repaid,
when its instalments fall due, what it owed before its first month: these need all
rows of a loan. They are worked out here, and the mapping (`auto_abs`) takes it from
there.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from daihou.config.real_data.ending import Ending, ending
from daihou.config.real_data.extension import Extension
from daihou.config.real_data.opening import due_on, month_end
from daihou.config.real_data.rows import Instalment, versions
from daihou.config.real_data.source import Month, SourceLoan

FILES = ("loans.parquet", "instalments.parquet", "monthly.parquet")
DOLLARS = pa.decimal128(14, 2)
LOANS = pa.schema(
    [
        ("assetNumber", pa.string()),
        ("trust", pa.string()),
        ("opening_balance", DOLLARS),
        ("annual_rate", pa.decimal128(12, 8)),
        ("instalments", pa.int64()),
        ("booked_on", pa.date32()),
        ("first_due_on", pa.date32()),
        ("maturity_on", pa.date32()),
        ("instalment", DOLLARS),
        ("ending", pa.string()),
        ("ended_on", pa.date32()),
    ]
)
INSTALMENTS = pa.schema(
    [
        ("loan_id", pa.string()),
        ("seq", pa.int64()),
        ("version", pa.int64()),
        ("effective_on", pa.date32()),
        ("due_on", pa.date32()),
        ("principal", DOLLARS),
        ("interest", DOLLARS),
    ]
)
MONTHLY = pa.schema(
    [
        ("assetNumber", pa.string()),
        ("m", pa.int64()),
        ("paid_on", pa.date32()),
        ("ended_on", pa.date32()),
        ("pmt", DOLLARS),
        ("rec", DOLLARS),
        ("proceeds", DOLLARS),
        ("refund", DOLLARS),
        ("repossession_cost", DOLLARS),
    ]
)
# Published columns worth keeping beside the contract's own, as attributes. Nothing
# that is known only in hindsight (the authors' outcome columns) goes on the book.
KEPT = (
    "originalLoanAmount",
    "originalLoanTerm",
    "obligorCreditScore",
    "obligorGeographicLocation",
    "paymentToIncomePercentage",
    "vehicleManufacturerName",
    "vehicleModelName",
    "vehicleModelYear",
    "vehicleNewUsedCode",
    "vehicleValueAmount",
    "paymentExtendedNumber",
)


@dataclass(frozen=True, slots=True)
class Lived:
    """One loan with all that follows from its rows."""

    loan: SourceLoan
    ending: Ending
    extensions: tuple[Extension, ...]
    rows: tuple[Instalment, ...]

    @property
    def booked_on(self) -> date:
        """The day the loan counts as paid out: no instalment is due before it."""
        return min([self.loan.originated_on, *(row.due_on for row in self.rows)])

    @property
    def ended_on(self) -> date | None:
        """The end of the month in which the loan ended."""
        month = self.ending.month
        return None if month is None else month_end(self.loan, month)


def live(loan: SourceLoan, granted: tuple[Extension, ...]) -> Lived:
    """Work out ending and schedule versions of one loan."""
    return Lived(loan, ending(loan), granted, versions(loan, granted))


def dollars(amount: int | None) -> Decimal | None:
    """Cents as dollars."""
    return None if amount is None else Decimal(amount).scaleb(-2)


def _loan_row(lived: Lived) -> dict[str, Any]:
    loan, rows = lived.loan, lived.rows
    first = [row for row in rows if row.version == 1]
    return {
        "assetNumber": loan.loan_id,
        "trust": loan.deal,
        "opening_balance": dollars(loan.opening),
        "annual_rate": loan.rate.quantize(Decimal("1e-8")),
        "instalments": len(first),
        "booked_on": lived.booked_on,
        "first_due_on": first[0].due_on,
        "maturity_on": first[-1].due_on,
        "instalment": dollars(loan.instalment),
        "ending": lived.ending.status,
        "ended_on": lived.ended_on,
    }


def _instalment_row(loan_id: str, row: Instalment) -> dict[str, Any]:
    return {
        "loan_id": loan_id,
        "seq": row.seq,
        "version": row.version,
        "effective_on": row.effective_on,
        "due_on": row.due_on,
        "principal": dollars(row.principal),
        "interest": dollars(row.interest),
    }


def _above_zero(amount: int | None) -> Decimal | None:
    return dollars(amount) if amount and amount > 0 else None


def _month_row(loan: SourceLoan, month: Month) -> dict[str, Any] | None:
    money = {
        "pmt": _above_zero(month.paid),
        "rec": _above_zero(month.recovered),
        "proceeds": _above_zero(month.repossession),
        # Principal given back without a payment: an overpaid loan's refund.
        "refund": _above_zero(-(month.principal or 0)) if not month.paid else None,
        "repossession_cost": _above_zero(-(month.repossession or 0)),
    }
    if not any(money.values()):
        return None
    return {
        "assetNumber": loan.loan_id,
        "m": month.number,
        "paid_on": due_on(loan, month.number),
        "ended_on": month_end(loan, month.number),
        **money,
    }


def _write(path: Path, rows: Iterable[Any], schema: pa.Schema) -> None:
    pq.write_table(pa.Table.from_pylist(list(rows), schema=schema), path)


def _kept(folder: Path, ids: Mapping[tuple[str, str], str]) -> dict[str, pa.Array]:
    """The kept published columns by name, in the order of `ids`."""
    table = pq.read_table(folder / "loans.parquet")
    place = {
        (str(deal), str(asset)): index
        for index, (deal, asset) in enumerate(
            zip(
                table["file"].to_pylist(), table["assetNumber"].to_pylist(), strict=True
            )
        )
    }
    order = pa.array([place[key] for key in ids], pa.int64())
    nothing = pa.nulls(len(order), pa.string())
    return {
        name: table[name].take(order) if name in table.column_names else nothing
        for name in KEPT
    }


def write(lived: tuple[Lived, ...], *, source: Path, folder: Path) -> None:
    """Write the prepared files (`FILES`) of these loans into `folder`.

    Loans that never owed anything (no balance at the start) have no place on a book
    and must be left out by the caller.
    """
    folder.mkdir(parents=True, exist_ok=True)
    table = pa.Table.from_pylist([_loan_row(one) for one in lived], schema=LOANS)
    ids = {(one.loan.deal, one.loan.asset): one.loan.loan_id for one in lived}
    for name, column in _kept(source, ids).items():
        table = table.append_column(name, column)
    loans, instalments, monthly = (folder / name for name in FILES)
    pq.write_table(table, loans)
    rows = (_instalment_row(one.loan.loan_id, row) for one in lived for row in one.rows)
    _write(instalments, rows, INSTALMENTS)
    months = (
        row
        for one in lived
        for month in one.loan.with_month_0()
        if (row := _month_row(one.loan, month)) is not None
    )
    _write(monthly, months, MONTHLY)
