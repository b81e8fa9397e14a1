"""Limitation and guarantees of all late loans at the end of a closed day, set by set."""

import contextlib
import json
from collections.abc import Iterator
from datetime import date, datetime
from typing import Any, Final

import adbc_driver_postgresql.dbapi as adbc
import numpy as np
import psycopg
import pyarrow as pa
import pyarrow.compute as pc

from daihou.columnar import clocks as columns
from daihou.columnar.clocks import DAY, NO_DAY, Days
from daihou.engine.clocks.channels import is_debit
from daihou.engine.clocks.guarantee import form_of
from daihou.engine.clocks.rules import FINANCIAL, GUARANTEE, LIMITATION, ClockRules
from daihou.engine.clocks.values import Calendar, State
from daihou.engine.rulebook.article import Article
from daihou.kit.legal_clocks import Reckoned
from daihou.nightly.errors import NightError
from daihou.nightly.stores.positions import copy_in

Connection = psycopg.Connection[Any]
LOCK: Final = 0x0DA1_40E2  # one reckoning at a time, whoever starts it
BY_BOOK: Final = "clocks"  # who began the clocks of the book

# A claim is late, or was written off and is still claimed.
_LATE: Final = """
select loan_id from ledger_position where dpd > 0 and status = 'active'
union all
select loan_id from ledger_position where status = 'written_off' and outstanding_total > 0
"""
_CLAIMS_SQL: Final = f"""
select d.loan_id, max(d.due_on) as due_on from ledger_demand d
join ({_LATE}) late on late.loan_id = d.loan_id
where d.kind = 'instalment' and d.begins_on <= date '{{on}}'
  and (d.ends_on is null or d.ends_on > date '{{on}}')
group by 1 order by 1
"""
_PAID_SQL: Final = f"""
with claims as ({_CLAIMS_SQL})
select p.loan_id, p.paid_on, p.channel from claims
join ledger_payment p on p.loan_id = claims.loan_id and p.paid_on >= claims.due_on
where p.amount > 0 and p.reversal_of_id is null and p.kind in ('payment', 'recovery')
  and p.paid_on <= date '{{on}}'
  and not exists (select 1 from ledger_payment r where r.reversal_of_id = p.id
                  and r.paid_on <= date '{{on}}')
order by 1, 2, p.id
"""
_GUARANTORS_SQL: Final = f"""
select distinct on (p.loan_id, p.customer_id) p.loan_id, p.customer_id as party_id,
       c.name, p.guarantee_kind as said, p.guarantee_until as until
from ledger_party p join ({_LATE}) late on late.loan_id = p.loan_id
join ledger_customer c on c.id = p.customer_id
where p.role = 'guarantor' order by 1, 2, p.id
"""
_COLUMNS: Final = (
    *("kind", "loan_id", "party_id", "name", "begins_on", "facts", "state"),
    *("counted_to", "ends_on", "rule", "rule_since", "unverified"),
)
_UPSERT_SQL: Final = """
with told as (select distinct loan_id from clocks_event
              where loan_id is not null and struck_at is null)
insert into clocks_clock as c (kind, loan_id, party_id, name, begins_on, facts, state,
  counted_to, ends_on, rule, rule_since, unverified, customer_id, branch, product,
  officer, told, reckoned_on, started_by, started_at)
select i.kind, i.loan_id, i.party_id, i.name, i.begins_on, i.facts::jsonb, i.state,
  i.counted_to, i.ends_on, i.rule, i.rule_since, i.unverified, l.customer_id, l.branch,
  l.product, l.officer, t.loan_id is not null, %(on)s, %(by)s, %(at)s
from incoming_clock i join ledger_loan l on l.id = i.loan_id
left join told t on t.loan_id = i.loan_id
on conflict (kind, loan_id, party_id) where closed_on is null
  and kind in ('limitation', 'guarantee', 'observation')
do update set begins_on = excluded.begins_on, facts = excluded.facts,
  name = excluded.name, state = excluded.state, counted_to = excluded.counted_to,
  ends_on = excluded.ends_on, rule = excluded.rule, rule_since = excluded.rule_since,
  unverified = excluded.unverified, customer_id = excluded.customer_id,
  branch = excluded.branch, product = excluded.product, officer = excluded.officer,
  reckoned_on = excluded.reckoned_on
where not c.by_hand and not c.told and
  (c.begins_on, c.facts, c.name, c.state, c.counted_to, c.ends_on, c.rule,
   c.rule_since, c.unverified, c.customer_id, c.branch, c.product, c.officer)
  is distinct from
  (excluded.begins_on, excluded.facts, excluded.name, excluded.state,
   excluded.counted_to, excluded.ends_on, excluded.rule, excluded.rule_since,
   excluded.unverified, excluded.customer_id, excluded.branch, excluded.product,
   excluded.officer)
"""
# What is late no more, or guaranteed no more, is looked at no longer.
_CLOSE_SQL: Final = """
update clocks_clock c set closed_on = %(on)s, closed_because = 'paid'
where c.closed_on is null and not c.by_hand and c.kind in ('limitation', 'guarantee')
  and not exists (select 1 from incoming_clock i where i.kind = c.kind
                  and i.loan_id = c.loan_id and i.party_id = c.party_id)
"""
# One that a person began runs while anything is owed to us; money taken back, or a
# transfer undone, opens it again.
_CLOSE_BY_HAND_SQL: Final = """
update clocks_clock c set closed_on = %(on)s, closed_because = 'paid'
where c.closed_on is null and c.by_hand and c.kind in ('limitation', 'guarantee')
  and exists (select 1 from ledger_position p
              where p.loan_id = c.loan_id
              and (p.outstanding_total <= 0 or p.status = 'transferred'))
"""
_OPEN_BY_HAND_SQL: Final = """
update clocks_clock c set closed_on = null, closed_because = '', alarm = null
where c.closed_because = 'paid' and c.by_hand and c.kind in ('limitation', 'guarantee')
  and not exists (select 1 from clocks_clock n where n.kind = c.kind and n.id > c.id
                  and n.loan_id = c.loan_id and n.party_id = c.party_id)
  and exists (select 1 from ledger_position p
              where p.loan_id = c.loan_id
              and p.outstanding_total > 0 and p.status <> 'transferred')
"""


