"""Instalments and charges: schedule versions, reported payments, single charges."""

from datetime import date, datetime
from typing import Any

from psycopg import sql

from daihou.rooms.ledger.actions import staging
from daihou.rooms.ledger.actions.staging import Taken
from daihou.rooms.ledger.actions.takein_rows import Done, done
from daihou.rooms.ledger.known import GENERATED

_AMOUNTS = (
    "due_on, principal, interest, fee, paid_principal, paid_interest, paid_fee,"
    " paid_penalty, settled_on, attributes"
)
_COLUMNS = f"loan_id, kind, charge_kind, source_ref, seq, schedule, {_AMOUNTS}"


def take_instalments(
    cursor: Any,
    sent: Taken | None,
    made: Taken | None,
    *,
    batch_id: int,
    at: datetime,
    today: date,
    mirror: list[str],
    loans_of: str,
) -> Done:
    """Take instalment rows in, those sent and those generated (`made`).

    Own mode: a row sent again with another content is corrected in place. Mirror
    mode: the former row ends on `today` (or `effective_on`) and a new one begins, so
    that each date keeps what the core system said then. A higher version ends the
    rows from its first seq on. Rows of `mirror` products are mirrored. Generated
    rows count under file -1. `loans_of` names the source that sent the loans.
    """
    if sent is not None:
        staging.copy(cursor, sent, into="sent_instalments")
    if made is not None:
        staging.copy(cursor, made, into="made_instalments")
    cursor.execute(_wanted(sent, made, loans_of=loans_of, today=today, mirror=mirror))
    cursor.execute(_ANY_BEFORE)
    since_dropped = None
    if cursor.fetchone() == (True,):
        since_dropped = _compare(cursor, at=at, batch_id=batch_id)
    else:
        # Nothing to compare with, as on a first load: every row is new.
        cursor.execute(_ALL_NEW)
    cursor.execute(_COUNTED)
    counts = done(cursor.fetchall())
    if counts.total.added or counts.total.changed:
        _write(cursor, at=at, batch_id=batch_id)
    dates = [day for day in (counts.since, since_dropped) if day is not None]
    return Done(counts.files, min(dates, default=None))


def _wanted(
    sent: Taken | None,
    made: Taken | None,
    *,
    loans_of: str,
    today: date,
    mirror: list[str],
) -> sql.Composed:
    parts: list[sql.Composable] = []
    if sent is not None:
        attributes = staging.attributes_or_null(sent)
        parts.append(
            sql.SQL(_SENT).format(
                attributes=attributes,
                mirror=sql.Literal(mirror),
                today=sql.Literal(today),
            )
            + _from("sent_instalments", loans_of)
        )
    if made is not None:
        parts.append(
            sql.SQL(_MADE).format(ref=sql.Literal(GENERATED))
            + _from("made_instalments", loans_of)
        )
    body = sql.SQL(" UNION ALL ").join(parts)
    head = sql.SQL("CREATE TEMP TABLE wanted_instalments ON COMMIT DROP AS ")
    return head + body


_FROM = (
    " FROM {table} s JOIN ledger_loan l ON l.source = {loans_of}"
    " AND l.external_id = s.loan_id"
)


def _from(table: str, loans_of: str) -> sql.Composable:
    return sql.SQL(_FROM).format(
        table=sql.Identifier(table), loans_of=sql.Literal(loans_of)
    )


