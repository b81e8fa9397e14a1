"""Loss given default: which loans defaulted when, what they owed, what came after."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, Final, Protocol

import numpy as np
import numpy.typing as npt
import psycopg
import pyarrow.compute as pc

from daihou.columnar.portfolio.counting import Flags
from daihou.columnar.portfolio.cube import Rows, added
from daihou.engine.basics.rounding import HALF_EVEN, divide
from daihou.engine.metrics.losses import SCALE, worth
from daihou.kit.portfolio import Asked, Point
from daihou.nightly.errors import NotCounted
from daihou.nightly.portfolio.rows import Book, grouped, in_order
from daihou.nightly.stores.months import Row
from daihou.nightly.stores.parquet import PositionFiles
from daihou.tables import months as shape

Array = npt.NDArray[Any]
Connection = psycopg.Connection[Any]
# A metric, and for how many months money counts.
METRICS: Final = {f"loss_given_default_{n}": n for n in (12, 24)}
LATE: Final = 90  # days past due; more is a default
_BAD: Final = shape.CLASSES.index("substandard")
_DAY: Final = timedelta(days=1)
_RATES_SQL: Final = "select id, annual_rate from ledger_loan where id = any(%s)"
# What is taken back of money that came before the default is not of this time either.
_CAME_SQL: Final = """
select d.place - 1, y.paid_on - d.as_of, sum(y.amount)::bigint
from unnest(%s::bigint[], %s::date[]) with ordinality d(loan_id, as_of, place)
join ledger_payment y on y.loan_id = d.loan_id and y.paid_on > d.as_of
left join ledger_payment o on o.id = y.reversal_of_id
where coalesce(o.paid_on, y.paid_on) > d.as_of
group by 1, 2 order by 1, 2
"""


class Ledger(Protocol):
    """What the losses ask of the ledger about loans (our numbers, sorted)."""

    def owed(self, row: Row, loans: Array) -> Array:
        """All that each loan owed on the last day of a month."""

    def rates(self, loans: Array) -> Sequence[Decimal]:
        """The yearly rate of each contract."""

    def came(
        self, loans: Array, since: Sequence[date]
    ) -> Sequence[tuple[int, int, int]]:
        """Place of the loan, days since the day of that place, money; in that order."""


@dataclass(frozen=True, slots=True)
class OfHome:
    """A `Ledger` over one database and the positions of closed days."""

    connection: Connection
    positions: PositionFiles

    def owed(self, row: Row, loans: Array) -> Array:
        """From the positions of the day; NightError where the file is gone."""
        near = (pc.field("loan_id") >= loans[0]) & (pc.field("loan_id") <= loans[-1])
        columns = ("loan_id", "outstanding_total")
        day = self.positions.read(
            row.as_of, row.positions, columns=columns, filters=near
        )
        ids, owed = (day[name].to_numpy() for name in columns)
        if not len(ids):
            return np.zeros(len(loans), np.int64)
        place = np.minimum(np.searchsorted(ids, loans), len(ids) - 1)
        found: Array = np.where(ids[place] == loans, owed[place], 0)
        return found

    def rates(self, loans: Array) -> Sequence[Decimal]:
        """From the register."""
        told = dict(self.connection.execute(_RATES_SQL, (loans.tolist(),)).fetchall())
        return [told[each] for each in loans.tolist()]

    def came(
        self, loans: Array, since: Sequence[date]
    ) -> Sequence[tuple[int, int, int]]:
        """From the payments, less what of them was taken back."""
        return self.connection.execute(
            _CAME_SQL, (loans.tolist(), list(since))
        ).fetchall()


@dataclass(frozen=True, slots=True)
class Defaults:
    """The first default of each loan, by month and loan, and the money after it.

    `rate` counts into `rates`; `place` of a payment into the defaults.
    """

    loan_id: Array
    period: Array
    exposure: Array
    rate: Array
    rates: Sequence[Decimal]
    place: Array
    days: Array
    amount: Array


def defaults(
    book: Book, ledger: Ledger, *, currency: str, late: int = LATE
) -> Defaults:
    """Every default that the complete months of the book saw begin.

    More than `late` days past due is one. In the first of them nobody can tell since
    when a loan has been so; nor, in the first with classes, since when a class is bad.
    """
    old: Array = np.zeros(0, np.int64)
    ids, periods, owed, since = [], [], [], []
    graded = False
    for n, row in enumerate(_complete(book)):
        rows = book.rows(
            row,
            Asked("", currency=currency),
            ("state", "dpd", "asset_class"),
            whole=True,
        )
        told = _defaulted(rows, late, by_class=graded or not row.classes)
        fresh = rows.of("loan_id")[told]
        fresh = fresh[~np.isin(fresh, old, assume_unique=True)]
        bad = _defaulted(rows, late, by_class=True)
        old = np.union1d(old, rows.of("loan_id")[bad])
        graded = graded or bool(row.classes)
        if not n or not len(fresh):
            continue
        exposure = ledger.owed(row, fresh)
        fresh, exposure = fresh[exposure > 0], exposure[exposure > 0]
        ids.append(fresh)
        owed.append(exposure)
        periods.append(np.full(len(fresh), shape.month_number(row.name)))
        since += [row.as_of] * len(fresh)
    if not since:
        none = np.zeros(0, np.int64)
        return Defaults(none, none, none, none, (), none, none, none)
    loans = np.concatenate(ids)
    said = ledger.rates(loans)
    rates = sorted(set(said))
    at = {rate: n for n, rate in enumerate(rates)}
    money = np.array(ledger.came(loans, since), np.int64).reshape(-1, 3)
    return Defaults(
        loan_id=loans,
        period=np.concatenate(periods),
        exposure=np.concatenate(owed).astype(np.int64),
        rate=np.array([at[rate] for rate in said], np.int64),
        rates=rates,
        place=money[:, 0],
        days=money[:, 1],
        amount=money[:, 2],
    )


def _complete(book: Book) -> list[Row]:
    return [row for row in book.months if row.complete]


def _defaulted(rows: Rows, late: int, *, by_class: bool) -> Flags:
    """More than so many days past due, in a class of bad loans, or written off."""
    state = rows.of("state")
    bad: Flags = rows.of("dpd") > late
    if by_class:
        bad = bad | (rows.of("asset_class") >= _BAD)
    off = state == shape.STATE[shape.WRITTEN_OFF]
    found: Flags = ((state < len(shape.LADDER)) & bad) | off
    return found


@dataclass(frozen=True, slots=True)
class _Month:
    """The defaults of one month that a question is about, and the money that counts.

    `place` are their places, `group` their values of the cut; of the money `of` is the
    place of its loan.
    """

    place: Array
    group: Array
    keys: Sequence[str]
    of: Array
    days: Array
    amount: Array


def _month(book: Book, asked: Asked, told: Defaults, row: Row, within: int) -> _Month:
    at = shape.month_number(row.name)
    first, end = np.searchsorted(told.period, [at, at + 1])
    ids = told.loan_id[first:end]
    rows = book.rows(row, asked, (), whole=True)
    rows = rows.only(np.isin(rows.of("loan_id"), ids))
    group, keys = grouped(rows, asked.by)
    place = first + np.searchsorted(ids, rows.of("loan_id"))
    here = np.zeros(len(told.loan_id), np.bool_)
    here[place] = True
    begin, stop = np.searchsorted(told.place, [first, end])
    of, days = told.place[begin:stop], told.days[begin:stop]
    counts = here[of] & (days <= (_end(at + within) - row.as_of).days)
    amount = told.amount[begin:stop][counts]
    return _Month(place, group, keys, of[counts], days[counts], amount)


def _end(month: int) -> date:
    """The last day of a month counted from year 0."""
    return date((month + 1) // 12, (month + 1) % 12 + 1, 1) - _DAY


def _worth(
    told: Defaults, month: _Month, group: Array, size: int
) -> Iterable[tuple[int, int]]:
    """What the money of each group is worth at default, in parts of SCALE."""
    days = int(month.days.max(initial=0)) + 1
    rate = told.rate[month.of]
    cells, which = np.unique(
        (group * (len(told.rates) + 1) + rate) * days + month.days, return_inverse=True
    )
    sums = added(month.amount, which, len(cells))
    found = [0] * size
    for cell, amount in zip(cells.tolist(), sums, strict=True):
        rest, day = divmod(cell, days)
        line, rate_at = divmod(rest, len(told.rates) + 1)
        found[line] += amount * worth(told.rates[rate_at], day)
    return enumerate(found)


def rate(book: Book, asked: Asked, told: Defaults, *, within: int) -> list[Point]:
    """The loss by month of default; blank until `within` months are over.

    Cuts are those at the end of that month.
    """
    complete = _complete(book)
    last = shape.month_number(complete[-1].name) if complete else 0
    found: dict[str, dict[str, tuple[int, int]]] = defaultdict(dict)
    known: dict[str, bool] = {}
    for row in book.within(asked.since, asked.until):
        if row not in complete[1:]:
            continue
        known[row.name] = shape.month_number(row.name) + within <= last
        month = _month(book, asked, told, row, within)
        owed = added(told.exposure[month.place], month.group, len(month.keys))
        group = np.zeros(len(told.loan_id), np.int64)
        group[month.place] = month.group
        for line, parts in _worth(told, month, group[month.of], len(month.keys)):
            if owed[line] or asked.by is None:
                lost = owed[line] - divide(parts, SCALE, rounding=HALF_EVEN)
                found[month.keys[line]][row.name] = (lost, owed[line])
    return [
        Point(key, name, *(found[key].get(name, (0, 0)) if told_ else (0, 0)), told_)
        for key in in_order(found, asked.by)
        for name, told_ in known.items()
    ]


def loans(
    book: Book,
    asked: Asked,
    told: Defaults,
    *,
    within: int,
    at: str,
    key: str,
    most: int,
) -> list[int]:
    """The loans of a cell on which something was lost, the greatest loss first."""
    row = book.at(at)
    complete = _complete(book)
    if row not in complete[1:]:
        raise NotCounted("point", at=at)
    if shape.month_number(at) + within > shape.month_number(complete[-1].name):
        return []
    month = _month(book, asked, told, row, within)
    if key not in month.keys:
        return []
    worths = dict(_worth(told, month, month.of, len(told.loan_id)))
    lost = [
        (int(told.exposure[place]) * SCALE - worths[place], int(told.loan_id[place]))
        for place, group in zip(month.place.tolist(), month.group.tolist(), strict=True)
        if group == list(month.keys).index(key)
    ]
    lost.sort(key=lambda each: (-each[0], each[1]))
    return [loan for amount, loan in lost if amount > 0][:most]
