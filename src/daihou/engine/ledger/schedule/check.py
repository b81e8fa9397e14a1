"""What no contract may say: every field that cannot be, named with the way out."""

from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

from daihou.engine.basics import dates, money, rounding
from daihou.engine.ledger.errors import TermsError
from daihou.engine.ledger.schedule.due import LAST_YEAR, anchor_day
from daihou.engine.ledger.schedule.methods import METHODS
from daihou.engine.ledger.schedule.periods import MOST_PERIODS
from daihou.engine.ledger.terms import (
    Applies,
    FirstPeriod,
    GraceInterest,
    Holidays,
    InterestTo,
    Keeps,
    LastRow,
    LevelBy,
    LoanTerms,
    MonthEnd,
    Row,
)

GIVEN = ("custom", "statement")
METHOD_NAMES = (*METHODS, *GIVEN)
FIRST_YEAR, LAST_START = 1900, 9000
MOST_DECIMALS = 30
_CHOICES: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("method", METHOD_NAMES),
    ("period_unit", dates.UNITS),
    ("day_count", dates.DAY_COUNTS),
    ("rounding", rounding.MODES),
)
_CONVENTIONS: tuple[tuple[str, type[StrEnum]], ...] = (
    ("grace_interest_to", GraceInterest),
    ("first_period", FirstPeriod),
    ("level_by", LevelBy),
    ("month_end", MonthEnd),
    ("holidays", Holidays),
    ("interest_to", InterestTo),
    ("last_row", LastRow),
)
_WHOLE = (
    *("principal_minor", "periods", "every", "multiple_of", "grace_principal"),
    *("grace_interest", "balloon_minor", "down_payment_minor"),
)
_SHAPES = (
    *("grace_principal", "grace_interest", "balloon_minor", "down_payment_minor"),
    *("down_payment_share", "multiple_of", "tranches", "rate_changes"),
    *("first_period", "holidays", "last_row"),
)
_FINAL = ("grace_principal", "balloon_minor", "multiple_of", "last_row")
# What has no meaning with a method; said, not passed over in silence.
_WITHOUT = {
    "custom": _SHAPES,
    "statement": _SHAPES,
    "bullet": (*_FINAL, "grace_interest"),
    "interest_only": _FINAL,
    "equal_principal": ("last_row",),
    "flat": ("last_row",),
}
_PLAIN = {each: LoanTerms.__dataclass_fields__[each].default for each in _SHAPES}


def check(terms: LoanTerms, *, cap: Decimal | None = None) -> None:
    """Raise TermsError for the first field that cannot be.

    `cap` is the highest yearly rate, as a share, that the terms may state.
    """
    _kinds(terms)
    _ranges(terms)
    _choices(terms)
    _rate(terms.annual_rate, "annual_rate", cap)
    _day_of_month(terms)
    for name in _WITHOUT.get(terms.method, ()):
        if getattr(terms, name) != _PLAIN[name]:
            raise TermsError("not_with_method", field=name, method=terms.method)
    _principal_parts(terms)
    if terms.tranches:
        _tranches(terms)
    if terms.rate_changes:
        _rate_changes(terms, cap)
    if terms.last_row == LastRow.WHEN_PAID:
        _when_paid(terms)


def _kinds(terms: LoanTerms) -> None:
    """Check that numbers are whole, dates are dates and the currency is known."""
    if terms.currency not in money.DIGITS:
        known = " ".join(sorted(money.DIGITS))
        raise TermsError("currency", value=terms.currency, known=known)
    for name in _WHOLE:
        _whole(getattr(terms, name), name)
    for name in ("instalment_minor", "due_day"):
        if getattr(terms, name) is not None:
            _whole(getattr(terms, name), name)
    for name in ("disbursed_on", "first_due_on"):
        _day(getattr(terms, name), name)


def _whole(value: object, name: str) -> None:
    if type(value) is not int:
        raise TermsError("whole_number", field=name, value=value)


def _day(value: object, name: str) -> None:
    if not isinstance(value, date) or isinstance(value, datetime):
        raise TermsError("not_a_date", field=name, value=value)
    if not FIRST_YEAR <= value.year <= LAST_START:
        raise TermsError("year", field=name, value=value)


def _ranges(terms: LoanTerms) -> None:
    if terms.principal_minor <= 0:
        raise TermsError("principal_minor", value=terms.principal_minor)
    if not 1 <= terms.periods <= MOST_PERIODS:
        raise TermsError("periods", value=terms.periods)
    if not 1 <= terms.every <= MOST_PERIODS:
        raise TermsError("every", value=terms.every)
    if terms.multiple_of < 1:
        raise TermsError("multiple_of", value=terms.multiple_of)
    for name in ("grace_principal", "grace_interest"):
        if not 0 <= getattr(terms, name) < terms.periods:
            raise TermsError(name, value=getattr(terms, name), periods=terms.periods)
    if terms.instalment_minor is not None and terms.instalment_minor < 0:
        raise TermsError("negative", field="instalment_minor")
    if terms.first_due_on <= terms.disbursed_on:
        raise TermsError(
            "first_due_on",
            value=terms.first_due_on,
            disbursed_on=terms.disbursed_on,
        )


def _choices(terms: LoanTerms) -> None:
    for name, names in _CHOICES:
        value = getattr(terms, name)
        if value not in names:
            raise TermsError(name, value=value, known=", ".join(names))
    for name, kind in _CONVENTIONS:
        _one_of(getattr(terms, name), kind, name)
    mode = terms.multiple_rounding
    if mode is not None and mode not in rounding.MODES:
        known = ", ".join(rounding.MODES)
        raise TermsError("choice", field="multiple_rounding", value=mode, known=known)


