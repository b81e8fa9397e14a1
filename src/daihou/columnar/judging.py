"""Numba pieces that judge lateness: which day-ends are late, and by how many days.

Arrays as in `replay`; the reference text is `daihou.engine.delinquency.dpd`.
"""

import numpy as np

from daihou.columnar.compiling import inlined, jit
from daihou.columnar.layout import (
    AMOUNT,
    ANCHOR,
    ANCHOR_DAY,
    BREACH,
    COUNT,
    DUE,
    DUE_DATE_COUNTS,
    EVER_LATE,
    FEE,
    GRACE_INSTALMENT,
    GRACE_LOAN,
    HELD_AFTER,
    HELD_SINCE,
    INTEREST,
    JUDGED_TO,
    LATE,
    LATE_NOW,
    NEVER,
    OPEN,
    PRINCIPAL,
    SEEN,
    SEGMENT,
    SETTLED,
    SHARE_DENOMINATOR,
    SHARE_NUMERATOR,
    STATUS,
    STATUS_ON,
    TOLERANCE,
    TRANSFERRED,
    WORST,
)


@inlined
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
def hold(s, p, anchor, first_day, last_day):
    """Keep the days past due of day-ends that count from one anchor.

    The worst of them is the last; interest is kept off the balance sheet from the
    first on which they exceed the limit.
    """
    extra = p[DUE_DATE_COUNTS] - p[GRACE_LOAN]
    s[WORST] = max(s[WORST], last_day - anchor + extra)
    if p[HELD_AFTER] != NEVER and s[HELD_SINCE] == NEVER:
        day = max(first_day, anchor - extra + p[HELD_AFTER] + 1)
        if day <= last_day:
            s[HELD_SINCE] = day


@inlined
def next_late(w, s, p, k, last_day):
    """The first demand from `k` on that is late at the end of `last_day`, or -1."""
    lag = 1 - p[DUE_DATE_COUNTS] + p[GRACE_INSTALMENT]
    while k < s[COUNT] and w[k, DUE] + lag <= last_day:
        if material(w, p, k):
            return k
        k += 1
    return -1


@jit
def follow_latest(w, s, p, k, reached, last_day):
    """Let the count begin anew with every later demand that becomes late.

    `k` is the first late one, `reached` the day-end judged next; returns both anew:
    the day to count from, and the first day-end that counts from it.
    """
    lag = 1 - p[DUE_DATE_COUNTS] + p[GRACE_INSTALMENT]
    anchor = w[k, DUE]
    k = next_late(w, s, p, k + 1, last_day)
    while k >= 0:
        since = w[k, DUE] + lag
        if since > reached and w[k, DUE] > anchor:
            hold(s, p, anchor, reached, since - 1)
            reached = since
        anchor = w[k, DUE]
        k = next_late(w, s, p, k + 1, last_day)
    return anchor, reached


@jit
def judge(w, s, p, end):
    """Judge the day-ends from s[SEGMENT] to `end` (excluded), nothing moving.

    Lateness ends with the loan: nothing after s[JUDGED_TO] is judged. Keeps the worst
    days past due and the day from which the present ones count, by the policy's
    anchor.
    """
    begin = s[SEGMENT]
    s[SEGMENT] = max(begin, end)
    last_day = min(end - 1, s[JUDGED_TO])
    if begin > last_day:
        return
    first = next_late(w, s, p, s[OPEN], last_day)
    s[LATE_NOW] = 1 if first >= 0 else 0
    if first < 0:
        s[BREACH] = 0
        s[HELD_SINCE] = NEVER
        return
    since = w[first, DUE] + 1 - p[DUE_DATE_COUNTS] + p[GRACE_INSTALMENT]
    anchor = run_of_late_days(w, s, p, first, begin, since)
    if since > begin:  # so nothing was late at the end of `begin`
        s[HELD_SINCE] = NEVER
    reached = max(begin, since)
    if p[ANCHOR] == 1:
        anchor, reached = follow_latest(w, s, p, first, reached, last_day)
    s[ANCHOR_DAY] = anchor
    hold(s, p, anchor, reached, last_day)


@jit
def days_past_due(s, p, day):
    """Days past due at the end of `day`, the last that was judged; 0 once closed."""
    ended = s[STATUS] == SETTLED or s[STATUS] == TRANSFERRED
    if s[LATE_NOW] == 0 or (ended and s[STATUS_ON] <= day):
        return np.int64(0)
    raw = day - s[ANCHOR_DAY] + p[DUE_DATE_COUNTS]
    return max(np.int64(0), raw - p[GRACE_LOAN])


@inlined
def look(w, s, p, k, day):
    """Mark demand `k` if it was late since it was last looked at; it moves on `day`."""
    since = w[k, DUE] + 1 - p[DUE_DATE_COUNTS] + p[GRACE_INSTALMENT]
    first_day = max(w[k, SEEN], since)
    w[k, SEEN] = max(w[k, SEEN], day)
    if first_day <= min(day - 1, s[JUDGED_TO]) and material(w, p, k):
        w[k, EVER_LATE] = 1


@jit
def mark_late(w, s, p, as_of):
    """Mark the demands that are late at the end of `as_of`."""
    lag = 1 - p[DUE_DATE_COUNTS] + p[GRACE_INSTALMENT]
    for k in range(s[OPEN], s[COUNT]):
        if w[k, DUE] + lag > as_of:
            break
        if material(w, p, k):
            w[k, LATE] = 1
            w[k, EVER_LATE] = 1
