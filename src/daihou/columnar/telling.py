"""Numba pieces that write down what is true of one loan at the end of a day.

Arrays as in `replay`; `out` is one loan's figures, as `layout` names them.
"""

import numpy as np

from daihou.columnar.accruals import above_cap
from daihou.columnar.compiling import jit
from daihou.columnar.judging import mark_late
from daihou.columnar.layout import (
    ACTIVE,
    ANCHOR_DAY,
    COMPOUND,
    COUNT,
    CREDIT,
    DEMANDS_FROM,
    DEMANDS_TO,
    DUE,
    DUE_DATE_COUNTS,
    EVER_LATE,
    FAR,
    FEE,
    GRACE_LOAN,
    HELD_SINCE,
    INTEREST,
    JUDGED_TO,
    LATE,
    LOAN_PRINCIPAL,
    LOAN_STATUS,
    LOAN_STATUS_ON,
    NEVER,
    NOT_GIVEN,
    OPEN,
    OUT_COMPOUND,
    OUT_CREDIT,
    OUT_DPD,
    OUT_FEE,
    OUT_HELD_SINCE,
    OUT_INTEREST,
    OUT_LATE,
    OUT_NEXT,
    OUT_NEXT_AMOUNT,
    OUT_OLDEST,
    OUT_OUTSTANDING,
    OUT_OUTSTANDING_PRINCIPAL,
    OUT_OVER,
    OUT_PENALTY,
    OUT_PRINCIPAL,
    OUT_STATUS,
    OUT_TIMES_LATE,
    OUT_WORST,
    PENALTY,
    PRINCIPAL,
    SETTLED,
    WORST,
)


@jit
def tell_late(w, s, p, as_of, out):
    """Write days past due, overdue components and counters of one loan."""
    if s[JUDGED_TO] >= as_of:
        mark_late(w, s, p, as_of)
    late = 0
    out[OUT_OLDEST] = NEVER
    for k in range(s[OPEN], s[COUNT]):
        if w[k, LATE] == 0:
            continue
        if late == 0:
            out[OUT_OLDEST] = w[k, DUE]
        late += 1
        out[OUT_FEE] += w[k, FEE]
        out[OUT_PENALTY] += w[k, PENALTY]
        out[OUT_COMPOUND] += w[k, COMPOUND]
        out[OUT_INTEREST] += w[k, INTEREST]
        out[OUT_PRINCIPAL] += w[k, PRINCIPAL]
    out[OUT_LATE] = late
    if late > 0:
        raw = as_of - s[ANCHOR_DAY] + p[DUE_DATE_COUNTS]
        out[OUT_DPD] = max(0, raw - p[GRACE_LOAN])
    for k in range(s[COUNT]):
        out[OUT_TIMES_LATE] += w[k, EVER_LATE]
    out[OUT_WORST] = s[WORST]


@jit
def tell_owed(w, s, as_of, out):
    """Write what one loan owes: outstanding, next due, credit and status."""
    out[OUT_CREDIT] = s[CREDIT]
    out[OUT_NEXT] = NEVER
    if s[JUDGED_TO] < as_of:
        return  # closed
    unpaid = np.int64(0)
    following = np.int64(FAR)
    for k in range(s[OPEN], s[COUNT]):
        other = w[k, FEE] + w[k, INTEREST]
        extra = w[k, PENALTY] + w[k, COMPOUND]
        unpaid += w[k, PRINCIPAL] + other + extra
        out[OUT_OUTSTANDING_PRINCIPAL] += w[k, PRINCIPAL]
        if w[k, DUE] <= as_of:
            out[OUT_OUTSTANDING] += other + extra
        elif w[k, PRINCIPAL] + other > 0 and w[k, DUE] <= following:
            following = w[k, DUE]
            out[OUT_NEXT_AMOUNT] += w[k, PRINCIPAL] + other
    if following < FAR:
        out[OUT_NEXT] = following
    settled = unpaid == 0 and s[COUNT] > 0
    out[OUT_STATUS] = SETTLED if settled else ACTIVE


@jit
def tell_reported(head, owed, as_of, out):
    """A core system knows the outstanding principal of a mirrored loan itself."""
    principal = head[LOAN_PRINCIPAL]
    for j in range(head[DEMANDS_FROM], head[DEMANDS_TO]):
        if owed.begins_on[j] <= as_of < owed.ends_on[j & owed.ends_mask]:
            principal -= owed.paid[0, j]
    out[OUT_OUTSTANDING_PRINCIPAL] = max(0, principal)
    if principal > 0 and out[OUT_STATUS] == SETTLED:
        out[OUT_STATUS] = ACTIVE


@jit
def tell(w, s, p, head, owed, as_of, mirror, closed, out):
    """Write everything about one loan."""
    tell_late(w, s, p, as_of, out)
    tell_owed(w, s, as_of, out)
    out[OUT_HELD_SINCE] = NEVER if closed or mirror else s[HELD_SINCE]
    if not closed:
        if mirror:
            tell_reported(head, owed, as_of, out)
        else:
            out[OUT_OVER] = above_cap(w, s, p, as_of)
        out[OUT_OUTSTANDING] += out[OUT_OUTSTANDING_PRINCIPAL]
    if head[LOAN_STATUS] != NOT_GIVEN and head[LOAN_STATUS_ON] <= as_of:
        out[OUT_STATUS] = head[LOAN_STATUS]