class Reckoner:
    """A `kit.legal_clocks.Reckoner` over one database."""

    def __init__(self, *, url: str) -> None:
        """Connects anew for each call; `url` is read by psycopg and ADBC alike."""
        self.url = url

    def reckon(
        self, as_of: date, *, rules: ClockRules, calendar: Calendar | None, at: datetime
    ) -> Reckoned:
        """Reckon the clocks of all late claims; see `kit.legal_clocks.Reckoner`."""
        with self._locked() as connection:
            table = self._made(as_of, rules, calendar)
            return _written(connection, table, as_of, at=at)

    @contextlib.contextmanager
    def _locked(self) -> Iterator[Connection]:
        with (
            psycopg.connect(self.url, autocommit=True) as connection,
            connection.transaction(),
        ):
            row = connection.execute(
                "select pg_try_advisory_xact_lock(%s)", (LOCK,)
            ).fetchone()
            if not row or not row[0]:
                raise NightError("clocks_busy")
            yield connection

    def _made(
        self, as_of: date, rules: ClockRules, calendar: Calendar | None
    ) -> pa.Table:
        """The clocks of the day as rows of `_COLUMNS`."""
        claims = self._read(_CLAIMS_SQL, as_of)
        loans = claims["loan_id"].to_numpy()
        due_on = _days(claims["due_on"])
        made = [_empty()]
        found = _limitation(
            self._read(_PAID_SQL, as_of), loans, due_on, rules, calendar
        )
        article = rules.get(LIMITATION)
        if found is not None and article is not None:
            doubted = _doubted(article, found, "years")
            made.append(
                _rows("limitation", loans, due_on, found, article, as_of, doubted)
            )
        guarantors = self._read(_GUARANTORS_SQL, as_of)
        made.append(_guarantees(guarantors, loans, due_on, rules, calendar, as_of))
        return pa.concat_tables(made)

    def _read(self, sql: str, as_of: date) -> pa.Table:
        with adbc.connect(self.url) as link, link.cursor() as cursor:
            cursor.execute(sql.replace("{on}", as_of.isoformat()))
            return cursor.fetch_arrow_table()


def _days(column: pa.ChunkedArray) -> Days:
    numbers = column.cast(pa.date32()).cast(pa.int32())
    found: Days = pc.fill_null(numbers, 0).to_numpy().astype(np.int64).astype(DAY)
    if column.null_count:
        found[column.is_null().to_numpy()] = NO_DAY
    return found


def _limitation(
    paid: pa.Table,
    loans: Any,
    due_on: Days,
    rules: ClockRules,
    calendar: Calendar | None,
) -> columns.Ends | None:
    """Ends after the payments that interrupt; a debit does so for banks and the like."""
    if rules.licence not in FINANCIAL and paid.num_rows:
        said = paid["channel"].combine_chunks().dictionary_encode()
        debits = [is_debit(each or "") for each in said.dictionary.to_pylist()]
        is_one = np.array([*debits, False])[said.indices.fill_null(len(debits))]
        paid = paid.filter(pa.array(~is_one))
    of = paid["loan_id"].to_numpy()
    places = np.searchsorted(loans, of).astype(np.int64)
    places[places >= len(loans)] = 0
    known = loans[places] == of if len(loans) else np.zeros(len(of), np.bool_)
    heard_on = _days(paid["paid_on"])
    return columns.limitation(
        due_on, places[known], heard_on[known], rules, calendar=calendar
    )


