"""The instalments of a seasoned loan: arrears, the reporting period, what follows."""

from dataclasses import dataclass, replace
from datetime import date

from daihou.config.real_data.extension import Extension
from daihou.config.real_data.opening import (
    arrears,
    due_on,
    oldest_due_on,
    yearly,
)
from daihou.config.real_data.source import SourceLoan
from daihou.engine.basics.dates import add_period

MOST_ROWS = 240


@dataclass(frozen=True, slots=True)
class Instalment:
    """One line of one schedule version; amounts in cents."""

    seq: int
    due_on: date
    principal: int
    interest: int
    version: int = 1
    effective_on: date | None = None


def _split(amount: int, *, interest: int, balance: int) -> tuple[int, int]:
    """Principal and interest of an instalment: interest first, never below zero."""
    part = min(interest, amount)
    return min(amount - part, balance), part


def _opening(loan: SourceLoan) -> list[Instalment]:
    """What fell due up to the end of month 0, so that what month 0 paid leaves the
    arrears the file reports, on the due date it reports."""
    owed = max(0, arrears(loan)) if loan.closing > 0 else 0
    if owed == 0:
        principal = min(max(0, loan.opening - loan.closing), loan.paid)
        if loan.closing <= 0:
            principal = loan.opening
        interest = max(0, loan.paid - principal)
        row = Instalment(0, due_on(loan, 0), principal, interest)
        return [row] if principal + interest else []
    oldest = oldest_due_on(loan)
    dates = [oldest]
    while (following := add_period(oldest, len(dates), "months")) <= loan.ends_on:
        dates.append(following)
    later = min(loan.instalment * (len(dates) - 1), owed - 1)
    amounts = [owed + loan.paid - later] + [0] * (len(dates) - 1)
    for index in range(1, len(dates)):
        amounts[index] = min(loan.instalment, later)
        later -= amounts[index]
    interest = yearly(loan.opening, loan.rate, 1)
    balance, rows = loan.opening, []
    for due, amount in zip(dates, amounts, strict=True):
        principal, part = _split(amount, interest=interest, balance=balance)
        balance -= principal
        rows.append(Instalment(0, due, principal, part))
    return [row for row in rows if row.principal + row.interest]


def _following(loan: SourceLoan, balance: int) -> list[Instalment]:
    """The instalments from month 1 on, until the balance is paid.

    Money paid ahead stands for the first of them; interest of months that ask for
    nothing is asked for with the next.
    """
    ahead = max(0, -arrears(loan))
    rows: list[Instalment] = []
    waiting, month = 0, 0
    while balance > 0:
        month += 1
        waiting += yearly(balance, loan.rate, 1)
        amount = loan.instalment - min(ahead, loan.instalment)
        ahead -= min(ahead, loan.instalment)
        if month >= MOST_ROWS or amount >= balance + waiting:
            amount = balance + waiting
        if amount == 0:
            continue
        principal, interest = _split(amount, interest=waiting, balance=balance)
        rows.append(Instalment(0, due_on(loan, month), principal, interest))
        balance, waiting = balance - principal, waiting - interest
    return rows


def first_version(loan: SourceLoan) -> tuple[Instalment, ...]:
    """The schedule as the published terms make it; principal adds up to `opening`."""
    opening = _opening(loan)
    rest = loan.opening - sum(row.principal for row in opening)
    following = _following(loan, rest) if loan.closing > 0 else []
    rows = [*opening, *following]
    assert sum(row.principal for row in rows) == loan.opening, loan.loan_id
    return tuple(replace(row, seq=seq) for seq, row in enumerate(rows, 1))


def _unpaid(
    loan: SourceLoan, rows: tuple[Instalment, ...], month: int
) -> list[Instalment]:
    """The rows that what came before a month has not paid in full."""
    paid = sum(each.paid or 0 for each in loan.with_month_0()[:month])
    found = []
    for row in sorted(rows, key=lambda row: row.due_on):
        paid -= row.principal + row.interest
        if paid < 0:
            found.append(row)
    return found


def extended(
    loan: SourceLoan, rows: tuple[Instalment, ...], granted: Extension, *, version: int
) -> tuple[Instalment, ...]:
    """A new version, in force from the first month of the extension on: all rows not
    paid by then, late ones too, move by its months; interest goes on meanwhile and
    is asked for with the last of them."""
    since = loan.month_start(granted.first)
    moved = _unpaid(loan, rows, granted.first)
    if not moved:
        return ()
    more = yearly(sum(row.principal for row in moved), loan.rate, granted.months)
    result = [
        replace(
            row,
            due_on=add_period(row.due_on, granted.months, "months"),
            version=version,
            effective_on=since,
        )
        for row in moved
    ]
    result[-1] = replace(result[-1], interest=result[-1].interest + more)
    return tuple(result)


def versions(
    loan: SourceLoan, granted: tuple[Extension, ...]
) -> tuple[Instalment, ...]:
    """All rows of all schedule versions of the loan, first version first."""
    rows = first_version(loan)
    result = list(rows)
    for version, extension in enumerate(granted, 2):
        moved = extended(loan, rows, extension, version=version)
        if moved:
            result.extend(moved)
            first = moved[0].seq
            rows = (*(row for row in rows if row.seq < first), *moved)
    return tuple(result)
