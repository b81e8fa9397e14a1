"""Periods and day counts: when a period ends and what share of a year it is."""

import calendar
from collections.abc import Callable, Iterable, Mapping
from datetime import date, timedelta
from types import MappingProxyType

DAY = timedelta(days=1)
UNITS = ("days", "weeks", "months")


def month_day(year: int, month: int, day: int) -> date:
    """Return `day` of that month, or its last day where the month is shorter."""
    return date(year, month, min(day, calendar.monthrange(year, month)[1]))


def add_period(start: date, count: int, unit: str, *, day: int | None = None) -> date:
    """Return the date `count` units (days, weeks, months) after `start`.

    Months keep the day of `start`, or `day` where given: from 31 January one
    month on is 28 February and two months on 31 March (民法典 202).
    """
    if unit == "days":
        return start + timedelta(days=count)
    if unit == "weeks":
        return start + timedelta(days=7 * count)
    assert unit == "months", unit
    year, month = divmod(start.year * 12 + start.month - 1 + count, 12)
    return month_day(year, month + 1, day or start.day)


def is_month_end(day: date) -> bool:
    """Tell whether `day` is the last of its month."""
    return (day + DAY).day == 1


def _thirty_360(start: date, end: date) -> tuple[int, int]:
    # Bond basis: a 31st counts as the 30th; month ends meet month ends.
    first = min(start.day, 30)
    last = min(end.day, 30) if first == 30 else end.day
    months = (end.year - start.year) * 12 + end.month - start.month
    return months * 30 + last - first, 360


def _act_act(start: date, end: date) -> tuple[int, int]:
    # ISDA: the days in leap years over 366, the others over 365.
    leap = sum(
        (min(end, date(year + 1, 1, 1)) - max(start, date(year, 1, 1))).days
        for year in range(start.year, end.year + 1)
        if calendar.isleap(year)
    )
    plain = (end - start).days - leap
    return plain * 366 + leap * 365, 365 * 366


_SHARES: Mapping[str, Callable[[date, date], tuple[int, int]]] = MappingProxyType(
    {
        "30/360": _thirty_360,
        "ACT/360": lambda start, end: ((end - start).days, 360),
        "ACT/365F": lambda start, end: ((end - start).days, 365),
        "ACT/ACT": _act_act,
    }
)
# "period": every period counts as its whole share of a year, however long it is.
DAY_COUNTS = (*_SHARES, "period")
_PERIODS_A_YEAR: Mapping[str, tuple[int, int]] = MappingProxyType(
    {"months": (1, 12), "weeks": (1, 52), "days": (1, 365)}
)


def year_share(start: date, end: date, day_count: str) -> tuple[int, int]:
    """Return the share of a year from `start` to `end` as numerator, denominator."""
    assert start <= end, (start, end)
    return _SHARES[day_count](start, end)


def whole_share(unit: str, every: int) -> tuple[int, int]:
    """Return the share of a year of a period of `every` units, however long it is."""
    numerator, denominator = _PERIODS_A_YEAR[unit]
    return numerator * every, denominator


def period_share(
    start: date, end: date, day_count: str, *, unit: str, every: int, regular: bool
) -> tuple[int, int]:
    """Return the share of a year that one repayment period counts for.

    A `regular` period of months is every/12 under 30/360 whatever its month ends;
    a stub is counted by its days. `period` makes every period a whole one.
    """
    if day_count == "period":
        return whole_share(unit, every)
    if day_count == "30/360" and unit == "months" and regular:
        return 30 * every, 360
    return year_share(start, end, day_count)


def next_open_day(day: date, closed: Iterable[date]) -> date:
    """Return `day`, or the first day after it that is not closed (民法典 203)."""
    closed = closed if isinstance(closed, frozenset | set) else frozenset(closed)
    while day in closed:
        day += DAY
    return day


def last_open_day(day: date, closed: Iterable[date]) -> date:
    """Return `day`, or the last day before it that is not closed."""
    closed = closed if isinstance(closed, frozenset | set) else frozenset(closed)
    while day in closed:
        day -= DAY
    return day
