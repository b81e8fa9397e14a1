"""Cash on loans while they are in a case: liquidation curves and what came in a month.

A payment belongs to the case in which its loan was on the day it was paid; of two that
meet on one day to the later, so that no money counts twice. Money that went back counts
below nothing in the case of the payment it takes back, when it went back.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from fractions import Fraction
from math import isqrt
from typing import Any, Final

from daihou.kit.portfolio import Asked, Axis, Cut, Point, Series
from daihou.nightly.portfolio.rows import age_of
from daihou.nightly.portfolio.work.terms import (
    OF_PLACED,
    Connection,
    Horizon,
    Terms,
    horizon,
    month_name,
    month_number,
    month_of,
    series_of,
    terms,
    within,
)

LIQUIDATION: Final = "liquidation_amount"
COLLECTED: Final = "collected_in_cases"
METRICS: Final = frozenset({LIQUIDATION, COLLECTED})
_SURE: Final = Fraction(196, 100)  # standard errors that hold 95 of 100
_YEAR: Final = 12  # months a pooled line shows at least, if there are so many twice
_SCALE: Final = 10**9  # ends of a band are told in this part of one
_PLACED: Final = """
select m.id, m.loan_id, m.since, m.until, m.outstanding as balance,
  {key} as key, {cohort} as cohort
from casework_loan m join casework_case c on c.id = m.case_id
join ledger_loan l on l.id = m.loan_id {customer}
where l.currency = %(currency)s and m.outstanding > 0 and m.since < %(before)s
  and {where}
"""
_CUSTOMER: Final = "join ledger_customer u on u.id = l.customer_id"
_CAME: Final = """
select p.id, p.loan_id, p.key, p.cohort, p.balance, {paid} as month,
  sum(y.amount) as amount
from placed p join ledger_payment y on y.loan_id = p.loan_id
  and y.paid_on >= p.since and y.paid_on < %(before)s
left join ledger_payment o on o.id = y.reversal_of_id
where (p.until is null or coalesce(o.paid_on, y.paid_on) <= p.until)
  and coalesce(o.paid_on, y.paid_on) >= p.since
  and not exists (select from casework_loan n where n.loan_id = p.loan_id
                  and n.since <= coalesce(o.paid_on, y.paid_on)
                  and (n.since, n.id) > (p.since, p.id))
group by 1, 2, 3, 4, 5, 6
"""
# The squares of what had come of each loan grow as money comes: for the band.
_CURVES: Final = """
select key, cohort, month - cohort, sum(amount), sum(amount * balance),
  sum(total * total - (total - amount) * (total - amount))
from (select *, sum(amount) over (partition by id order by month) as total
      from came) x
group by 1, 2, 3
"""
_STOCK: Final = """
select key, cohort, count(*), sum(balance), sum(balance::numeric * balance)
from placed where cohort <= %(last)s group by 1, 2
"""
# A loan that was twice in a case in a month owed what it did at the later time.
_MONTHLY: Final = """
select key, g.month, sum(balance) from (
  select key, cohort, least(ends, later - 1) as last, sum(balance) as balance
  from (select key, cohort, balance, coalesce({until}, %(running)s) as ends,
          lead(cohort) over (partition by loan_id order by since, id) as later
        from placed p) x
  group by 1, 2, 3) y
