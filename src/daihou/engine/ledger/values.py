"""What goes into settling one loan, and what comes out; amounts in minor units."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from daihou.engine.basics.line import Line
from daihou.engine.ledger.terms import LoanTerms, RateChange, Row, Tranche
from daihou.engine.rulebook.policy import Component, Policy


@dataclass(frozen=True, slots=True)
class Demand:
    """Something owed on a day: an instalment, or a charge (seq 0, fee only).

    In force on D when begins_on <= D < ends_on (ends_on None: still in force).
    The paid_* amounts count in mirror mode only. No money of a day before
    `opens_on` goes to it, and its principal is outstanding from that day on: a row
    that a restructuring made of what was left of others on that day.
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
    opens_on: date = date.min


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
class Waiver:
    """An amount of one component given up (减免) on `on`; never counted as paid.

    Of the demand named, else of the oldest first; at most what is left of it that
    day, before the money of that day. From `ends_on` on as if it had never been.
    `moved`: not given up but owed on in the rows of a restructuring.
    """

    waiver_id: int
    on: date
    component: str  # a Component value
    amount: int
    demand_id: int | None = None
    ends_on: date | None = None
    moved: bool = False


@dataclass(frozen=True, slots=True)
class RateStep:
    """The yearly penalty rate from a day on (repricing; 0: penalties stand still)."""

    begins_on: date
    penalty_rate_nano: int  # 10**-9


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
    waivers: tuple[Waiver, ...] = ()
    rate_steps: tuple[RateStep, ...] = ()  # in order of days; before: the rate above
    former: tuple[tuple[str, date], ...] = ()  # statuses before `status`, with its day


@dataclass(frozen=True, slots=True)
class DemandState:
    """One demand at the end of `as_of`: due, paid, waived and what is left of it."""

    demand: Demand
    paid: Mapping[str, int]  # by Component value
    waived: Mapping[str, int]  # by Component value
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
    over_cap: Mapping[str, int]  # by Component value: above the cost cap, not claimed
    cap_room: int | None  # what more may be claimed under the cap; None: no cap
    non_accrual_since: date | None
    memo: Mapping[str, int]  # interest, penalty, compound kept off the balance sheet

    @property
    def overdue_total(self) -> int:
        """Sum of the five overdue components."""
        return sum(self.overdue.values())

    @property
    def claimable(self) -> int:
        """What is outstanding less due interest and fees above the cost cap."""
        above = self.over_cap[Component.FEE] + self.over_cap[Component.INTEREST]
        return self.outstanding_total - above


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
    "RateChange",
    "RateStep",
    "Row",
    "Tranche",
    "Waiver",
]
