"""Names of the integer columns the kernel works on, and policies as integers."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Final

import numpy as np
import numpy.typing as npt

from daihou.engine.basics import rounding
from daihou.engine.rulebook.policy import (
    Advance,
    Anchor,
    Component,
    Direction,
    Mode,
    OrderRule,
    Policy,
)

Ints = npt.NDArray[np.int64]

# One demand while a loan is replayed: what was due, what is left, the exact
# accumulators (unpaid minor units x days x rate; `ABOVE_*` at the rate beyond the
# cost cap), what accrued in all and what of it is gone: paid or waived.
(
    DUE,
    FEE,
    PENALTY,
    COMPOUND,
    INTEREST,
    PRINCIPAL,
    AMOUNT,
    ACC_PRINCIPAL,
    ACC_INTEREST,
    RUN,
    GONE_PENALTY,
    GONE_COMPOUND,
    ALL_PENALTY,
    ALL_COMPOUND,
    EVER_LATE,
    LATE,
    COST,
    COST_WAIVED,
    ABOVE_PRINCIPAL,
    ABOVE_INTEREST,
    ROW,
    SHARE,
    SEEN,
    DEMAND_WIDTH,
) = range(24)

# One loan while it is replayed. Rates are in lowest terms over DENOMINATOR.
(
    CREDIT,
    OPEN,
    COUNT,
    SEGMENT,
    BREACH,
    ANCHOR_DAY,
    LATE_NOW,
    WORST,
    LOGGED,
    LOGGING,
    RATE,
    ABOVE,
    DENOMINATOR,
    STEPS,
    JUDGED_TO,
    STATUS,
    STATUS_ON,
    HELD_SINCE,
    EAGER,
    CAPPED,
    CAP_SHARE,
    CAP_YEAR,
    REACHED,
    PRINCIPAL_LEFT,
    PRINCIPAL_DAYS,
    COST_TO,
    COST_DUE,
    ACCRUED,
    WAIVED_ACCRUED,
    CUT_PENALTY,
    CUT_COMPOUND,
    STATE_WIDTH,
) = range(32)

# One loan as the kernel gets it; rates are in lowest terms over the denominator
# (10**9 x days in the year), the closing day is when lateness ended if it did. The
# cap is the exact share of a principal unit that a day may cost (over 0: no cap).
# GIVES_BACK: some payment is negative.
(
    LOAN_POLICY,
    LOAN_RATE,
    LOAN_ABOVE,
    LOAN_DENOMINATOR,
    LOAN_STATUS,
    LOAN_STATUS_ON,
    LOAN_CLOSED_ON,
    LOAN_PRINCIPAL,
    LOAN_DISBURSED_ON,
    CAP_NUMERATOR,
    CAP_DENOMINATOR,
    LOAN_GIVES_BACK,
    DEMANDS_FROM,
    DEMANDS_TO,
    PAYMENTS_FROM,
    PAYMENTS_TO,
    WAIVERS_FROM,
    WAIVERS_TO,
    STEPS_FROM,
    STEPS_TO,
    LOAN_WIDTH,
) = range(21)

# One policy; after the order the number of order rules, then each of them.
(
    MIRROR,
    DUE_DATE_COUNTS,
    ANCHOR,
    GRACE_LOAN,
    GRACE_INSTALMENT,
    TOLERANCE,
    SHARE_NUMERATOR,
    SHARE_DENOMINATOR,
    ON_PRINCIPAL,
    ON_INTEREST,
    GRACE_PENALTY,
    FROM_DUE,
    VERTICAL,
    ADVANCE,
    ROUNDING,
    THIRTY,
    HELD_AFTER,
    ORDER,
) = range(18)
HOLD, NEXT, LAST, EVEN = range(4)
RULES: Final = ORDER + 5  # how many order rules; the first begins right after
# One order rule: what must hold (NEVER: nothing said), and the order.
(RULE_DPD_OVER, RULE_STATUS, RULE_BEGINS_ON, RULE_ORDER) = range(4)
RULE_WIDTH: Final = RULE_ORDER + 5

# What the kernel says about one loan.
(
    OUT_DPD,
    OUT_FEE,
    OUT_PENALTY,
    OUT_COMPOUND,
    OUT_INTEREST,
    OUT_PRINCIPAL,
    OUT_OLDEST,
    OUT_NEXT,
    OUT_NEXT_AMOUNT,
    OUT_OUTSTANDING_PRINCIPAL,
    OUT_OUTSTANDING,
    OUT_CREDIT,
    OUT_TIMES_LATE,
    OUT_WORST,
    OUT_LATE,
    OUT_STATUS,
    OUT_OVER,
    OUT_HELD_SINCE,
    OUT_WIDE,
    OUT_WIDTH,
) = range(20)

FAR: Final = 2**31 - 1  # a day that never comes
NEVER: Final = -(2**31)  # a day before all days

STATUSES: Final = ("active", "settled", "written_off", "transferred")
ACTIVE, SETTLED, WRITTEN_OFF, TRANSFERRED = range(4)
NOT_GIVEN: Final = -1  # the sender gave no status; it follows from what is unpaid

# What is added to the quotient: never, above a half, from a half on, a half to
# even, always when something is left over. Penalties are never negative.
DOWN, HALF_DOWN, HALF_UP, HALF_EVEN, UP = range(5)
ROUNDINGS: Final = {
    rounding.DOWN: DOWN,
    rounding.FLOOR: DOWN,
    rounding.HALF_DOWN: HALF_DOWN,
    rounding.HALF_UP: HALF_UP,
    rounding.HALF_EVEN: HALF_EVEN,
    rounding.UP: UP,
    rounding.CEILING: UP,
}

ANCHORS: Final = {
    Anchor.OLDEST_UNPAID: 0,
    Anchor.LAST_LATE: 1,
    Anchor.FIRST_MATERIAL_BREACH: 2,
}
COLUMN_OF: Final = {
    Component.FEE: FEE,
    Component.PENALTY: PENALTY,
    Component.COMPOUND: COMPOUND,
    Component.INTEREST: INTEREST,
    Component.PRINCIPAL: PRINCIPAL,
}


ADVANCES: Final = {
    Advance.HOLD: HOLD,
    Advance.NEXT: NEXT,
    Advance.LAST: LAST,
    Advance.EVEN: EVEN,
}
EPOCH: Final = date(1970, 1, 1).toordinal()


def day_number(day: date) -> int:
    """Days since 1970-01-01, as Arrow's date32 counts."""
    return day.toordinal() - EPOCH


