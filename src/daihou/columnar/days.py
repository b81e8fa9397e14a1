"""Numba pieces for the calendar: day numbers since 1970-01-01 and their parts."""

from daihou.columnar.compiling import jit


@jit
def civil(day):
    """Year, month and day of the month of a day number."""
    z = day + 719468  # days since 1 March of the year 0
    era = z // 146097
    of_era = z - era * 146097
    year = (of_era - of_era // 1460 + of_era // 36524 - of_era // 146096) // 365
    of_year = of_era - (365 * year + year // 4 - year // 100)
    month = (5 * of_year + 2) // 153
    in_month = of_year - (153 * month + 2) // 5 + 1
    month = month + 3 if month < 10 else month - 9
    return year + era * 400 + (1 if month <= 2 else 0), month, in_month


@jit
def month_length(year, month):
    """Days of a month."""
    if month == 2:
        leap = year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
        return 29 if leap else 28
    return 30 if month in (4, 6, 9, 11) else 31


@jit
def day_of(months, day):
    """Day number of `day`, or the month's last, in a month counted from year 0."""
    year, month = months // 12, months % 12 + 1
    day = min(day, month_length(year, month))
    if month <= 2:
        year -= 1
    era = year // 400
    of_era = year - era * 400
    from_march = month - 3 if month > 2 else month + 9
    of_year = (153 * from_march + 2) // 5 + day - 1
    return era * 146097 + of_era * 365 + of_era // 4 - of_era // 100 + of_year - 719468


@jit
def thirty(day):
    """Number a day so that every month has thirty (bond basis)."""
    year, month, in_month = civil(day)
    return year * 360 + month * 30 + min(in_month, 30)
