"""How each borrower walks the path drawn for them: every payment, day and cent.

A payer pays what the ledger asks on that day, so the amounts come from the night's
own replay (`columnar.replay`), not from a third text of the rules.
"""

import hashlib
from pathlib import Path

import numpy as np

from daihou.columnar.accruals import accrue
from daihou.columnar.compiling import entered, jit, once
from daihou.columnar.judging import judge
from daihou.columnar.kernel import load, price_of, sources
from daihou.columnar.layout import (
    AMOUNT,
    COMPOUND,
    COUNT,
    CREDIT,
    DUE,
    EAGER,
    FAR,
    FEE,
    INTEREST,
    JUDGED_TO,
    NEVER,
    OPEN,
    PENALTY,
    PRINCIPAL,
)
from daihou.columnar.replay import allocate, walk_credit
from daihou.town.borrowers import End, Habit

# Columns of one payment.
(DAY, FEN, KIND, CHANNEL, PAYER, LAG, OF, LOAN, WIDTH) = range(9)
# Kinds. What is handed on is an int64: for a plain number Numba would compile each
# function anew that is given it.
(PAYMENT, RETURNED, REVERSAL, RECOVERY) = map(np.int64, range(4))
# Channels.
(DEBIT, PHONE, TRANSFER, COUNTER) = map(np.int64, range(4))
# Payers.
(SELF, FAMILY, GUARANTOR) = map(np.int64, range(3))
NOTHING = np.int64(0)
ROOM_A_MONTH = 5
USES = 64  # of random numbers in a month

_OWN = np.bool_(0)  # not mirrored: what is paid follows from the payments
_ALWAYS = np.int64(FAR - 1)  # the day on which demands are in force
_EARLY = int(End.EARLY)
_WRITTEN_OFF = int(End.WRITTEN_OFF)
_SOLD = int(End.SOLD)
_PUNCTUAL = int(Habit.PUNCTUAL)
_FORWARD = int(Habit.EARLY)
_FORGETFUL = int(Habit.FORGETFUL)


@jit
def uniform(key, loan, use):
    """A number in [0, 1) that belongs to this seed, loan and use in a month alone."""
    z = np.uint64(key) + np.uint64(loan) * np.uint64(0xD1342543DE82EF95)
    z += np.uint64(use + 1) * np.uint64(0x9E3779B97F4A7C15)
    z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    z = z ^ (z >> np.uint64(31))
    return np.float64(z >> np.uint64(11)) / 9007199254740992.0


@jit
def bring(w, s, p, log, day):
    """Run the loan to `day`, as the night does before it allocates a payment."""
    if s[CREDIT] > 0:
        walk_credit(w, s, p, log, log, day)  # one rate: `log` is not read for it
    judge(w, s, p, day)
    accrue(w, s, p, log, day)


@jit
def asked(w, s, until, day):
    """What clears the demands before position `until` that are due by `day`."""
    total = np.int64(0)
    for k in range(s[OPEN], min(until, s[COUNT])):
        if w[k, DUE] > day:
            break
        total += w[k, FEE] + w[k, INTEREST] + w[k, PRINCIPAL]
        total += w[k, PENALTY] + w[k, COMPOUND]
    return max(np.int64(0), total - s[CREDIT])


@jit
def write(out, n, day, fen, kind, channel, payer, lag):
    """Write one payment as row `n`; return the next free row."""
    out[n, DAY] = day
    out[n, FEN] = fen
    out[n, KIND] = kind
    out[n, CHANNEL] = channel
    out[n, PAYER] = payer
    out[n, LAG] = lag
    out[n, OF] = -1
    return n + 1


@jit
def pay(w, s, p, log, out, n, day, fen, channel, payer, lag):
    """Bring the loan to `day`, pay, and write the payment down."""
    allocate(w, s, p, log, log, day, fen)
    return write(out, n, day, fen, PAYMENT, channel, payer, lag)


@jit
def due_pay_day(habit, due, month_end, u, v):
    """When an instalment of this month is paid, and through which channel."""
    left = month_end - due
    if habit == _PUNCTUAL:
        if u < 0.93:
            return due, DEBIT
        return due - min(5, int(v * 6.0)), PHONE
    if habit == _FORWARD:
        return due - 1 - min(9, int(v * v * 10.0)), PHONE if u < 0.7 else TRANSFER
    if habit == _FORGETFUL:
        late = 1 + int(v * v * 9.0)
        return due + min(left, late), PHONE if u < 0.6 else TRANSFER
    if u < 0.45:
        return due, DEBIT
    return due + min(left, int(v * v * 16.0)), TRANSFER if u < 0.8 else COUNTER


