"""Journeys paused, resumed, stopped and sent on: by a person, and by what happens."""

from collections.abc import Sequence
from datetime import date
from typing import Final

from django.db import transaction
from django.db.models import Exists, OuterRef, Value
from django.db.models.functions import Greatest
from django.utils.translation import gettext as _

from daihou.engine.basics.dates import DAY
from daihou.engine.strategy.interrupts import Interrupt, On, Then
from daihou.kit import steps
from daihou.kit.refusal import Conflict, Refused
from daihou.rooms.audit import door as audit
from daihou.rooms.strategy import queries, sealing
from daihou.rooms.strategy.actions.turning import Doer, Turned, Turning, followed
from daihou.rooms.strategy.models import CustomerStep, Order
from daihou.rooms.strategy.states import PERSON

WHATS: Final = {
    Then.PAUSE: "paused",
    Then.RESUME: "resumed",
    Then.JUMP: "jumped",
    Then.START: "started",
    Then.STOP: "stopped",
}
EVENT, EXPIRED, LEFT = "event", "expired", "left"


# -- by a person ------------------------------------------------------------------------


@transaction.atomic
def pause_journey(
    customer_id: int, *, until: date, reason: str, key: str, doer: Doer
) -> Turned:
    """Let whatever the strategy does about a customer rest until a day.

    It goes on by itself then, where it stood. Refused for a day that is not to come,
    Conflict where somebody paused it already. `reason` was looked at by the caller.
    """
    if until <= doer.on:
        raise Refused("pause_until", _("A pause ends after today."), field="until")
    turning = _held(customer_id, doer)
    _check_free(customer_id)
    made = _given(customer_id, doer, Then.PAUSE, key, until=until, reason=reason)
    found = turning.written(
        what="paused", cause=PERSON, until=until, order=made.pk, reason=reason
    )
    return _told(found, doer)


@transaction.atomic
def stop_journey(customer_id: int, *, reason: str, key: str, doer: Doer) -> Turned:
    """Let the strategy do nothing more about a customer while the case is open."""
    turning = _held(customer_id, doer)
    stands = Order.objects.filter(
        customer_id=customer_id, do=Then.STOP.value, ended_at=None
    )
    if stands.exists():
        raise Conflict("journey_stopped", _("The plan of this customer was stopped."))
    made = _given(customer_id, doer, Then.STOP, key, reason=reason)
    found = turning.written(what="stopped", cause=PERSON, order=made.pk, reason=reason)
    return _told(found, doer)


@transaction.atomic
def resume_journey(customer_id: int, *, reason: str, doer: Doer) -> Turned:
    """End every pause of a customer; Conflict where none stands."""
    turning = _held(customer_id, doer)
    ended = _end(customer_id, Then.PAUSE, doer, because="resumed", reason=reason)
    if not ended:
        raise Conflict("journey_not_paused", _("The plan is not paused."))
    found = turning.written(what="resumed", cause=PERSON, reason=reason)
    return _told(found, doer)


def end_all(customer_ids: Sequence[int], *, doer: Doer) -> None:
    """Nothing stands over these customers any more: their cases are closed."""
    Order.objects.filter(customer_id__in=customer_ids, ended_at=None).update(
        ended_on=doer.on,
        ended_at=doer.at,
        ended_by=doer.login,
        ended_because="closed",
    )


# -- by what happens --------------------------------------------------------------------


@transaction.atomic
def interrupt(
    customer_id: int,
    event: On,
    *,
    source: str,
    live: Sequence[steps.Live],
    doer: Doer,
    anew: bool,
) -> Turned | None:
    """Let something that happened to a customer interrupt their journey, once.

    With `anew` the table is asked again with what is so now, whether or not a journey
    has a word about the event. `source` names the very event: the same again changes
    nothing. None where nothing came of it.
    """
    turning = Turning.of(customer_id, on=doer.on, live=live, anew=anew)
    if turning is None or turning.says is None or turning.says.held_out:
        return None
    given = _interrupt_of(turning, event)
    if given is None:
        found = turning.written(what="asked_again", cause=event.value)
        return _told(found, doer) if found.changed else None
    journey, one = given
    if Order.objects.filter(customer_id=customer_id, source=source).exists():
        return None
    ended = 0
    if one.do in (Then.RESUME, Then.JUMP, Then.START):
        ended = _end(customer_id, Then.PAUSE, doer, because=EVENT, own=False)
    until = doer.on + one.days * DAY if one.do is Then.PAUSE else None
    order = None
    if one.do is not Then.RESUME:
        order = _given(
            *(customer_id, doer, one.do, source),
            until=until,
            journey=journey,
            aim=one.aim,
            cause=event.value,
        ).pk
    elif not ended:
        found = turning.written(what="asked_again", cause=event.value)
        return _told(found, doer) if found.changed else None
    found = turning.written(
        what=WHATS[one.do], cause=event.value, aim=one.aim, until=until, order=order
    )
    return _told(found, doer)


