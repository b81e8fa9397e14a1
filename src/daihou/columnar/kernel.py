"""The Numba kernel: one pass over a range of loans, each replayed from its start."""

import hashlib
from pathlib import Path

import numba as nb
import numpy as np

from daihou.columnar.layout import (
    ACC_INTEREST,
    ACC_PRINCIPAL,
    ACTIVE,
    AMOUNT,
    ANCHOR_DAY,
    BREACH,
    COMPOUND,
    COUNT,
    CREDIT,
    DENOMINATOR,
    DUE,
    DUE_DATE_COUNTS,
    EVER_LATE,
    FAR,
    FEE,
    GRACE_LOAN,
    INTEREST,
    JUDGED_TO,
    LATE,
    LOAN_CLOSED_ON,
    LOAN_DENOMINATOR,
    LOAN_POLICY,
    LOAN_PRINCIPAL,
    LOAN_RATE,
    LOAN_STATUS,
    LOAN_STATUS_ON,
    LOGGED,
    LOGGING,
    MIRROR,
    NEVER,
    NOT_GIVEN,
    OPEN,
    OUT_COMPOUND,
    OUT_CREDIT,
    OUT_DPD,
    OUT_FEE,
    OUT_INTEREST,
    OUT_LATE,
    OUT_NEXT,
    OUT_NEXT_AMOUNT,
    OUT_OLDEST,
    OUT_OUTSTANDING,
    OUT_OUTSTANDING_PRINCIPAL,
    OUT_PENALTY,
    OUT_PRINCIPAL,
    OUT_STATUS,
    OUT_TIMES_LATE,
    OUT_WORST,
    PAID_COMPOUND,
    PAID_PENALTY,
    PENALTY,
    PRINCIPAL,
    RATE,
    RUN,
    SEGMENT,
    SETTLED,
    STATE_WIDTH,
    TRANSFERRED,
    WORST,
    WRITTEN_OFF,
)
from daihou.columnar.replay import (
    accrue,
    allocate,
    jit,
    judge,
    mark_late,
    take_back,
    walk_credit,
)


@jit
def load(w, s, as_of, first, last, dates, amounts, paid, mirror):
    """Copy the demands in force into `w`, clean; `s` starts with no money.

    Of a mirrored loan (`mirror`) only what its core system left unpaid.
    """
    n = 0
    for j in range(first, last):
        if dates[1, j] > as_of or dates[2, j] <= as_of:
            continue
        w[n, DUE] = dates[0, j]
        w[n, PRINCIPAL] = amounts[0, j]
        w[n, INTEREST] = amounts[1, j]
        w[n, FEE] = amounts[2, j]
        w[n, AMOUNT] = amounts[0, j] + amounts[1, j] + amounts[2, j]
        w[n, PENALTY] = 0
        w[n, COMPOUND] = 0
        w[n, ACC_PRINCIPAL] = 0
        w[n, ACC_INTEREST] = 0
        w[n, RUN] = NEVER
        w[n, PAID_PENALTY] = 0
        w[n, PAID_COMPOUND] = 0
        w[n, EVER_LATE] = 0
        w[n, LATE] = 0
        if mirror:
            w[n, PRINCIPAL] = max(0, amounts[0, j] - paid[0, j])
            w[n, INTEREST] = max(0, amounts[1, j] - paid[1, j])
            w[n, FEE] = max(0, amounts[2, j] - paid[2, j])
        n += 1
    s[CREDIT] = 0
    s[OPEN] = 0
    s[COUNT] = n
    s[SEGMENT] = NEVER
    s[BREACH] = 0
    s[ANCHOR_DAY] = 0
    s[WORST] = 0
    s[LOGGED] = 0
    s[LOGGING] = 0


