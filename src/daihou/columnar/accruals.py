"""Numba pieces for penalty and compound of one loan, and the cap on its whole cost.

All arrays are int64. `w` holds one row per demand in force, by due date; `s` the
state of the loan; `p` its policy; `r` its penalty rates over time (columns named in
`layout`). The reference texts are `daihou.engine.ledger.fixed.accruals` and `.cap`.
"""

import numpy as np

from daihou.columnar.compiling import inlined, jit
from daihou.columnar.days import thirty
from daihou.columnar.layout import (
    ABOVE,
    ABOVE_INTEREST,
    ABOVE_PRINCIPAL,
    ACC_INTEREST,
    ACC_PRINCIPAL,
    ACCRUED,
    ALL_COMPOUND,
    ALL_PENALTY,
    CAP_SHARE,
    CAP_YEAR,
    CAPPED,
    COMPOUND,
    COST,
    COST_DUE,
    COST_TO,
    COST_WAIVED,
    COUNT,
    CUT_COMPOUND,
    CUT_PENALTY,
    DENOMINATOR,
    DOWN,
    DUE,
    FEE,
    FROM_DUE,
    GONE_COMPOUND,
    GONE_PENALTY,
    GRACE_PENALTY,
    HALF_EVEN,
    HALF_UP,
    INTEREST,
    ON_INTEREST,
    ON_PRINCIPAL,
    OPEN,
    PENALTY,
    PRINCIPAL,
    PRINCIPAL_DAYS,
    PRINCIPAL_LEFT,
    RATE,
    REACHED,
    ROUNDING,
    RUN,
    STEPS,
    THIRTY,
    UP,
    WAIVED_ACCRUED,
)


@inlined
def divide(n, d, rounding):
    """Divide non-negative n by positive d, rounded once."""
    whole = np.uint64(n) // np.uint64(d)
    q = np.int64(whole)
    rest = n - q * d
    if rest == 0 or rounding == DOWN:
        return q
    other = d - rest
    if rounding == UP or rest > other:
        return q + 1
    if rest == other:
        odd = rounding == HALF_EVEN and (q & 1) == 1
        if odd or rounding == HALF_UP:
            return q + 1
    return q


@inlined
def weigh(s, r, begin, end):
    """Days x rate over the days after `begin` up to `end`: claimed, above the cap."""
    days = end - begin
    if s[STEPS] == 0:
        return s[RATE] * days, s[ABOVE] * days
    claimed = np.int64(0)
    above = np.int64(0)
    for k in range(s[STEPS] + 1):
        until = end if k == s[STEPS] else min(end, r[k + 1, 0])
        days = until - max(begin, r[k, 0])
        if days > 0:
            claimed += r[k, 1] * days
            above += r[k, 2] * days
    return claimed, above


@inlined
def claim(w, s, p, k):
    """Round what accrued on demand `k`, each component once from its accumulator."""
    if p[ON_PRINCIPAL] == 1:
        whole = divide(w[k, ACC_PRINCIPAL], s[DENOMINATOR], p[ROUNDING])
        s[ACCRUED] += whole - w[k, ALL_PENALTY]
        w[k, ALL_PENALTY] = whole
        w[k, PENALTY] = whole - w[k, GONE_PENALTY]
    if p[ON_INTEREST] == 1:
        whole = divide(w[k, ACC_INTEREST], s[DENOMINATOR], p[ROUNDING])
        s[ACCRUED] += whole - w[k, ALL_COMPOUND]
        w[k, ALL_COMPOUND] = whole
        w[k, COMPOUND] = whole - w[k, GONE_COMPOUND]


@inlined
def catch_up(w, s, p, r, k, day):
    """Run penalty and compound of demand `k` to `day`, if it fell due before."""
    due = w[k, DUE]
    if due >= day:
        return
    grace = p[GRACE_PENALTY]
    start = max(w[k, RUN], due if p[FROM_DUE] == 1 else due + grace)
    if day > start:
        w[k, RUN] = day
        claimed, above = weigh(s, r, start, day)
        w[k, ACC_PRINCIPAL] += w[k, PRINCIPAL] * claimed
        w[k, ACC_INTEREST] += w[k, INTEREST] * claimed
        if above > 0:
            w[k, ABOVE_PRINCIPAL] += w[k, PRINCIPAL] * above
            w[k, ABOVE_INTEREST] += w[k, INTEREST] * above
    if day > due + grace:
        claim(w, s, p, k)


