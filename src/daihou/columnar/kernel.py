"""The Numba kernel: one pass over a range of loans, each replayed from its start."""

import hashlib
from pathlib import Path
from typing import Final

import numba as nb
import numpy as np

from daihou.columnar.accruals import accrue, counted
from daihou.columnar.compiling import inlined, jit
from daihou.columnar.judging import judge, look
from daihou.columnar.layout import (
    ABOVE,
    ADVANCE,
    AMOUNT,
    CAP_DENOMINATOR,
    CAP_NUMERATOR,
    CAP_SHARE,
    CAP_YEAR,
    CAPPED,
    COST,
    COUNT,
    CREDIT,
    DEMAND_WIDTH,
    DEMANDS_FROM,
    DEMANDS_TO,
    DENOMINATOR,
    DUE,
    EAGER,
    EVEN,
    FEE,
    HELD_SINCE,
    INTEREST,
    JUDGED_TO,
    LOAN_ABOVE,
    LOAN_CLOSED_ON,
    LOAN_DENOMINATOR,
    LOAN_DISBURSED_ON,
    LOAN_GIVES_BACK,
    LOAN_POLICY,
    LOAN_RATE,
    LOAN_STATUS,
    LOAN_STATUS_ON,
    LOGGING,
    MIRROR,
    NEVER,
    OPEN,
    OUT_WIDE,
    OUT_WIDTH,
    PAYMENTS_FROM,
    PAYMENTS_TO,
    PRINCIPAL,
    PRINCIPAL_LEFT,
    RATE,
    REACHED,
    ROW,
    RUN,
    SEEN,
    SEGMENT,
    SETTLED,
    SHARE_DENOMINATOR,
    STATE_WIDTH,
    STATUS,
    STATUS_ON,
    STEPS,
    STEPS_FROM,
    STEPS_TO,
    TRANSFERRED,
    VERTICAL,
    WAIVERS_FROM,
    WAIVERS_TO,
    WRITTEN_OFF,
)
from daihou.columnar.replay import allocate, take_back, waive, walk_credit
from daihou.columnar.telling import tell

SAFE: Final = 2.0**61  # products estimated in floating point stay below 2**63
LOG_ROOM: Final = 4_000_000  # rows of the allocation log; beyond it: wide path


@inlined
def load(w, s, as_of, first, last, owed, mirror):
    """Copy the demands in force into `w`, clean; `s` starts with no money.

    Of a mirrored loan (`mirror`) only what its core system left unpaid.
    """
    n = 0
    principal = np.int64(0)
    for j in range(first, last):
        if owed.begins_on[j] > as_of or owed.ends_on[j & owed.ends_mask] <= as_of:
            continue
        for c in range(DEMAND_WIDTH):
            w[n, c] = 0
        own, interest, fee = owed.principal[j], owed.interest[j], owed.fee[j]
        w[n, DUE] = owed.due_on[j]
        w[n, COST] = interest + fee
        w[n, AMOUNT] = own + interest + fee
        w[n, RUN] = NEVER
        w[n, SEEN] = NEVER
        w[n, ROW] = j
        if mirror:
            own = max(0, own - owed.paid[0, j])
            interest = max(0, interest - owed.paid[1, j])
            fee = max(0, fee - owed.paid[2, j])
        w[n, PRINCIPAL] = own
        w[n, INTEREST] = interest
        w[n, FEE] = fee
        principal += own
        n += 1
    s[:] = 0
    s[COUNT] = n
    s[SEGMENT] = NEVER
    s[HELD_SINCE] = NEVER
    s[PRINCIPAL_LEFT] = principal


@inlined
def bring(w, s, p, r, log, day):
    """Bring the loan to `day`: credit is used on the way, penalties run to it."""
    if s[CREDIT] > 0:
        walk_credit(w, s, p, r, log, day)
    judge(w, s, p, day)
    if s[EAGER] == 1:
        accrue(w, s, p, r, day)


