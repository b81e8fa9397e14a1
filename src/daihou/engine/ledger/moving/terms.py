"""What a moving repayment plan is made from: the contract in named conventions."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Context, Decimal
from enum import StrEnum

from daihou.engine.basics.rounding import divide

# Rates and factors are kept to 19 significant digits, amounts in minor units.
EXACT = Context(prec=19, rounding="ROUND_HALF_EVEN")
COMPONENTS = ("principal", "interest", "fee", "penalty")


class Timing(StrEnum):
    """Where an instalment stands on the day money comes in."""

    PAST_DUE = "past_due"
    DUE = "due"
    IN_ADVANCE = "in_advance"


class Future(StrEnum):
    """Which instalments not yet due take money that comes early."""

    NEXT = "next_installment"
    LAST = "last_installment"
    CURRENT_THEN_LAST = "next_last_installment"
    EVEN = "reamortization"


@dataclass(frozen=True, slots=True)
class Order:
    """Where money of one kind goes: steps of (timing, component), and early money."""

    steps: tuple[tuple[Timing, str], ...]
    future: Future = Future.NEXT


@dataclass(frozen=True, slots=True)
class Recalculation:
    """How interest follows the balance that is really owed.

    `rest` is daily or same_as_repayment; `preclose` is till_preclose_date or
    till_rest_frequency_date; `advance` is adjust_last_unpaid_period,
    reduce_emi_amount or reschedule_next_repayments.
    """

    rest: str = "daily"
    preclose: str = "till_preclose_date"
    advance: str = "adjust_last_unpaid_period"
    on_past_due: bool = True

    def to_due_date(self, *, closing: bool) -> bool:
        """Tell whether interest runs to the due date, not to the day of payment."""
        if self.preclose != "till_rest_frequency_date":
            return False
        return closing if self.rest == "daily" else True


@dataclass(frozen=True, slots=True)
class PlanTerms:
    """The contract behind a plan; amounts in minor units, rates a yearly percent.

    `progressive` plans work out interest from the balance of each stretch of days;
    the others use one rate a period. `strategy` names the order of a plan without
    its own `orders`. `levelling_rounds` 0 leaves every rounding to the last row, as
    `schedule` does; 3 moves the instalment until the last is close to it.
    """

    principal: int
    yearly_percent: Decimal
    start_on: date
    periods: int
    every: int = 1
    unit: str = "months"
    flat: bool = False
    daily: bool = True
    equal_principal: bool = False
    progressive: bool = True
    days_in_year: str = "actual"
    days_in_month: str = "actual"
    leap_day_only: bool = False
    year_ends_on_1_january: bool = False
    partial_periods: bool = False
    multiple_of: int = 0  # minor units; 0: no multiple
    dates_from_start: bool = False
    fixed_length: int = 0
    fixed_instalment: int = 0
    grace_principal: int = 0
    grace_interest: int = 0
    down_payment_percent: Decimal | None = None
    down_payment_automatic: bool = False
    recalculation: Recalculation | None = None
    orders: Mapping[str, Order] = field(default_factory=dict)
    strategy: str = ""
    vertical: bool = False
    chargeback_order: tuple[str, ...] = ()
    charge_off: str = "regular"
    refunds_interest: frozenset[str] = frozenset()
    several_disbursements: bool = False
    levelling_rounds: int = 3  # moves of the instalment towards the last; 0: none

    @property
    def bears_interest(self) -> bool:
        """Tell whether there is any interest at all."""
        return self.yearly_percent != 0

    @property
    def recalculates(self) -> bool:
        """Tell whether interest follows what is really owed."""
        return self.recalculation is not None

    def in_multiples(self, amount: int) -> int:
        """Round to the multiple agreed on, half to even; 0 never from something."""
        if not self.multiple_of:
            return amount
        rounded = divide(amount, self.multiple_of) * self.multiple_of
        return rounded or amount

    def down_payment(self, amount: int) -> int:
        """Return the down payment of one disbursement."""
        if self.down_payment_percent is None:
            return 0
        part, whole = (self.down_payment_percent / 100).as_integer_ratio()
        return self.in_multiples(divide(amount * part, whole))


def cents(amount: Decimal) -> int:
    """Round minor units half to even."""
    return int(amount.to_integral_value(rounding="ROUND_HALF_EVEN"))