@jit
def due_part(w, s, p, log, out, n, target, habit, month, floor, last, key, loan):
    """Pay what is due this month before position `target`; maybe a debit bounces."""
    due = w[target - 1, DUE]
    u = uniform(key, loan, month * USES + 1)
    v = uniform(key, loan, month * USES + 2)
    day, channel = due_pay_day(habit, due, last, u, v)
    day = max(floor, min(day, last))
    if (
        channel == DEBIT
        and uniform(key, loan, month * USES + 3) < 0.012
        and day + 4 <= last
    ):
        fen = asked(w, s, target, max(day, due))
        if fen > 0:
            n = write(out, n, day, fen, RETURNED, DEBIT, SELF, NOTHING)
            n = write(out, n, day + 1, fen, REVERSAL, DEBIT, SELF, NOTHING)
            out[n - 1, OF] = n - 2
            day += 2 + int(v * 3.0)
            channel = PHONE
    bring(w, s, p, log, day)
    fen = asked(w, s, target, max(day, due))
    if fen > 0:
        if channel == TRANSFER and uniform(key, loan, month * USES + 4) < 0.06:
            fen += -fen % 10_000  # rounded up to a hundred yuan
        lag = int(uniform(key, loan, month * USES + 5) * 40.0) == 0
        payer = FAMILY if uniform(key, loan, month * USES + 6) < 0.03 else SELF
        n = pay(w, s, p, log, out, n, day, fen, channel, payer, 1 if lag else 0)
    return n


@jit
def arrears(w, s, p, log, out, n, target, status, month, floor, last, key, loan):
    """Pay old instalments before position `target` on some day of the month."""
    u = uniform(key, loan, month * USES + 7)
    day = floor + int(u * float(last - floor + 1))
    bring(w, s, p, log, day)
    fen = asked(w, s, target, day)
    if fen > 0:
        v = uniform(key, loan, month * USES + 8)
        channel = TRANSFER if v < 0.4 else (PHONE if v < 0.8 else COUNTER)
        x = uniform(key, loan, month * USES + 9)
        payer = SELF
        if x < 0.06:
            payer = FAMILY
        elif status >= 2 and x < 0.22:
            payer = GUARANTOR
        lag = 1 + int(x * 3.0) if uniform(key, loan, month * USES + 5) < 0.05 else 0
        n = pay(w, s, p, log, out, n, day, fen, channel, payer, lag)
    return n


