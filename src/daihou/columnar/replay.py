"""Numba pieces that replay one loan: where money goes, and giving it back.

All arrays are int64. `w` holds one row per demand in force, by due date; `s` the
state of the loan; `p` its policy; `r` its penalty rates; `log` what was allocated
(columns named in `layout`). The reference text is `daihou.engine.ledger`; parity
tests hold the two together.
"""

import numpy as np

from daihou.columnar.accruals import accrue, catch_up, forgive_in_grace
from daihou.columnar.compiling import inlined, jit
from daihou.columnar.judging import days_past_due, judge, look
from daihou.columnar.layout import (
    ACTIVE,
    ADVANCE,
    ALL_COMPOUND,
    ALL_PENALTY,
    COMPOUND,
    COST_WAIVED,
    COUNT,
    CREDIT,
    DUE,
    EAGER,
    EVEN,
    FEE,
    GONE_COMPOUND,
    GONE_PENALTY,
    GRACE_PENALTY,
    HOLD,
    INTEREST,
    LAST,
    LOGGED,
    LOGGING,
    NEVER,
    NOT_GIVEN,
    OPEN,
    ORDER,
    PENALTY,
    PRINCIPAL,
    PRINCIPAL_LEFT,
    ROW,
    RULE_BEGINS_ON,
    RULE_DPD_OVER,
    RULE_ORDER,
    RULE_STATUS,
    RULE_WIDTH,
    RULES,
    RUN,
    SEGMENT,
    SHARE,
    STATUS,
    STATUS_ON,
    VERTICAL,
    WAIVED_ACCRUED,
)


@inlined
def unpaid(w, k):
    """What is left of fee, interest and principal of demand `k`."""
    return w[k, FEE] + w[k, INTEREST] + w[k, PRINCIPAL]


@inlined
def take(w, s, log, k, component, amount):
    """Pay up to `amount` of one component of one demand; return what it took."""
    part = min(amount, w[k, component])
    if part <= 0:
        return 0
    w[k, component] -= part
    if component == PENALTY:
        w[k, GONE_PENALTY] += part
    elif component == COMPOUND:
        w[k, GONE_COMPOUND] += part
    elif component == PRINCIPAL:
        s[PRINCIPAL_LEFT] -= part
    if s[LOGGING] == 1:
        n = s[LOGGED]
        log[n, 0] = k
        log[n, 1] = component
        log[n, 2] = part
        s[LOGGED] = n + 1
    return part


@inlined
def close_prefix(w, s):
    """Step over leading demands on which nothing can ever be owed again.

    Penalty that the cap cut comes back when the cap allows it, so it stays open.
    """
    k = s[OPEN]
    while k < s[COUNT]:
        if unpaid(w, k) > 0:
            break
        if w[k, ALL_PENALTY] > w[k, GONE_PENALTY]:
            break
        if w[k, ALL_COMPOUND] > w[k, GONE_COMPOUND]:
            break
        k += 1
    s[OPEN] = k


@inlined
def order_on(s, p, day):
    """Where in `p` the order of components of a day's money stands."""
    if p[RULES] == 0:
        return ORDER
    status = np.int64(ACTIVE)
    if s[STATUS] != NOT_GIVEN and s[STATUS_ON] <= day:
        status = s[STATUS]
    for number in range(p[RULES]):
        at = RULES + 1 + number * RULE_WIDTH
        if day < p[at + RULE_BEGINS_ON]:
            continue
        if p[at + RULE_STATUS] != NEVER and p[at + RULE_STATUS] != status:
            continue
        over = p[at + RULE_DPD_OVER]
        if over == NEVER or days_past_due(s, p, day - 1) > over:
            return at + RULE_ORDER
    return ORDER


@inlined
def clear(w, s, k):
    """Pay all that is left of demand `k`, in any order."""
    w[k, GONE_PENALTY] += w[k, PENALTY]
    w[k, GONE_COMPOUND] += w[k, COMPOUND]
    s[PRINCIPAL_LEFT] -= w[k, PRINCIPAL]
    w[k, FEE] = 0
    w[k, PENALTY] = 0
    w[k, COMPOUND] = 0
    w[k, INTEREST] = 0
    w[k, PRINCIPAL] = 0


@inlined
def pay_by_demand(w, s, p, r, log, day, amount):
    """Pay what is due on `day`, oldest demand first; return what is left."""
    order = np.int64(0)
    for k in range(s[OPEN], s[COUNT]):
        if w[k, DUE] > day or amount == 0:
            break
        look(w, s, p, k, day)
        if s[EAGER] == 0:
            catch_up(w, s, p, r, k, day)
        left = unpaid(w, k) + w[k, PENALTY] + w[k, COMPOUND]
        if amount >= left and s[LOGGING] == 0:
            clear(w, s, k)
            amount -= left
            continue
        if order == 0:
            order = order_on(s, p, day)
        for c in range(5):
            amount -= take(w, s, log, k, p[order + c], amount)
    return amount