_SENT = """
    SELECT l.id AS loan_id, l.product = ANY({mirror}) AS mirrored, '' AS source_ref,
           coalesce(s.version, 1)::int AS schedule, s.seq::int AS seq,
           CASE WHEN coalesce(s.version, 1) > 1
                THEN coalesce(s.effective_on, {today}) ELSE l.disbursed_on
           END AS begins_on,
           coalesce(s.effective_on, {today}) AS reported_on,
           s.due_on, s.principal, s.interest, coalesce(s.fee, 0) AS fee,
           CASE WHEN l.product = ANY({mirror}) THEN coalesce(s.paid_principal, 0)
                ELSE 0 END AS paid_principal,
           CASE WHEN l.product = ANY({mirror}) THEN coalesce(s.paid_interest, 0)
                ELSE 0 END AS paid_interest,
           CASE WHEN l.product = ANY({mirror}) THEN coalesce(s.paid_fee, 0)
                ELSE 0 END AS paid_fee,
           CASE WHEN l.product = ANY({mirror}) THEN coalesce(s.paid_penalty, 0)
                ELSE 0 END AS paid_penalty,
           CASE WHEN l.product = ANY({mirror}) THEN s.settled_on END AS settled_on,
           {attributes} AS attributes, s.sent_file
"""
_MADE = """
    SELECT l.id AS loan_id, false AS mirrored, {ref} AS source_ref, 1 AS schedule,
           s.seq::int AS seq, l.disbursed_on AS begins_on,
           l.disbursed_on AS reported_on, s.due_on, s.principal, s.interest,
           0::bigint AS fee, 0::bigint AS paid_principal, 0::bigint AS paid_interest,
           0::bigint AS paid_fee, 0::bigint AS paid_penalty, NULL::date AS settled_on,
           NULL::jsonb AS attributes, -1 AS sent_file
"""


def _compare(cursor: Any, *, at: datetime, batch_id: int) -> date | None:
    """Set the rows against those we hold; the first day a dropped row was in force."""
    cursor.execute("CREATE INDEX ON wanted_instalments (loan_id, schedule, seq)")
    cursor.execute("ANALYZE wanted_instalments")
    since = _drop_generated(cursor, at=at, batch_id=batch_id)
    cursor.execute(_COMPARED)
    cursor.execute("ANALYZE compared_instalments")
    # A generated schedule that its sender then confirms row by row is the sender's.
    cursor.execute(_CLAIMED, [GENERATED, GENERATED])
    return since


_ANY_BEFORE = """
    SELECT EXISTS (
        SELECT FROM ledger_demand d JOIN (
            SELECT DISTINCT loan_id FROM wanted_instalments
        ) w ON w.loan_id = d.loan_id WHERE d.kind = 'instalment')
"""
_ALL_NEW = """
    ALTER TABLE wanted_instalments ADD COLUMN known_id bigint, ADD COLUMN known_on date,
          ADD COLUMN state text DEFAULT 'added';
    ALTER TABLE wanted_instalments RENAME TO compared_instalments
"""


def _drop_generated(cursor: Any, *, at: datetime, batch_id: int) -> date | None:
    """Take back generated rows that the first version sent, or new terms, lack."""
    cursor.execute(
        """
        CREATE TEMP TABLE dropped_instalments ON COMMIT DROP AS
        SELECT d.id, d.begins_on FROM ledger_demand d
        WHERE d.kind = 'instalment' AND d.source_ref = %s
          AND d.loan_id IN (SELECT loan_id FROM wanted_instalments WHERE schedule = 1)
          AND NOT EXISTS (
              SELECT FROM wanted_instalments w WHERE w.loan_id = d.loan_id
              AND w.schedule = d.schedule AND w.seq = d.seq)
        """,
        [GENERATED],
    )
    cursor.execute("SELECT count(*), min(begins_on) FROM dropped_instalments")
    count, since = cursor.fetchone()
    if count:
        _keep_history(cursor, "dropped_instalments", at=at, batch_id=batch_id)
        cursor.execute(
            "DELETE FROM ledger_demand WHERE id IN (SELECT id FROM dropped_instalments)"
        )
    return since  # type: ignore[no-any-return]


