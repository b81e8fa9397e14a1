"""The Numba kernel: one pass over a range of loans, each replayed from its start."""

import hashlib
from pathlib import Path
from typing import Final

import numpy as np

from daihou.columnar.accruals import accrue, counted
from daihou.columnar.compiling import entered, inlined, once
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
    FAR,
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
    Ints,
)
from daihou.columnar.replay import allocate, take_back, waive, walk_credit
from daihou.columnar.telling import tell

SAFE: Final = 2.0**61  # products estimated in floating point stay below 2**63
LOG_ROOM: Final = 4_000_000  # rows of the allocation log; beyond it: wide path

Room = tuple[Ints, ...]  # the arrays w, s, r, log and out of one loan


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
def after(days, at, last, since):
    """The first row from `at` on whose day is after `since`."""
    while at < last and days[at] <= since:
        at += 1
    return at


@inlined
def on_or_far(days, at, last):
    """The day of row `at`, or one that never comes when there are no more."""
    return np.int64(days[at]) if at < last else np.int64(FAR)


@once
def move(w, s, p, r, log, day, amount):
    """Allocate money that came in on `day`, or take back what went out."""
    if amount > 0:
        allocate(w, s, p, r, log, day, amount)
    else:
        take_back(w, s, p, r, log, day, -amount)


@once
def finish(w, s, p, day):
    """Look at what is open at the end of the last day."""
    for k in range(s[OPEN], s[COUNT]):
        look(w, s, p, k, day + 1)


@once
def replay(w, s, p, r, log, as_of, head, since, owed, money, waived):
    """Replay payments and waivers after `since`, then run everything to `as_of`.

    Before each of them credit is used on the way, lateness judged and, where EAGER,
    penalties run; a waiver comes before the day's money.
    """
    last, until = head[PAYMENTS_TO], head[WAIVERS_TO]
    k = after(money.on, head[PAYMENTS_FROM], last, since)
    at = after(waived.on, head[WAIVERS_FROM], until, since)
    ended = False
    while not ended:
        paid_on = on_or_far(money.on, k, last)
        given_on = on_or_far(waived.on, at, until)
        day = min(paid_on, given_on)
        ended = day > as_of
        waiving = given_on <= paid_on and not ended
        if ended:
            day = as_of
        elif waiving:
            at += 1
            if waived.ends_on[at - 1] <= as_of:
                continue
        else:
            k += 1
            if money.ends_on[(k - 1) & money.ends_mask] <= as_of:
                continue
        if s[CREDIT] > 0:
            walk_credit(w, s, p, r, log, day - 1 if waiving else day)
        judge(w, s, p, day + 1 if ended else day)
        if ended or s[EAGER] == 1:
            accrue(w, s, p, r, day)
        if ended:
            finish(w, s, p, day)
        elif waiving:
            number, amount = waived.demand_id[at - 1], waived.amount[at - 1]
            component = waived.component[at - 1]
            waive(w, s, p, r, day, component, amount, owed.demand_id, number)
        else:
            move(w, s, p, r, log, day, money.amount[k - 1])


@once
def taken_over(p, head, as_of):
    """The day a loan, if mirrored, was written off and became ours, or NEVER."""
    if p[MIRROR] == 0 or head[LOAN_STATUS] != WRITTEN_OFF:
        return NEVER
    since = head[LOAN_STATUS_ON]
    return since if since <= as_of else NEVER


@once
def price_of(s, p, head):
    """Take over the penalty rate of a loan and the cap on its cost."""
    s[RATE] = head[LOAN_RATE]
    s[ABOVE] = head[LOAN_ABOVE]
    s[DENOMINATOR] = head[LOAN_DENOMINATOR]
    s[CAPPED] = 1 if head[CAP_NUMERATOR] > 0 else 0
    s[CAP_SHARE] = head[CAP_NUMERATOR]
    s[CAP_YEAR] = head[CAP_DENOMINATOR]
    s[REACHED] = counted(p, head[LOAN_DISBURSED_ON])


