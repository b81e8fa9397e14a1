"""Next steps in PostgreSQL: the run that stands, and a row for each customer."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

import adbc_driver_postgresql.dbapi as adbc
import psycopg
import pyarrow as pa

from daihou.columnar.strategy.stepping import Before
from daihou.nightly.stores.columns import days_of, words_of
from daihou.nightly.stores.positions import copy_in

Connection = psycopg.Connection[Any]
LOCK: Final = 0x0DA1_40E3  # one making of steps at a time, whoever starts it
COLUMNS: Final = (
    *("customer_id", "version_id", "row_id", "arm", "segment", "queue", "action"),
    *("action_code", "priority", "open_case", "journey", "journey_step"),
    *("journey_since", "step_since", "next_on", "journey_sets", "alarm", "because"),
)
_STATE: Final = (
    *("customer_id", "journey", "journey_step", "journey_sets", "journey_since"),
    *("step_since", "next_on"),
)
_BEFORE_SQL: Final = """
select customer_id, journey, journey_step,
       case when journey_sets = '{}' then '' else journey_sets::text end as sets,
       journey_since, step_since, next_on
from {table} where journey <> '' order by customer_id
"""
_STANDS, _KEPT = "strategy_step", "strategy_before"


@dataclass(frozen=True, slots=True, kw_only=True)
class NewRun:
    """What a run found, as its row keeps it."""

    as_of: date
    positions: str
    versions: list[int]
    digest: str
    fingerprint: str
    customers: int
    steps: int
    changed: int
    alarms: int
    counts: Mapping[str, Any]
    seconds: float
    at: datetime
    by: str


def lock(connection: Connection) -> bool:
    """Take the lock of the steps for this transaction; False when another has it."""
    row = connection.execute("select pg_try_advisory_xact_lock(%s)", (LOCK,)).fetchone()
    return bool(row and row[0])


def last_run(connection: Connection) -> tuple[date, str] | None:
    """Day and digest of the run whose steps stand; None before the first."""
    row = connection.execute(
        "select as_of, digest from strategy_run where current"
        " order by as_of desc limit 1"
    ).fetchone()
    return (row[0], row[1]) if row else None


def is_again(connection: Connection, as_of: date) -> bool:
    """Whether a day was evaluated already: the steps that stand are those of its end."""
    last = last_run(connection)
    return last is not None and as_of <= last[0]


def before(url: str, *, again: bool) -> Before:
    """Where journeys stood before a day: now, or as kept when it is asked again."""
    with adbc.connect(url) as link, link.cursor() as cursor:
        cursor.execute(_BEFORE_SQL.replace("{table}", _KEPT if again else _STANDS))
        table = cursor.fetch_arrow_table()
    return Before(
        customer_id=table["customer_id"].to_numpy(),
        journey=words_of(table["journey"]),
        step=words_of(table["journey_step"]),
        sets=words_of(table["sets"]),
        since=days_of(table["journey_since"]),
        step_since=days_of(table["step_since"]),
        next_on=days_of(table["next_on"]),
    )


def keep_before(connection: Connection) -> None:
    """Keep where journeys stand, for the day that is evaluated for the first time."""
    listed = ", ".join(_STATE)
    connection.execute(f"delete from {_KEPT}")
    connection.execute(
        f"insert into {_KEPT} ({listed}) select {listed} from {_STANDS}"
        " where journey <> ''"
    )


def write_steps(connection: Connection, steps: pa.Table, *, as_of: date) -> int:
    """Bring strategy_step to `steps`; return how many rows changed or went.

    A row that reads as before is not written; `since` is the day it began to.
    """
    listed = ", ".join(COLUMNS)
    connection.execute(
        "create temporary table if not exists incoming_step on commit delete rows"
        f" as select {listed} from strategy_step with no data"
    )
    copy_in(
        connection,
        f"copy incoming_step ({listed}) from stdin (format csv)",
        steps.select(list(COLUMNS)),
    )
    connection.execute("analyze incoming_step")
    gone = connection.execute(
        "delete from strategy_step s where not exists"
        " (select from incoming_step i where i.customer_id = s.customer_id)"
    ).rowcount
    names = COLUMNS[1:]
    given = ", ".join(f"i.{name}" for name in COLUMNS)
    ours = ", ".join(f"s.{name}" for name in names)
    theirs = ", ".join(f"i.{name}" for name in names)
    updates = ", ".join(f"{name} = excluded.{name}" for name in (*names, "since"))
    written = connection.execute(
        f"insert into strategy_step ({listed}, since) select {given}, %s::date"
        " from incoming_step i left join strategy_step s using (customer_id)"
        f" where s.customer_id is null or ({ours}) is distinct from ({theirs})"
        f" on conflict (customer_id) do update set {updates}",
        (as_of,),
    ).rowcount
    return int(gone) + int(written)


def write_run(connection: Connection, run: NewRun) -> int:
    """Put a run in the place of the one that stood for its date; return its id."""
    connection.execute(
        "update strategy_run set current = false where as_of = %s and current",
        (run.as_of,),
    )
    names = [*NewRun.__dataclass_fields__, "current"]
    values = [getattr(run, name) for name in NewRun.__dataclass_fields__]
    plain = [json.dumps(v) if isinstance(v, dict | list) else v for v in values]
    row = connection.execute(
        f"insert into strategy_run ({', '.join(names)})"
        f" values ({', '.join(['%s'] * len(names))}) returning id",
        [*plain, True],
    ).fetchone()
    assert row is not None
    return int(row[0])