@jit
def pay_by_component(w, s, p, log, day, amount):
    """Pay what is due on `day`, one component of all demands after the other."""
    last = s[OPEN]
    while last < s[COUNT] and w[last, DUE] <= day:
        look(w, s, p, last, day)
        last += 1
    order = order_on(s, p, day)
    for c in range(5):
        for k in range(s[OPEN], last):
            amount -= take(w, s, log, k, p[order + c], amount)
    return amount


@jit
def pay_early(w, s, p, log, order, k, amount):
    """Pay a demand not yet due; return what it took."""
    took = np.int64(0)
    for c in range(5):
        component = p[order + c]
        if component != PENALTY and component != COMPOUND:
            took += take(w, s, log, k, component, amount - took)
    return took


@jit
def pay_evenly(w, s, p, log, order, first, amount):
    """Share money over the demands from `first`, by what is left of each.

    By largest remainder; of equal remainders the earlier demand's comes first.
    """
    whole = np.int64(0)
    for k in range(first, s[COUNT]):
        whole += unpaid(w, k)
    if whole == 0:
        return 0
    amount = min(amount, whole)
    spare = amount
    for k in range(first, s[COUNT]):
        product = amount * unpaid(w, k)
        share = product // whole
        spare -= share
        w[k, SHARE] = product - share * whole
    while spare > 0:
        best = first
        for k in range(first, s[COUNT]):
            if w[k, SHARE] > w[best, SHARE]:
                best = k
        w[best, SHARE] = -1  # gets one more
        spare -= 1
    most = amount
    for k in range(first, s[COUNT]):
        more = 1 if w[k, SHARE] < 0 else 0
        pay_early(w, s, p, log, order, k, most * unpaid(w, k) // whole + more)
    return amount


@jit
def pay_coming(w, s, p, log, order, day, amount):
    """Use money on demands not yet due, as the policy says; return what is left."""
    first = s[OPEN]
    while first < s[COUNT] and w[first, DUE] <= day:
        first += 1
    if p[ADVANCE] == EVEN:
        return amount - pay_evenly(w, s, p, log, order, first, amount)
    for n in range(first, s[COUNT]):
        k = s[COUNT] - 1 - (n - first) if p[ADVANCE] == LAST else n
        amount -= pay_early(w, s, p, log, order, k, amount)
        if amount == 0:
            break
    return amount


@jit
def allocate(w, s, p, r, log, day, amount):
    """Allocate money on `day`: what is due, then the next demands or credit."""
    if p[VERTICAL] == 1:
        amount = pay_by_component(w, s, p, log, day, amount)
    else:
        amount = pay_by_demand(w, s, p, r, log, day, amount)
    if amount > 0 and p[ADVANCE] != HOLD:
        order = order_on(s, p, day)
        amount = pay_coming(w, s, p, log, order, day, amount)
    s[CREDIT] += amount
    if p[GRACE_PENALTY] > 0:
        forgive_in_grace(w, s, p, day)
    close_prefix(w, s)


@jit
def take_back(w, s, p, r, log, day, amount):
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
        look(w, s, p, k, day)
        if s[EAGER] == 0 and k >= s[OPEN]:
            catch_up(w, s, p, r, k, day)
        w[k, component] += part
        w[k, RUN] = max(w[k, RUN], day)
        if component == PENALTY:
            w[k, GONE_PENALTY] -= part
        elif component == COMPOUND:
            w[k, GONE_COMPOUND] -= part
        elif component == PRINCIPAL:
            s[PRINCIPAL_LEFT] += part
        s[OPEN] = min(s[OPEN], k)
        log[n - 1, 2] -= part
        amount -= part
        if log[n - 1, 2] == 0:
            n -= 1
    s[LOGGED] = n
    s[CREDIT] -= amount


@jit
def waive(w, s, p, r, day, component, amount, ids, number):
    """Give up a component on `day`: of the demand of that id, or oldest first."""
    for k in range(s[OPEN], s[COUNT]):
        if number != NEVER and ids[w[k, ROW]] != number:
            continue
        look(w, s, p, k, day)
        if s[EAGER] == 0:
            catch_up(w, s, p, r, k, day)
        part = min(amount, w[k, component])
        if part <= 0:
            continue
        amount -= part
        w[k, component] -= part
        if component == PENALTY:
            w[k, GONE_PENALTY] += part
            s[WAIVED_ACCRUED] += part
        elif component == COMPOUND:
            w[k, GONE_COMPOUND] += part
            s[WAIVED_ACCRUED] += part
        elif component == PRINCIPAL:
            s[PRINCIPAL_LEFT] -= part
        else:
            w[k, COST_WAIVED] += part
    if p[GRACE_PENALTY] > 0:
        forgive_in_grace(w, s, p, day)
    close_prefix(w, s)


@jit
def walk_credit(w, s, p, r, log, day):
    """Use held credit on each due date up to `day`, on that date."""
    k = s[OPEN]
    while s[CREDIT] > 0 and k < s[COUNT]:
        due = w[k, DUE]
        if due > day:
            return
        if due >= s[SEGMENT]:
            judge(w, s, p, due)
            if s[EAGER] == 1:
                accrue(w, s, p, r, due)
            credit = s[CREDIT]
            s[CREDIT] = 0
            allocate(w, s, p, r, log, due, credit)
        k += 1