def _one_of(value: str, kind: type[StrEnum], name: str) -> None:
    if value not in kind._value2member_map_:
        known = ", ".join(kind)
        raise TermsError("choice", field=name, value=value, known=known)


def _rate(rate: object, name: str, cap: Decimal | None) -> None:
    if not isinstance(rate, Decimal):
        raise TermsError("not_exact", field=name, value=rate)
    if not rate.is_finite():
        raise TermsError("not_finite", field=name, value=rate)
    if not 0 <= rate <= 10:
        raise TermsError("annual_rate", field=name, value=rate)
    exponent = rate.as_tuple().exponent
    if isinstance(exponent, int) and exponent < -MOST_DECIMALS:
        raise TermsError("rate_decimals", field=name, most=MOST_DECIMALS)
    if cap is not None and rate > cap:
        raise TermsError("rate_cap", field=name, value=rate, cap=cap)


def _day_of_month(terms: LoanTerms) -> None:
    """Check the day of the month, and that the plan ends before the calendar does."""
    first, day = terms.first_due_on, terms.due_day
    if day is not None and (not 1 <= day <= 31 or terms.period_unit != "months"):
        raise TermsError("due_day", value=day)
    if terms.month_end == MonthEnd.LAST_DAY and terms.period_unit != "months":
        raise TermsError("month_end", field="month_end")
    day = anchor_day(terms)
    named = terms.due_day is not None or terms.month_end == MonthEnd.LAST_DAY
    if named and first != dates.month_day(first.year, first.month, day):
        raise TermsError("due_day_first", value=day, first_due_on=first)
    count = terms.every * (terms.periods - 1)
    try:
        last = dates.add_period(first, count, terms.period_unit, day=day)
    except (OverflowError, ValueError):
        last = date.max
    if last.year > LAST_YEAR:
        raise TermsError("too_long", value=terms.periods, year=LAST_YEAR)


def _principal_parts(terms: LoanTerms) -> None:
    """Check what is paid first and what is kept for last, each by itself.

    How both go together is checked where the down payments are reckoned.
    """
    share, amount = terms.down_payment_share, terms.down_payment_minor
    if not isinstance(share, Decimal):
        raise TermsError("not_exact", field="down_payment_share", value=share)
    if not share.is_finite():
        raise TermsError("not_finite", field="down_payment_share", value=share)
    if not 0 <= share < 1:
        raise TermsError("down_payment_share", value=share)
    if amount and share:
        raise TermsError("down_payment_two", value=amount, share=share)
    if amount < 0 or terms.balloon_minor < 0:
        name = "down_payment_minor" if amount < 0 else "balloon_minor"
        raise TermsError("negative", field=name)
    if terms.balloon_minor > terms.principal_minor:
        raise TermsError(
            "balloon_minor",
            value=terms.balloon_minor,
            principal=terms.principal_minor,
        )


def _tranches(terms: LoanTerms) -> None:
    before, total = terms.disbursed_on, 0
    for tranche in terms.tranches:
        _whole(tranche.amount_minor, "tranches")
        _day(tranche.on, "tranches")
        if tranche.amount_minor <= 0:
            raise TermsError("tranches_amount", on=tranche.on)
        if tranche.on <= before:
            raise TermsError("tranches_order", on=tranche.on, before=before)
        before = tranche.on
        total += tranche.amount_minor
    if total >= terms.principal_minor:
        raise TermsError("tranches_total", total=total, principal=terms.principal_minor)


def _rate_changes(terms: LoanTerms, cap: Decimal | None) -> None:
    before = terms.disbursed_on
    for change in terms.rate_changes:
        _day(change.on, "rate_changes")
        _rate(change.annual_rate, "rate_changes", cap)
        _one_of(change.applies, Applies, "rate_changes")
        _one_of(change.keeps, Keeps, "rate_changes")
        if change.on <= before:
            raise TermsError("rate_changes_order", on=change.on, before=before)
        before = change.on
        if change.keeps == Keeps.INSTALMENT and (
            terms.method != "equal_instalment" or terms.balloon_minor
        ):
            raise TermsError("rate_changes_keeps", on=change.on)


def _when_paid(terms: LoanTerms) -> None:
    if terms.balloon_minor:
        raise TermsError("last_row_balloon", value=terms.balloon_minor)
    if terms.instalment_minor is None and terms.multiple_of == 1:
        raise TermsError("last_row", value=terms.last_row)


def given(terms: LoanTerms) -> tuple[Row, ...]:
    """Return the rows that were sent, if they can be."""
    if not terms.rows:
        raise TermsError("rows", method=terms.method)
    before = None
    for row in terms.rows:
        _rows_hold(row)
        if before is not None and row.due_on <= before:
            raise TermsError("rows_order", seq=row.seq, due_on=row.due_on)
        before = row.due_on
    total = sum(row.principal for row in terms.rows)
    if terms.method == "custom" and total != terms.principal_minor:
        raise TermsError("rows_principal", total=total, principal=terms.principal_minor)
    return terms.rows


def _rows_hold(row: Row) -> None:
    for amount in _amounts(row):
        _whole(amount, "rows")
    if min(_amounts(row)) < 0:
        raise TermsError("rows_negative", seq=row.seq)


def _amounts(row: Row) -> Iterator[int]:
    yield from (row.principal, row.interest, row.fee)
