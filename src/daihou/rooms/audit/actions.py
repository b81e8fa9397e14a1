"""The only writer of the event log: events in the transaction of their change."""

import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from django.db import connection, transaction

from daihou.kit import masking, seals
from daihou.rooms.audit.models import Event

_COPY = (
    "copy {table} (type, subject_type, subject_id, actor, on_behalf_of,"
    " recorded_at, business_date, happened_on, reason, request_id, payload, before,"
    " after) from stdin"
)
MANY = 2_000  # events from which on they are chained by one statement, not one by one
_TURNS = 8  # events of one subject among them: each is a turn of that statement


@dataclass(frozen=True, slots=True, kw_only=True)
class NewEvent:
    """One event to write.

    `type` is `thing.happened` (`payment.received`), `by` a login or the name of a
    process (`night`), `on_behalf_of` for whom they did it (leave cover), `payload`,
    `before` and `after` plain JSON with amounts in minor units.
    """

    type: str
    subject_type: str
    subject_id: str | int
    by: str
    at: datetime
    business_date: date | None
    happened_on: date | None = None
    payload: Mapping[str, object] = field(default_factory=dict)
    before: Mapping[str, object] | None = None
    after: Mapping[str, object] | None = None
    reason: str = ""
    request_id: str = ""
    on_behalf_of: str = ""


_looking: ContextVar[str] = ContextVar("looking", default="")


@contextmanager
def looking_through(*, by: str) -> Iterator[None]:
    """Whatever is written inside was done by `by`, for the one it seems to be by.

    For an administrator who looks at pages through another's eyes: what opens there
    and leaves an event must not be put down to the other.
    """
    token = _looking.set(by)
    try:
        yield
    finally:
        _looking.reset(token)


ForWhom = Callable[[str, str], str]
_standing_in: ContextVar[tuple[str, ForWhom] | None] = ContextVar(
    "standing_in", default=None
)


@contextmanager
def standing_in(*, by: str, for_whom: ForWhom) -> Iterator[None]:
    """What `by` does inside may be done for somebody absent.

    `for_whom(subject_type, subject_id)` is the login it is done for; empty for what
    is their own.
    """
    token = _standing_in.set((by, for_whom))
    try:
        yield
    finally:
        _standing_in.reset(token)


def _really(event: NewEvent) -> NewEvent:
    by = _looking.get()
    if by and by != event.by:
        return replace(event, by=by, on_behalf_of=event.by)
    standing = _standing_in.get()
    if standing is None or event.on_behalf_of or standing[0] != event.by:
        return event
    for_whom = standing[1](event.subject_type, str(event.subject_id))
    return replace(event, on_behalf_of=for_whom)


def _check(event: NewEvent) -> None:
    assert event.type and event.subject_type and event.by, event
    assert event.at.tzinfo is not None, "an instant without a time zone is no instant"


def record(
    *,
    type: str,
    subject_type: str,
    subject_id: str | int,
    by: str,
    at: datetime,
    business_date: date | None,
    happened_on: date | None = None,
    payload: Mapping[str, object] | None = None,
    before: Mapping[str, object] | None = None,
    after: Mapping[str, object] | None = None,
    reason: str = "",
    request_id: str = "",
    on_behalf_of: str = "",
) -> int:
    """Write one event (see `NewEvent`) and return its id.

    Must be called inside the transaction that makes the change: an event without
    its change, or a change without its event, cannot be. The chain of the subject
    is held until that transaction ends; for several subjects use `record_many`.
    """
    assert transaction.get_connection().in_atomic_block, (
        "record an event inside the transaction of its change"
    )
    event = NewEvent(
        type=type,
        subject_type=subject_type,
        subject_id=subject_id,
        by=by,
        at=at,
        business_date=business_date,
        on_behalf_of=on_behalf_of,
    )
    _check(event)
    event = _really(event)
    row = Event(
        type=type,
        subject_type=subject_type,
        subject_id=str(subject_id),
        actor=event.by,
        on_behalf_of=event.on_behalf_of,
        recorded_at=at,
        business_date=business_date,
        happened_on=happened_on,
        reason=reason,
        request_id=request_id,
        payload=dict(payload or {}),
        before=before,
        after=after,
        position=0,  # the trigger's to say, as the hashes are
    )
    row.save(force_insert=True)
    return int(row.pk)


def record_many(events: Iterable[NewEvent]) -> int:
    """Write many events in one statement and return how many there were.

    They are written in order of their subjects, whatever order they come in: two
    transactions that write of the same subjects wait for each other, never crosswise.
    Very many are chained all at once; what is written is the same.
    """
    assert transaction.get_connection().in_atomic_block, (
        "record events inside the transaction of their change"
    )
    rows = sorted(
        map(_really, events),
        key=lambda event: (event.subject_type, str(event.subject_id)),
    )
    if not rows:
        return 0
    table = "audit_event"
    with connection.cursor() as cursor:
        if len(rows) >= MANY and _most_of_one(rows) <= _TURNS:
            table = "audit_incoming"
            # The heads are joined by a plan that must know how many there are.
            cursor.execute("analyze audit_head")
        with cursor.copy(_COPY.format(table=table)) as copy:
            for event in rows:
                _check(event)
                copy.write_row(_line(event))
    return len(rows)


def _most_of_one(rows: Iterable[NewEvent]) -> int:
    """How many of these events one subject has at most."""
    return max(
        Counter((row.subject_type, str(row.subject_id)) for row in rows).values()
    )


def _line(event: NewEvent) -> tuple[object, ...]:
    return (
        event.type,
        event.subject_type,
        str(event.subject_id),
        event.by,
        event.on_behalf_of,
        event.at,
        event.business_date,
        event.happened_on,
        masking.scrubbed(event.reason),  # people write numbers into it; it stays
        event.request_id,
        _json(event.payload),
        _json(event.before),
        _json(event.after),
    )


def _json(value: Mapping[str, object] | None) -> str | None:
    return None if value is None else json.dumps(dict(value), ensure_ascii=False)


@transaction.atomic
def seal(*, on: date, at: datetime, by: str) -> seals.DaySeal:
    """Seal every chain that grew since the last seal, for the business day `on`."""
    with connection.cursor() as cursor:
        return seals.seal(cursor, on=on, at=at, by=by)


@transaction.atomic
def record_export(
    *, by: str, at: datetime, business_date: date | None, rows: int, address: str
) -> None:
    """Record that `by` took out `rows` events of the search behind `address`."""
    record(
        type="audit.exported",
        subject_type="audit",
        subject_id="log",
        by=by,
        at=at,
        business_date=business_date,
        payload={"rows": rows, "address": address},
    )