@jit
def waive_until(w, s, p, r, log, day, at, last, as_of, owed, waived):
    """Apply the waivers in force from `at` on, up to `day`; return the next one."""
    while at < last and waived.on[at] <= day:
        if waived.ends_on[at] > as_of:
            on = waived.on[at]
            if s[CREDIT] > 0:
                walk_credit(w, s, p, r, log, on - 1)
            judge(w, s, p, on)
            if s[EAGER] == 1:
                accrue(w, s, p, r, on)
            number = waived.demand_id[at]
            component, amount = waived.component[at], waived.amount[at]
            waive(w, s, p, r, on, component, amount, owed.demand_id, number)
        at += 1
    return at


@jit
def finish(w, s, p, r, log, as_of):
    """Run everything to the end of `as_of`."""
    if s[CREDIT] > 0:
        walk_credit(w, s, p, r, log, as_of)
    judge(w, s, p, as_of + 1)
    for k in range(s[OPEN], s[COUNT]):
        look(w, s, p, k, as_of + 1)
    accrue(w, s, p, r, as_of)


@jit
def after(days, at, last, since):
    """The first row from `at` on whose day is after `since`."""
    while at < last and days[at] <= since:
        at += 1
    return at


@jit
def replay(w, s, p, r, log, as_of, head, since, owed, money, waived):
    """Replay payments and waivers after `since`, then run everything to `as_of`."""
    last, until = head[PAYMENTS_TO], head[WAIVERS_TO]
    first = after(money.on, head[PAYMENTS_FROM], last, since)
    at = after(waived.on, head[WAIVERS_FROM], until, since)
    for k in range(first, last):
        day = money.on[k]
        if day > as_of:
            break
        if money.ends_on[k & money.ends_mask] <= as_of:
            continue
        if at < until:
            at = waive_until(w, s, p, r, log, day, at, until, as_of, owed, waived)
        bring(w, s, p, r, log, day)
        if money.amount[k] > 0:
            allocate(w, s, p, r, log, day, money.amount[k])
        else:
            take_back(w, s, p, r, log, day, -money.amount[k])
    if at < until:
        waive_until(w, s, p, r, log, as_of, at, until, as_of, owed, waived)
    finish(w, s, p, r, log, as_of)


@jit
def taken_over(p, head, as_of):
    """The day a loan, if mirrored, was written off and became ours, or NEVER."""
    if p[MIRROR] == 0 or head[LOAN_STATUS] != WRITTEN_OFF:
        return NEVER
    since = head[LOAN_STATUS_ON]
    return since if since <= as_of else NEVER


@jit
def price_of(s, p, head):
    """Take over the penalty rate of a loan and the cap on its cost."""
    s[RATE] = head[LOAN_RATE]
    s[ABOVE] = head[LOAN_ABOVE]
    s[DENOMINATOR] = head[LOAN_DENOMINATOR]
    s[CAPPED] = 1 if head[CAP_NUMERATOR] > 0 else 0
    s[CAP_SHARE] = head[CAP_NUMERATOR]
    s[CAP_YEAR] = head[CAP_DENOMINATOR]
    s[REACHED] = counted(p, head[LOAN_DISBURSED_ON])


@jit
def terms_of(s, p, r, head, steps, as_of):
    """Take over what the loan says of itself; return whether it is closed."""
    price_of(s, p, head)
    s[LOGGING] = head[LOAN_GIVES_BACK]
    s[STATUS] = head[LOAN_STATUS]
    s[STATUS_ON] = head[LOAN_STATUS_ON]
    first = head[STEPS_FROM]
    s[STEPS] = head[STEPS_TO] - first
    r[0] = (NEVER, s[RATE], s[ABOVE])
    for k in range(s[STEPS]):
        r[k + 1, 0] = steps.begins_on[first + k]
        r[k + 1, 1] = steps.claimed[first + k]
        r[k + 1, 2] = steps.above[first + k]
    ended = s[STATUS] == SETTLED or s[STATUS] == TRANSFERRED
    closed = ended and s[STATUS_ON] <= as_of
    s[JUDGED_TO] = head[LOAN_CLOSED_ON] - 1 if closed else as_of
    return closed


