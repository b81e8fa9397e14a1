"""Up to which event the log is complete, and what receivers are to get of it."""

import json
from datetime import datetime
from typing import Any, Final

from django.db import connection, transaction

from daihou.rooms.audit import door as audit
from daihou.rooms.gateway import messages
from daihou.rooms.gateway.models import Delivery, Endpoint

BATCH: Final = 500
# A writer takes this lock before it is given an event id, and holds it until it ends.
_WRITERS: Final = """select virtualtransaction from pg_locks
where relation = 'audit_event'::regclass and mode = 'RowExclusiveLock' and granted
and database = (select oid from pg_database where datname = current_database())
and pid <> pg_backend_pid()"""


@transaction.atomic
def settled() -> int:
    """The id up to which no event can still appear; it never goes back.

    Of two that ask at once, one moves it along and the other takes what there is.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "insert into gateway_feed (id, settled_to, seen_to, writers)"
            " values (1, 0, 0, '[]') on conflict do nothing"
        )
        cursor.execute(
            "select settled_to, seen_to, writers from gateway_feed where id = 1"
            " for update skip locked"
        )
        row = cursor.fetchone()
        if row is None:
            cursor.execute("select settled_to from gateway_feed where id = 1")
            (known,) = cursor.fetchone()
            return int(known)
        return _moved(cursor, *row)


def _moved(cursor: Any, settled_to: int, seen_to: int, waited_for: Any) -> int:
    waited = set(json.loads(waited_for) if isinstance(waited_for, str) else waited_for)
    if not waited & _writers(cursor):
        settled_to, waited = seen_to, set()
    if not waited:
        # First what there is to see, then who was writing while it was seen.
        cursor.execute("select coalesce(max(id), 0) from audit_event")
        (seen_to,) = cursor.fetchone()
        waited = _writers(cursor)
        settled_to = settled_to if waited else seen_to
    cursor.execute(
        "update gateway_feed set settled_to = %s, seen_to = %s, writers = %s"
        " where id = 1",
        [settled_to, seen_to, json.dumps(sorted(waited))],
    )
    return int(settled_to)


def _writers(cursor: Any) -> set[str]:
    cursor.execute(_WRITERS)
    return {row[0] for row in cursor.fetchall()}


def enqueue(*, at: datetime) -> int:
    """Write down what each active receiver is to get; count the messages."""
    upto, made = settled(), 0
    for pk in Endpoint.objects.filter(active=True).values_list("pk", flat=True):
        while (batch := _enqueue_some(pk, upto, at=at)) is not None:
            made += batch
    return made


@transaction.atomic
def _enqueue_some(endpoint_id: int, upto: int, *, at: datetime) -> int | None:
    """One batch for one receiver; None when it has all, or another is at it."""
    rows = Endpoint.objects.select_for_update(skip_locked=True)
    endpoint = rows.filter(pk=endpoint_id, active=True).first()
    if endpoint is None or endpoint.event_id >= upto:
        return None
    found = audit.events_after(
        after=endpoint.event_id, upto=upto, types=endpoint.types, limit=BATCH
    )
    Delivery.objects.bulk_create(
        [
            Delivery(
                endpoint=endpoint,
                message_id=f"evt_{event.id}",
                event_id=event.id,
                type=event.type,
                subject=f"{event.subject_type}:{event.subject_id}",
                body=messages.body_of(event),
                made_at=at,
                due_at=at,
            )
            for event in found
        ],
        ignore_conflicts=True,
    )
    endpoint.event_id = found[-1].id if len(found) == BATCH else upto
    endpoint.save(update_fields=["event_id"])
    return len(found)
