"""Numba pieces that replay one loan: accrue, allocate, take back, judge lateness.

All arrays are int64. `w` holds one row per demand in force, by due date; `s` the
state of the loan; `p` its policy (columns named in `layout`). The reference text
is `daihou.engine.ledger.settle`; parity tests hold the two together.
"""

import numba as nb
import numpy as np

from daihou.columnar.layout import (
    ACC_INTEREST,
    ACC_PRINCIPAL,
    AMOUNT,
    ANCHOR,
    ANCHOR_DAY,
    BREACH,
    COMPOUND,
    COUNT,
    CREDIT,
    DENOMINATOR,
    DOWN,
    DUE,
    DUE_DATE_COUNTS,
    EVER_LATE,
    FEE,
    FROM_DUE,
    GRACE_INSTALMENT,
    GRACE_LOAN,
    GRACE_PENALTY,
    HALF_EVEN,
    HALF_UP,
    HOLD,
    INTEREST,
    JUDGED_TO,
    LATE,
    LOGGED,
    LOGGING,
    ON_INTEREST,
    ON_PRINCIPAL,
    OPEN,
    ORDER,
    PAID_COMPOUND,
    PAID_PENALTY,
    PENALTY,
    PRINCIPAL,
    RATE,
    ROUNDING,
    RUN,
    SEGMENT,
    SHARE_DENOMINATOR,
    SHARE_NUMERATOR,
    TOLERANCE,
    UP,
    VERTICAL,
    WORST,
)

jit = nb.njit(nogil=True)


@jit
def divide(n, d, rounding):
    """Divide non-negative n by positive d, rounded once."""
    q = n // d
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


@jit
def share(accumulated, s, p):
    """What a whole accumulator (minor units x days) costs, rounded once."""
    return divide(accumulated * s[RATE], s[DENOMINATOR], p[ROUNDING])


@jit
def accrue(w, s, p, day):
    """Run penalty and compound of every open demand due before `day` to it."""
    if p[ON_PRINCIPAL] == 0 and p[ON_INTEREST] == 0:
        return
    grace = p[GRACE_PENALTY]
    lag = 0 if p[FROM_DUE] == 1 else grace
    for k in range(s[OPEN], s[COUNT]):
        due = w[k, DUE]
        if due >= day:
            break
        start = max(w[k, RUN], due + lag)
        if day > start:
            days = day - start
            w[k, ACC_PRINCIPAL] += w[k, PRINCIPAL] * days
            w[k, ACC_INTEREST] += w[k, INTEREST] * days
            w[k, RUN] = day
        if day > due + grace:
            if p[ON_PRINCIPAL] == 1:
                total = share(w[k, ACC_PRINCIPAL], s, p)
                w[k, PENALTY] = total - w[k, PAID_PENALTY]
            if p[ON_INTEREST] == 1:
                total = share(w[k, ACC_INTEREST], s, p)
                w[k, COMPOUND] = total - w[k, PAID_COMPOUND]


@jit
def take(w, s, log, k, component, amount):
    """Pay up to `amount` of one component of one demand; return what it took."""
    part = min(amount, w[k, component])
    if part <= 0:
        return 0
    w[k, component] -= part
    if component == PENALTY:
        w[k, PAID_PENALTY] += part
    elif component == COMPOUND:
        w[k, PAID_COMPOUND] += part
    if s[LOGGING] == 1:
        n = s[LOGGED]
        log[n, 0] = k
        log[n, 1] = component
        log[n, 2] = part
        s[LOGGED] = n + 1
    return part


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


@jit
def close_prefix(w, s):
    """Step over leading demands on which nothing can ever be owed again."""
    k = s[OPEN]
    while k < s[COUNT]:
        if w[k, FEE] + w[k, INTEREST] + w[k, PRINCIPAL] > 0:
            break
        if w[k, PENALTY] + w[k, COMPOUND] > 0:
            break
        k += 1
    s[OPEN] = k


@jit
def allocate_due(w, s, p, log, day, amount):
    """Pay what is due on `day` in the policy's order; return what is left."""
    last = s[OPEN]
    while last < s[COUNT] and w[last, DUE] <= day:
        last += 1
    if p[VERTICAL] == 1:
        for c in range(5):
            for k in range(s[OPEN], last):
                amount -= take(w, s, log, k, p[ORDER + c], amount)
    else:
        for k in range(s[OPEN], last):
            for c in range(5):
                amount -= take(w, s, log, k, p[ORDER + c], amount)
            if amount == 0:
                break
    return amount


