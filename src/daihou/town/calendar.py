"""Months and days as integers: days since 1970-01-01, months since year 0."""

from datetime import date
from typing import Any

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.integer[Any]]


def month_number(day: date) -> int:
    """Months since January of year 0."""
    return day.year * 12 + day.month - 1


def day_number(day: date) -> int:
    """Days since 1970-01-01."""
    return day.toordinal() - date(1970, 1, 1).toordinal()


def month_start(month: int) -> date:
    """First day of a month by number."""
    return date(month // 12, month % 12 + 1, 1)


def first_days(months: Ints) -> Ints:
    """Day number of the first day of each month."""
    since = (np.asarray(months, np.int64) - 1970 * 12).astype("datetime64[M]")
    days: Ints = since.astype("datetime64[D]").astype(np.int64)
    return days


def months_of(days: Ints) -> Ints:
    """Month number of each day."""
    since = np.asarray(days, np.int64).astype("datetime64[D]").astype("datetime64[M]")
    months: Ints = since.astype(np.int64) + 1970 * 12
    return months


def date_of(day: int) -> date:
    """The date of a day number."""
    return date.fromordinal(int(day) + date(1970, 1, 1).toordinal())


def month_ends(first: date, last: date) -> list[date]:
    """Every last day of a month from `first` to `last`, both included."""
    months = np.arange(month_number(first), month_number(last) + 1)
    ends = (date_of(day - 1) for day in first_days(months + 1))
    return [end for end in ends if first <= end <= last]