def _interrupt_of(turning: Turning, event: On) -> tuple[str, Interrupt] | None:
    """The first word that a journey of the customer has about an event."""
    for name in turning.journeys():
        journey = turning.strategy.journey(name) if turning.strategy else None
        found = journey.on(event) if journey else None
        if found is not None:
            return name, found
    return None


@transaction.atomic
def expire(order_id: int, *, live: Sequence[steps.Live], doer: Doer) -> Turned | None:
    """A pause whose last day was yesterday ends by itself."""
    row = Order.objects.filter(pk=order_id).first()
    if row is None or row.ended_at is not None:
        return None
    turning = Turning.of(row.customer_id, on=doer.on, live=live, anew=False)
    row = Order.objects.select_for_update().get(pk=order_id)
    if row.ended_at is not None or row.until_on is None:
        return None
    row.ended_on, row.ended_at = max(row.until_on, row.given_on), doer.at
    row.ended_by, row.ended_because = doer.login, EXPIRED
    row.save(update_fields=["ended_on", "ended_at", "ended_by", "ended_because"])
    if turning is None:
        return None
    return _told(turning.written(what="resumed", cause=EXPIRED, order=row.pk), doer)


def end_of_who_left(*, doer: Doer) -> int:
    """End what events stopped or replaced, of who has nothing to do any more.

    Who pays up and is late again begins the journey again.
    """
    rows = Order.objects.filter(
        do__in=(Then.STOP.value, Then.START.value), ended_at=None
    ).exclude(cause=PERSON)
    standing = CustomerStep.objects.filter(pk=OuterRef("customer_id"))
    ended: int = rows.filter(~Exists(standing)).update(
        ended_on=Greatest("given_on", Value(doer.on)),
        ended_at=doer.at,
        ended_by=doer.login,
        ended_because=LEFT,
    )
    return ended


# -- pieces -----------------------------------------------------------------------------


def _held(customer_id: int, doer: Doer) -> Turning:
    found = Turning.of(
        customer_id, on=doer.on, live=queries.in_force(doer.on), anew=False
    )
    if found is None or found.row is None:
        raise Conflict(
            "journey_none",
            _("No strategy has a step for this customer; there is nothing to pause."),
        )
    return found


def _check_free(customer_id: int) -> None:
    rows = Order.objects.filter(
        customer_id=customer_id, do=Then.PAUSE.value, ended_at=None, cause=PERSON
    )
    if rows.exists():
        raise Conflict("journey_paused", _("Somebody paused the plan already."))


def _given(
    customer_id: int,
    doer: Doer,
    do: Then,
    source: str,
    *,
    until: date | None = None,
    journey: str = "",
    aim: str = "",
    cause: str = PERSON,
    reason: str = "",
) -> Order:
    made: Order = Order.objects.create(
        customer_id=customer_id,
        do=do.value,
        journey=journey,
        aim=aim,
        cause=cause,
        source=source[:60],
        given_on=doer.on,
        until_on=until,
        reason=sealing.seal(reason),
        by=doer.login,
        at=doer.at,
    )
    return made


def _end(
    customer_id: int,
    do: Then,
    doer: Doer,
    *,
    because: str,
    own: bool = True,
    reason: str = "",
) -> int:
    """End the orders of a kind; without `own` only those that events gave."""
    rows = Order.objects.filter(customer_id=customer_id, do=do.value, ended_at=None)
    if not own:
        rows = rows.exclude(cause=PERSON)
    ended: int = rows.update(
        ended_on=doer.on,
        ended_at=doer.at,
        ended_by=doer.login,
        ended_because=because,
        end_reason=sealing.seal(reason),
    )
    return ended


def _told(turned: Turned, doer: Doer) -> Turned:
    """Write what became of a journey where it is told: at the case, or the customer."""
    if turned.customer_id not in followed([turned], doer):
        audit.record(
            type=f"journey.{turned.what}",
            subject_type="customer",
            subject_id=turned.customer_id,
            by=doer.login,
            at=doer.at,
            business_date=doer.on,
            payload=payload_of(turned),
            reason=turned.reason[:200],
            request_id=doer.request_id,
        )
    return turned


def payload_of(turned: Turned) -> dict[str, object]:
    """What the events of a journey say of it."""
    return {
        "customer": turned.customer_id,
        "cause": turned.cause,
        "order": turned.order,
        "aim": turned.aim,
        "until": turned.until.isoformat() if turned.until else None,
        "journey": turned.journey,
        "step": turned.step,
        "action": turned.action,
    }
