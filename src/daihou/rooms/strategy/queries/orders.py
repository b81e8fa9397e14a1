"""Orders over journeys: those that stand over a customer, and those that did."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from daihou.engine.strategy.interrupts import Interrupt, Then
from daihou.engine.strategy.orders import Order as Standing
from daihou.rooms.strategy import document, sealing
from daihou.rooms.strategy.models import Order
from daihou.rooms.strategy.queries.versions import version_or_none
from daihou.rooms.strategy.states import PERSON


@dataclass(frozen=True, slots=True)
class OrderLine:
    """An order with its reason, opened; `until` is the first morning without it.

    `cause` is the event, or `person`.
    """

    id: int
    do: str
    journey: str
    aim: str
    cause: str
    given_on: date
    until: date | None
    reason: str
    by: str
    at: datetime
    ended_at: datetime | None
    ended_by: str
    ended_because: str
    end_reason: str

    @property
    def by_person(self) -> bool:
        """Whether somebody ordered it, and not an event."""
        return self.cause == PERSON

    def stands(self, on: date) -> bool:
        """Whether it holds on a morning; a jump is done at once."""
        if self.do == Then.JUMP.value or self.ended_at is not None:
            return False
        return self.given_on <= on and (self.until is None or on < self.until)


def _until(row: Order) -> date | None:
    days = [day for day in (row.until_on, row.ended_on) if day is not None]
    return min(days, default=None)


def line(row: Order) -> OrderLine:
    """An order as it is shown."""
    return OrderLine(
        id=row.pk,
        do=row.do,
        journey=row.journey,
        aim=row.aim,
        cause=row.cause,
        given_on=row.given_on,
        until=_until(row),
        reason=sealing.opened(row.reason),
        by=row.by,
        at=row.at,
        ended_at=row.ended_at,
        ended_by=row.ended_by,
        ended_because=row.ended_because,
        end_reason=sealing.opened(row.end_reason),
    )


def orders_of(customer_id: int, *, most: int = 50) -> Sequence[OrderLine]:
    """The orders over a customer whom the caller has found, the newest first."""
    rows = Order.objects.filter(customer_id=customer_id).order_by("-pk")[:most]
    return [line(row) for row in rows]


def standing_on(customer_id: int, on: date) -> Sequence[Standing]:
    """The same as the engine takes them, those that matter on a morning, in order."""
    rows = Order.objects.filter(customer_id=customer_id, given_on__lte=on)
    found = []
    for row in rows.order_by("pk"):
        until = _until(row)
        if until is not None and until < on:
            continue
        found.append(
            Standing(
                do=Then(row.do),
                given_on=row.given_on,
                until=until,
                journey=row.journey,
                aim=row.aim,
                code=row.cause,
            )
        )
    return found


def over_by(on: date) -> Iterable[int]:
    """The numbers of pauses that ended by themselves by a morning, not yet told."""
    rows = Order.objects.filter(
        do=Then.PAUSE.value, ended_at=None, until_on__lte=on
    ).order_by("customer_id", "pk")
    return list(rows.values_list("pk", flat=True))


def interrupts_of(version_id: int, journey: str) -> tuple[Interrupt, ...]:
    """What interrupts a journey of a version, in its order."""
    row = version_or_none(version_id) if journey else None
    if row is None:
        return ()
    found = document.drawn(row.content).journey(journey)
    return found.interrupts if found else ()
