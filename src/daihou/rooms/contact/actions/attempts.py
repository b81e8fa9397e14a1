"""Write down what came of a contact that the gate allowed."""

from datetime import timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from daihou.engine.gate.values import VOICE, Verdict
from daihou.kit import wording
from daihou.kit.refusal import Conflict, NotFound, Refused
from daihou.rooms.audit import door as audit
from daihou.rooms.contact import sealing, states
from daihou.rooms.contact.actions import flags
from daihou.rooms.contact.actions.deciding import Deed
from daihou.rooms.contact.models import Attempt, Decision
from daihou.rooms.contact.states import GOOD_FOR, DecisionState, Result
from daihou.rooms.people import door as people

LONGEST = 2_000  # characters of a note
_LATE = timedelta(hours=12)  # what came of it may be written down as much later


@transaction.atomic
def record_attempt(
    decision_id: int, *, result: str, note: str = "", deed: Deed, seconds: int = 0
) -> int:
    """Record the contact that rests on a decision; return its number.

    `seconds` is how long after the answer of the gate it was made: within the quarter
    of an hour that the answer is good for. What the result says of the person (they
    dispute, they are dead, they want no contact) holds from then on.
    """
    people.require(deed.by, people.Permission.RECORD_CONTACT)
    rows = deed.by.scope.limit(Decision.objects.select_for_update(), by="branch")
    decision = rows.filter(pk=decision_id).first()
    if decision is None:
        raise no_such_decision(decision_id)
    at = decision.asked_at + timedelta(seconds=seconds)
    _check(decision, result, at_after=timedelta(seconds=seconds), deed=deed)
    text = note.replace("\0", "").strip()
    if len(text) > LONGEST:
        raise Refused(
            "note_text",
            _("A note has at most %(most)s characters.") % {"most": LONGEST},
        )
    wording.check(
        {"note": text, "result": result},
        channel="action",
        place=f"/contact/decisions/{decision_id}/",
        by=deed.by.username,
        at=deed.at,
        business_date=deed.business_date,
        request_id=deed.request_id,
        customer_id=decision.customer_id,
        loan_id=decision.loan_id,
    )
    Decision.objects.filter(pk=decision.pk).update(state=DecisionState.USED.value)
    made = _write(decision, result, text, at, deed)
    audit.record(
        type="contact.outcome.recorded",
        subject_type="customer",
        subject_id=decision.customer_id,
        by=deed.by.username,
        at=deed.at,
        business_date=deed.business_date,
        payload={
            "attempt": made.pk,
            "decision": decision.pk,
            "channel": decision.channel,
            "result": result,
        },
        request_id=deed.request_id,
    )
    kind = states.RAISES.get(result)
    if kind is not None:
        flags.raise_from_attempt(decision, str(kind), attempt_id=made.pk, deed=deed)
    return int(made.pk)


def _write(
    decision: Decision, result: str, text: str, at: object, deed: Deed
) -> Attempt:
    is_voice = decision.channel in VOICE
    row: Attempt = Attempt.objects.create(
        decision=decision,
        branch=decision.branch,
        product=decision.product,
        officer=decision.officer,
        loan_id=decision.loan_id,
        customer_id=decision.customer_id,
        person=decision.person,
        point_id=decision.point_id,
        point=decision.point,
        channel=decision.channel,
        purpose=decision.purpose,
        actor=decision.actor,
        at=at,
        result=result,
        connected=states.connected(result),
        conversation=is_voice and states.conversation(result),
        failed=states.failed(result),
        staff_count=decision.staff_count,
        note=sealing.seal(text, about=sealing.NOTE),
        recorded_by=deed.by.username,
        recorded_at=deed.at,
    )
    return row


def _check(decision: Decision, result: str, *, at_after: timedelta, deed: Deed) -> None:
    """Refuse what rests on no standing yes, and a result there is not."""
    if result not in set(Result):
        raise Refused(
            "result_unknown",
            _("There is no result %(result)s; choose one of: %(known)s.")
            % {"result": result, "known": ", ".join(Result)},
        )
    if decision.verdict != Verdict.ALLOW.value:
        raise Conflict(
            "decision_not_allowed",
            _("The gate did not allow this contact, so none can be recorded of it."),
            decision=decision.pk,
        )
    if decision.state != DecisionState.OPEN.value:
        raise Conflict(
            "decision_used",
            _("This answer was used or given back. Ask the gate again."),
            decision=decision.pk,
        )
    in_time = timedelta(0) <= at_after <= GOOD_FOR
    if not in_time or deed.at > decision.asked_at + GOOD_FOR + _LATE:
        raise Conflict(
            "decision_expired",
            _("An answer of the gate is good for 15 minutes. Ask again."),
            decision=decision.pk,
        )
    if decision.asked_at + at_after > deed.at:
        raise Refused(
            "attempt_ahead",
            _("This contact would lie in the future. Check how long after the answer."),
        )


def no_such_decision(decision_id: int) -> NotFound:
    """The refusal for an answer that is not there, or not for these eyes."""
    return NotFound(
        "decision_unknown",
        _("There is no such answer of the gate among those you may see."),
        decision=decision_id,
    )