# Of a row reported several times the latest is the one to compare with.
_COMPARED = f"""
    CREATE TEMP TABLE compared_instalments ON COMMIT DROP AS
    SELECT w.*, h.id AS known_id, h.begins_on AS known_on,
           CASE WHEN h.id IS NULL THEN 'added'
                WHEN ROW(w.{_AMOUNTS.replace(", ", ", w.")}) IS NOT DISTINCT FROM
                     ROW(h.{_AMOUNTS.replace(", ", ", h.")}) THEN 'same'
                WHEN w.mirrored AND h.ends_on IS NULL AND h.begins_on < w.reported_on
                THEN 'reported' ELSE 'corrected' END AS state
    FROM wanted_instalments w LEFT JOIN (
        SELECT DISTINCT ON (loan_id, schedule, seq) * FROM ledger_demand
        WHERE kind = 'instalment'
          AND loan_id IN (SELECT loan_id FROM wanted_instalments)
        ORDER BY loan_id, schedule, seq, begins_on DESC
    ) h ON h.loan_id = w.loan_id AND h.schedule = w.schedule AND h.seq = w.seq
"""
_COUNTED = """
    SELECT sent_file, count(*) FILTER (WHERE state = 'added'),
           count(*) FILTER (WHERE state IN ('reported', 'corrected')),
           count(*) FILTER (WHERE state = 'same'),
           min(CASE state WHEN 'added' THEN begins_on WHEN 'reported' THEN reported_on
               WHEN 'corrected' THEN known_on END)
    FROM compared_instalments GROUP BY sent_file
"""
_CLAIMED = """
    UPDATE ledger_demand d SET source_ref = ''
    FROM wanted_instalments w
    WHERE d.loan_id = w.loan_id AND d.schedule = w.schedule AND d.seq = w.seq
      AND d.kind = 'instalment' AND d.source_ref = %s AND w.source_ref <> %s
"""
_ENDED = """
    UPDATE ledger_demand d SET ends_on = w.reported_on
    FROM compared_instalments w WHERE d.id = w.known_id AND w.state = 'reported'
"""
_CORRECTED = f"""
    UPDATE ledger_demand d SET ({_AMOUNTS}, batch_id) =
           (w.{_AMOUNTS.replace(", ", ", w.")}, %s)
    FROM compared_instalments w WHERE d.id = w.known_id AND w.state = 'corrected'
"""
_ADDED = f"""
    INSERT INTO ledger_demand ({_COLUMNS}, begins_on, batch_id)
    SELECT loan_id, 'instalment', '', source_ref, seq, schedule, {_AMOUNTS},
           CASE state WHEN 'reported' THEN reported_on ELSE begins_on END, %s
    FROM compared_instalments WHERE state IN ('added', 'reported')
    ORDER BY loan_id, schedule, seq
"""
# Each row ends on the first day from which a later version covers its seq.
_SUPERSEDED = """
    UPDATE ledger_demand d SET ends_on = x.ends_on
    FROM (
        SELECT o.id, min(v.begins_on) AS ends_on
        FROM (
            SELECT loan_id, schedule, min(seq) AS first, max(begins_on) AS begins_on
            FROM compared_instalments WHERE state = 'added' AND schedule > 1
            GROUP BY loan_id, schedule
        ) v
        JOIN ledger_demand o ON o.loan_id = v.loan_id AND o.kind = 'instalment'
             AND o.schedule < v.schedule AND o.seq >= v.first
        GROUP BY o.id
    ) x
    WHERE d.id = x.id AND (d.ends_on IS NULL OR d.ends_on > x.ends_on)
"""


def _write(cursor: Any, *, at: datetime, batch_id: int) -> None:
    cursor.execute(
        """
        CREATE TEMP TABLE replaced_instalments ON COMMIT DROP AS
        SELECT known_id AS id FROM compared_instalments WHERE state = 'corrected'
        """
    )
    _keep_history(cursor, "replaced_instalments", at=at, batch_id=batch_id)
    cursor.execute(_CORRECTED, [batch_id])
    cursor.execute(_ENDED)
    cursor.execute(_ADDED, [batch_id])
    cursor.execute(_SUPERSEDED)


