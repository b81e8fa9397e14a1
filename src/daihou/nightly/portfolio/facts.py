"""What a month is counted from: register, cash, first instalments, what was lost."""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any, Final

import adbc_driver_postgresql.dbapi as adbc
import numpy as np
import psycopg
import pyarrow as pa
import pyarrow.compute as pc

from daihou.columnar.portfolio.months import Array, Told, words_column
from daihou.nightly.stores.facts import REGISTER_VERSION_SQL
from daihou.tables import months as shape

Connection = psycopg.Connection[Any]
# Positions of a day, by columns and loans (sorted); an empty table: not closed.
ReadDay = Callable[[date, Sequence[str], Array], pa.Table]
_REGISTER_SQL: Final = """
select l.id as loan_id, l.product, l.branch, l.officer, l.channel, c.region,
       l.currency, l.disbursed_on, l.principal as disbursed,
       l.customer_id, l.status, l.closed_on
from ledger_loan l join ledger_customer c on c.id = l.customer_id order by l.id
"""
_CASH_SQL: Final = """
select loan_id, sum(amount)::bigint as value from ledger_payment
where paid_on >= '{since}' and paid_on <= '{until}' group by 1 order by 1
"""
# Money before the write-off is no recovery, nor what of it was taken back later.
_RECOVERED_SQL: Final = """
select y.loan_id, sum(y.amount)::bigint as value
from ledger_loan l join ledger_payment y on y.loan_id = l.id
left join ledger_payment o on o.id = y.reversal_of_id
where l.status = 'written_off' and l.closed_on <= '{until}'
  and y.paid_on >= '{since}' and y.paid_on <= '{until}'
  and coalesce(o.paid_on, y.paid_on) > l.closed_on
group by 1 order by 1
"""
# What may come late on loans that are off the book, whose positions do not move.
_LATE_SQL: Final = """
select to_char(y.paid_on, 'YYYY-MM'), count(*), sum(y.amount)::bigint, max(y.id)
from ledger_loan l join ledger_payment y on y.loan_id = l.id
where l.status = 'written_off' and y.paid_on > l.closed_on and y.paid_on <= %s
group by 1
"""
_ARMS_SQL: Final = """
select customer_id, string_agg(experiment || ':' || arm, ' + ' order by experiment)
from strategy_enrolment where since <= %s group by 1
"""
_FIRST_SQL: Final = """
select distinct on (d.loan_id) d.loan_id, d.due_on, d.principal
from ledger_demand d where d.kind = 'instalment' and d.seq = 1
  and d.due_on >= %s and d.due_on <= %s and d.begins_on <= d.due_on and (d.ends_on is null or d.ends_on > d.due_on)
order by d.loan_id, d.schedule
"""
_LONGEST: Final = timedelta(days=max(shape.FIRST_PAYMENTS))
_DAY: Final = timedelta(days=1)


@dataclass(slots=True)
class Register:
    """Every loan, kept in this process for as long as no row changes."""

    url: str
    _held: pa.Table | None = None
    _version: list[tuple[Any, ...]] = field(default_factory=list)

    def current(self, connection: Connection) -> pa.Table:
        """Every loan there is; looked at before it is read, so never too new."""
        version = connection.execute(REGISTER_VERSION_SQL).fetchall()
        if self._held is None or version != self._version:
            self._held, self._version = None, version  # make room first
            self._held = _in_form(_fetched(self.url, _REGISTER_SQL))
        return self._held


def _fetched(url: str, sql: str) -> pa.Table:
    with adbc.connect(url) as link, link.cursor() as cursor:
        cursor.execute(sql)
        return cursor.fetch_arrow_table()


def _in_form(table: pa.Table) -> pa.Table:
    """The register with its words as codes and its cohorts as numbers."""
    made: dict[str, Any] = {"loan_id": table["loan_id"].combine_chunks()}
    for name in ("product", "branch", "officer", "channel", "region", "currency"):
        made[name] = words_column(table[name])
    day = table["disbursed_on"]
    cohort = pc.add(pc.multiply(pc.year(day), 12), pc.subtract(pc.month(day), 1))
    made["cohort"] = cohort.cast(pa.int32())
    for name in ("disbursed", "customer_id"):
        made[name] = table[name].cast(pa.int64())
    made["closed_on"] = table["closed_on"].cast(pa.date32())
    made["status"] = words_column(table["status"])
    return pa.table(made)


def lived(register: pa.Table, positions: pa.Table) -> pa.Table:
    """The loans of the register that have a position."""
    ids = positions["loan_id"]
    if len(ids) == register.num_rows and ids.equals(register["loan_id"]):
        return register
    return register.filter(pc.is_in(register["loan_id"], value_set=ids))


def of_month(register: pa.Table, connection: Connection, *, as_of: date) -> pa.Table:
    """The register of the loans there were, with their debtors' arms of experiments."""
    found = connection.execute(_ARMS_SQL, (as_of,)).fetchall()
    if found:
        customers, arms = zip(*found, strict=True)
        place = pc.index_in(register["customer_id"], value_set=pa.array(customers))
        words = pa.chunked_array([pa.array(arms, pa.string())]).take(place)
    else:
        words = pa.chunked_array([pa.repeat("", register.num_rows)])
    made = {
        "loan_id": register["loan_id"],
        **{name: words_column(register[name]) for name in shape.CUTS[:5]},
        "strategy": words_column(words),
        "currency": words_column(register["currency"]),
        "cohort": register["cohort"],
        "disbursed": register["disbursed"],
    }
    return pa.table(made)


