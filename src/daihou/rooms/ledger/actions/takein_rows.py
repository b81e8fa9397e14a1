"""Rows that carry their sender's id: added, changed as a new version, or the same."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from psycopg import sql

from daihou.rooms.ledger.actions import staging
from daihou.rooms.ledger.actions.staging import Taken
from daihou.rooms.ledger.actions.takein_targets import ID_COLUMNS, TARGETS, Target
from daihou.tables.intake import KEYS, TABLES


@dataclass(frozen=True)
class Counts:
    """What taking rows in did, in rows."""

    added: int = 0
    changed: int = 0
    unchanged: int = 0

    def __add__(self, other: "Counts") -> "Counts":
        """Both together."""
        return Counts(
            self.added + other.added,
            self.changed + other.changed,
            self.unchanged + other.unchanged,
        )


@dataclass(frozen=True)
class Done:
    """What taking one table in did: by number of the file, and altogether.

    `since` is the earliest date from which what loans owe may now be another; None
    where nothing of that kind changed.
    """

    files: Mapping[int, Counts]
    since: date | None = None

    @property
    def total(self) -> Counts:
        """All files together."""
        return sum(self.files.values(), start=Counts())


def done(rows: Iterable[Sequence[Any]]) -> Done:
    """Read (file, added, changed, unchanged, since) rows."""
    listed = list(rows)
    dates = [row[4] for row in listed if row[4] is not None]
    return Done({row[0]: Counts(*row[1:4]) for row in listed}, min(dates, default=None))


def take(
    cursor: Any,
    table: str,
    taken: Taken,
    *,
    source: str,
    batch_id: int,
    at: datetime,
    zone: str,
    today: date,
    refers: Mapping[str, str],
) -> Done:
    """Stage, compare by digest, keep what changed in the history, write; count.

    `refers` names the source in which a loan or a customer is looked up. A loan
    written off without a day is so since `today`, or since we first heard of it.
    """
    target = TARGETS[table]
    staging.copy(cursor, taken, into=f"sent_{table}")
    place = _Place(source=source, at=at, zone=zone, refers=refers)
    cursor.execute(_wanted(table, target, taken, place))
    cursor.execute(f"ANALYZE wanted_{table}")
    if table == "loans":
        cursor.execute(_WRITTEN_OFF_ON, [today])
        cursor.execute(_LOANS_SINCE)
    counts = _counted(cursor, table, target)
    if counts.total.added or counts.total.changed:
        cursor.execute(_history(table, target), [at, batch_id])
        if table == "loans":
            cursor.execute(_LOANS_BEGIN)
        cursor.execute(_written(table, target, source=source, batch_id=batch_id))
        if table == "payments":
            # First the links that end: two reversals may have changed places.
            cursor.execute(_UNLINKED, [source, source])
            cursor.execute(_LINKED, [source, source])
    return counts


@dataclass(frozen=True)
class _Place:
    """From whom rows come and when; where what they refer to is looked up."""

    source: str
    at: datetime
    zone: str
    refers: Mapping[str, str]

    def elsewhere(self, target: Target) -> str:
        """The other sources this table's rows refer to, as a word; '' for none."""
        names = [ref.rstrip("?") for ref in target.refs.split()]
        return ",".join(
            f"{name}={self.refers[name]}"
            for name in names
            if self.refers[name] != self.source
        )


def _id(table: str, taken: Taken) -> str:
    """The sender's id; a table without one is known by its key columns."""
    if table in ID_COLUMNS:
        return f"s.{ID_COLUMNS[table]}"
    keys = ", ".join(f"s.{taken.exact.get(key, key)}" for key in KEYS[table])
    return f"md5(ROW({keys})::text)"


