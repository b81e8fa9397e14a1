"""Read a folder of loan-level car-loan files and refuse a layout that is not theirs."""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from daihou.kit.speech import gettext

LOANS_FILE = "loans.parquet"
MONTHLY_FILE = "monthly.parquet"
OUTCOMES = ("D", "R", "C")

# Our short name -> the published column (Regulation AB, schedule AL, item 3).
LOAN_COLUMNS: Mapping[str, str] = {
    "asset": "assetNumber",
    "deal": "file",
    "begins": "reportingPeriodBeginningDate",
    "ends": "reportingPeriodEndingDate",
    "originated": "originationDate",
    "rate": "originalInterestRatePercentage",
    "remaining": "remainingTermtoMaturityNumber",
    "opening": "reportingPeriodBeginningLoanBalanceAmount",
    "closing": "reportingPeriodActualEndBalanceAmount",
    "instalment": "reportingPeriodScheduledPaymentAmount",
    "next_due": "nextReportingPeriodPaymentAmountDue",
    "paid": "totalActualAmountPaid",
    "principal_paid": "actualPrincipalCollectedAmount",
    "days_late": "currentDelinquencyStatus",
}
MONTHLY_COLUMNS = ("assetNumber", "file", "m", "bal", "prc", "pmt", "rec", "rep")
DATE_FORMATS = ("%m-%d-%Y", "%m/%d/%Y", "%Y-%m-%d", "%m/%Y", "%m-%Y", "%Y-%m")


class WrongLayout(Exception):
    """A folder that does not hold what this command reads; the text says the way out."""


@dataclass(frozen=True, slots=True)
class Month:
    """One reported month; amounts in cents, None where nothing was reported."""

    number: int
    balance: int | None
    principal: int | None
    paid: int | None
    recovered: int | None = None
    repossession: int | None = None

    @property
    def reported(self) -> bool:
        """Whether the month says anything about the loan at all."""
        return any(
            value is not None for value in (self.balance, self.principal, self.paid)
        )


