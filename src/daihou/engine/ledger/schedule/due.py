"""The due dates of a plan: which day of the month, and what closed days do to it."""

from collections.abc import Iterator
from datetime import date

from daihou.engine.basics import dates
from daihou.engine.ledger.terms import Holidays, LoanTerms, MonthEnd

LAST_YEAR = 9998  # a year of room for closed days before dates end


def due_dates(terms: LoanTerms) -> list[date]:
    """Return the due dates as agreed: the first as given, the others by whole periods.

    A plan that starts at a month's end keeps to month ends: paid out on the 31st
    and first due on 28 February, it is due on 31 March next (`month_end` KEEP).
    """
    return [on for on, _ in zip(all_due(terms), range(terms.periods), strict=False)]


def all_due(terms: LoanTerms) -> Iterator[date]:
    """Yield due dates as agreed, one after another, until the calendar ends."""
    first, unit, every = terms.first_due_on, terms.period_unit, terms.every
    day, count = anchor_day(terms), 0
    yield first
    while True:
        count += every
        try:
            on = dates.add_period(first, count, unit, day=day)
        except (OverflowError, ValueError):
            return
        if on.year > LAST_YEAR:
            return
        yield on


def anchor_day(terms: LoanTerms) -> int:
    """Return the day of the month that is due; shorter months end before it."""
    first = terms.first_due_on
    if terms.due_day is not None:
        return terms.due_day
    if terms.month_end == MonthEnd.LAST_DAY:
        return 31
    if terms.month_end == MonthEnd.KEEP and dates.is_month_end(first):
        return max(first.day, terms.disbursed_on.day)
    return first.day


def whole_start(terms: LoanTerms) -> date:
    """Return the day on which a whole period up to the first due date begins."""
    return dates.add_period(
        terms.first_due_on, -terms.every, terms.period_unit, day=anchor_day(terms)
    )


def first_is_whole(terms: LoanTerms) -> bool:
    """Tell whether the first period is a whole one."""
    paid_out = terms.disbursed_on
    if dates.add_period(paid_out, terms.every, terms.period_unit) == terms.first_due_on:
        return True
    named = terms.due_day is not None or terms.month_end == MonthEnd.LAST_DAY
    return named and whole_start(terms) == paid_out


def moved(on: date, rule: str, closed: frozenset[date]) -> date:
    """Return the day on which a sum due on `on` is asked for."""
    if rule == Holidays.UNMOVED or on not in closed:
        return on
    if rule == Holidays.PRECEDING:
        return dates.last_open_day(on, closed)
    later = dates.next_open_day(on, closed)
    if rule == Holidays.MODIFIED_FOLLOWING and later.month != on.month:
        return dates.last_open_day(on, closed)
    return later