def _wanted(table: str, target: Target, taken: Taken, place: _Place) -> sql.Composed:
    """The rows as the ledger will hold them, beside what it holds now."""
    names = {"at": sql.Literal(place.at), "zone": sql.Literal(place.zone)}
    columns = [
        *(
            sql.SQL(f"{ref.rstrip('?')}.id AS {ref.rstrip('?')}_id")
            for ref in target.refs.split()
            if not ref.endswith("?")
        ),
        *(sql.SQL(_optional(table, ref)) for ref in target.refs.split() if "?" in ref),
        *(sql.SQL(f"coalesce(s.{name}, '') AS {name}") for name in target.text.split()),
        *(sql.SQL(f"s.{name}") for name in target.plain.split()),
        *(
            sql.SQL(text).format(**names) + sql.SQL(f" AS {name}")
            for name, text in target.computed.items()
        ),
    ]
    same_table = (
        f" AND h.\"table\" = '{table}'" if "side_fact" in target.db_table else ""
    )
    was = f"h.{target.happened}" if target.happened else "NULL::date"
    return sql.SQL(
        """
        CREATE TEMP TABLE {wanted} ON COMMIT DROP AS
        SELECT w.*, h.id AS known_id, {was} AS known_on,
               CASE WHEN h.id IS NULL THEN 'added' WHEN h.digest <> w.digest
               THEN 'changed' ELSE 'same' END AS state
        FROM (
            SELECT {id} AS external_id, {columns}, {attributes} AS attributes,
                   {digest} AS digest, s.sent_file, {extra}
            FROM {sent} s {joins}
        ) w
        LEFT JOIN {db_table} h ON h.source = {source}
             AND h.external_id = w.external_id {same_table}
        """
    ).format(
        wanted=sql.Identifier(f"wanted_{table}"),
        was=sql.SQL(was),
        id=sql.SQL(_id(table, taken)),
        columns=sql.SQL(", ").join(columns),
        attributes=staging.attributes(taken),
        digest=staging.digest(taken, table=table, refers_to=place.elsewhere(target)),
        extra=sql.SQL("s.reversal_of" if table == "payments" else "0 AS nothing"),
        sent=sql.Identifier(f"sent_{table}"),
        joins=_joins(table, target, place.refers),
        db_table=sql.Identifier(target.db_table),
        source=sql.Literal(place.source),
        same_table=sql.SQL(same_table),
    )


def _has(table: str, ref: str) -> bool:
    """Whether a side table names the customer or the loan."""
    return any(column.name == f"{ref}_id" for column in TABLES[table])


def _optional(table: str, ref: str) -> str:
    name = ref.rstrip("?")
    if _has(table, name):
        return f"{name}.id AS {name}_id"
    return f"NULL::bigint AS {name}_id"


def _joins(table: str, target: Target, refers: Mapping[str, str]) -> sql.Composable:
    joins = []
    for ref in target.refs.split():
        name = ref.rstrip("?")
        if "?" in ref and not _has(table, name):
            continue
        kind = "LEFT JOIN" if "?" in ref else "JOIN"
        joins.append(
            sql.SQL(
                f"{kind} ledger_{name} {name} ON {name}.source = {{}}"
                f" AND {name}.external_id = s.{name}_id"
            ).format(sql.Literal(refers[name]))
        )
    return sql.SQL(" ").join(joins)


