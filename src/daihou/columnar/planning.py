"""Numba pieces that make the repayment plan of one loan, in integers.

The reference text is `daihou.engine.ledger.schedule`. The equal instalment is
estimated in floating point with a bound on its error; only where the bound decides
how it rounds is it taken, and every row after it is exact.
"""

import numba as nb
import numpy as np

from daihou.columnar.accruals import divide
from daihou.columnar.compiling import jit
from daihou.columnar.days import civil, day_of, month_length
from daihou.columnar.layout import DOWN, UP

EQUAL_INSTALMENT, EQUAL_PRINCIPAL, INTEREST_ONLY, BULLET, FLAT = range(5)
DAYS, WEEKS, MONTHS = range(3)
THIRTY_360, ACT_360, ACT_365, PERIOD = range(4)
(
    PRINCIPAL,
    RATE,
    METHOD,
    PERIODS,
    UNIT,
    EVERY,
    DISBURSED_ON,
    FIRST_DUE_ON,
    DAY_COUNT,
    ROUNDING,
    TERMS_WIDTH,
) = range(11)
NANO = 10**9
MOST_RATE = 10 * NANO  # the reference refuses more
MOST_PERIODS = 1200
MOST_EVERY = 366
FIRST_DAY, LAST_DAY = -90_000, 200_000  # some centuries around 1970
SAFE = 2.0**62
EXACT_FLOAT = 2.0**50
EPSILON = 2.0**-52


@jit
def write_due(terms, n, due):
    """Write the due dates; return whether the first period is a whole one."""
    first, every = terms[FIRST_DUE_ON], terms[EVERY]
    paid_out = terms[DISBURSED_ON]
    if terms[UNIT] != MONTHS:
        step = every * (7 if terms[UNIT] == WEEKS else 1)
        for k in range(n):
            due[k] = first + k * step
        return paid_out + step == first
    year, month, day = civil(first)
    out_year, out_month, out_day = civil(paid_out)
    whole = day_of(out_year * 12 + out_month - 1 + every, out_day) == first
    if day == month_length(year, month):
        day = max(day, out_day)
    months = year * 12 + month - 1
    due[0] = first
    for k in range(1, n):
        due[k] = day_of(months + k * every, day)
    return whole


@jit
def thirty_days(start, end):
    """Days from `start` to `end` by 30/360 (bond basis)."""
    year, month, day = civil(start)
    end_year, end_month, end_day = civil(end)
    day = min(day, 30)
    if day == 30:
        end_day = min(end_day, 30)
    return ((end_year - year) * 12 + end_month - month) * 30 + end_day - day


@jit
def days_of(terms, start, end, regular):
    """The share of a year that a period counts for; over `year_of`."""
    count = terms[DAY_COUNT]
    if count == PERIOD:
        return terms[EVERY]
    if count == THIRTY_360:
        if regular and terms[UNIT] == MONTHS:
            return 30 * terms[EVERY]
        return thirty_days(start, end)
    return np.int64(end - start)


@jit
def year_of(terms):
    """What a whole year has of `days_of`."""
    count = terms[DAY_COUNT]
    if count == PERIOD:
        return 12 if terms[UNIT] == MONTHS else (52 if terms[UNIT] == WEEKS else 365)
    return 365 if count == ACT_365 else 360


@jit
def lowest(a, b):
    """A fraction in lowest terms."""
    x, y = a, b
    while y:
        x, y = y, x % y
    return a // x, b // x


@jit
def instalment(principal, rate, year, days, n, rounding):
    """The equal instalment, or -1 if the estimate does not decide how it rounds.

    P x g_1...g_n / sum over k of g_(k+1)...g_n; all terms are positive, so that the
    relative error stays below four roundings a period.
    """
    if rate == 0:
        return divide(principal, n, rounding)
    unit = rate / (float(NANO) * year)
    whole, parts = 1.0, 0.0
    for k in range(n):
        growth = 1.0 + unit * days[k]
        whole *= growth
        parts = parts * growth + 1.0
    estimate = principal * whole / parts
    if estimate >= EXACT_FLOAT:
        return np.int64(-1)
    error = estimate * (4.0 * n + 16.0) * EPSILON
    below = np.floor(estimate)
    rest = estimate - below
    if rounding in (UP, DOWN):
        if rest <= error or rest >= 1.0 - error:
            return np.int64(-1)
        return np.int64(below) + (1 if rounding == UP else 0)
    if abs(rest - 0.5) <= error:
        return np.int64(-1)
    return np.int64(below) + (1 if rest > 0.5 else 0)


