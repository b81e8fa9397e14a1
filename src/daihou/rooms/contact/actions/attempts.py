"""Write down what came of a contact that the gate allowed."""

from datetime import timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from daihou.engine.gate.values import VOICE, Verdict
from daihou.kit import wording
from daihou.kit.refusal import Conflict, NotFound, Refused
from daihou.rooms.audit import door as audit
from daihou.rooms.contact import sealing, states
from daihou.rooms.contact.actions import flags, holding, points
from daihou.rooms.contact.actions.deciding import Deed
from daihou.rooms.contact.models import Attempt, Decision
from daihou.rooms.contact.states import (
    GOOD_FOR,
    LATE,
    NOT_THEM,
    DecisionState,
    Result,
)
from daihou.rooms.people import door as people

LONGEST = 2_000  # characters of a note


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
    decision = _locked(decision_id, deed)
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
    _follow(made, decision, deed)
    return int(made.pk)


def _follow(made: Attempt, decision: Decision, deed: Deed) -> None:
    """What the result says of the person: they can be reached, they want no contact."""
    points.note_result(made, decision, deed)
    if made.connected and made.result not in NOT_THEM and "." not in made.person:
        flags.end_unreachable(made.customer_id, at=made.at, deed=deed)
    kind = states.RAISES.get(made.result)
    if kind is not None:
        flags.raise_from_attempt(decision, str(kind), attempt_id=made.pk, deed=deed)


@transaction.atomic
def mark_unused(decision_id: int, *, deed: Deed) -> None:
    """Record that no contact was made on an answer; it counts as one no more.

    By whoever asked, or somebody who may open contact again.
    """
    people.require(deed.by, people.Permission.RECORD_CONTACT)
    decision = _locked(decision_id, deed)
    if decision.asked_by != deed.by.username:
        people.require(deed.by, people.Permission.LIFT_FLAG)
    _check_open(decision)
    Decision.objects.filter(pk=decision.pk).update(state=DecisionState.VOID.value)
    audit.record(
        type="contact.unused",
        subject_type="customer",
        subject_id=decision.customer_id,
        by=deed.by.username,
        at=deed.at,
        business_date=deed.business_date,
        payload={"decision": decision.pk, "channel": decision.channel},
        request_id=deed.request_id,
    )


def _locked(decision_id: int, deed: Deed) -> Decision:
    """An answer of one's own or of the scope, nobody else doing anything about it."""
    seen = deed.by.scope.limit(Decision.objects.filter(pk=decision_id), by="branch")
    own = Decision.objects.filter(pk=decision_id, asked_by=deed.by.username)
    found = seen.first() or own.first()
    if found is None:
        raise no_such_decision(decision_id)
    holding.lock(found.customer_id, found.debtor_id, point=found.point)
    row: Decision = Decision.objects.select_for_update().get(pk=found.pk)
    return row


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
    """Refuse what rests on no standing yes of one's own, and a result there is not."""
    if decision.asked_by != deed.by.username:
        raise Conflict(
            "decision_of_another",
            _("%(who)s asked for this answer, and writes down what came of it.")
            % {"who": decision.asked_by},
            decision=decision.pk,
        )
    if result not in set(Result):
        raise Refused(
            "result_unknown",
            _("There is no result %(result)s; choose one of: %(known)s.")
            % {"result": result, "known": ", ".join(Result)},
        )
    _check_open(decision)
    if decision.held_at and decision.asked_at + at_after > decision.held_at:
        raise Conflict(
            "decision_held",
            _("Contact is held since this answer was given. Ask the gate again."),
            decision=decision.pk,
        )
    in_time = timedelta(0) <= at_after <= GOOD_FOR
    if not in_time or deed.at > decision.asked_at + GOOD_FOR + LATE:
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


def _check_open(decision: Decision) -> None:
    """Refuse an answer that did not allow, or that was settled before."""
    if decision.verdict != Verdict.ALLOW.value:
        raise Conflict(
            "decision_not_allowed",
            _("The gate did not allow this contact, so none can be recorded of it."),
            decision=decision.pk,
        )
    if decision.state != DecisionState.OPEN.value:
        raise Conflict(
            "decision_used",
            _("What came of this answer was written down. Ask the gate again."),
            decision=decision.pk,
        )


def no_such_decision(decision_id: int) -> NotFound:
    """The refusal for an answer that is not there, or not for these eyes."""
    return NotFound(
        "decision_unknown",
        _("There is no such answer of the gate among those you may see."),
        decision=decision_id,
    )