def _keep_history(cursor: Any, which: str, *, at: datetime, batch_id: int) -> None:
    cursor.execute(
        f"""
        INSERT INTO ledger_row_history
               ("table", row_id, version, content, replaced_at, batch_id)
        SELECT 'demand', d.id, 1 + (
                   SELECT count(*) FROM ledger_row_history o
                   WHERE o."table" = 'demand' AND o.row_id = d.id
               ), to_jsonb(d), %s, %s
        FROM ledger_demand d JOIN {which} r ON r.id = d.id
        """,
        [at, batch_id],
    )


def take_charges(
    cursor: Any,
    taken: Taken,
    *,
    source: str,
    batch_id: int,
    at: datetime,
    today: date,
    loans_of: str,
) -> Done:
    """Take single charges in; in force from their due date, or today if due later.

    A charge sent again under another loan moves to it; the history keeps the row.
    """
    staging.copy(cursor, taken, into="sent_charges")
    cursor.execute(
        sql.SQL(_CHARGES).format(
            attributes=staging.attributes_or_null(taken),
            source=sql.Literal(source),
            loans_of=sql.Literal(loans_of),
            today=sql.Literal(today),
        )
    )
    cursor.execute(_CHARGES_COUNTED)
    counts = done(cursor.fetchall())
    if counts.total.changed:
        cursor.execute(
            "CREATE TEMP TABLE replaced_charges ON COMMIT DROP AS"
            " SELECT known_id AS id FROM wanted_charges WHERE state = 'changed'"
        )
        _keep_history(cursor, "replaced_charges", at=at, batch_id=batch_id)
        cursor.execute(_CHARGES_CHANGED, [batch_id])
    if counts.total.added:
        cursor.execute(_CHARGES_ADDED, [batch_id])
    return counts


_CHARGES = """
    CREATE TEMP TABLE wanted_charges ON COMMIT DROP AS
    SELECT w.*, h.id AS known_id, h.begins_on AS known_on,
           CASE WHEN h.id IS NULL THEN 'added'
                WHEN ROW(w.loan_id, w.charge_kind, w.due_on, w.fee, w.attributes)
                     IS NOT DISTINCT FROM
                     ROW(h.loan_id, h.charge_kind, h.due_on, h.fee, h.attributes)
                THEN 'same' ELSE 'changed' END AS state
    FROM (
        SELECT l.id AS loan_id, {source} || '/' || s.charge_id AS source_ref,
               s.kind AS charge_kind, s.due_on, s.amount AS fee,
               least(s.due_on, greatest({today}, l.disbursed_on)) AS begins_on,
               l.disbursed_on, {attributes} AS attributes, s.sent_file
        FROM sent_charges s JOIN ledger_loan l
             ON l.source = {loans_of} AND l.external_id = s.loan_id
    ) w
    LEFT JOIN ledger_demand h ON h.kind = 'charge' AND h.source_ref = w.source_ref
"""
_CHARGES_COUNTED = """
    SELECT sent_file, count(*) FILTER (WHERE state = 'added'),
           count(*) FILTER (WHERE state = 'changed'),
           count(*) FILTER (WHERE state = 'same'),
           min(CASE state WHEN 'added' THEN begins_on
               WHEN 'changed' THEN least(begins_on, known_on) END)
    FROM wanted_charges GROUP BY sent_file
"""
_CHARGES_CHANGED = """
    UPDATE ledger_demand d SET
           loan_id = w.loan_id, charge_kind = w.charge_kind, due_on = w.due_on,
           fee = w.fee, attributes = w.attributes, batch_id = %s,
           begins_on = greatest(least(d.begins_on, w.begins_on), w.disbursed_on)
    FROM wanted_charges w WHERE d.id = w.known_id AND w.state = 'changed'
"""
_CHARGES_ADDED = """
    INSERT INTO ledger_demand (loan_id, kind, charge_kind, source_ref, seq, schedule,
           due_on, begins_on, principal, interest, fee, paid_principal, paid_interest,
           paid_fee, paid_penalty, attributes, batch_id)
    SELECT loan_id, 'charge', charge_kind, source_ref, 0, 1, due_on, begins_on,
           0, 0, fee, 0, 0, 0, 0, attributes, %s
    FROM wanted_charges WHERE state = 'added'
"""
