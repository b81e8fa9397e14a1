"""The only writer of the event log: events in the transaction of their change."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from django.db import transaction

from daihou.rooms.audit.models import Event

_BATCH = 2_000  # events per INSERT: bounded memory, few round trips


@dataclass(frozen=True, slots=True, kw_only=True)
class NewEvent:
    """One event to write.

    `type` is `thing.happened` (`payment.received`), `by` a login or the name of a
    process (`night`), `payload` plain JSON with amounts in minor units.
    """

    type: str
    subject_type: str
    subject_id: str | int
    by: str
    at: datetime
    business_date: date | None
    happened_on: date | None = None
    payload: Mapping[str, object] = field(default_factory=dict)
    reason: str = ""
    request_id: str = ""


def _row(event: NewEvent) -> Event:
    assert event.type and event.subject_type and event.by, event
    assert event.at.tzinfo is not None, "an instant without a time zone is no instant"
    return Event(
        type=event.type,
        subject_type=event.subject_type,
        subject_id=str(event.subject_id),
        actor=event.by,
        recorded_at=event.at,
        business_date=event.business_date,
        happened_on=event.happened_on,
        reason=event.reason,
        request_id=event.request_id,
        payload=dict(event.payload),
    )


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
    reason: str = "",
    request_id: str = "",
) -> int:
    """Write one event (see `NewEvent`) and return its id.

    Must be called inside the transaction that makes the change: an event without
    its change, or a change without its event, cannot be.
    """
    assert transaction.get_connection().in_atomic_block, (
        "record an event inside the transaction of its change"
    )
    row = _row(
        NewEvent(
            type=type,
            subject_type=subject_type,
            subject_id=subject_id,
            by=by,
            at=at,
            business_date=business_date,
            happened_on=happened_on,
            payload=payload or {},
            reason=reason,
            request_id=request_id,
        )
    )
    row.save(force_insert=True)
    return int(row.pk)


def record_many(events: Iterable[NewEvent]) -> int:
    """Write many events in few statements and return how many there were."""
    assert transaction.get_connection().in_atomic_block, (
        "record events inside the transaction of their change"
    )
    return len(Event.objects.bulk_create(map(_row, events), batch_size=_BATCH))
