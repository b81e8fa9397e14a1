"""Facts out of PostgreSQL: loans, demands and payments of one moment, as Arrow."""

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final

import adbc_driver_postgresql.dbapi as adbc
import numpy as np
import psycopg
import pyarrow as pa
import pyarrow.compute as pc

from daihou.columnar.settle import Settler
from daihou.engine.basics.money import NANO, nano
from daihou.engine.rulebook.policy import Mode, Policy
from daihou.nightly.digests import digest_of, table_digest
from daihou.nightly.rules import Rules

RATE: Final = 10**8  # annual_rate has eight decimals, penalty_multiplier four
TIMES: Final = 10**4

LOANS_SQL = f"""
select id as loan_id, product, customer_id, currency, principal, disbursed_on,
       status, closed_on as status_on, (annual_rate * {RATE})::bigint as rate,
       (penalty_multiplier * {TIMES})::bigint as multiplier
from ledger_loan order by id
"""
DEMANDS_SQL = """
select loan_id, id as demand_id, seq, due_on, begins_on, ends_on, principal,
       interest, fee {paid} {opened}
from ledger_demand
"""
PAID_SQL = ", paid_principal, paid_interest, paid_fee, paid_penalty"
# Only rows made of others have a day on which they open; no book of none pays for it.
OPENED_SQL = ", coalesce(opens_on, '0001-01-01') as opens_on"
WAIVERS_SQL = """
select loan_id, id as waiver_id, waived_on, ends_on, component, amount, demand_id, moved
from ledger_waiver
"""
STEPS_SQL = """
select loan_id, begins_on, penalty_rate_nano from ledger_rate_step
order by loan_id, begins_on, id
"""
# A reversal is no payment of its own: it ends the one it reverses, on its own day.
PAYMENTS_SQL = """
select p.loan_id, p.id as payment_id, p.paid_on, r.paid_on as ends_on, p.amount
from ledger_payment p
left join (select reversal_of_id, min(paid_on) as paid_on from ledger_payment
           where reversal_of_id is not null group by 1) r on r.reversal_of_id = p.id
where p.reversal_of_id is null
"""
# What changes when any row of the register does.
REGISTER_VERSION_SQL = """
select count(*), coalesce(sum(xmin::text::bigint), 0) from ledger_loan
union all select count(*), coalesce(sum(xmin::text::bigint), 0) from ledger_customer
"""
# What changes when anything in the facts does: rows come, go, or get a new xmin.
VERSION_SQL = " union all ".join(
    f"select count(*), coalesce(sum(xmin::text::bigint), 0) from {table}"
    for table in (
        "ledger_loan",
        "ledger_demand",
        "ledger_payment",
        "ledger_waiver",
        "ledger_rate_step",
    )
)


def _plain(table: pa.Table) -> pa.Table:
    """Without the driver's notes on each column."""
    fields = [pa.field(each.name, each.type) for each in table.schema]
    return table.cast(pa.schema(fields))


def _key(table: pa.Table, columns: tuple[str, ...]) -> Any:
    """Loan, day and number packed into one integer for sorting; None if too big."""
    loan = table["loan_id"].to_numpy()
    day = table[columns[0]].cast(pa.int32()).to_numpy().astype(np.int64) + 2**19
    key = loan << 20 | day
    if loan.max(initial=0) >= 2**31 or day.max(initial=0) >= 2**20:
        return None
    if len(columns) == 2:
        seq = table[columns[1]].to_numpy().astype(np.int64)
        if seq.max(initial=0) >= 2**11 or seq.min(initial=0) < 0:
            return None
        key = key << 11 | seq
    return key


def put_in_order(table: pa.Table, *columns: str) -> pa.Table:
    """Sort by loan_id, then `columns` (a date, perhaps a number), then the last id.

    Rows mostly come in order already, or in order of their ids; that is looked at
    first because sorting millions of rows costs more than reading them.
    """
    *leading, number = columns
    key = _key(table, tuple(leading))
    ids = table[number].to_numpy()
    if key is None:
        names = ("loan_id", *columns)
        return table.sort_by([(name, "ascending") for name in names])
    same = key[1:] == key[:-1]
    if bool((key[1:] >= key[:-1]).all()) and bool((ids[1:] > ids[:-1])[same].all()):
        return table
    if not bool((ids[1:] > ids[:-1]).all()):
        order = np.lexsort((ids, key))
    else:
        order = np.argsort(key, kind="stable")
    return table.take(pa.array(order))


@dataclass(frozen=True, slots=True)
class Snapshot:
    """All facts of one moment. Rates are still the loan's own (see `settler`)."""

    loans: pa.Table
    demands: pa.Table
    payments: pa.Table
    waivers: pa.Table
    rate_steps: pa.Table
    digest: str
    _settlers: dict[str, Settler] = field(default_factory=dict)

    @property
    def rows(self) -> int:
        """Rows read."""
        tables = (self.loans, self.demands, self.payments, self.waivers)
        return sum(table.num_rows for table in tables)

    def settler(self, rules: Rules, *, as_of: date) -> Settler:
        """The book under the terms in force on `as_of`, kept until they change."""
        key = rules.digest(as_of)
        if key not in self._settlers:
            policies = rules.policies_on(as_of)
            self._settlers.clear()
            self._settlers[key] = Settler(
                loans=self.loans.append_column(
                    "penalty_rate_nano", penalty_rates(self.loans, policies)
                ),
                demands=self.demands,
                payments=self.payments,
                waivers=self.waivers,
                rate_steps=self.rate_steps,
                policies_on=lambda _day: policies,
            )
        return self._settlers[key]


