"""The only writer of call-backs: drawing talks, and telling what was heard."""

from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from daihou.kit import turns
from daihou.kit.refusal import Conflict, NotAllowed, NotFound, Refused
from daihou.rooms.approvals.door import Deed
from daihou.rooms.audit import door as audit
from daihou.rooms.people import door as people
from daihou.rooms.reporting import sealing
from daihou.rooms.reporting.models import Callback
from daihou.rooms.reporting.queries import callbacks as reading
from daihou.rooms.reporting.states import CallbackResult

DRAWN, TOLD = "callbacks.drawn", "callback.told"
MOST = 50  # of one drawing
BEST = 5  # of satisfaction


@transaction.atomic
def draw(day: date, count: int, *, deed: Deed) -> int:
    """Draw talks of a day by lot, evenly over who held them; how many were drawn.

    For who manages cases, of what they see. Refused for less than 1 or more than 50,
    and for a day to come. Two draws at once take turns: a talk is drawn once.
    """
    people.require(deed.by, people.Permission.MANAGE_CASES)
    if not 1 <= count <= MOST:
        raise Refused(
            "callbacks_number",
            _("Draw 1 to %(most)s talks at a time.") % {"most": MOST},
            field="count",
        )
    if deed.business_date is None or day > deed.business_date:
        raise Refused(
            "callbacks_day", _("Choose a day on which people talked."), field="day"
        )
    turns.in_turn("callbacks")
    chosen = reading.drawn(reading.talks_of(day, scope=deed.by.scope), count)
    for talk in chosen:
        Callback.objects.create(
            drawn_on=deed.business_date,
            of_day=day,
            result_id=talk.id,
            case_id=talk.case_id,
            customer_id=talk.customer_id,
            hand=talk.hand,
            draw=talk.draw,
            drawn_by=deed.by.username,
            drawn_at=deed.at,
        )
    if chosen:
        payload = {
            "day": day.isoformat(),
            "asked": count,
            "talks": [talk.id for talk in chosen],
        }
        _record(DRAWN, day.isoformat(), payload, deed)
    return len(chosen)


@transaction.atomic
def tell(
    callback_id: int, result: str, *, satisfied: int | None, note: str, deed: Deed
) -> None:
    """Write down what a call-back heard, once; not by who held the talk."""
    people.require(deed.by, people.Permission.MANAGE_CASES)
    found = reading.one(callback_id, scope=deed.by.scope)
    if found is None:
        raise NotFound(
            "callback_unknown",
            _("There is no such call-back among those you may see."),
        )
    if found["hand"] == deed.by.username:
        raise NotAllowed(
            "callback_own_talk",
            _("You held this talk; somebody else asks the customer about it."),
        )
    if result not in set(CallbackResult):
        raise Refused("callback_result", _("Choose what was heard."), field="result")
    if satisfied is not None and not 1 <= satisfied <= BEST:
        raise Refused(
            "callback_satisfied", _("Satisfaction is 1 to 5."), field="satisfied"
        )
    moved = Callback.objects.filter(pk=callback_id, result="").update(
        result=result,
        satisfied=satisfied,
        note=sealing.seal(note),
        told_by=deed.by.username,
        told_at=deed.at,
    )
    if not moved:
        raise Conflict(
            "callback_told", _("Somebody told what was heard already. Reload the page.")
        )
    _record(TOLD, callback_id, {"result": result, "satisfied": satisfied}, deed)


def _record(
    kind: str, subject: str | int, payload: dict[str, object], deed: Deed
) -> None:
    audit.record(
        type=kind,
        subject_type="callback",
        subject_id=subject,
        by=deed.by.username,
        at=deed.at,
        business_date=deed.business_date,
        request_id=deed.request_id,
        payload=payload,
    )