_WRITTEN_OFF_ON = """
    UPDATE wanted_loans w SET closed_on = coalesce(
        (SELECT h.closed_on FROM ledger_loan h
         WHERE h.id = w.known_id AND h.status = 'written_off'),
        greatest(w.disbursed_on, %s))
    WHERE w.status = 'written_off' AND w.closed_on IS NULL
"""
# A loan of which only words changed (officer, branch ...) needs no new night; one
# that changed its status counts from the day of it, any other from its first day. A
# status without a day counts from the first day too, so both it and its correction do.
_LOANS_SINCE = """
    UPDATE wanted_loans w SET known_on = CASE
        WHEN ROW(h.product, h.currency, h.principal, h.annual_rate, h.disbursed_on,
                 h.penalty_multiplier) IS DISTINCT FROM
             ROW(w.product, w.currency, w.principal, w.annual_rate, w.disbursed_on,
                 w.penalty_multiplier) THEN least(h.disbursed_on, w.disbursed_on)
        WHEN ROW(h.status, h.closed_on) IS NOT DISTINCT FROM
             ROW(w.status, w.closed_on) THEN NULL
        WHEN (h.status <> 'active' AND h.closed_on IS NULL)
             OR (w.status <> 'active' AND w.closed_on IS NULL) THEN w.disbursed_on
        ELSE coalesce(least(h.closed_on, w.closed_on), w.disbursed_on)
        END
    FROM ledger_loan h WHERE h.id = w.known_id AND w.state = 'changed'
"""
# The plan a loan began with begins with it, also when that day is corrected.
_LOANS_BEGIN = """
    UPDATE ledger_demand d SET begins_on = w.disbursed_on
    FROM wanted_loans w JOIN ledger_loan h ON h.id = w.known_id
    WHERE w.state = 'changed' AND w.disbursed_on <> h.disbursed_on
          AND d.loan_id = h.id AND d.kind = 'instalment' AND d.schedule = 1
          AND d.begins_on = h.disbursed_on
          AND (d.ends_on IS NULL OR d.ends_on > w.disbursed_on)
"""
_UNLINKED = """
    UPDATE ledger_payment p SET reversal_of_id = NULL
    FROM wanted_payments w LEFT JOIN ledger_payment o
         ON o.source = %s AND o.external_id = w.reversal_of
    WHERE p.source = %s AND p.external_id = w.external_id AND w.state = 'changed'
          AND p.reversal_of_id IS NOT NULL AND p.reversal_of_id IS DISTINCT FROM o.id
"""
_LINKED = """
    UPDATE ledger_payment p SET reversal_of_id = o.id
    FROM wanted_payments w JOIN ledger_payment o
         ON o.source = %s AND o.external_id = w.reversal_of
    WHERE p.source = %s AND p.external_id = w.external_id AND w.state <> 'same'
          AND p.reversal_of_id IS DISTINCT FROM o.id
"""


def _counted(cursor: Any, table: str, target: Target) -> Done:
    since = "NULL::date"
    if target.happened:
        fresh = f"CASE WHEN state = 'added' THEN {target.happened} END"
        moved = (
            "known_on" if table == "loans" else f"least(known_on, {target.happened})"
        )
        since = f"min(least({fresh}, CASE WHEN state = 'changed' THEN {moved} END))"
    cursor.execute(
        f"""
        SELECT sent_file, count(*) FILTER (WHERE state = 'added'),
               count(*) FILTER (WHERE state = 'changed'),
               count(*) FILTER (WHERE state = 'same'), {since}
        FROM wanted_{table} GROUP BY sent_file
        """
    )
    return done(cursor.fetchall())


def _history(table: str, target: Target) -> str:
    return f"""
        INSERT INTO ledger_row_history
               ("table", row_id, version, content, replaced_at, batch_id)
        SELECT '{target.db_table.removeprefix("ledger_")}', h.id, h.version,
               to_jsonb(h) - 'digest', %s, %s
        FROM {target.db_table} h JOIN wanted_{table} w ON w.known_id = h.id
        WHERE w.state = 'changed'
    """


def _written(table: str, target: Target, *, source: str, batch_id: int) -> sql.Composed:
    names = target.columns
    kept = ", ".join(names)
    sets = ", ".join(f"{name} = excluded.{name}" for name in names)
    unique = "source, external_id"
    if "side_fact" in target.db_table:
        unique = '"table", source, external_id'
    return sql.SQL(
        f"""
        INSERT INTO {target.db_table} AS kept
               (source, external_id, version, batch_id, digest, attributes, {kept})
        SELECT {{source}}, external_id, 1, {{batch}}, digest, attributes, {kept}
        FROM wanted_{table} WHERE state <> 'same'
        ON CONFLICT ({unique}) DO UPDATE SET
            version = kept.version + 1, batch_id = excluded.batch_id,
            digest = excluded.digest, attributes = excluded.attributes, {sets}
        """
    ).format(source=sql.Literal(source), batch=sql.Literal(batch_id))