@jit
def allocate(w, s, p, log, day, amount):
    """Allocate money on `day`: what is due, then the next demands or credit."""
    amount = allocate_due(w, s, p, log, day, amount)
    if amount > 0 and p[HOLD] == 0:
        for k in range(s[OPEN], s[COUNT]):
            if w[k, DUE] > day:
                for c in range(5):
                    component = p[ORDER + c]
                    if component != PENALTY and component != COMPOUND:
                        amount -= take(w, s, log, k, component, amount)
                if amount == 0:
                    break
    s[CREDIT] += amount
    if p[GRACE_PENALTY] > 0:
        forgive_in_grace(w, s, p, day)
    close_prefix(w, s)


@jit
def take_back(w, s, log, day, amount):
    """Give money back: from credit first, then the newest allocations backwards."""
    part = min(amount, s[CREDIT])
    if part > 0:
        s[CREDIT] -= part
        amount -= part
    n = s[LOGGED]
    while amount > 0 and n > 0:
        k = log[n - 1, 0]
        component = log[n - 1, 1]
        part = min(amount, log[n - 1, 2])
        w[k, component] += part
        w[k, RUN] = max(w[k, RUN], day)
        if component == PENALTY:
            w[k, PAID_PENALTY] -= part
        elif component == COMPOUND:
            w[k, PAID_COMPOUND] -= part
        s[OPEN] = min(s[OPEN], k)
        log[n - 1, 2] -= part
        amount -= part
        if log[n - 1, 2] == 0:
            n -= 1
    s[LOGGED] = n
    s[CREDIT] -= amount


@jit
def material(w, p, k):
    """Whether what is unpaid of a demand exceeds the tolerance."""
    unpaid = w[k, FEE] + w[k, INTEREST] + w[k, PRINCIPAL]
    return (
        unpaid > p[TOLERANCE]
        and unpaid * p[SHARE_DENOMINATOR] > p[SHARE_NUMERATOR] * w[k, AMOUNT]
    )


@jit
def run_of_late_days(w, s, p, k, begin, since):
    """Keep from which due date the unbroken run of late day-ends counts.

    `k` is the oldest late demand, late from `since`; a run goes on if it was there
    and some demand is late on the day-end `begin`. Returns the day to count from.
    """
    if s[BREACH] == 0 or since > begin:
        s[BREACH] = 1
        s[ANCHOR_DAY] = w[k, DUE]
    return s[ANCHOR_DAY] if p[ANCHOR] == 2 else w[k, DUE]


@jit
def judge(w, s, p, end):
    """Judge the day-ends from s[SEGMENT] to `end` (excluded), nothing moving.

    Lateness ends with the loan: nothing after s[JUDGED_TO] is judged.

    Marks demands that were late, keeps the worst days past due and the day from
    which the present ones count, by the policy's anchor.
    """
    begin = s[SEGMENT]
    s[SEGMENT] = max(begin, end)
    end = min(end, s[JUDGED_TO] + 1)
    if begin >= end:
        return
    lag = 1 - p[DUE_DATE_COUNTS] + p[GRACE_INSTALMENT]
    last_day = end - 1
    extra = p[DUE_DATE_COUNTS] - p[GRACE_LOAN]
    first = -1
    anchor = 0
    for k in range(s[OPEN], s[COUNT]):
        since = w[k, DUE] + lag
        if since > last_day:
            break
        if not material(w, p, k):
            continue
        w[k, EVER_LATE] = 1
        if first < 0:
            first = k
            anchor = run_of_late_days(w, s, p, k, begin, since)
        elif p[ANCHOR] == 1 and w[k, DUE] > anchor:
            if since > begin:  # the day before, the one before it was the last
                s[WORST] = max(s[WORST], since - 1 - anchor + extra)
            anchor = w[k, DUE]
    if first < 0:
        s[BREACH] = 0
        return
    if p[ANCHOR] != 2:
        s[ANCHOR_DAY] = anchor
    s[WORST] = max(s[WORST], last_day - anchor + extra)


@jit
def walk_credit(w, s, p, log, day):
    """Use held credit on each due date up to `day`, on that date."""
    if p[HOLD] == 0:
        return
    k = s[OPEN]
    while s[CREDIT] > 0 and k < s[COUNT]:
        due = w[k, DUE]
        if due > day:
            return
        if due >= s[SEGMENT]:
            judge(w, s, p, due)
            accrue(w, s, p, due)
            credit = s[CREDIT]
            s[CREDIT] = 0
            allocate(w, s, p, log, due, credit)
        k += 1


@jit
def mark_late(w, s, p, as_of):
    """Mark the demands that are late at the end of `as_of`."""
    lag = 1 - p[DUE_DATE_COUNTS] + p[GRACE_INSTALMENT]
    for k in range(s[OPEN], s[COUNT]):
        if w[k, DUE] + lag > as_of:
            break
        w[k, LATE] = np.int64(material(w, p, k))