@once
def terms_of(s, p, r, head, steps, as_of):
    """Take over what the loan says of itself; return whether it is closed."""
    price_of(s, p, head)
    s[LOGGING] = head[LOAN_GIVES_BACK]
    s[STATUS] = head[LOAN_STATUS]
    s[STATUS_ON] = head[LOAN_STATUS_ON]
    first = head[STEPS_FROM]
    s[STEPS] = head[STEPS_TO] - first
    r[0, 0] = NEVER
    r[0, 1] = s[RATE]
    r[0, 2] = s[ABOVE]
    for k in range(s[STEPS]):
        r[k + 1, 0] = steps.begins_on[first + k]
        r[k + 1, 1] = steps.claimed[first + k]
        r[k + 1, 2] = steps.above[first + k]
    ended = s[STATUS] == SETTLED or s[STATUS] == TRANSFERRED
    closed = ended and s[STATUS_ON] <= as_of
    s[JUDGED_TO] = head[LOAN_CLOSED_ON] - 1 if closed else as_of
    return closed


@once
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


@once
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
            for k in range(s[COUNT]):
                w[k, RUN] = since
        replay(w, s, p, r, log, as_of, head, since, owed, money, waived)
    tell(w, s, p, head, owed, as_of, mirror, closed, out)


@once
def log_rows(head):
    """How many rows the allocation log of a loan may need; also of many `head.T`."""
    most = head[DEMANDS_TO] - head[DEMANDS_FROM]
    return (most + head[PAYMENTS_TO] - head[PAYMENTS_FROM]) * most * 8


def room(*, demands: int, rates: int = 0, rows: int = 0) -> Room:
    """Room to work in for loans of at most so many demands, later rates, log rows."""
    return (
        np.zeros((max(1, demands), DEMAND_WIDTH), np.int64),
        np.zeros(STATE_WIDTH, np.int64),
        np.zeros((rates + 1, 3), np.int64),
        np.zeros((rows, 3), np.int64),
        np.zeros(OUT_WIDTH, np.int64),
    )


def room_for(heads: Ints) -> Room:
    """Room to work in for any of these loans."""
    rows = log_rows.py_func(heads.T)
    rows = np.where((heads[:, LOAN_GIVES_BACK] == 1) & (rows <= LOG_ROOM), rows, 0)
    return room(
        demands=int((heads[:, DEMANDS_TO] - heads[:, DEMANDS_FROM]).max(initial=0)),
        rates=int((heads[:, STEPS_TO] - heads[:, STEPS_FROM]).max(initial=0)),
        rows=int(rows.max(initial=0)),
    )


def sources():
    """The text of all that is compiled here, for the keys of caches."""
    folder = Path(__file__).parent
    names = (
        *("accruals", "compiling", "days", "flat", "judging", "kernel", "layout"),
        *("replay", "telling"),
    )
    return b"".join((folder / f"{name}.py").read_bytes() for name in names)


def _compiled():
    """Compile `run`, cached on disk under a key that holds all our sources.

    Numba's own key sees one file only; a change in `replay` or `layout` must not
    find a kernel compiled before it. What a function closes over is in the key.
    """
    digest = hashlib.sha256(sources()).digest()
    version = int.from_bytes(digest[:7], "big")

    def run(
        begin, end, as_of, picked, policies, heads, owed, money, waived, steps, out, room
    ):  # fmt: skip
        """Settle the loans at `picked[begin:end]`, one column of `out` each.

        The columns of `heads` are named in `layout`, the facts in `flat`; the loans
        are worked on in `room`.
        """
        assert version > 0
        w, s, r, log, one_out = room
        for n in range(begin, end):
            head = heads[picked[n]]
            one_out[:] = 0
            if head[LOAN_GIVES_BACK] == 1 and log_rows(head) > LOG_ROOM:
                one_out[OUT_WIDE] = 1
            else:
                p = policies[head[LOAN_POLICY]]
                one(w, s, r, log, as_of, p, head, owed, money, waived, steps, one_out)
            for k in range(OUT_WIDTH):
                out[k, n] = one_out[k]

    return entered(run)


run = _compiled()
