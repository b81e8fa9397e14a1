"""The contract of one loan, in named conventions, and the rows of its schedule."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum


class GraceInterest(StrEnum):
    """Where the interest of the periods without interest payments goes.

    NEXT: due with the first period after them. SPREAD: evenly over all periods
    after them. LAST: with the last row. FREE: none arises.
    """

    NEXT = "next"
    SPREAD = "spread"
    LAST = "last"
    FREE = "free"


class FirstPeriod(StrEnum):
    """What becomes of a first period that is not a whole one.

    IN_INSTALMENT: it counts by its days and the equal instalment is solved with it.
    The others solve the plan over whole periods. The interest of the days before
    the first whole period is then added to the first row (ON_FIRST), stands as a row
    of its own on the day the first whole period begins (OWN_ROW) or on the day of
    disbursement (AT_DISBURSEMENT), or is spread evenly over all rows (SPREAD). Where
    the first period is too short there are no such days: its row bears the interest
    of its own days.
    """

    IN_INSTALMENT = "in_instalment"
    ON_FIRST = "on_first"
    OWN_ROW = "own_row"
    AT_DISBURSEMENT = "at_disbursement"
    SPREAD = "spread"


class LevelBy(StrEnum):
    """How the equal instalment is solved; interest always runs as it is counted.

    COUNTED: over the periods as the day count counts them, so that it clears the
    loan exactly. PERIOD: over whole periods (rate / 12 a month), the textbook's
    number; the last row takes the difference.
    """

    COUNTED = "counted"
    PERIOD = "period"


class MonthEnd(StrEnum):
    """Which day of the month is due where `due_day` does not say it.

    KEEP: that of the first due date; one on a month's end after a disbursement on a
    later day keeps to that day (31 January, 28 February, 31 March). SAME_DAY: that
    of the first due date, whatever came before. LAST_DAY: always the month's last.
    """

    KEEP = "keep"
    SAME_DAY = "same_day"
    LAST_DAY = "last_day"


class Holidays(StrEnum):
    """Where a due date on a closed day goes.

    MODIFIED_FOLLOWING: to the next open day, or to the one before where the next
    lies in another month.
    """

    UNMOVED = "unmoved"
    FOLLOWING = "following"
    PRECEDING = "preceding"
    MODIFIED_FOLLOWING = "modified_following"


class InterestTo(StrEnum):
    """Up to which day a period bears interest: the due date agreed or the moved one."""

    DUE = "due"
    MOVED = "moved"


class Applies(StrEnum):
    """From when a new rate counts: from its date, or from the next due date on."""

    AT_ONCE = "at_once"
    NEXT_DUE = "next_due"


class Keeps(StrEnum):
    """What a new rate leaves alone: the term, or the equal instalment."""

    TERM = "term"
    INSTALMENT = "instalment"


class LastRow(StrEnum):
    """When a plan with a stated instalment ends.

    ON_TERM: after `periods`; the last row takes what is left. WHEN_PAID: with the
    row that clears the balance; `periods` is the most it may take.
    """

    ON_TERM = "on_term"
    WHEN_PAID = "when_paid"


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a schedule."""

    seq: int
    due_on: date
    principal: int
    interest: int
    fee: int = 0


@dataclass(frozen=True, slots=True)
class Tranche:
    """A later payout, part of the principal; it bears interest from `on`."""

    on: date
    amount_minor: int


@dataclass(frozen=True, slots=True)
class RateChange:
    """A new yearly rate (a share): the first day it is for is `on`."""

    on: date
    annual_rate: Decimal
    applies: str = Applies.AT_ONCE
    keeps: str = Keeps.TERM


@dataclass(frozen=True, slots=True)
class LoanTerms:
    """The contract, enough to print a schedule.

    `annual_rate` is a share (0.144 = 14.4 %). `every` counts `period_unit`s
    between due dates. `instalment_minor` fixes the instalment where the contract
    states it; otherwise it is computed. `rows` are the lines of the methods that
    cannot be computed (custom, statement). `principal_minor` is all that is paid
    out, `tranches` included. Instalments are rounded to whole `multiple_of` minor
    units by `multiple_rounding` (`rounding` where None). The first
    `grace_principal` periods ask for no principal, the first `grace_interest` for no
    interest. `balloon_minor` of principal waits for the last row. A down payment is
    a row on the day of payout: an amount of the first, a share of each.
    `due_day` names the day of the month (31: its last).
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
    multiple_of: int = 1
    multiple_rounding: str | None = None
    grace_principal: int = 0
    grace_interest: int = 0
    grace_interest_to: str = GraceInterest.NEXT
    balloon_minor: int = 0
    down_payment_minor: int = 0
    down_payment_share: Decimal = Decimal(0)
    first_period: str = FirstPeriod.IN_INSTALMENT
    level_by: str = LevelBy.COUNTED
    month_end: str = MonthEnd.KEEP
    due_day: int | None = None
    holidays: str = Holidays.UNMOVED
    interest_to: str = InterestTo.DUE
    tranches: tuple[Tranche, ...] = ()
    rate_changes: tuple[RateChange, ...] = ()
    last_row: str = LastRow.ON_TERM
