"""Months and periods added to whole columns of days, as the plain text adds them."""

from typing import Any

import numpy as np

from daihou.columnar.classification.book import Array

_MONTH = np.dtype("datetime64[M]")
_DAY = np.dtype("datetime64[D]")


def plus_months(days: Array, months: Any) -> Array:
    """Return the same day so many months later, or the last of a shorter month."""
    begins = days.astype(_MONTH)
    in_month = days - begins.astype(_DAY)
    target = begins + np.asarray(months).astype("timedelta64[M]")
    last = (target + 1).astype(_DAY) - np.timedelta64(1, "D") - target.astype(_DAY)
    found: Array = target.astype(_DAY) + np.minimum(in_month, last)
    return found


def plus_periods(days: Array, months: Array, count_days: Array, times: int) -> Array:
    """Return the day `times` periods later; NaT where there is no period."""
    by_month = plus_months(days, months.astype(np.int64) * times)
    by_day = days + (count_days.astype(np.int64) * times).astype("timedelta64[D]")
    found = np.where(months > 0, by_month, by_day)
    return np.where((months > 0) | (count_days > 0), found, np.datetime64("NaT", "D"))


def later(one: Array, other: Array) -> Array:
    """Return the later of two days; the one that is known where the other is not."""
    return np.fmax(one, other)
