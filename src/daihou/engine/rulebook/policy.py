"""The terms of a product that decide lateness, order and price of lateness."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum


class Mode(StrEnum):
    """Who keeps the ledger: we (own) or a core system (mirror)."""

    OWN = "own"
    MIRROR = "mirror"


class Component(StrEnum):
    """What a cent of debt is made of, in the default order of allocation."""

    FEE = "fee"
    PENALTY = "penalty"
    COMPOUND = "compound"
    INTEREST = "interest"
    PRINCIPAL = "principal"


class Anchor(StrEnum):
    """The day from which lateness counts."""

    OLDEST_UNPAID = "oldest_unpaid"
    LAST_LATE = "last_late"
    FIRST_MATERIAL_BREACH = "first_material_breach"


class PauseEffect(StrEnum):
    """Which paused days do not count."""

    INSIDE_OVERDUE = "inside_overdue"
    ALL_SO_FAR = "all_so_far"


class Direction(StrEnum):
    """Allocate by instalment (horizontal) or by component (vertical)."""

    HORIZONTAL = "horizontal"
    VERTICAL = "vertical"


class Advance(StrEnum):
    """Money beyond what is due: to instalments not yet due, or kept as credit.

    NEXT pays the earliest first, LAST the latest first, EVEN all of them in
    proportion to what is left of each. A smaller instalment or a shorter term is
    agreed, not a habit: see `ledger.life.reshaping.prepay`.
    """

    NEXT = "next"
    LAST = "last"
    EVEN = "even"
    HOLD = "hold"


@dataclass(frozen=True, slots=True)
class DpdMethod:
    """How days past due are counted; `id` is printed beside every figure.

    `due_date_counts` 0: the day after the due date is day 1 (China, 民法典 201);
    1: the due date itself is day 1 (India). `grace_days_loan` are taken off the
    count; within `grace_days_instalment` a demand is not late at all, after them
    it counts from its due date. A demand is late only if its unpaid principal,
    interest and fee together exceed both `tolerance_minor` and
    `tolerance_share` of what was due.
    """

    id: str
    due_date_counts: int = 0
    anchor: Anchor = Anchor.OLDEST_UNPAID
    grace_days_loan: int = 0
    grace_days_instalment: int = 0
    tolerance_minor: int = 0
    tolerance_share: Decimal = Decimal(0)
    pause_effect: PauseEffect = PauseEffect.INSIDE_OVERDUE
    move_holidays: bool = False


@dataclass(frozen=True, slots=True)
class PenaltyTerms:
    """罚息 on overdue principal and 复利 on overdue interest.

    Yearly rate = loan rate x `multiplier`, over `days_in_year`. Both run from
    the day after the due date; while a demand is inside `grace_days` nothing is
    claimed, after it everything since the due date is (`from_due`) or only what
    arose after the grace.
    """

    multiplier: Decimal = Decimal(1)
    on_principal: bool = False
    on_interest: bool = False
    days_in_year: int = 360
    grace_days: int = 0
    from_due: bool = True


@dataclass(frozen=True, slots=True)
class OrderRule:
    """Another order of components, for loans in a state or from a date on.

    Holds for money of a day if everything it states holds: the day is not before
    `begins_on`; the loan was more than `dpd_over` days past due at the end of the
    day before; `status` is the one the sender had set by that day.
    """

    order: tuple[Component, ...]
    dpd_over: int | None = None
    status: str | None = None
    begins_on: date | None = None


@dataclass(frozen=True, slots=True)
class CostCap:
    """The most a loan may cost a year, all in, if paid out on `begins_on` or later.

    `rule` names the rule it comes from; `annual_rate` is a share of the principal
    outstanding, counted over `days_in_year`.
    """

    rule: str
    begins_on: date
    annual_rate: Decimal
    days_in_year: int = 360


@dataclass(frozen=True, slots=True)
class Policy:
    """One dated version of a product file, as the engine needs it.

    The first of `order_rules` that holds on a day takes the place of `order`; of
    `cost_caps` the last that began by the disbursement counts. A loan more than
    `non_accrual_after` days past due stops earning on the balance sheet: what it
    owes of interest, penalty and compound is kept as a memo until nothing is late.
    """

    product: str
    begins_on: date
    mode: Mode
    dpd: DpdMethod
    penalty: PenaltyTerms = PenaltyTerms()
    order: tuple[Component, ...] = tuple(Component)
    direction: Direction = Direction.HORIZONTAL
    advance: Advance = Advance.HOLD
    bucket_set: str = "M0_M7"
    day_count: str = "30/360"
    rounding: str = "half_even"
    order_rules: tuple[OrderRule, ...] = ()
    cost_caps: tuple[CostCap, ...] = ()
    non_accrual_after: int | None = None
