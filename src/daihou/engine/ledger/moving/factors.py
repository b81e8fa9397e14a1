"""What share of a balance a stretch of days costs: the day-count conventions."""

from calendar import isleap
from collections.abc import Iterable
from datetime import date
from decimal import Decimal

from daihou.engine.basics.dates import DAY, add_period
from daihou.engine.ledger.moving.stretches import ZERO, Period, Stretches
from daihou.engine.ledger.moving.terms import EXACT, PlanTerms

_UNIT_DAYS = {"days": 1, "weeks": 7, "months": 30}
_PERIODS_A_YEAR = {"weeks": 52, "months": 12}
_PLACES = Decimal(1).scaleb(-19)


def set_factors(plan: Stretches, periods: Iterable[Period] | None = None) -> None:
    """Work out the factors of the stretches of `periods` (all of the plan's)."""
    for period in plan.periods if periods is None else periods:
        for stretch in period.stretches:
            if stretch.paused:
                stretch.factor = stretch.factor_to_due = ZERO
                continue
            rate = EXACT.divide(plan.yearly_percent(stretch.begins), Decimal(100))
            stretch.factor = _factor(
                plan, period, rate, (stretch.begins, stretch.ends), exact=False
            )
            stretch.factor_to_due = _factor(
                plan, period, rate, (stretch.begins, period.due), exact=True
            )
    plan.touch()


def _factor(
    plan: Stretches,
    period: Period,
    rate: Decimal,
    span: tuple[date, date],
    *,
    exact: bool,
) -> Decimal:
    """Return the factor of a span of days inside a period.

    `exact`: the period counts for as many units as it really is long, not for the
    number agreed on.
    """
    terms, (begins, ends) = plan.terms, span
    days, whole = (ends - begins).days, (period.due - period.begins).days
    if whole == 0:
        return ZERO
    if not terms.daily and terms.unit in _PERIODS_A_YEAR:
        a_year = Decimal(_PERIODS_A_YEAR[terms.unit])
        return _scaled(rate, Decimal(terms.every), a_year, days, whole)
    if _crosses_years(terms, period, span):
        return _rounded(EXACT.multiply(rate, _share_by_year(terms, span)))
    in_year = Decimal(_days_in_year(terms, period, begins))
    if terms.days_in_month == "actual":
        return _scaled(rate, Decimal(days), in_year, 1, 1)
    units = _units(plan, period) if exact else Decimal(terms.every)
    part = EXACT.multiply(Decimal(_UNIT_DAYS[terms.unit]), units)
    return _scaled(rate, part, in_year, days, whole)


def _scaled(
    rate: Decimal, part: Decimal, in_year: Decimal, days: int, whole: int
) -> Decimal:
    share = EXACT.multiply(rate, EXACT.divide(part, in_year))
    return _rounded(EXACT.divide(EXACT.multiply(share, Decimal(days)), Decimal(whole)))


def _rounded(factor: Decimal) -> Decimal:
    return factor.quantize(_PLACES, rounding="ROUND_HALF_EVEN")


def _holds_leap_day(period: Period) -> bool:
    return any(
        isleap(year) and period.begins < date(year, 2, 29) <= period.due
        for year in range(period.begins.year, period.due.year + 1)
    )


def _days_in_year(terms: PlanTerms, period: Period, on: date) -> int:
    if terms.days_in_year != "actual":
        return int(terms.days_in_year)
    if isleap(on.year) and terms.leap_day_only:
        return 366 if _holds_leap_day(period) else 365
    return 366 if isleap(on.year) else 365


def _crosses_years(terms: PlanTerms, period: Period, span: tuple[date, date]) -> bool:
    if terms.days_in_year != "actual" or span[0].year == span[1].year:
        return False
    return not terms.leap_day_only or _holds_leap_day(period)


def _share_by_year(terms: PlanTerms, span: tuple[date, date]) -> Decimal:
    """Count each year's days over its length; a year ends on its last day."""
    begins, ends = span
    total = ZERO
    for year in range(begins.year, ends.year + 1):
        turn = date(year, 12, 31)
        if terms.year_ends_on_1_january:
            turn += DAY
        past = ends if year == ends.year else turn
        length = Decimal(366 if isleap(year) else 365)
        total = EXACT.add(total, EXACT.divide(Decimal((past - begins).days), length))
        begins = past
    return total


def _units(plan: Stretches, period: Period) -> Decimal:
    """Count the units (months, weeks, days) a period is long, with a part at its end."""
    unit, count = plan.terms.unit, 0
    if _in_step(plan, period):
        return Decimal(plan.terms.every)
    while add_period(period.begins, count + 1, unit) < period.due:
        count += 1
    reached, after = (add_period(period.begins, count + more, unit) for more in (0, 1))
    part = EXACT.divide(
        Decimal((period.due - reached).days), Decimal((after - reached).days)
    )
    return part + count


def _in_step(plan: Stretches, period: Period) -> bool:
    """Tell whether a period is as long as agreed, counted from the plan's start."""
    terms, start = plan.terms, plan.periods[0].begins
    count = 1
    while add_period(start, count, terms.unit) < period.due:
        count += 1
    return (
        add_period(start, count, terms.unit) == period.due
        and add_period(start, count - terms.every, terms.unit) == period.begins
    )