def _guarantees(
    guarantors: pa.Table,
    loans: Any,
    due_on: Days,
    rules: ClockRules,
    calendar: Calendar | None,
    as_of: date,
) -> pa.Table:
    of = guarantors["loan_id"].to_numpy()
    places = np.searchsorted(loans, of)
    places[places >= len(loans)] = 0
    known = loans[places] == of if len(loans) else np.zeros(len(of), np.bool_)
    guarantors, places = guarantors.filter(pa.array(known)), places[known]
    until, due = _days(guarantors["until"]), due_on[places]
    found = columns.guarantees(due, until, rules, calendar=calendar)
    article = rules.get(GUARANTEE)
    if found is None or article is None or not guarantors.num_rows:
        return _empty()
    doubted = _doubted(article, found, "months_if_silent")
    if article.is_doubted("silent_if_not_after_due"):
        doubted = doubted | (until <= due)  # never so where nothing was agreed
    made = _rows("guarantee", loans[places], due, found, article, as_of, doubted)
    facts = [
        _facts_json(said or "", agreed)
        for said, agreed in zip(
            guarantors["said"].to_pylist(), guarantors["until"].to_pylist(), strict=True
        )
    ]
    for name, column in (
        ("party_id", guarantors["party_id"].cast(pa.int64())),
        ("name", guarantors["name"].cast(pa.string())),
        ("facts", pa.array(facts, pa.string())),
    ):
        at = made.column_names.index(name)
        made = made.set_column(at, made.schema.field(at), column)
    return made


def _facts_json(said: str, agreed: date | None) -> str:
    told = {"form": form_of(said), "agreed_until": agreed and agreed.isoformat()}
    return json.dumps({name: value for name, value in told.items() if value})


_SCHEMA: Final = pa.schema(
    [
        ("kind", pa.string()),
        ("loan_id", pa.int64()),
        ("party_id", pa.int64()),
        ("name", pa.string()),
        ("begins_on", pa.date32()),
        ("facts", pa.string()),
        ("state", pa.string()),
        ("counted_to", pa.date32()),
        ("ends_on", pa.date32()),
        ("rule", pa.string()),
        ("rule_since", pa.date32()),
        ("unverified", pa.bool_()),
    ]
)


def _empty() -> pa.Table:
    return _SCHEMA.empty_table()


def _rows(
    kind: str,
    loans: Any,
    begins_on: Days,
    found: columns.Ends,
    article: Article,
    as_of: date,
    doubted: Any,
) -> pa.Table:
    """Rows of one kind; the state is read off the days."""
    day = np.datetime64(as_of, "D")
    state = np.where(day < begins_on, State.NOT_BEGUN.value, State.RUNNING.value)
    state = np.where(day > found.ends_on, State.EXPIRED.value, state)
    many = len(loans)
    return pa.table(
        [
            pa.repeat(kind, many),
            pa.array(loans, pa.int64()),
            pa.repeat(pa.scalar(0, pa.int64()), many),
            pa.repeat("", many),
            pa.array(begins_on, pa.date32()),
            pa.repeat("{}", many),
            pa.array(state.tolist(), pa.string()),
            pa.array(found.counted_to, pa.date32()),
            pa.array(found.ends_on, pa.date32()),
            pa.repeat(article.rule, many),
            pa.repeat(pa.scalar(article.begins_on, pa.date32()), many),
            pa.array(doubted, pa.bool_()),
        ],
        schema=_SCHEMA,
    )


def _doubted(article: Article, found: columns.Ends, length: str) -> Any:
    """Which ends rest on what nobody has seen in the text: the length, or a holiday."""
    doubted = np.full(len(found.ends_on), article.is_doubted(length))
    if article.is_doubted("moves_off_holidays"):
        doubted |= found.ends_on != found.counted_to
    return doubted


def _written(
    connection: Connection, table: pa.Table, as_of: date, *, at: datetime
) -> Reckoned:
    """Bring the rows to what was made; only those that differ are written."""
    listed = ", ".join(_COLUMNS)
    connection.execute(
        "create temporary table incoming_clock on commit drop as select kind, loan_id,"
        " party_id, name, begins_on, ''::text as facts, state, counted_to, ends_on,"
        " rule, rule_since, unverified from clocks_clock with no data"
    )
    copy_in(
        connection,
        f"copy incoming_clock ({listed}) from stdin (format csv)",
        table.select(list(_COLUMNS)),
    )
    connection.execute("analyze incoming_clock")
    told = {"on": as_of, "by": BY_BOOK, "at": at}
    opened = connection.execute(_OPEN_BY_HAND_SQL).rowcount
    changed = connection.execute(_UPSERT_SQL, told).rowcount + opened
    closed = connection.execute(_CLOSE_SQL, told).rowcount
    closed += connection.execute(_CLOSE_BY_HAND_SQL, told).rowcount
    return Reckoned(table.num_rows, changed, closed)