@jit
def share_of(terms, days):
    """Interest of so many days on one minor unit, in lowest terms."""
    return lowest(terms[RATE] * days, NANO * year_of(terms))


@jit
def narrow(principal, top):
    """Whether a principal times the top of a share stays in 64 bits."""
    return np.float64(principal) * np.float64(top) < SAFE


@jit
def plan_bullet(terms, days, n, principal, interest):
    """One row: interest rounded once for the whole term."""
    top, below = share_of(terms, days[:n].sum())
    if not narrow(terms[PRINCIPAL], top):
        return False
    principal[0] = terms[PRINCIPAL]
    interest[0] = divide(terms[PRINCIPAL] * top, below, terms[ROUNDING])
    return True


@jit
def plan_rows(terms, days, n, principal, interest):
    """Principal and interest of each row; False if it cannot be done exactly."""
    balance, rounding, method = terms[PRINCIPAL], terms[ROUNDING], terms[METHOD]
    level = np.int64(0)
    if method == EQUAL_INSTALMENT:
        level = instalment(balance, terms[RATE], year_of(terms), days, n, rounding)
        if level < 0:
            return False
    elif method != INTEREST_ONLY:
        level = divide(balance, n, rounding)
    top, below = np.int64(0), np.int64(1)
    before = np.int64(-1)
    for k in range(n):
        if days[k] != before:
            before = days[k]
            top, below = share_of(terms, before)
            if not narrow(terms[PRINCIPAL], top):
                return False
        base = terms[PRINCIPAL] if method == FLAT else balance
        cost = divide(base * top, below, rounding)
        own = level - cost if method == EQUAL_INSTALMENT else level
        own = balance if k == n - 1 else max(np.int64(0), min(own, balance))
        principal[k] = own
        interest[k] = cost
        balance -= own
    return True


@jit
def plausible(terms):
    """Whether the terms are ones the reference would not refuse."""
    return (
        terms[PRINCIPAL] > 0
        and 0 <= terms[RATE] <= MOST_RATE
        and 1 <= terms[PERIODS] <= MOST_PERIODS
        and 1 <= terms[EVERY] <= MOST_EVERY
        and terms[DAY_COUNT] >= 0
        and FIRST_DAY < terms[DISBURSED_ON] < terms[FIRST_DUE_ON] < LAST_DAY
    )


@jit
def plan(terms, due, days, principal, interest):
    """Make one plan; False if it must be made by the reference.

    `due` and `days` are room for as many periods; the amounts are its own rows.
    """
    if not plausible(terms):
        return False
    n = terms[PERIODS]
    regular = write_due(terms, n, due)
    start = terms[DISBURSED_ON]
    for k in range(n):
        days[k] = days_of(terms, start, due[k], regular)
        start, regular = due[k], True
    if terms[METHOD] == BULLET:
        due[0] = due[n - 1]
        return plan_bullet(terms, days, n, principal, interest)
    return plan_rows(terms, days, n, principal, interest)


@nb.njit(cache=True, nogil=True, error_model="numpy")
def run(begin, end, terms, bounds, due_on, principal, interest, made):
    """Make the plans `begin` to `end`; `made` says which could be."""
    due = np.zeros(MOST_PERIODS, np.int64)
    days = np.zeros(MOST_PERIODS, np.int64)
    for i in range(begin, end):
        first, last = bounds[i], bounds[i + 1]
        own = principal[first:last]
        made[i] = plan(terms[i], due, days, own, interest[first:last])
        if made[i]:
            for k in range(last - first):
                due_on[first + k] = due[k]