@jit
def fits(w, s, r, p, head, as_of):
    """Whether no product can pass 64 bits on the way to `as_of`; a generous bound."""
    owed = np.float64(0)
    for k in range(s[COUNT]):
        owed += np.float64(w[k, AMOUNT])
    if s[COUNT] == 0:
        return True
    rate = max(s[RATE], s[ABOVE])
    for k in range(1, s[STEPS] + 1):
        rate = max(rate, max(r[k, 1], r[k, 2]))
    span = max(1, as_of - min(w[0, DUE], head[LOAN_DISBURSED_ON]) + 31)
    factor = np.float64(span) * np.float64(max(1, rate, s[CAP_SHARE]))
    factor = max(factor, np.float64(p[SHARE_DENOMINATOR]))
    if p[ADVANCE] == EVEN:
        factor = max(factor, owed)
    return owed * factor < SAFE


@jit
def one(w, s, r, log, as_of, p, head, owed, money, waived, steps, out):
    """Settle one loan; `out` says it is too wide if it may not fit in 64 bits."""
    since = taken_over(p, head, as_of)
    mirror = p[MIRROR] == 1 and since == NEVER
    in_force_on = as_of if since == NEVER else since
    first, last = head[DEMANDS_FROM], head[DEMANDS_TO]
    load(w, s, in_force_on, first, last, owed, p[MIRROR] == 1)
    closed = terms_of(s, p, r, head, steps, as_of)
    s[EAGER] = max(s[CAPPED], p[VERTICAL])
    if not fits(w, s, r, p, head, as_of):
        out[OUT_WIDE] = 1
        return
    if mirror:
        s[SEGMENT] = as_of
        judge(w, s, p, as_of + 1)
    else:
        if since != NEVER:  # penalties run from the day it became ours
            w[: s[COUNT], RUN] = since
        replay(w, s, p, r, log, as_of, head, since, owed, money, waived)
    tell(w, s, p, head, owed, as_of, mirror, closed, out)


@jit
def _run(begin, end, as_of, picked, policies, heads, owed, money, waived, steps, out):
    """Settle the loans at `picked[begin:end]`, one column of `out` each.

    The columns of `heads` are named in `layout`, the facts in `flat`.
    """
    s = np.zeros(STATE_WIDTH, np.int64)
    one_out = np.zeros(OUT_WIDTH, np.int64)
    w = np.zeros((64, DEMAND_WIDTH), np.int64)
    r = np.zeros((1, 3), np.int64)
    log = np.zeros((1, 3), np.int64)
    for n in range(begin, end):
        head = heads[picked[n]]
        most = head[DEMANDS_TO] - head[DEMANDS_FROM]
        if most > len(w):
            w = np.zeros((2 * most, DEMAND_WIDTH), np.int64)
        rates = head[STEPS_TO] - head[STEPS_FROM] + 1
        if rates > len(r):
            r = np.zeros((2 * rates, 3), np.int64)
        one_out[:] = 0
        rows = head[LOAN_GIVES_BACK]
        if rows == 1:
            rows = (most + head[PAYMENTS_TO] - head[PAYMENTS_FROM]) * most * 8
        if rows > LOG_ROOM:
            one_out[OUT_WIDE] = 1
        else:
            if rows > len(log):
                log = np.zeros((2 * rows, 3), np.int64)
            p = policies[head[LOAN_POLICY]]
            one(w, s, r, log, as_of, p, head, owed, money, waived, steps, one_out)
        for k in range(OUT_WIDTH):
            out[k, n] = one_out[k]


def sources():
    """The text of all that is compiled here, for the keys of caches."""
    folder = Path(__file__).parent
    names = (
        *("accruals", "compiling", "days", "flat", "judging", "kernel", "layout"),
        *("replay", "telling"),
    )
    return b"".join((folder / f"{name}.py").read_bytes() for name in names)


def _compiled():
    """Compile `_run`, cached on disk under a key that holds all our sources.

    Numba's own key sees one file only; a change in `replay` or `layout` must not
    find a kernel compiled before it. What a function closes over is in the key.
    """
    digest = hashlib.sha256(sources()).digest()
    version = int.from_bytes(digest[:7], "big")

    def run(*arguments):
        assert version > 0
        _run(*arguments)

    return nb.njit(cache=True, nogil=True)(run)


run = _compiled()