def _order(order: Sequence[Component]) -> list[int]:
    columns = [COLUMN_OF[Component(component)] for component in order]
    assert len(set(columns)) == 5, "an allocation order names each component once"
    return columns


def _rule(rule: OrderRule) -> list[int]:
    return [
        NEVER if rule.dpd_over is None else rule.dpd_over,
        NEVER if rule.status is None else STATUSES.index(rule.status),
        NEVER if rule.begins_on is None else day_number(rule.begins_on),
        *_order(rule.order),
    ]


def policy_row(policy: Policy) -> list[int]:
    """Write one policy as integers; the tolerance share as an exact fraction."""
    share = Fraction(Decimal(policy.dpd.tolerance_share))
    after = policy.non_accrual_after
    return [
        int(policy.mode is Mode.MIRROR),
        policy.dpd.due_date_counts,
        ANCHORS[policy.dpd.anchor],
        policy.dpd.grace_days_loan,
        policy.dpd.grace_days_instalment,
        policy.dpd.tolerance_minor,
        share.numerator,
        share.denominator,
        int(policy.penalty.on_principal),
        int(policy.penalty.on_interest),
        policy.penalty.grace_days,
        int(policy.penalty.from_due),
        int(policy.direction is Direction.VERTICAL),
        ADVANCES[policy.advance],
        ROUNDINGS[policy.rounding],
        int(policy.day_count in ("30/360", "period")),
        NEVER if after is None else after,
        *_order(policy.order),
        len(policy.order_rules),
        *(number for rule in policy.order_rules for number in _rule(rule)),
    ]


def policy_rows(policies: Sequence[Policy]) -> Ints:
    """Write policies as one integer row each, as wide as the widest needs."""
    rows = [policy_row(policy) for policy in policies]
    room = np.zeros((len(rows), max(map(len, rows), default=RULES + 1)), np.int64)
    for number, row in enumerate(rows):
        room[number, : len(row)] = row
    return room
