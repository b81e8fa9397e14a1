"""A settlement 减免结清: bands, expiry, one counter-offer, and what it is worth today.

Present value is at simple interest, amount / (1 + rate x days / 365): a plain number a
person can check, exact until it is rounded once.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from typing import ClassVar

from daihou.engine.basics.errors import UserError
from daihou.engine.basics.money import Money
from daihou.engine.basics.rounding import divide

DAYS_IN_YEAR = 365


class SettlementError(UserError):
    """An offer that cannot be."""

    TEXTS: ClassVar[Mapping[str, tuple[str, str]]] = {
        "below_band": (
            (
                "{amount} is less than {least}, the least that band {band} accepts. Offer"
                " more, or ask for a plan."
            ),
            "{amount} 低于 {band} 档的最低接受金额 {least}；请提高金额或改为分期协议。",
        ),
        "above_owed": (
            (
                "{amount} is not less than the {owed} that closes the loan; no settlement is"
                " needed."
            ),
            "{amount} 不低于结清金额 {owed}，无需减免结清。",
        ),
        "no_band": (
            "No band of the policy covers {dpd} days past due.",
            "政策没有覆盖逾期 {dpd} 天的档位。",
        ),
        "countered": (
            "There was one counter-offer already; accept it, refuse it or let it lapse.",
            "已有一次还价；请接受、拒绝或等其到期。",
        ),
        "expired": (
            "The offer expired on {on}. Ask for a new one.",
            "报价已于 {on} 到期；请重新申请。",
        ),
    }


class SettlementState(StrEnum):
    """Where a settlement stands."""

    REQUESTED = "requested"
    PENDING = "pending"
    APPROVED = "approved"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"
    COUNTERED = "countered"
    ACCEPTED = "accepted"
    APPLIED = "applied"
    LAPSED = "lapsed"
    REVERSED = "reversed"


_S = SettlementState
SETTLEMENT_MOVES = (
    (_S.REQUESTED, _S.APPROVED),
    (_S.REQUESTED, _S.PENDING),
    (_S.PENDING, _S.APPROVED),
    (_S.PENDING, _S.REJECTED),
    (_S.PENDING, _S.WITHDRAWN),
    # The customer says another amount, once; it is decided like the first.
    (_S.APPROVED, _S.COUNTERED),
    (_S.COUNTERED, _S.PENDING),
    (_S.COUNTERED, _S.APPROVED),
    (_S.APPROVED, _S.ACCEPTED),
    (_S.APPROVED, _S.LAPSED),
    (_S.APPROVED, _S.WITHDRAWN),
    (_S.ACCEPTED, _S.APPLIED),
    (_S.ACCEPTED, _S.LAPSED),
    # Both agree to end it, or it cannot be posted as it was approved.
    (_S.ACCEPTED, _S.WITHDRAWN),
    (_S.APPLIED, _S.REVERSED),
    (_S.REVERSED, _S.APPLIED),
    (_S.REVERSED, _S.LAPSED),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Band:
    """What is accepted at some days past due: at least `least` of what closes the loan.

    `expected` is the share the lender expects to get in `months` without a settlement;
    all are the lender's policy. `days` is how long an offer stands.
    """

    id: str
    dpd_from: int
    dpd_to: int | None
    least: Decimal
    expected: Decimal
    months: int
    days: int


@dataclass(frozen=True, slots=True)
class Worth:
    """A settlement beside going on, at today's value (minor units).

    `break_even` is the amount, paid in full on the settlement's last day, that is worth
    as much as going on.
    """

    settlement: int
    going_on: int
    break_even: int

    @property
    def gain(self) -> int:
        """What the settlement is worth more than going on; negative: less."""
        return self.settlement - self.going_on


def band_for(bands: Sequence[Band], *, dpd: int) -> Band:
    """Return the band of some days past due, or raise SettlementError."""
    for band in bands:
        if band.dpd_from <= dpd and (band.dpd_to is None or dpd < band.dpd_to):
            return band
    raise SettlementError("no_band", dpd=dpd)


def least_of(band: Band, *, owed: int) -> int:
    """Return the least a band accepts of what closes the loan, rounded up."""
    numerator, denominator = band.least.as_integer_ratio()
    return -(-owed * numerator // denominator)


def check_offer(band: Band, amount: int, *, owed: int, currency: str) -> None:
    """Raise SettlementError unless an amount lies within the band and below the debt."""
    if amount >= owed:
        told = {"amount": Money(currency, amount), "owed": Money(currency, owed)}
        raise SettlementError("above_owed", **told)
    least = least_of(band, owed=owed)
    if amount < least:
        told = {"amount": Money(currency, amount), "least": Money(currency, least)}
        raise SettlementError("below_band", band=band.id, **told)


def check_counter(*, counters: int, expires_on: date, as_of: date) -> None:
    """Raise SettlementError unless another amount may still be said."""
    if counters >= 1:
        raise SettlementError("countered")
    if as_of > expires_on:
        raise SettlementError("expired", on=expires_on)


def expires_on(band: Band, *, offered_on: date) -> date:
    """Return the last day on which an offer may be accepted."""
    return offered_on + timedelta(days=band.days)


def present_value(
    flows: Sequence[tuple[int, int]], *, rate: Decimal, rounding: str = "half_even"
) -> int:
    """Return what flows of (days from today, minor units) are worth today.

    Summed exactly, rounded once. Flows of today are worth what they are.
    """
    value = Fraction(0)
    for days, amount in flows:
        assert days >= 0, days
        value += Fraction(amount) / (1 + Fraction(rate) * days / DAYS_IN_YEAR)
    return divide(value.numerator, value.denominator, rounding=rounding)


def worth(
    band: Band,
    *,
    owed: int,
    parts: Sequence[tuple[date, int]],
    as_of: date,
    rate: Decimal,
) -> Worth:
    """Compare a settlement in parts with what going on is expected to bring.

    Going on brings `band.expected` of what is owed, evenly over `band.months` months.
    """
    settlement = present_value(
        [((on - as_of).days, amount) for on, amount in parts], rate=rate
    )
    months = max(1, band.months)
    share = Fraction(band.expected) * owed / months
    value = Fraction(0)
    for month in range(1, months + 1):
        days = Fraction(month * DAYS_IN_YEAR, 12)
        value += share / (1 + Fraction(rate) * days / DAYS_IN_YEAR)
    going_on = divide(value.numerator, value.denominator)
    last = max((on for on, _ in parts), default=as_of)
    wait = 1 + Fraction(rate) * (last - as_of).days / DAYS_IN_YEAR
    needed = value * wait
    break_even = -(-needed.numerator // needed.denominator)
    return Worth(settlement, going_on, break_even)
