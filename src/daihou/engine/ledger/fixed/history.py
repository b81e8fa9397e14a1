"""Days past due of one loan on every day of a range, each as that day saw it."""

from collections.abc import Iterator, Mapping
from datetime import date

from daihou.engine.basics.dates import DAY, add_period
from daihou.engine.delinquency.dpd import first_late_day
from daihou.engine.ledger.errors import LoanError
from daihou.engine.ledger.fixed.replay import Calendar, Replayed, replay
from daihou.engine.ledger.values import Loan
from daihou.engine.rulebook.policy import Mode, Policy


def history(
    loan: Loan,
    policy: Policy,
    *,
    first: date,
    last: date,
    calendar: Calendar | None = None,
) -> dict[date, int]:
    """Return days past due at the end of each day from `first` to `last`.

    Each day is judged with the demands and payments in force on it, so it equals
    `settle` of that day. Days before the loan was paid out are left out.
    """
    if last < first:
        raise LoanError("range", first=first, last=last)
    days: dict[date, int] = {}
    for begin, end in _epochs(loan, policy, max(first, loan.disbursed_on), last):
        book = replay(loan, policy, as_of=end, calendar=calendar)
        day = begin
        while day <= end:
            days[day] = 0 if book.closed else book.dpd(day)
            day += DAY
    return days


def _epochs(
    loan: Loan, policy: Policy, first: date, last: date
) -> Iterator[tuple[date, date]]:
    """Yield the spans of days that one replay tells of.

    A mirrored ledger knows one day at a time.
    """
    if policy.mode is Mode.MIRROR:
        days = (first + DAY * count for count in range((last - first).days + 1))
        return ((day, day) for day in days)
    return _spans(loan, first, last)


def _spans(loan: Loan, first: date, last: date) -> Iterator[tuple[date, date]]:
    """Yield the spans of days in which the same facts are in force."""
    changes = {each.begins_on for each in loan.demands}
    changes |= {each.ends_on for each in loan.demands if each.ends_on}
    ends = [each.ends_on for each in loan.payments]
    ends += [each.ends_on for each in loan.waivers]
    changes |= {each for each in ends if each}
    changes |= {loan.status_on} if loan.status_on else set()
    changes |= {since for _, since in loan.former}
    begin = first
    for change in sorted(day for day in changes if first < day <= last):
        yield begin, change - DAY
        begin = change
    if begin <= last:
        yield begin, last


def worst_by_month(days: Mapping[date, int]) -> dict[date, int]:
    """Return the highest figure of each month, keyed by the month's first day."""
    months: dict[date, int] = {}
    for day, dpd in days.items():
        month = day.replace(day=1)
        months[month] = max(dpd, months.get(month, 0))
    return months


def strip(
    loan: Loan,
    policy: Policy,
    *,
    as_of: date,
    months: int = 24,
    calendar: Calendar | None = None,
) -> tuple[tuple[date, int | None], ...]:
    """Return each of the last `months` months with its highest days past due.

    A month is its first day; None where the loan was not yet paid out.
    """
    first = add_period(as_of.replace(day=1), 1 - months, "months")
    days: dict[date, int] = {}
    for begin, end in _spans(loan, max(first, loan.disbursed_on), as_of):
        book = replay(loan, policy, as_of=end, calendar=calendar)
        for day in _peaks(book, begin, end):
            alone = policy.mode is Mode.MIRROR and day < end
            seen = replay(loan, policy, as_of=day, calendar=calendar) if alone else book
            days[day] = 0 if seen.closed else seen.dpd(day)
    known = worst_by_month(days)
    wanted = [add_period(first, count, "months") for count in range(months)]
    return tuple((month, known.get(month)) for month in wanted)


def _peaks(book: Replayed, begin: date, end: date) -> list[date]:
    """Return days of a span with the highest figure of every month among them.

    While the same demands are late the count never falls, so it is highest where a
    month ends, or before a demand begins or after it stops being late.
    """
    found = {end}
    month = begin.replace(day=1)
    while month <= end:
        month = add_period(month, 1, "months")
        found.add(month - DAY)
    if book.policy.mode is Mode.MIRROR:  # it tells of its own last day alone
        method = book.policy.dpd
        found |= {first_late_day(each.due, method) - DAY for each in book.accounts}
    for each in book.arrears:
        for first, last in each.spans:
            found |= {first - DAY, last}
    return sorted(day for day in found if begin <= day <= end)