@jit
def replay(w, s, p, log, as_of, first, last, paid_on, ends_on, amounts):
    """Replay the payments in force, then run everything to `as_of`."""
    for k in range(first, last):
        if amounts[k] < 0:
            s[LOGGING] = 1
    for k in range(first, last):
        day = paid_on[k]
        if day > as_of:
            break
        if ends_on[k] <= as_of:
            continue
        walk_credit(w, s, p, log, day)
        judge(w, s, p, day)
        accrue(w, s, p, day)
        if amounts[k] > 0:
            allocate(w, s, p, log, day, amounts[k])
        else:
            take_back(w, s, log, day, -amounts[k])
    walk_credit(w, s, p, log, as_of)
    judge(w, s, p, as_of + 1)
    accrue(w, s, p, as_of)


@jit
def tell_late(w, s, p, as_of, out, i):
    """Write days past due, overdue components and counters of loan `i`."""
    if s[JUDGED_TO] >= as_of:
        mark_late(w, s, p, as_of)
    oldest = 0
    for k in range(s[OPEN], s[COUNT]):
        if w[k, LATE] == 0:
            continue
        if out[OUT_LATE, i] == 0:
            oldest = w[k, DUE]
        out[OUT_LATE, i] += 1
        out[OUT_FEE, i] += w[k, FEE]
        out[OUT_PENALTY, i] += w[k, PENALTY]
        out[OUT_COMPOUND, i] += w[k, COMPOUND]
        out[OUT_INTEREST, i] += w[k, INTEREST]
        out[OUT_PRINCIPAL, i] += w[k, PRINCIPAL]
    out[OUT_OLDEST, i] = NEVER
    if out[OUT_LATE, i] > 0:
        out[OUT_OLDEST, i] = oldest
        raw = as_of - s[ANCHOR_DAY] + p[DUE_DATE_COUNTS]
        out[OUT_DPD, i] = max(0, raw - p[GRACE_LOAN])
    for k in range(s[COUNT]):
        out[OUT_TIMES_LATE, i] += w[k, EVER_LATE]
    out[OUT_WORST, i] = s[WORST]


@jit
def tell_owed(w, s, as_of, out, i):
    """Write what loan `i` owes: outstanding, next due, credit and status."""
    out[OUT_CREDIT, i] = s[CREDIT]
    out[OUT_NEXT, i] = NEVER
    if s[JUDGED_TO] < as_of:
        return  # closed
    unpaid = np.int64(0)
    following = np.int64(FAR)
    for k in range(s[OPEN], s[COUNT]):
        other = w[k, FEE] + w[k, INTEREST]
        extra = w[k, PENALTY] + w[k, COMPOUND]
        unpaid += w[k, PRINCIPAL] + other + extra
        out[OUT_OUTSTANDING_PRINCIPAL, i] += w[k, PRINCIPAL]
        if w[k, DUE] <= as_of:
            out[OUT_OUTSTANDING, i] += other + extra
        elif w[k, PRINCIPAL] + other > 0 and w[k, DUE] <= following:
            following = w[k, DUE]
            out[OUT_NEXT_AMOUNT, i] += w[k, PRINCIPAL] + other
    if following < FAR:
        out[OUT_NEXT, i] = following
    settled = unpaid == 0 and s[COUNT] > 0
    out[OUT_STATUS, i] = SETTLED if settled else ACTIVE


@jit
def tell_reported(principal, first, last, dates, paid, as_of, out, i):
    """A core system knows the outstanding principal of mirrored loan `i` itself."""
    for j in range(first, last):
        if dates[1, j] <= as_of < dates[2, j]:
            principal -= paid[0, j]
    out[OUT_OUTSTANDING_PRINCIPAL, i] = max(0, principal)
    if principal > 0 and out[OUT_STATUS, i] == SETTLED:
        out[OUT_STATUS, i] = ACTIVE


@jit
def taken_over(p, loans, as_of, i):
    """The day loan `i`, if mirrored, was written off and became ours, or NEVER."""
    if p[MIRROR] == 0 or loans[LOAN_STATUS, i] != WRITTEN_OFF:
        return NEVER
    since = loans[LOAN_STATUS_ON, i]
    return since if since <= as_of else NEVER


