"""Rows of the day-end room as the night writes them: dates, runs, steps, changes."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final

import psycopg

Connection = psycopg.Connection[Any]
LOCK: Final = 0x0DA1_40E0  # one night at a time, whoever starts it
OPEN_STATES: Final = ("waiting", "running", "failed")


@dataclass(frozen=True, slots=True)
class Run:
    """One day-end of one date, as it stands."""

    id: int
    as_of: date
    kind: str
    inputs_digest: str
    rules_digest: str
    fingerprint: str
    reason: str = ""

    @property
    def again(self) -> bool:
        """Whether the date was closed before."""
        return self.kind == "again"


def lock(connection: Connection) -> bool:
    """Take the night's lock for this session; False when another has it."""
    row = connection.execute("select pg_try_advisory_lock(%s)", (LOCK,)).fetchone()
    return bool(row and row[0])


def unlock(connection: Connection) -> None:
    """Give the night's lock back."""
    connection.execute("select pg_advisory_unlock(%s)", (LOCK,))


def business_date(connection: Connection) -> date | None:
    """The open day, or None before the first."""
    row = connection.execute(
        "select business_date from dayend_business_date"
    ).fetchone()
    return row[0] if row else None


def set_business_date(connection: Connection, on: date, *, today: date) -> None:
    """Move the open day; `simulated` is true while it lies past the real one."""
    connection.execute(
        "insert into dayend_business_date (id, business_date, simulated) "
        "values (1, %(on)s, %(simulated)s) on conflict (id) do update "
        "set business_date = %(on)s, simulated = %(simulated)s",
        {"on": on, "simulated": on > today},
    )


def current(connection: Connection) -> Mapping[date, str]:
    """The fingerprint that stands for each closed date."""
    sql = "select as_of, fingerprint from dayend_run where current"
    return dict(connection.execute(sql).fetchall())


def standing(
    connection: Connection, as_of: date, *, before: bool = False
) -> tuple[date, str] | None:
    """Date and fingerprint that stand for `as_of`, or for the last date before it."""
    sign = "<" if before else "="
    row = connection.execute(
        f"select as_of, fingerprint from dayend_run where current and as_of {sign} %s"
        " order by as_of desc limit 1",
        (as_of,),
    ).fetchone()
    return (row[0], row[1]) if row else None


def first_closed(connection: Connection) -> date | None:
    """The earliest closed date."""
    row = connection.execute(
        "select min(as_of) from dayend_run where current"
    ).fetchone()
    return row[0] if row else None


def put_in_line(
    connection: Connection, since: date, *, at: datetime, by: str, reason: str
) -> int | None:
    """Put every closed date from `since` in line to be run again; the first run's id."""
    row = connection.execute(
        "with added as (insert into dayend_run (as_of, kind, state, current, started_at,"
        " inputs_digest, rules_digest, fingerprint, loans, plan, reason, by)"
        " select as_of, 'again', 'waiting', false, %(at)s, '', '', '', 0, '{}',"
        " %(reason)s, %(by)s from dayend_run done where current and as_of >= %(since)s"
        " and not exists (select 1 from dayend_run r where r.as_of = done.as_of"
        " and r.state = any(%(open)s)) order by as_of returning id, as_of)"
        " select id from added order by as_of limit 1",
        {
            "at": at,
            "by": by,
            "reason": reason,
            "since": since,
            "open": list(OPEN_STATES),
        },
    ).fetchone()
    return row[0] if row else None


def ask_again(
    connection: Connection, as_of: date, *, at: datetime, by: str, reason: str
) -> None:
    """Put one closed date in line, unless it is already."""
    connection.execute(
        "insert into dayend_run (as_of, kind, state, current, started_at, inputs_digest,"
        " rules_digest, fingerprint, loans, plan, reason, by)"
        " select %(as_of)s, 'again', 'waiting', false, %(at)s, '', '', '', 0, '{}',"
        " %(reason)s, %(by)s where not exists (select 1 from dayend_run"
        " where as_of = %(as_of)s and state = any(%(open)s))",
        {
            "as_of": as_of,
            "at": at,
            "by": by,
            "reason": reason,
            "open": list(OPEN_STATES),
        },
    )


def late_since(connection: Connection, on: date) -> date | None:
    """The earliest day before the open one of which facts came in unnoticed."""
    row = connection.execute(
        "select min(happened_on) from ledger_change"
        " where consumed_by is null and happened_on < %s",
        (on,),
    ).fetchone()
    return row[0] if row else None


def facts_mark(connection: Connection) -> str:
    """Which notes of changed facts there are; another text once another one came."""
    row = connection.execute(
        "select count(*), coalesce(max(id), 0) from ledger_change"
    ).fetchone()
    assert row is not None
    return f"{row[0]}-{row[1]}"


def take_in(connection: Connection, run_id: int, until: date, *, before: bool) -> None:
    """Mark the changes up to `until` (excluded with `before`) as taken in by a run."""
    sign = "<" if before else "<="
    connection.execute(
        "update ledger_change set consumed_by = %s"
        f" where consumed_by is null and happened_on {sign} %s",
        (run_id, until),
    )


