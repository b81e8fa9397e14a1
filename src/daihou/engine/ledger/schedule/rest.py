"""The rows of what is left of a loan: after a restructuring, or from any day on."""

from collections.abc import Collection
from dataclasses import replace
from datetime import date
from decimal import Decimal

from daihou.engine.basics import dates
from daihou.engine.ledger.schedule.build import schedule
from daihou.engine.ledger.schedule.due import all_due, anchor_day
from daihou.engine.ledger.schedule.periods import MOST_PERIODS, effective
from daihou.engine.ledger.terms import (
    Applies,
    FirstPeriod,
    GraceInterest,
    Keeps,
    LastRow,
    LoanTerms,
    MonthEnd,
    RateChange,
    Row,
)


def rate_on(terms: LoanTerms, day: date) -> Decimal:
    """Return the yearly rate, a share, that a day after the disbursement bears."""
    rate = terms.annual_rate
    for on, changed in _in_force(terms):
        if on <= day:
            rate = changed.annual_rate
    return rate


def _in_force(terms: LoanTerms) -> list[tuple[date, RateChange]]:
    if not terms.rate_changes:
        return []
    ends = [on for on, _ in zip(all_due(terms), range(MOST_PERIODS), strict=False)]
    return [(each.on, each.change) for each in effective(terms, ends)]


def remaining(
    terms: LoanTerms,
    *,
    balance: int,
    from_on: date,
    first_due_on: date,
    periods: int,
    annual_rate: Decimal | None = None,
    method: str | None = None,
    instalment_minor: int | None = None,
    last_row: str = LastRow.ON_TERM,
    grace_principal: int = 0,
    balloon_minor: int | None = None,
    due_day: int | None = None,
    first_seq: int = 1,
    closed: Collection[date] = frozenset(),
    cap: Decimal | None = None,
) -> tuple[Row, ...]:
    """Return rows that pay off `balance` (minor units of principal) from a day on.

    Interest runs from `from_on`; the rows are `periods` whole periods apart from
    `first_due_on`, numbered from `first_seq`. What is not said is the contract's:
    the rate of that day and the changes and payouts agreed for later days (payouts
    come on top of `balance`), day of the month, day count and roundings. The
    instalment is solved anew unless given; down payment, interest grace and the
    contract's first period do not come back. Raises TermsError.
    """
    method = method or terms.method
    later = tuple(each for each in terms.tranches if each.on > from_on)
    ahead = sum(each.amount_minor for each in later)
    left = terms.balloon_minor if balloon_minor is None else balloon_minor
    new = replace(
        terms,
        principal_minor=balance + ahead,
        annual_rate=rate_on(terms, from_on) if annual_rate is None else annual_rate,
        method=method,
        periods=periods,
        disbursed_on=from_on,
        first_due_on=first_due_on,
        instalment_minor=instalment_minor,
        rows=(),
        grace_principal=grace_principal,
        grace_interest=0,
        grace_interest_to=GraceInterest.NEXT,
        balloon_minor=left,
        down_payment_minor=0,
        down_payment_share=Decimal(0),
        first_period=FirstPeriod.IN_INSTALMENT,
        month_end=MonthEnd.KEEP,
        due_day=_day_kept(terms, first_due_on, due_day),
        tranches=later,
        rate_changes=_still_ahead(terms, from_on, first_due_on, method),
        last_row=last_row,
    )
    rows = schedule(new, closed=closed, cap=cap)
    return tuple(replace(row, seq=row.seq + first_seq - 1) for row in rows)


def _day_kept(terms: LoanTerms, first: date, asked: int | None) -> int | None:
    """Return the day of the month asked for, or the contract's where it still fits."""
    if asked is not None or terms.period_unit != "months":
        return asked
    day = anchor_day(terms)
    fits = first == dates.month_day(first.year, first.month, day)
    return day if fits else first.day


def _still_ahead(
    terms: LoanTerms, from_on: date, first_due_on: date, method: str
) -> tuple[RateChange, ...]:
    """Return the rate changes still to come; one that waits for a due date, then."""
    found: list[RateChange] = []
    for on, change in _in_force(terms):
        if on <= from_on:
            continue
        if method != "equal_instalment":
            change = replace(change, keeps=Keeps.TERM)
        if change.on <= from_on:
            change = replace(change, on=first_due_on, applies=Applies.AT_ONCE)
        while found and found[-1].on >= change.on:
            found.pop()
        found.append(change)
    return tuple(found)