@jit
def in_force_on(since, as_of):
    """The day whose demands count: a loan that became ours keeps those of then."""
    return as_of if since == NEVER else since


@jit
def begin_ours(w, s, since, first, last, paid_on):
    """Let penalties run from `since` on, if ever; return the first payment after."""
    if since == NEVER:
        return first
    for k in range(s[COUNT]):
        w[k, RUN] = since
    while first < last and paid_on[first] <= since:
        first += 1
    return first


@jit
def terms_of(s, loans, as_of, i):
    """Take over what loan `i` says of itself; return whether it is closed."""
    s[RATE] = loans[LOAN_RATE, i]
    s[DENOMINATOR] = loans[LOAN_DENOMINATOR, i]
    status = loans[LOAN_STATUS, i]
    ended = status == SETTLED or status == TRANSFERRED
    closed = ended and loans[LOAN_STATUS_ON, i] <= as_of
    s[JUDGED_TO] = loans[LOAN_CLOSED_ON, i] - 1 if closed else as_of
    return closed


@jit
def _run(
    begin,
    end,
    as_of,
    policies,
    loans,
    demand_bounds,
    demand_dates,
    demand_amounts,
    demand_paid,
    payment_bounds,
    paid_on,
    payment_ends,
    payment_amounts,
    w,
    log,
    out,
):
    """Settle loans `begin` to `end`, one column of `out` each.

    The rows of `loans` are named in `layout`. `w` and `log` are room to work in,
    as long as the longest loan needs.
    """
    s = np.zeros(STATE_WIDTH, np.int64)
    for i in range(begin, end):
        p = policies[loans[LOAN_POLICY, i]]
        since = taken_over(p, loans, as_of, i)
        mirror = p[MIRROR] == 1 and since == NEVER
        first, last = demand_bounds[0, i], demand_bounds[1, i]
        load(
            *(w, s, in_force_on(since, as_of), first, last),
            *(demand_dates, demand_amounts, demand_paid, p[MIRROR] == 1),
        )
        closed = terms_of(s, loans, as_of, i)
        if mirror:
            s[SEGMENT] = as_of
            judge(w, s, p, as_of + 1)
        else:
            at, until = payment_bounds[0, i], payment_bounds[1, i]
            at = begin_ours(w, s, since, at, until, paid_on)
            replay(
                *(w, s, p, log, as_of, at, until),
                *(paid_on, payment_ends, payment_amounts),
            )
        tell_late(w, s, p, as_of, out, i)
        tell_owed(w, s, as_of, out, i)
        if mirror and not closed:
            principal = loans[LOAN_PRINCIPAL, i]
            tell_reported(
                principal, first, last, demand_dates, demand_paid, as_of, out, i
            )
        if not closed:
            out[OUT_OUTSTANDING, i] += out[OUT_OUTSTANDING_PRINCIPAL, i]
        if loans[LOAN_STATUS, i] != NOT_GIVEN and loans[LOAN_STATUS_ON, i] <= as_of:
            out[OUT_STATUS, i] = loans[LOAN_STATUS, i]


def _compiled():
    """Compile `_run`, cached on disk under a key that holds all our sources.

    Numba's own key sees one file only; a change in `replay` or `layout` must not
    find a kernel compiled before it. What a function closes over is in the key.
    """
    folder = Path(__file__).parent
    files = sorted(folder / f"{name}.py" for name in ("kernel", "layout", "replay"))
    digest = hashlib.sha256(b"".join(file.read_bytes() for file in files)).digest()
    version = int.from_bytes(digest[:7], "big")

    def run(*arguments):
        assert version > 0
        _run(*arguments)

    return nb.njit(cache=True, nogil=True)(run)


run = _compiled()
