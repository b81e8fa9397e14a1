"""The rounds of journeys: what happened since the last look interrupts them."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Final

from django.db import transaction

from daihou.engine.strategy.interrupts import On
from daihou.kit import steps
from daihou.rooms.dayend import door as dayend
from daihou.rooms.strategy import queries
from daihou.rooms.strategy.actions import ordering
from daihou.rooms.strategy.actions.recording import SYSTEM
from daihou.rooms.strategy.actions.turning import Doer
from daihou.rooms.strategy.models import Look
from daihou.rooms.strategy.queries import happened, orders
from daihou.rooms.strategy.queries.happened import Happened, Newest

EVERY: Final = 2.0  # seconds between two looks
_REMEMBERED: Final = 5_000
# What this process has looked at already; it may be in sight for a second look.
_seen: dict[tuple[int, str], None] = {}


def watch(*, at: datetime) -> None:
    """Interrupt the journeys of whom something happened to; end pauses that are over.

    Done again it changes nothing; two workers may look at once.
    """
    day = dayend.open_day()
    if day is None or queries.steps_run() is None:
        return
    live = queries.in_force(day.on)
    if not live:
        return
    doer = Doer(SYSTEM, at, day.on)
    for number in orders.over_by(day.on):
        ordering.expire(number, live=live, doer=doer)
    ordering.end_of_who_left(doer=doer)
    look_for_money(live, doer=doer)
    look_for_events(live, doer=doer)


def look_for_money(live: Sequence[steps.Live], *, doer: Doer) -> int:
    """Interrupt journeys that have a word about money, where some came in."""
    wanted = sorted(
        {
            journey.id
            for each in live
            for journey in each.strategy.journeys
            if journey.on(On.PAYMENT) is not None
        }
    )
    run = queries.steps_run()
    assert run is not None

    def read(after: int, upto: int) -> tuple[Sequence[Happened], int]:
        return happened.paid(after, since=run.as_of, journeys=wanted), upto

    return _look("payments", "ledger_payment", read, live=live, doer=doer)


def look_for_events(live: Sequence[steps.Live], *, doer: Doer) -> int:
    """Ask the strategies anew about whom the log tells something that counts."""
    return _look("events", "audit_event", happened.told, live=live, doer=doer)


Read = Callable[[int, int], tuple[Sequence[Happened], int]]


def _look(
    name: str, table: str, read: Read, *, live: Sequence[steps.Live], doer: Doer
) -> int:
    """Look from the mark on; it moves once nothing below it can come into sight."""
    seen = happened.newest(table)
    # What came before the first look was asked by the night.
    row, _new = Look.objects.get_or_create(name=name, defaults={"last_id": seen.id})
    if seen.id <= row.last_id:
        return 0
    found, upto = read(row.last_id, seen.id)
    changed = 0
    for each in found:
        if (each.customer_id, each.source) in _seen:
            continue
        turned = ordering.interrupt(
            each.customer_id,
            each.event,
            source=each.source,
            live=live,
            doer=doer,
            anew=each.event is not On.PAYMENT,
        )
        changed += turned is not None
        _remember(each)
    _moved(name, seen, upto, doer=doer)
    return changed


def _remember(each: Happened) -> None:
    _seen[each.customer_id, each.source] = None
    if len(_seen) > _REMEMBERED:
        del _seen[next(iter(_seen))]


@transaction.atomic
def _moved(name: str, seen: Newest, upto: int, *, doer: Doer) -> None:
    row = Look.objects.select_for_update().get(name=name)
    if row.ahead_id and seen.oldest >= row.ahead_mark:
        row.last_id, row.ahead_id = max(row.last_id, row.ahead_id), 0
    if not row.ahead_id and upto > row.last_id:
        row.ahead_id, row.ahead_mark = upto, seen.next
    row.at = doer.at
    row.save()