cross join lateral generate_series(cohort, last) g(month)
group by 1, 2
"""


@dataclass(slots=True)
class Pool:
    """Loans placed together, and what came of them by age."""

    loans: int = 0
    balance: int = 0
    squares: int = 0  # of the balances
    came: dict[int, tuple[int, int, int]] = field(default_factory=dict)


@dataclass(slots=True)
class _Sum:
    """Pools of several months added up, with what came up to an age."""

    loans: int = 0
    balance: int = 0
    squares: int = 0
    cash: int = 0
    cross: int = 0
    cash_squares: int = 0


def _given(asked: Asked, known: Horizon, **more: Any) -> tuple[Terms, str]:
    """The terms, and the head of a statement: `placed` and the money that `came`."""
    whole = asked.metric == COLLECTED  # the month that still runs too
    before = known.as_of + timedelta(days=1) if whole else known.begins
    told = terms(
        *(asked, OF_PLACED, known),
        last=known.last,
        running=known.month,
        before=before,
        **more,
    )
    by_customer = Cut.REGION in (asked.by, *asked.only)
    placed = _PLACED.format(
        key=told.key,
        cohort=month_of("m.since"),
        customer=_CUSTOMER if by_customer else "",
        where=told.where,
    )
    came = _CAME.format(paid=month_of("y.paid_on"))
    # On its own first, so that only the payments after a loan joined are looked at.
    return told, f"with placed as materialized ({placed}), came as ({came})"


def series(connection: Connection, asked: Asked) -> Series:
    """Liquidation by age since placement, or what came in each month of the loans."""
    known = horizon(connection)
    if asked.metric == COLLECTED:
        return series_of(asked, Axis.MONTH, _months(connection, asked, known), known)
    if asked.by is Cut.HALF:
        told = pools(connection, replace(asked, by=Cut.COHORT), known)
        points = _side_by_side(told, asked, known)
    else:
        points = _curves(pools(connection, asked, known), asked, known)
    return series_of(asked, Axis.AGE, points, known)


def pools(
    connection: Connection, asked: Asked, known: Horizon
) -> Mapping[tuple[str, int], Pool]:
    """What was placed in each month that is over, by key, and what came of it."""
    told, head = _given(asked, known)
    found: dict[tuple[str, int], Pool] = defaultdict(Pool)
    rows: Iterable[Sequence[Any]] = connection.execute(head + _STOCK, told.given)
    for key, cohort, loans_, balance, squares in rows:
        if within(asked, cohort):
            found[key, cohort] = Pool(loans_, int(balance), int(squares))
    for key, cohort, age, *sums in connection.execute(head + _CURVES, told.given):
        if within(asked, cohort):
            cash, cross, squares = (int(each) for each in sums)
            found[key, cohort].came[age] = cash, cross, squares
    return found


def _curves(
    told: Mapping[tuple[str, int], Pool], asked: Asked, known: Horizon
) -> Iterable[Point]:
    """A line for each month of placement; of another cut its months together."""
    oldest = min((cohort for _, cohort in told), default=known.last)
    span = known.last - oldest
    if asked.by in (None, Cut.COHORT):
        for (_, cohort), pool in told.items():
            yield from _line(month_name(cohort), [pool], known.last - cohort, span)
        return
    lines: dict[str, list[Pool]] = defaultdict(list)
    months = _old_enough(told, asked, known)
    for (key, cohort), pool in told.items():
        if cohort in months:
            lines[key].append(pool)
    reached = min((known.last - cohort for cohort in months), default=0)
    for key, several in lines.items():
        yield from _line(key, several, reached, reached)


def _old_enough(
    told: Mapping[tuple[str, int], Pool], asked: Asked, known: Horizon
) -> Sequence[int]:
    """The months of placement that are pooled, in order.

    The same loans at every age, or a line would move as months drop out of it.
    """
    cohorts = sorted({cohort for _, cohort in told})
    span = known.last - min(cohorts, default=known.last)
    youngest = known.last if asked.until else known.last - min(_YEAR, span // 2)
    return [cohort for cohort in cohorts if cohort <= youngest]


def _halves(
    told: Mapping[tuple[str, int], Pool], asked: Asked, known: Horizon
) -> Mapping[str, Sequence[int]]:
    """The earlier and the later months of placement; nothing of one month alone."""
    months = _old_enough(told, asked, known)
    half = len(months) // 2
    return {"earlier": months[:half], "later": months[half:]} if half else {}


def _side_by_side(
    told: Mapping[tuple[str, int], Pool], asked: Asked, known: Horizon
) -> Iterable[Point]:
    """Early against late placements, up to the age that all of them have reached."""
    halves = _halves(told, asked, known)
    reached = known.last - max((max(each) for each in halves.values()), default=0)
    for key, months in halves.items():
        several = [pool for (_, cohort), pool in told.items() if cohort in months]
        yield from _line(key, several, reached, reached)


def _line(
    key: str, several: Sequence[Pool], reached: int, last: int
) -> Iterable[Point]:
    """Every age up to `last`; those after `reached` are not known yet."""
    total = _Sum()
    for pool in several:
        total.loans += pool.loans
        total.balance += pool.balance
        total.squares += pool.squares
    for age in range(last + 1):
        if age > reached:
            yield Point(key, str(age), 0, total.balance, known=False)
            continue
        for pool in several:
            cash, cross, squares = pool.came.get(age, (0, 0, 0))
            total.cash += cash
            total.cross += cross
            total.cash_squares += squares
        low, high = band(total)
        yield Point(key, str(age), total.cash, total.balance, low=low, high=high)


def band(told: _Sum) -> tuple[Fraction | None, Fraction | None]:
    """The 95 % band of cash over balance, loans as the sample; None of one loan alone.

    The usual variance of a ratio of two sums: n / (n - 1) times the sum of squares of
    what each loan's cash differs from its share, over the squared balance. Not below 0.
    """
    if told.loans < 2:
        return None, None
    rate = Fraction(told.cash, told.balance)
    spread = (
        told.cash_squares - 2 * rate * told.cross + rate * rate * told.squares
    ) / told.balance**2
    variance = spread * told.loans / (told.loans - 1)
    error = Fraction(isqrt(int(variance * _SCALE**2)), _SCALE)
    low, high = rate - _SURE * error, rate + _SURE * error
    return max(Fraction(0), _rounded(low)), _rounded(high)


def _rounded(value: Fraction) -> Fraction:
    return Fraction(round(value * _SCALE), _SCALE)


def _months(connection: Connection, asked: Asked, known: Horizon) -> Iterable[Point]:
    told, head = _given(asked, known)
    owed = _MONTHLY.format(until=month_of("p.until"))
    whole = {
        (key, month): int(balance)
        for key, month, balance in connection.execute(head + owed, told.given)
    }
    came = "select key, month, sum(amount) from came group by 1, 2"
    cash = {
        (key, month): int(amount)
        for key, month, amount in connection.execute(head + came, told.given)
    }
    for key, month in sorted({*whole, *cash}):
        if within(asked, month):
            part = cash.get((key, month), 0)
            yield Point(key, month_name(month), part, whole.get((key, month), 0))


def loans(
    connection: Connection, asked: Asked, *, at: str, key: str, most: int
) -> Sequence[int]:
    """The loans on which the money of a cell came, the most first."""
    known = horizon(connection)
    if asked.metric == LIQUIDATION and asked.by is None:
        asked = replace(asked, by=Cut.COHORT)
    line = "key = %(wanted)s"
    months: Sequence[int] = ()
    if asked.by is Cut.HALF:
        asked = replace(asked, by=Cut.COHORT)
        halves = _halves(pools(connection, asked, known), asked, known)
        line, months = "cohort = any(%(months)s)", halves.get(key, ())
    told, head = _given(asked, known, wanted=key, most=most)
    told.given["months"] = list(months)
    if asked.metric == COLLECTED:
        told.given["at"] = month_number(at)
        cell = "month = %(at)s"
    else:
        told.given["at"] = age_of(at)
        cell = "month - cohort <= %(at)s"
        cell += " and cohort + %(at)s <= %(last)s"
    for name, sign in (("since", ">="), ("until", "<=")):
        limit = getattr(asked, name)
        if limit and asked.metric == LIQUIDATION:
            told.given[name] = month_number(limit)
            cell += f" and cohort {sign} %({name})s"
    rows = connection.execute(
        f"{head} select loan_id, sum(amount) from came where {line} and {cell}"
        " group by 1 order by 2 desc, 1 limit %(most)s",
        told.given,
    ).fetchall()
    return [row[0] for row in rows]
