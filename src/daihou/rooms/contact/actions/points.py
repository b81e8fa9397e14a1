"""What results say of a number: kept for the person and, where it is gone, for all."""

from datetime import datetime
from zoneinfo import ZoneInfo

from django.db import connection, transaction
from django.utils.translation import gettext as _

from daihou.kit.refusal import Conflict, NotFound
from daihou.rooms.contact import sealing
from daihou.rooms.contact.actions.deciding import Deed
from daihou.rooms.contact.actions.evidence import check_seen, checked_evidence, tell
from daihou.rooms.contact.models import Attempt, Decision, PointStanding
from daihou.rooms.contact.states import OF_POINT, REMOVES, PointState
from daihou.rooms.ledger import door as ledger
from daihou.rooms.people import door as people

_COUNT = """
insert into contact_point_standing as held (point, customer_id, state, since_at,
    attempt_id, tried, answered, last_tried_at, last_answered_at, tried_hours,
    answered_hours, removed_at, removed_by, restored_at, restored_by, evidence)
values (%(point)s, %(customer)s, %(state)s, %(at)s, %(attempt)s, 1, %(answered)s,
    %(at)s, %(answered_at)s, %(hours)s, %(answered_hours)s, null, '', null, '', '')
on conflict (point, customer_id) do update set
    state = excluded.state,
    since_at = case when held.state = excluded.state then held.since_at
                    else excluded.since_at end,
    attempt_id = excluded.attempt_id,
    tried = held.tried + 1,
    answered = held.answered + excluded.answered,
    last_tried_at = greatest(held.last_tried_at, excluded.last_tried_at),
    last_answered_at = greatest(held.last_answered_at, excluded.last_answered_at),
    tried_hours[%(hour)s] = held.tried_hours[%(hour)s] + 1,
    answered_hours[%(hour)s] = held.answered_hours[%(hour)s] + excluded.answered
"""


def note_result(made: Attempt, decision: Decision, deed: Deed) -> None:
    """What a contact says of the number it went to; in its transaction.

    A number that does not exist is removed for whomever it was given, that of a
    stranger for this customer: on every loan, by every channel.
    """
    state = OF_POINT.get(made.result)
    if state is None or not made.point:
        return
    _count(made, state, str(decision.request.get("zone") or "UTC"))
    if state not in REMOVES:
        return
    whom = 0 if state is PointState.INVALID else made.customer_id
    rows = PointStanding.objects.filter(
        point=made.point, customer_id__in={whom, made.customer_id}, removed_at=None
    )
    if whom == 0:
        PointStanding.objects.get_or_create(point=made.point, customer_id=0)
    changed = rows.update(
        state=state.value,
        since_at=made.at,
        attempt_id=made.pk,
        removed_at=made.at,
        removed_by=deed.by.username,
        restored_at=None,
        restored_by="",
        evidence="",
    )
    if changed:
        payload = {"contact_point": made.point_id, "because": state.value}
        tell("contact.point.removed", made.customer_id, deed, payload)


def _count(made: Attempt, state: PointState, zone: str) -> None:
    answered = state is PointState.ANSWERED
    hour = _hour(made.at, zone)
    hours = [int(each == hour) for each in range(24)]
    with connection.cursor() as cursor:
        cursor.execute(
            _COUNT,
            {
                "point": made.point,
                "customer": made.customer_id,
                "state": state.value,
                "at": made.at,
                "attempt": made.pk,
                "answered": int(answered),
                "answered_at": made.at if answered else None,
                "hours": hours,
                "answered_hours": hours if answered else [0] * 24,
                "hour": hour + 1,  # arrays of the database begin with one
            },
        )


def _hour(at: datetime, zone: str) -> int:
    return at.astimezone(ZoneInfo(zone)).hour


@transaction.atomic
def restore_point(
    customer_id: int, *, point_id: int, evidence: str, deed: Deed
) -> None:
    """A removed number is right after all, on evidence; said by another person."""
    people.require(deed.by, people.Permission.LIFT_FLAG)
    check_seen(customer_id, deed)
    ways = {each.point_id: each for each in ledger.reaching.ways(customer_id)}
    if point_id not in ways:
        raise NotFound(
            "contact_point_unknown",
            _("There is no such way to reach this person."),
            contact_point=point_id,
        )
    digest = ways[point_id].digest
    rows = PointStanding.objects.select_for_update().filter(
        point=digest, customer_id__in=(0, customer_id), removed_at__isnull=False
    )
    found = list(rows.order_by("customer_id"))
    if not digest or not found:
        raise Conflict("point_in_use", _("This number was not removed."))
    if any(row.removed_by == deed.by.username for row in found):
        raise Conflict(
            "point_own",
            _("Who removed a number does not bring it back. Ask a colleague who may."),
        )
    text = checked_evidence(evidence, deed, customer_id)
    for row in found:
        row.state, row.since_at = PointState.UNTRIED.value, deed.at
        row.removed_at, row.removed_by = None, ""
        row.restored_at, row.restored_by = deed.at, deed.by.username
        row.evidence = sealing.seal(text, about=sealing.EVIDENCE)
        row.save()
    payload: dict[str, object] = {"contact_point": point_id}
    tell("contact.point.restored", customer_id, deed, payload)