def cash(url: str, *, since: date, until: date) -> Told:
    """What came for each loan in these days, both included, less what was taken back."""
    return _sums(_fetched(url, _CASH_SQL.format(since=since, until=until)))


def came_late(connection: Connection, *, until: date) -> Mapping[str, str]:
    """By month, a mark of the money on loans written off that came up to a day."""
    rows = connection.execute(_LATE_SQL, (until,)).fetchall()
    return {month: repr(sums) for month, *sums in rows}


def recovered(url: str, *, since: date, until: date) -> Told:
    """The part of `cash` that came after the day its loan was written off."""
    return _sums(_fetched(url, _RECOVERED_SQL.format(since=since, until=until)))


def _sums(table: pa.Table) -> Told:
    if not table.num_rows:
        return Told.nothing()
    return Told(table["loan_id"].to_numpy(), table["value"].to_numpy())


def lost(register: pa.Table, *, since: date, until: date, read: ReadDay) -> Told:
    """The principal left on the eve of the day a loan was written off or transferred."""
    ended = pc.is_in(register["status"].cast(pa.string()), pa.array(_OFF))
    within = pc.and_(
        pc.greater_equal(register["closed_on"], pa.scalar(since)),
        pc.less_equal(register["closed_on"], pa.scalar(until)),
    )
    off = register.filter(pc.fill_null(pc.and_(ended, within), fill_value=False))
    found: dict[int, int] = {}
    days: dict[date, list[int]] = defaultdict(list)
    for loan, on in zip(
        off["loan_id"].to_pylist(), off["closed_on"].to_pylist(), strict=True
    ):
        days[on - _DAY].append(loan)
    columns = ("loan_id", "outstanding_principal")
    for eve, loans in sorted(days.items()):
        day = read(eve, columns, np.array(sorted(loans), np.int64))
        left = day["outstanding_principal"].to_pylist()
        found |= dict(zip(day["loan_id"].to_pylist(), left, strict=True))
    return _told(found)


_OFF: Final = (shape.WRITTEN_OFF, shape.TRANSFERRED)


def _told(found: Mapping[int, int]) -> Told:
    loans = sorted(found)
    values = [found[loan] for loan in loans]
    return Told(np.array(loans, np.int64), np.array(values, np.int64))


def first_payments(
    register: pa.Table,
    connection: Connection,
    *,
    since: date,
    until: date,
    read: ReadDay,
) -> Mapping[int, Told]:
    """Whether the first instalments that can be judged now were so many days late.

    As `engine.metrics.first_payment`: n days late is what was unpaid at the end of
    the day before due + n, known from the end of due + n on. For one day that is the
    due day itself, at whose end nothing is late yet: there the amounts tell, later
    the days past due do.
    """
    # What falls due first is asked of the demands: a register may say otherwise.
    told = connection.execute(_FIRST_SQL, (since - _LONGEST, until)).fetchall()
    paid_out = Told(register["loan_id"].to_numpy(), register["disbursed"].to_numpy())
    ids = np.array([loan for loan, _, _ in told], np.int64)
    amounts = paid_out.of(ids, otherwise=-1).tolist()
    rows = [(*row, n) for row, n in zip(told, amounts, strict=True) if n >= 0]
    found: dict[int, Told] = {}
    for n in shape.FIRST_PAYMENTS:
        days: dict[date, list[tuple[int, int]]] = defaultdict(list)
        for loan, on, principal, lent in rows:
            if since <= on + n * _DAY <= until:
                days[on + (n - 1) * _DAY].append((loan, lent - principal))
        late: dict[int, int] = {}
        for day, loans in sorted(days.items()):
            late |= _late(day, loans, n, read)
        found[n] = _told(late)
    return found


_LATE_COLUMNS: Final = (
    *("loan_id", "worst_dpd", "outstanding_principal", "outstanding_total"),
)


def _late(
    day: date, loans: Sequence[tuple[int, int]], days: int, read: ReadDay
) -> dict[int, int]:
    """1 for each loan that was late by the end of a day; (loan, owed if it was not)."""
    if not loans:
        return {}
    ordered = sorted(loans)
    ids = np.array([loan for loan, _ in ordered], np.int64)
    told = read(day, _LATE_COLUMNS, ids)
    if not told.num_rows:
        return {}
    here = told["loan_id"].to_numpy()
    if days > 1:
        late = told["worst_dpd"].to_numpy() >= days - 1
    else:
        usual = Told(ids, np.array([rest for _, rest in ordered], np.int64)).of(here)
        left = told["outstanding_principal"].to_numpy()
        late = (left > usual) | (told["outstanding_total"].to_numpy() > left)
    return dict(zip(here.tolist(), late.astype(int).tolist(), strict=True))