@dataclass(frozen=True, slots=True)
class SourceLoan:
    """One loan as published: the reporting period (month 0) and what came after.

    Amounts in cents; `rate` is a share; `months` holds month 1, 2, ... of the deal
    without a gap. `outcome` is D, R or C as the authors gave it, "" where they did
    not.
    """

    loan_id: str
    asset: str
    deal: str
    begins_on: date
    ends_on: date
    originated_on: date
    rate: Decimal
    remaining: int
    opening: int
    closing: int
    instalment: int
    next_due: int
    paid: int
    principal_paid: int
    days_late: int
    months: tuple[Month, ...]
    outcome: str

    def month_start(self, number: int) -> date:
        """The first day of month `number`; 0 is the reporting period."""
        count = self.begins_on.year * 12 + self.begins_on.month - 1 + number
        return date(count // 12, count % 12 + 1, 1)

    def with_month_0(self) -> tuple[Month, ...]:
        """The months with the reporting period before them."""
        first = Month(0, self.closing, self.principal_paid, self.paid)
        return (first, *self.months)


def cents(value: Any) -> int | None:
    """An amount in dollars as cents; nothing stays nothing."""
    if value is None or math.isnan(value):
        return None
    return round(Decimal(str(value)) * 100)


def day(value: Any) -> date:
    """A date in any of the ways these files write it; a month is its first day."""
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    for form in DATE_FORMATS:
        try:
            read = datetime.strptime(str(value).strip(), form).replace(tzinfo=UTC)
        except ValueError:
            continue
        return read.date()
    raise WrongLayout(
        gettext(
            "%(value)s is not a date this command knows. Write dates as MM-DD-YYYY, "
            "MM/YYYY or YYYY-MM-DD."
        )
        % {"value": repr(value)}
    )


def _table(path: Path, columns: Iterable[str]) -> pa.Table:
    if not path.is_file():
        raise WrongLayout(
            gettext(
                "%(path)s does not exist. Give the folder that holds %(loans)s and "
                "%(months)s: make real-data DATA=folder."
            )
            % {"path": path, "loans": LOANS_FILE, "months": MONTHLY_FILE}
        )
    try:
        table = pq.read_table(path)
    except (pa.ArrowInvalid, OSError) as error:
        words = gettext("%(path)s cannot be read: %(reason)s. Copy it again.")
        raise WrongLayout(words % {"path": path, "reason": error}) from error
    missing = [name for name in columns if name not in table.column_names]
    if missing:
        raise WrongLayout(
            gettext(
                "%(path)s lacks the columns %(columns)s. They keep the names of the "
                "published files; see docs/explanation/real-data.md."
            )
            % {"path": path, "columns": ", ".join(missing)}
        )
    return table


def _months(table: pa.Table) -> dict[tuple[str, str], dict[int, Month]]:
    months: dict[tuple[str, str], dict[int, Month]] = {}
    for row in table.select(list(MONTHLY_COLUMNS)).to_pylist():
        key = (str(row["file"]), str(row["assetNumber"]))
        number = int(row["m"])
        of_loan = months.setdefault(key, {})
        if number in of_loan:
            raise WrongLayout(
                gettext(
                    "%(file)s holds month %(month)s of loan %(loan)s twice. Keep one "
                    "row a loan and month."
                )
                % {"file": MONTHLY_FILE, "month": number, "loan": key[1]}
            )
        amounts = (cents(row[name]) for name in ("bal", "prc", "pmt", "rec", "rep"))
        of_loan[number] = Month(number, *amounts)
    return months


def _outcome(row: Mapping[str, Any]) -> str:
    return "".join(name for name in OUTCOMES if row.get(name) == 1)


def _loan(
    row: Mapping[str, Any], loan_id: str, months: tuple[Month, ...]
) -> SourceLoan:
    field = {short: row[name] for short, name in LOAN_COLUMNS.items()}
    begins_on, ends_on = day(field["begins"]), day(field["ends"])
    amounts = {
        name: cents(field[name]) or 0
        for name in ("opening", "closing", "instalment", "next_due")
    }
    return SourceLoan(
        loan_id=loan_id,
        asset=str(field["asset"]),
        deal=str(field["deal"]),
        begins_on=begins_on,
        ends_on=ends_on,
        originated_on=min(day(field["originated"]), begins_on),
        rate=Decimal(str(field["rate"] or 0)),
        remaining=int(field["remaining"] or 0),
        paid=cents(field["paid"]) or 0,
        principal_paid=cents(field["principal_paid"]) or 0,
        days_late=int(field["days_late"] or 0),
        months=months,
        outcome=_outcome(row),
        **amounts,
    )


def _padded(of_loan: Mapping[int, Month], last: int) -> tuple[Month, ...]:
    empty = (None, None, None)
    return tuple(of_loan.get(m, Month(m, *empty)) for m in range(1, last + 1))


def read(folder: Path) -> tuple[SourceLoan, ...]:
    """Read the folder; loans sorted by deal and number.

    A deal's months run to the last month any of its loans reports. A rate column
    above 1 is in percent. Two deals may use the same number: their loans are then
    told apart by the deal's name.
    """
    loans = _table(folder / LOANS_FILE, LOAN_COLUMNS.values())
    months = _months(_table(folder / MONTHLY_FILE, MONTHLY_COLUMNS))
    rows = loans.to_pylist()
    seen: dict[str, int] = {}
    last: dict[str, int] = {}
    for row in rows:
        seen[str(row["assetNumber"])] = seen.get(str(row["assetNumber"]), 0) + 1
    for (deal, _), of_loan in months.items():
        last[deal] = max(last.get(deal, 0), *of_loan)
    result = []
    for row in rows:
        deal, asset = str(row["file"]), str(row["assetNumber"])
        loan_id = asset if seen[asset] == 1 else f"{deal}-{asset}"
        rows_of_it = _padded(months.get((deal, asset), {}), last.get(deal, 0))
        result.append(_loan(row, loan_id, rows_of_it))
    if len({loan.loan_id for loan in result}) != len(result):
        words = gettext("%(file)s holds a loan twice. Keep one row a loan.")
        raise WrongLayout(words % {"file": LOANS_FILE})
    return _as_shares(tuple(sorted(result, key=lambda loan: (loan.deal, loan.asset))))


def _as_shares(loans: tuple[SourceLoan, ...]) -> tuple[SourceLoan, ...]:
    if not any(loan.rate > 1 for loan in loans):
        return loans
    return tuple(replace(loan, rate=loan.rate / 100) for loan in loans)
