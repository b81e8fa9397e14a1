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
    """Money beyond what is due: pay the next instalments, or keep it as credit."""

    NEXT = "next"
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
class Policy:
    """One dated version of a product file, as the engine needs it."""

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
