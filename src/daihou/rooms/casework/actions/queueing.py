"""Queues and seats: those the strategies name, and what supervisors say of them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from daihou.kit.refusal import NotFound, Refused
from daihou.rooms.audit import door as audit
from daihou.rooms.casework.actions.common import Deed
from daihou.rooms.casework.models import Queue, Seat
from daihou.rooms.casework.queries.policy import policy
from daihou.rooms.casework.queries.seats import Taker
from daihou.rooms.casework.states import CapacityMode, Order, Share, Taking
from daihou.rooms.people import door as people
from daihou.rooms.strategy import door as strategy


def by_code() -> Mapping[str, Queue]:
    """Every queue by its code."""
    return {row.code: row for row in Queue.objects.all()}


def keep_queues(on: date) -> None:
    """The queues that the strategies in force name, and those of the house, exist.

    What a strategy says of a queue (skill, how much, after how many days) counts; how
    it is ordered, shared out and taken is the supervisors'.
    """
    for line in policy().queues:
        Queue.objects.get_or_create(
            code=line.code,
            defaults={
                "title": line.titles["zh-Hans"],
                "title_en": line.titles["en"],
                "sticky_days": line.sticky_days,
                "redistribute_days": line.redistribute_days,
            },
        )
    modes = {each.value for each in CapacityMode}
    for place, each in enumerate(strategy.queues(on), start=1):
        Queue.objects.update_or_create(
            code=each.code,
            defaults={
                "title": each.title.get("zh", each.code)[:80],
                "title_en": each.title.get("en", "")[:80],
                "skill": each.skill[:40],
                "mode": each.capacity_mode if each.capacity_mode in modes else "soft",
                "most_cases": each.most,
                "redistribute_days": each.redistribute_days,
                "position": place,
            },
        )


def name_queues(codes: Sequence[str]) -> None:
    """Queues a row of a strategy names without describing them exist by their code."""
    known = set(Queue.objects.values_list("code", flat=True))
    Queue.objects.bulk_create(
        [Queue(code=code, title=code) for code in codes if code not in known],
        ignore_conflicts=True,
    )


def fits(taker: Taker, queue: Queue) -> bool:
    """Whether a collector works a queue: its skill, its teams, their own choice."""
    return (
        (not queue.skill or queue.skill in taker.skills)
        and (not queue.teams or taker.team in queue.teams)
        and (not taker.queues or queue.code in taker.queues)
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueSaid:
    """What a supervisor says of a queue; None leaves a thing as it is."""

    teams: tuple[str, ...] | None = None
    share: Share | None = None
    order: Order | None = None
    taking: Taking | None = None
    mode: CapacityMode | None = None
    most_cases: int | None = None
    most_amount: int | None = None
    redistribute_days: int | None = None
    team_days: Mapping[str, int] | None = None
    sticky_days: int | None = None
    sticky_product: bool | None = None
    auto: bool | None = None


@transaction.atomic
def save_queue(code: str, *, said: QueueSaid, deed: Deed) -> None:
    """Change how a queue is ordered, shared out and taken."""
    people.require(deed.by, people.Permission.MANAGE_CASES)
    row = Queue.objects.select_for_update().filter(pk=code).first()
    if row is None:
        raise NotFound("queue_unknown", _("There is no such queue."), queue=code)
    before, after = {}, {}
    for name in QueueSaid.__dataclass_fields__:
        wanted = getattr(said, name)
        if wanted is None:
            continue
        plain: Any = list(wanted) if isinstance(wanted, tuple) else wanted
        if isinstance(plain, int) and not isinstance(plain, bool) and plain < 0:
            raise Refused("queue_number", _("No less than zero."), field=name)
        if getattr(row, name) != plain:
            before[name], after[name] = getattr(row, name), plain
            setattr(row, name, plain)
    if not after:
        return
    row.save(update_fields=list(after))
    _told("queue.changed", "queue", code, deed, before, after)


@dataclass(frozen=True, slots=True, kw_only=True)
class SeatSaid:
    """What one collector takes; see `models.Seat`."""

    skills: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    queues: tuple[str, ...] = ()
    most_cases: int | None = None
    most_amount: int | None = None
    most_a_day: int | None = None
    away: bool = False


@transaction.atomic
def save_seat(login: str, *, said: SeatSaid, deed: Deed) -> None:
    """Say what a collector takes, knows and speaks."""
    people.require(deed.by, people.Permission.MANAGE_CASES)
    check_in_sight(login, deed)
    for name in ("most_cases", "most_amount", "most_a_day"):
        most = getattr(said, name)
        if most is not None and most < 0:
            raise Refused("seat_number", _("No less than zero."), field=name)
    values = {
        name: list(each) if isinstance(each, tuple) else each
        for name in SeatSaid.__dataclass_fields__
        for each in (getattr(said, name),)
    }
    row = Seat.objects.select_for_update().filter(pk=login).first()
    before = {name: getattr(row, name) for name in values} if row else {}
    Seat.objects.update_or_create(username=login, defaults=values)
    _told("seat.changed", "person", login, deed, before, values)


def put_away(login: str, *, away: bool, deed: Deed) -> None:
    """Write that somebody takes no cases for now, or takes them again."""
    row = Seat.objects.select_for_update().filter(pk=login).first()
    if (row.away if row else False) == away:
        return
    Seat.objects.update_or_create(username=login, defaults={"away": away})
    before, after = {"away": not away}, {"away": away}
    _told("seat.changed", "person", login, deed, before, after)


def check_in_sight(login: str, deed: Deed) -> None:
    """NotFound for a login there is not, or that the person does not lead."""
    people.person(login)
    seen = people.in_sight(deed.by)
    if seen is not None and login not in seen:
        raise NotFound("person_unknown", _("There is no such person in your units."))


def _told(
    type: str,
    subject_type: str,
    subject_id: str,
    deed: Deed,
    before: Mapping[str, Any],
    after: Mapping[str, Any],
) -> None:
    audit.record(
        type=type,
        subject_type=subject_type,
        subject_id=subject_id,
        by=deed.by.username,
        at=deed.at,
        business_date=deed.business_date,
        before=dict(before),
        after=dict(after),
        request_id=deed.request_id,
    )