@jit
def accrue(w, s, p, r, day):
    """Run every open demand to `day`, and the cap on the cost of all of them.

    A demand that is not open any more has nothing left that could accrue. Where one
    demand's money does not depend on another's (not EAGER) a demand is only run when
    it is touched: what accrues is the same, its balance having stood still.
    """
    if s[CAPPED] == 1:
        grow(s, p, day)
        s[CUT_PENALTY] = 0
        s[CUT_COMPOUND] = 0
    if s[OPEN] >= s[COUNT] or w[s[OPEN], DUE] >= day:
        return
    if p[ON_PRINCIPAL] == 0 and p[ON_INTEREST] == 0:
        return
    for k in range(s[OPEN], s[COUNT]):
        if w[k, DUE] >= day:
            break
        catch_up(w, s, p, r, k, day)
    if s[CAPPED] == 1:
        cut(w, s, day)


@jit
def forgive_in_grace(w, s, p, day):
    """A demand cleared of principal and interest within the grace owes nothing."""
    grace = p[GRACE_PENALTY]
    for k in range(s[OPEN], s[COUNT]):
        if w[k, DUE] > day:
            break
        if day <= w[k, DUE] + grace and w[k, PRINCIPAL] + w[k, INTEREST] == 0:
            w[k, ACC_PRINCIPAL] = 0
            w[k, ACC_INTEREST] = 0
            w[k, ABOVE_PRINCIPAL] = 0
            w[k, ABOVE_INTEREST] = 0


@jit
def counted(p, day):
    """Number a day as the policy counts the days of the cap."""
    return thirty(day) if p[THIRTY] == 1 else day


@jit
def grow(s, p, day):
    """Let the principal that was outstanding since last time count to `day`."""
    number = counted(p, day)
    if number > s[REACHED]:
        s[PRINCIPAL_DAYS] += s[PRINCIPAL_LEFT] * (number - s[REACHED])
        s[REACHED] = number


@jit
def cost_due(w, s, day):
    """Interest and fees of all demands due by `day`; days come in order."""
    k = s[COST_TO]
    while k < s[COUNT] and w[k, DUE] <= day:
        s[COST_DUE] += w[k, COST]
        k += 1
    s[COST_TO] = k
    return s[COST_DUE]


@jit
def allowance(s):
    """The most all cost may be by the day reached."""
    return divide(s[PRINCIPAL_DAYS] * s[CAP_SHARE], s[CAP_YEAR], DOWN)


@jit
def cut(w, s, day):
    """Cut what is above the cap: compound, then penalty, latest demands first."""
    excess = cost_due(w, s, day) + s[ACCRUED] - allowance(s)
    if excess <= 0:
        return
    for k in range(s[COUNT] - 1, s[OPEN] - 1, -1):
        part = min(excess, w[k, COMPOUND])
        w[k, COMPOUND] -= part
        s[CUT_COMPOUND] += part
        excess -= part
    for k in range(s[COUNT] - 1, s[OPEN] - 1, -1):
        part = min(excess, w[k, PENALTY])
        w[k, PENALTY] -= part
        s[CUT_PENALTY] += part
        excess -= part


@jit
def above_rate(w, s, p, k):
    """What the contract's rate asks of demand `k` beyond the cap's."""
    over = np.int64(0)
    if p[ON_PRINCIPAL] == 1 and w[k, ABOVE_PRINCIPAL] > 0:
        over += divide(w[k, ABOVE_PRINCIPAL], s[DENOMINATOR], p[ROUNDING])
    if p[ON_INTEREST] == 1 and w[k, ABOVE_INTEREST] > 0:
        over += divide(w[k, ABOVE_INTEREST], s[DENOMINATOR], p[ROUNDING])
    return over


@jit
def above_cap(w, s, p, day):
    """What is above the cap at the end of `day`: rate, cut, then fees and interest."""
    if s[CAPPED] == 0 and s[ABOVE] == 0 and s[STEPS] == 0:
        return np.int64(0)
    over = s[CUT_PENALTY] + s[CUT_COMPOUND]
    unpaid = np.int64(0)
    waived = np.int64(0)
    for k in range(s[COUNT]):
        if w[k, DUE] > day:
            break
        unpaid += w[k, FEE] + w[k, INTEREST]
        waived += w[k, COST_WAIVED]
        if day > w[k, DUE] + p[GRACE_PENALTY]:
            over += above_rate(w, s, p, k)
    if s[CAPPED] == 1:
        claimed = cost_due(w, s, day) - waived
        claimed += s[ACCRUED] - s[WAIVED_ACCRUED] - s[CUT_PENALTY] - s[CUT_COMPOUND]
        over += max(np.int64(0), min(claimed - allowance(s), unpaid))
    return over