@jit
def partly(w, s, p, log, out, n, month, floor, last, key, loan):
    """Pay a part that cures nothing: 18 to 54 % of the oldest instalment."""
    if uniform(key, loan, month * USES + 10) >= 0.11:
        return n
    day = floor + int(uniform(key, loan, month * USES + 11) * float(last - floor + 1))
    bring(w, s, p, log, day)
    k = s[OPEN]
    if k >= s[COUNT] or w[k, DUE] > day:
        return n
    oldest = w[k, INTEREST] + w[k, PRINCIPAL]
    share = 18 + int(uniform(key, loan, month * USES + 12) * 36.0)
    fen = oldest * share // 100
    fen -= fen % 5_000  # in steps of fifty yuan
    if fen <= 0 or oldest - fen < max(20_000, w[k, AMOUNT] // 5):
        return n
    return pay(w, s, p, log, out, n, day, fen, PHONE, SELF, NOTHING)


@jit
def settle_early(w, s, p, log, out, n, terms, month, floor, last, key, loan):
    """Pay off the loan: what is due, the principal, and interest to the day."""
    day = floor + int(uniform(key, loan, month * USES + 13) * float(last - floor + 1))
    bring(w, s, p, log, day)
    since = terms[0]
    principal = np.int64(0)
    owed = np.int64(0)
    for k in range(s[COUNT]):
        if w[k, DUE] <= day:
            since = w[k, DUE]
            owed += w[k, FEE] + w[k, INTEREST] + w[k, PENALTY] + w[k, COMPOUND]
            owed += w[k, PRINCIPAL]
        else:
            principal += w[k, PRINCIPAL]
    interest = principal * terms[1] * (day - since) // 360_000_000
    fen = owed + principal + interest - s[CREDIT]
    return write(out, n, day, fen, PAYMENT, PHONE, SELF, NOTHING)


@jit
def recover(w, s, out, n, month, floor, last, key, loan):
    """A written-off loan pays something back now and then."""
    if uniform(key, loan, month * USES + 14) >= 0.035:
        return n
    principal = np.int64(0)
    for k in range(s[OPEN], s[COUNT]):
        principal += w[k, PRINCIPAL]
    share = 1 + int(uniform(key, loan, month * USES + 15) * 12.0)
    fen = principal * share // 100
    fen -= fen % 10_000
    if fen <= 0:
        return n
    day = floor + int(uniform(key, loan, month * USES + 16) * float(last - floor + 1))
    return write(out, n, day, fen, RECOVERY, TRANSFER, SELF, NOTHING)


@jit
def position_of(seqs, instalment):
    """Position of the instalment after so many; charges (seq 0) stand between."""
    seen = 0
    for k in range(len(seqs)):
        if seqs[k] > 0:
            if seen == instalment:
                return k
            seen += 1
    return len(seqs)


@once
def month_of(w, s, p, log, out, n, before, target, habit, m, floor, last, key, loan):
    """One ordinary month: from `before` to `target`, positions of open demands."""
    behind = before < s[COUNT] and w[before, DUE] < floor
    if target <= before:
        if before < s[COUNT]:
            n = partly(w, s, p, log, out, n, m, floor, last, key, loan)
        return n
    if behind:
        status = (floor - w[before, DUE]) // 30
        rows = n
        n = arrears(w, s, p, log, out, n, target, status, m, floor, last, key, loan)
        if n > rows:
            floor = out[n - 1, DAY]
    if not behind or asked(w, s, target, last) > 0:
        n = due_part(w, s, p, log, out, n, target, habit, m, floor, last, key, loan)
    return n


@jit
def close_day(w, s, p, log, out, n, until):
    """The day on which nothing was owed any more, or -1."""
    if n == 0:
        return -1
    day = max(out[n - 1, DAY], w[s[COUNT] - 1, DUE])
    if day > until:
        return -1
    bring(w, s, p, log, day)
    for k in range(s[COUNT]):
        if w[k, FEE] + w[k, INTEREST] + w[k, PRINCIPAL] > 0:
            return -1
        if w[k, PENALTY] + w[k, COMPOUND] > 0:
            return -1
    return day


@once
def live_one(w, s, p, log, out, loan, seqs, cleared, starts, until, key, i):
    """Live one loan to its end; the number of payments and the day it was closed."""
    n = NOTHING
    before = NOTHING
    for m in range(len(starts) - 1):
        last = starts[m + 1] - 1
        floor = max(starts[m], loan[1] + 1)
        if floor > last:
            continue
        over = loan[4] != 0 and m > loan[5]
        if loan[4] == _EARLY and m == loan[5]:
            terms = (loan[1], loan[2])
            n = settle_early(w, s, p, log, out, n, terms, m, floor, last, key, i)
            return n, out[n - 1, DAY] if out[n - 1, DAY] <= until else -1
        if over and loan[4] == _SOLD:
            break
        if over and loan[4] == _WRITTEN_OFF:
            n = recover(w, s, out, n, m, floor, last, key, i)
            continue
        target = position_of(seqs, cleared[m])
        habit = loan[3]
        n = month_of(
            w, s, p, log, out, n, before, target, habit, m, floor, last, key, i
        )
        before = target
        if target == s[COUNT]:
            return n, close_day(w, s, p, log, out, n, until)
    return n, -1


def _compiled():
    """Compile `live`, cached on disk under a key that holds all its sources.

    As in `columnar.kernel`: Numba's own key would not see a change in `replay`.
    """
    digest = hashlib.sha256(sources() + Path(__file__).read_bytes()).digest()
    version = int.from_bytes(digest[:7], "big")

    def live(
        begin,
        end,
        policies,
        loans,
        heads,
        bounds,
        owed,
        seqs,
        cleared,
        starts,
        until,
        key,
        out,
        counts,
        closed,
        room,
    ):
        """Live the loans `begin` to `end`; rows of loan i start at i x ROOM x months.

        `loans` has these rows: policy, pay-out day, yearly rate in millionths, habit,
        end and month of the end; `heads`, `owed` and `room` are as the kernel's.
        `counts` gets the number of payments of each loan, `closed` its last day (-1:
        still open).
        """
        assert version > 0
        w, s, log = room[0], room[1], room[3]
        size = (len(starts) - 1) * ROOM_A_MONTH
        for i in range(begin, end):
            p = policies[loans[0, i]]
            first, last = bounds[i], bounds[i + 1]
            load(w, s, _ALWAYS, first, last, owed, _OWN)
            price_of(s, p, heads[i])
            s[EAGER] = 1  # what is asked for holds the penalties of all demands
            s[JUDGED_TO] = NEVER  # who pays does not ask how late they were
            own = seqs[first:last]
            rows = out[(i - begin) * size : (i - begin + 1) * size]
            loan, gone = loans[:, i], cleared[:, i]
            counts[i], closed[i] = live_one(
                w, s, p, log, rows, loan, own, gone, starts, until, key, i
            )
            for n in range(counts[i]):
                rows[n, LOAN] = i

    return entered(live)


live = _compiled()
