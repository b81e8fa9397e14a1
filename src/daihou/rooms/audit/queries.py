"""The only reader of the event log."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from daihou.rooms.audit.models import Event


@dataclass(frozen=True, slots=True)
class Entry:
    """One event as it was written."""

    id: int
    type: str
    subject_type: str
    subject_id: str
    by: str
    at: datetime
    business_date: date | None
    happened_on: date | None
    reason: str
    request_id: str
    payload: Mapping[str, object]


def _entry(row: Event) -> Entry:
    return Entry(
        id=row.pk,
        type=row.type,
        subject_type=row.subject_type,
        subject_id=row.subject_id,
        by=row.actor,
        at=row.recorded_at,
        business_date=row.business_date,
        happened_on=row.happened_on,
        reason=row.reason,
        request_id=row.request_id,
        payload=row.payload,
    )


def timeline(
    *, subject_type: str, subject_id: str | int, limit: int = 100, before: int = 0
) -> tuple[Entry, ...]:
    """What happened to one subject, newest first; `before` an event id pages on."""
    rows = Event.objects.filter(subject_type=subject_type, subject_id=str(subject_id))
    if before:
        rows = rows.filter(id__lt=before)
    return tuple(_entry(row) for row in rows.order_by("-id")[:limit])


def instants(
    *, type: str, subject_type: str, subject_id: str, since: datetime, limit: int
) -> tuple[datetime, ...]:
    """When one thing happened to one subject after `since`, newest first."""
    rows = Event.objects.filter(
        subject_type=subject_type,
        subject_id=subject_id,
        type=type,
        recorded_at__gt=since,
    )
    found = rows.order_by("-id").values_list("recorded_at", flat=True)
    return tuple(found[:limit])


def latest(*, type: str = "", limit: int = 50, before: int = 0) -> tuple[Entry, ...]:
    """The newest events of all, or of one `type`, newest first."""
    rows = Event.objects.all()
    if type:
        rows = rows.filter(type=type)
    if before:
        rows = rows.filter(id__lt=before)
    return tuple(_entry(row) for row in rows.order_by("-id")[:limit])