def penalty_rates(loans: pa.Table, policies: Mapping[str, Policy]) -> pa.Array:
    """Yearly rate of 罚息 per 10**9: the loan's rate x its or the product's multiple.

    Exact, rounded half even to the nano once (engine.basics.money.nano).
    """
    product = loans["product"].combine_chunks().dictionary_encode()
    multiples = [
        nano(policies[name].penalty.multiplier) * TIMES // NANO
        if name in policies
        else 0
        for name in product.dictionary.to_pylist()
    ]
    usual = np.array(multiples or [0], np.int64)[product.indices.to_numpy()]
    own = loans["multiplier"]
    given = own.is_valid().to_numpy()
    multiple = np.where(given, pc.fill_null(own, 0).to_numpy(), usual)
    product_of = loans["rate"].to_numpy() * multiple
    part = RATE * TIMES // NANO
    quotient, rest = product_of // part, product_of % part
    up = (2 * rest > part) | ((2 * rest == part) & (quotient % 2 == 1))
    return pa.array(quotient + up)


def _fetch(url: str, snapshot: str, statements: list[str]) -> list[pa.Table]:
    with adbc.connect(url, autocommit=False) as link, link.cursor() as cursor:
        cursor.execute("set transaction isolation level repeatable read, read only")
        cursor.execute(f"set transaction snapshot '{snapshot}'")
        found = []
        for statement in statements:
            cursor.execute(statement)
            found.append(_plain(cursor.fetch_arrow_table()))
        return found


def read_snapshot(
    connection: psycopg.Connection[Any], url: str, *, rules: Rules, as_of: date
) -> Snapshot:
    """Read all facts as `connection`'s repeatable-read transaction sees them."""
    row = connection.execute("select pg_export_snapshot()").fetchone()
    assert row is not None
    snapshot = row[0]
    policies = rules.policies_on(as_of)
    names = [
        r[0] for r in connection.execute("select distinct product from ledger_loan")
    ]
    mirror = any(n in policies and policies[n].mode is Mode.MIRROR for n in names)
    found = connection.execute("select exists(select 1 from ledger_waiver where moved)")
    (moved,) = found.fetchone() or (False,)
    demands_sql = DEMANDS_SQL.format(
        paid=PAID_SQL if mirror or moved else "", opened=OPENED_SQL if moved else ""
    )
    with ThreadPoolExecutor(2) as pool:
        most = pool.submit(_fetch, url, snapshot, [demands_sql])
        others = [LOANS_SQL, PAYMENTS_SQL, WAIVERS_SQL, STEPS_SQL]
        rest = pool.submit(_fetch, url, snapshot, others)
        loans, payments, waivers, steps = rest.result()
        payments = put_in_order(payments, "paid_on", "payment_id")
        (demands,) = most.result()
    demands = put_in_order(demands, "due_on", "seq", "demand_id")
    waivers = put_in_order(waivers, "waived_on", "waiver_id")
    tables = [loans, demands, payments]
    tables += [table for table in (waivers, steps) if table.num_rows]
    return Snapshot(
        loans=loans,
        demands=demands,
        payments=payments,
        waivers=waivers,
        rate_steps=steps,
        digest=digest_of(*map(table_digest, tables)),
    )


@dataclass(slots=True)
class FactStore:
    """Facts kept in this process for as long as nobody else writes.

    First the transaction counter is looked at: if only our own transactions came
    since, nothing can have changed. If others came, the versions of the fact
    tables are compared; only when those differ are the facts read again.
    """

    url: str
    rules: Rules
    held: Snapshot | None = None
    _seen: tuple[int, ...] = ()
    _version: tuple[Any, ...] = ()
    _own: int = 0

    def wrote(self, connection: psycopg.Connection[Any]) -> None:
        """Count this transaction as our own; to be called before it commits."""
        sql = "select pg_current_xact_id_if_assigned() is not null"
        row = connection.execute(sql).fetchone()
        assert row is not None
        self._own += int(row[0])

    def untouched(self, connection: psycopg.Connection[Any]) -> bool:
        """Whether no transaction but ours has written since facts were last checked."""
        now = self._horizon(connection)
        return bool(self._seen) and now == (self._seen[0] + self._own,) * 2

    def _horizon(self, connection: psycopg.Connection[Any]) -> tuple[int, int]:
        row = connection.execute(
            "select pg_snapshot_xmin(s)::text::bigint, pg_snapshot_xmax(s)::text::bigint"
            " from pg_current_snapshot() s"
        ).fetchone()
        assert row is not None
        return row[0], row[1]

    def current(self, connection: psycopg.Connection[Any], *, as_of: date) -> Snapshot:
        """The facts as this repeatable-read transaction sees them."""
        if self.held is not None and self.untouched(connection):
            return self.held
        low, high = self._horizon(connection)
        version = tuple(connection.execute(VERSION_SQL).fetchall())
        if self.held is None or version != self._version:
            self.held = None  # make room first
            self.held = read_snapshot(
                connection, self.url, rules=self.rules, as_of=as_of
            )
        self._version = version
        self._own = 0
        self._seen = (high,) if low == high else ()
        return self.held
