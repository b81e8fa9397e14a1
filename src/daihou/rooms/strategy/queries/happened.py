"""What happened to customers that may interrupt a journey: money, and events."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from django.db import connection

from daihou.engine.strategy.interrupts import On
from daihou.rooms.audit import door as audit

_NEWEST: Final = """
select coalesce((select max(id) from {table}), 0),
       pg_snapshot_xmin(pg_current_snapshot())::text::bigint,
       pg_snapshot_xmax(pg_current_snapshot())::text::bigint
"""
# Whose money came on these days; who is on one of these journeys.
_PAYERS: Final = """
select l.customer_id, max(y.id)
from ledger_payment y
join ledger_loan l on l.id = y.loan_id
join strategy_step s on s.customer_id = l.customer_id
where y.id > %s and y.paid_on >= %s and y.amount > 0 and y.reversal_of_id is null
  and s.journey = any(%s)
group by l.customer_id order by l.customer_id
"""
_PLAIN: Final[Mapping[str, On]] = {
    "promise.created": On.PROMISE_MADE,
    "promise.kept": On.PROMISE_KEPT,
    "promise.partially_kept": On.PROMISE_BROKEN,
    "promise.broken": On.PROMISE_BROKEN,
}
# A flag is raised with every hold of a whole case, and by whoever hears of it first.
_FLAGS: Final[Mapping[str, On]] = {
    "complaint": On.COMPLAINT,
    "hardship": On.HARDSHIP,
    "cease": On.REFUSAL,
    "deceased": On.DECEASED,
    "bankruptcy": On.BANKRUPTCY,
}
_HOLD, _FLAG = "case.hold.placed", "contact.flag.raised"
TYPES: Final = (*_PLAIN, _HOLD, _FLAG)
MOST: Final = 200  # events looked at in one round


@dataclass(frozen=True, slots=True)
class Newest:
    """The newest row in sight; no transaction below `oldest` runs any more."""

    id: int
    oldest: int
    next: int


@dataclass(frozen=True, slots=True)
class Happened:
    """Something that happened to a customer; `source` names the very thing."""

    customer_id: int
    event: On
    source: str


def newest(table: str) -> Newest:
    """Up to which row of `ledger_payment` or `audit_event` one can see."""
    assert table in ("ledger_payment", "audit_event"), table
    with connection.cursor() as cursor:
        cursor.execute(_NEWEST.format(table=table))
        return Newest(*cursor.fetchone())


def paid(after: int, *, since: date, journeys: Sequence[str]) -> Sequence[Happened]:
    """Whose money came in after a payment, of those on one of these journeys."""
    if not journeys:
        return []
    with connection.cursor() as cursor:
        cursor.execute(_PAYERS, [after, since, list(journeys)])
        return [
            Happened(customer, On.PAYMENT, f"payment:{id}")
            for customer, id in cursor.fetchall()
        ]


def told(after: int, upto: int) -> tuple[Sequence[Happened], int]:
    """What the log tells of after an event, earliest first, and up to which it was read.

    So many at once; the rest is read from there.
    """
    rows = audit.events_after(after=after, upto=upto, types=TYPES, limit=MOST)
    found = []
    for row in rows:
        event = _event(row.type, row.payload)
        given = row.subject_id if row.type == _FLAG else row.payload.get("customer")
        if event is not None and str(given or "").isdecimal():
            found.append(Happened(int(str(given)), event, f"event:{row.id}"))
    return found, rows[-1].id if len(rows) == MOST else upto


def _event(type: str, payload: Mapping[str, Any]) -> On | None:
    if type == _HOLD:
        return On.DISPUTE if payload.get("kind") == "dispute" else None
    if type == _FLAG:
        return _FLAGS.get(str(payload.get("kind", "")))
    return _PLAIN.get(type)
