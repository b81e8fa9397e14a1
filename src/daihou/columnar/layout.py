"""Names of the integer columns the kernel works on, and policies as integers."""

from collections.abc import Sequence
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
    Policy,
)

Ints = npt.NDArray[np.int64]

# One demand while a loan is replayed: what was due, what is left, and the exact
# accumulators of unpaid principal x days and unpaid interest x days.
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
    PAID_PENALTY,
    PAID_COMPOUND,
    EVER_LATE,
    LATE,
    DEMAND_WIDTH,
) = range(15)

# One loan while it is replayed.
(
    CREDIT,
    OPEN,
    COUNT,
    SEGMENT,
    BREACH,
    ANCHOR_DAY,
    WORST,
    LOGGED,
    LOGGING,
    RATE,
    DENOMINATOR,
    JUDGED_TO,
    STATE_WIDTH,
) = range(13)

# One loan as the kernel gets it; the rate is in lowest terms over its denominator
# (10**9 x days in the year), the closing day is when lateness ended if it did.
(
    LOAN_POLICY,
    LOAN_RATE,
    LOAN_DENOMINATOR,
    LOAN_STATUS,
    LOAN_STATUS_ON,
    LOAN_CLOSED_ON,
    LOAN_PRINCIPAL,
) = range(7)

# One policy.
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
    HOLD,
    ROUNDING,
    ORDER,
) = range(16)
POLICY_WIDTH: Final = ORDER + 5

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
    OUT_WIDTH,
) = range(17)

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


def policy_row(policy: Policy) -> list[int]:
    """Write one policy as integers; the tolerance share as an exact fraction."""
    share = Fraction(Decimal(policy.dpd.tolerance_share))
    order = [COLUMN_OF[Component(component)] for component in policy.order]
    assert len(set(order)) == 5, "an allocation order names each component once"
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
        int(policy.advance is Advance.HOLD),
        ROUNDINGS[policy.rounding],
        *order,
    ]


def policy_rows(policies: Sequence[Policy]) -> Ints:
    """Write policies as one integer row each."""
    rows = [policy_row(policy) for policy in policies]
    return np.array(rows, dtype=np.int64).reshape(len(rows), POLICY_WIDTH)
