"""What goes into settling one loan, and what comes out; amounts in minor units."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from daihou.engine.basics.line import Line
from daihou.engine.rulebook.policy import Policy


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a schedule."""

    seq: int
    due_on: date
    principal: int
    interest: int
    fee: int = 0


@dataclass(frozen=True, slots=True)
class LoanTerms:
    """The contract, enough to print a schedule.

    `annual_rate` is a share (0.144 = 14.4 %). `every` counts `period_unit`s
    between due dates. `instalment_minor` fixes the instalment where the contract
    states it; otherwise it is computed. `rows` are the lines of the methods that
    cannot be computed (custom, statement).
    """

    currency: str
    principal_minor: int
    annual_rate: Decimal
    method: str
    periods: int
    period_unit: str
    disbursed_on: date
    first_due_on: date
    every: int = 1
    day_count: str = "30/360"
    rounding: str = "half_even"
    instalment_minor: int | None = None
    rows: tuple[Row, ...] = ()


@dataclass(frozen=True, slots=True)
class Demand:
    """Something owed on a day: an instalment, or a charge (seq 0, fee only).

    In force on D when begins_on <= D < ends_on (ends_on None: still in force).
    The paid_* amounts count in mirror mode only.
    """

    demand_id: int
    seq: int
    due_on: date
    principal: int
    interest: int
    fee: int = 0
    begins_on: date = date.min
    ends_on: date | None = None
    paid_principal: int = 0
    paid_interest: int = 0
    paid_fee: int = 0
    paid_penalty: int = 0


@dataclass(frozen=True, slots=True)
class Payment:
    """Money in (positive) or back (negative) on `paid_on`.

    A reversed payment is as if it had never been from `ends_on` on, the day of
    its reversal.
    """

    payment_id: int
    paid_on: date
    amount: int
    ends_on: date | None = None


@dataclass(frozen=True, slots=True)
class Loan:
    """Everything that decides what one loan owes on a day."""

    loan_id: int
    currency: str
    principal: int
    disbursed_on: date
    demands: tuple[Demand, ...]
    payments: tuple[Payment, ...] = ()
    penalty_rate_nano: int = 0  # yearly rate of 罚息, 10**-9
    status: str = "active"
    status_on: date | None = None
    pauses: tuple[tuple[date, date], ...] = ()  # half-open: [from, to)


@dataclass(frozen=True, slots=True)
class DemandState:
    """One demand at the end of `as_of`: due, paid and what is left of it."""

    demand: Demand
    paid: Mapping[str, int]  # by Component value
    unpaid: Mapping[str, int]  # by Component value; penalty and compound accrued
    late: bool
    settled_on: date | None
    due_on: date  # the effective due date: moved past closed days where so agreed


@dataclass(frozen=True, slots=True)
class Allocation:
    """Where the cents of one payment went."""

    payment_id: int
    on: date
    demand_id: int
    component: str
    amount: int


@dataclass(frozen=True, slots=True)
class LoanState:
    """What one loan owes and how late it is at the end of `as_of`."""

    loan_id: int
    as_of: date
    dpd: int
    dpd_method: str
    bucket: str
    overdue: Mapping[str, int]  # by Component value, late demands only
    oldest_unpaid_due_on: date | None
    next_due_on: date | None
    next_due_amount: int
    outstanding_principal: int
    outstanding_total: int
    unapplied_credit: int
    times_late: int
    worst_dpd: int
    late_instalments: int
    status: str
    demands: tuple[DemandState, ...]
    allocations: tuple[Allocation, ...]
    derivation: tuple[Line, ...]

    @property
    def overdue_total(self) -> int:
        """Sum of the five overdue components."""
        return sum(self.overdue.values())


__all__ = [
    "Allocation",
    "Demand",
    "DemandState",
    "Line",
    "Loan",
    "LoanState",
    "LoanTerms",
    "Payment",
    "Policy",
    "Row",
]