def next_open(connection: Connection) -> Run | None:
    """The earliest run that is in line or was broken off."""
    row = connection.execute(
        "select id, as_of, kind, inputs_digest, rules_digest, fingerprint, reason"
        " from dayend_run where state = any(%s) order by as_of, id limit 1",
        (list(OPEN_STATES),),
    ).fetchone()
    return Run(*row) if row else None


def begin(connection: Connection, as_of: date, *, at: datetime, by: str) -> Run:
    """A first run of the open day."""
    row = connection.execute(
        "insert into dayend_run (as_of, kind, state, current, started_at, inputs_digest,"
        " rules_digest, fingerprint, loans, plan, reason, by)"
        " values (%s, 'first', 'running', false, %s, '', '', '', 0, '{}', '', %s)"
        " returning id",
        (as_of, at, by),
    ).fetchone()
    assert row is not None
    return Run(row[0], as_of, "first", "", "", "")


def frozen(connection: Connection, run: Run, *, inputs: str, rules: str) -> None:
    """Keep what a run goes by; steps of another attempt are forgotten."""
    if (run.inputs_digest, run.rules_digest) != (inputs, rules):
        connection.execute("delete from dayend_step where run_id = %s", (run.id,))
        connection.execute(
            "delete from dayend_bucket_move where run_id = %s", (run.id,)
        )
        connection.execute(
            "update dayend_run set fingerprint = '' where id = %s", (run.id,)
        )
    connection.execute(
        "update dayend_run set state = 'running', error = null, inputs_digest = %s,"
        " rules_digest = %s where id = %s",
        (inputs, rules, run.id),
    )


def step(
    connection: Connection,
    run: Run,
    name: str,
    *,
    at: datetime,
    seconds: float,
    rows: int,
) -> None:
    """Write down that a step is done."""
    connection.execute(
        "insert into dayend_step (run_id, name, started_at, seconds, rows)"
        " values (%s, %s, %s, %s, %s) on conflict (run_id, name) do update set"
        " started_at = excluded.started_at, seconds = excluded.seconds,"
        " rows = excluded.rows",
        (run.id, name, at, round(seconds, 4), rows),
    )


def computed(connection: Connection, run: Run, plan: Mapping[str, Any]) -> None:
    """Keep the plan of a run and the moves between buckets."""
    connection.execute(
        "update dayend_run set plan = %s, loans = %s where id = %s",
        (json.dumps(plan), plan["loans"], run.id),
    )
    connection.execute("delete from dayend_bucket_move where run_id = %s", (run.id,))
    with connection.cursor() as cursor:
        cursor.executemany(
            "insert into dayend_bucket_move (run_id, from_bucket, to_bucket, currency,"
            " loans, outstanding_principal, overdue_total) values (%(run_id)s,"
            " %(from_bucket)s, %(to_bucket)s, %(currency)s, %(loans)s,"
            " %(outstanding_principal)s, %(overdue_total)s)",
            [{"run_id": run.id, **move} for move in plan["moves"]],
        )


def published(connection: Connection, run: Run, fingerprint: str) -> None:
    """Keep which file a run left."""
    connection.execute(
        "update dayend_run set fingerprint = %s where id = %s", (fingerprint, run.id)
    )


def close(connection: Connection, run: Run, fingerprint: str, *, at: datetime) -> None:
    """Let this run stand for its date; the one before is superseded."""
    connection.execute(
        "update dayend_run set current = false, state = 'superseded'"
        " where as_of = %s and current and id <> %s",
        (run.as_of, run.id),
    )
    connection.execute(
        "update dayend_run set current = true, state = 'done', error = null,"
        " fingerprint = %s, finished_at = %s where id = %s",
        (fingerprint, at, run.id),
    )


def failed(connection: Connection, run: Run, *, error: Mapping[str, Any]) -> None:
    """Write down what broke a run off; it is taken up again next time."""
    connection.execute(
        "update dayend_run set state = 'failed', error = %s where id = %s",
        (json.dumps(error), run.id),
    )


def tell_begun(connection: Connection, on: date, *, at: datetime, by: str) -> None:
    """The event of a first business date, as the office writes it."""
    connection.execute(
        "insert into audit_event (type, subject_type, subject_id, actor, recorded_at,"
        " business_date, happened_on, reason, request_id, payload)"
        " values ('business_date.set', 'business_date', '1', %s, %s, %s, null, '', '',"
        " %s)",
        (by, at, on, json.dumps({"on": on.isoformat()})),
    )


def tell(
    connection: Connection,
    run: Run,
    *,
    at: datetime,
    by: str,
    payload: Mapping[str, Any],
) -> None:
    """The event of a closed day, in the log of everything."""
    connection.execute(
        "insert into audit_event (type, subject_type, subject_id, actor, recorded_at,"
        " business_date, happened_on, reason, request_id, payload)"
        " values (%s, 'dayend.run', %s, %s, %s, %s, %s, '', '', %s)",
        (
            "dayend.run_again" if run.again else "dayend.closed",
            str(run.id),
            by,
            at,
            run.as_of,
            run.as_of,
            json.dumps(payload),
        ),
    )


def days(first: date, last: date) -> Sequence[date]:
    """Every date from `first` to `last`, both included."""
    return [first + timedelta(days=n) for n in range((last - first).days + 1)]
