"""The only reader of the event log."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Q, QuerySet

from daihou.kit.seals import DaySeal
from daihou.rooms.audit.models import Event, Seal


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
    before: Mapping[str, object] | None
    after: Mapping[str, object] | None
    on_behalf_of: str


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
        before=row.before,
        after=row.after,
        on_behalf_of=row.on_behalf_of,
    )


def timeline(
    *, subject_type: str, subject_id: str | int, limit: int = 100, before: int = 0
) -> tuple[Entry, ...]:
    """What happened to one subject, newest first; `before` an event id pages on."""
    rows = Event.objects.filter(subject_type=subject_type, subject_id=str(subject_id))
    if before:
        rows = rows.filter(id__lt=before)
    return tuple(_entry(row) for row in rows.order_by("-id")[:limit])


def timeline_of(
    subjects: Mapping[str, Iterable[str | int]], *, limit: int = 100
) -> tuple[Entry, ...]:
    """What happened to several subjects, by their type, newest first; one query."""
    theirs = Q()
    for subject_type, ids in subjects.items():
        named = sorted({str(each) for each in ids})
        if named:
            theirs |= Q(subject_type=subject_type, subject_id__in=named)
    if not theirs:
        return ()
    rows = Event.objects.filter(theirs).order_by("-id")[:limit]
    return tuple(_entry(row) for row in rows)


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


def done_by(*, by: str, type: str, since: datetime) -> tuple[datetime, ...]:
    """When one person did one thing after `since`, earliest first, to anybody."""
    rows = Event.objects.filter(actor=by, type=type, recorded_at__gt=since)
    return tuple(rows.order_by("id").values_list("recorded_at", flat=True))


def latest(*, type: str = "", limit: int = 50, before: int = 0) -> tuple[Entry, ...]:
    """The newest events of all, or of one `type`, newest first."""
    rows = Event.objects.all()
    if type:
        rows = rows.filter(type=type)
    if before:
        rows = rows.filter(id__lt=before)
    return tuple(_entry(row) for row in rows.order_by("-id")[:limit])


def told_by(*, by: str, type: str, since: datetime) -> tuple[Entry, ...]:
    """What one person did of one kind after `since`, earliest first."""
    rows = Event.objects.filter(actor=by, type=type, recorded_at__gt=since)
    return tuple(_entry(row) for row in rows.order_by("id"))


def events_after(
    *,
    after: int,
    upto: int,
    types: Sequence[str] = (),
    subject_type: str = "",
    subject_id: str = "",
    limit: int,
) -> tuple[Entry, ...]:
    """Events with `after` < id <= `upto`, earliest first, of one subject if named.

    `types` are types, beginnings of types that end in a point, or `*`; none: all.
    """
    rows = Event.objects.filter(id__gt=after, id__lte=upto)
    if types and "*" not in types:
        wanted = Q(type__in=[each for each in types if not each.endswith(".")])
        for each in types:
            if each.endswith("."):
                wanted |= Q(type__startswith=each)
        rows = rows.filter(wanted)
    if subject_type:
        rows = rows.filter(subject_type=subject_type)
    if subject_id:
        rows = rows.filter(subject_id=subject_id)
    return tuple(_entry(row) for row in rows.order_by("id")[:limit])


@dataclass(frozen=True, slots=True, kw_only=True)
class Search:
    """Which events are looked for; what is empty does not narrow.

    `person` did it or had it done for them; `since` and `until` are instants, half
    open; a `type` that ends in `.` is the beginning of one.
    """

    person: str = ""
    subject_type: str = ""
    subject_id: str = ""
    type: str = ""
    since: datetime | None = None
    until: datetime | None = None


def find(search: Search, *, limit: int, before: int = 0) -> tuple[Entry, ...]:
    """The events of a search, newest first; `before` an event id pages on."""
    return tuple(_entry(row) for row in _found(search, before=before)[:limit])


def find_all(search: Search, *, limit: int) -> Iterator[Entry]:
    """The events of a search one by one, newest first, never all in memory."""
    for row in _found(search)[:limit].iterator(chunk_size=2_000):
        yield _entry(row)


def count_found(search: Search, *, limit: int) -> int:
    """How many events a search finds, counted up to `limit`."""
    found: int = _found(search)[:limit].count()
    return found


def _found(search: Search, *, before: int = 0) -> QuerySet[Event]:
    rows = Event.objects.order_by("-id")
    if search.person:
        mine = Q(actor=search.person) | Q(on_behalf_of=search.person)
        rows = rows.filter(mine)
    if search.type:
        exact = not search.type.endswith(".")
        rows = rows.filter(**{"type" if exact else "type__startswith": search.type})
    for name in ("subject_type", "subject_id"):
        if getattr(search, name):
            rows = rows.filter(**{name: getattr(search, name)})
    if search.since:
        rows = rows.filter(recorded_at__gte=search.since)
    if search.until:
        rows = rows.filter(recorded_at__lt=search.until)
    return rows.filter(id__lt=before) if before else rows


def newest_seal() -> DaySeal | None:
    """The last seal that was set, or None."""
    row = Seal.objects.order_by("-number").first()
    return None if row is None else _day_seal(row)


def seals_between(first: date, last: date) -> tuple[DaySeal, ...]:
    """The seals of these business days, both included, in the order of their days."""
    rows = Seal.objects.filter(business_date__gte=first, business_date__lte=last)
    return tuple(_day_seal(row) for row in rows.order_by("business_date", "number"))


def _day_seal(row: Seal) -> DaySeal:
    return DaySeal(
        number=row.number,
        on=row.business_date,
        at=row.sealed_at,
        by=row.actor,
        chains=row.chains,
        root=bytes(row.root).hex(),
        previous=bytes(row.previous_hash).hex(),
    )
