"""Ask the gate and keep its answer; an answer that allows is good for one contact."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.http import HttpRequest

from daihou.engine.gate.values import Actor, Answer, Verdict
from daihou.rooms.audit import door as audit
from daihou.rooms.contact import asking
from daihou.rooms.contact.actions.holding import lock
from daihou.rooms.contact.models import Decision
from daihou.rooms.people import door as people


@dataclass(frozen=True, slots=True, kw_only=True)
class Deed:
    """Who asks or does it, when, on which business date; `actor` for whom they act."""

    by: people.Person
    at: datetime
    business_date: date | None
    request_id: str = ""
    actor: str = ""

    @classmethod
    def of(cls, request: HttpRequest, *, actor: str = "") -> "Deed":
        """By whoever sent the request, on the open business date if there is one."""
        day = request.business_day()
        return cls(
            by=request.person,
            at=request.at,
            business_date=day.on if day else None,
            request_id=request.request_id,
            actor=actor,
        )

    @property
    def acts_as(self) -> str:
        """staff, robot, agency or branch."""
        return self.actor or asking.actor_of(self.by)


@dataclass(frozen=True, slots=True)
class Kept:
    """An answer of the gate that was kept, by its number."""

    id: int
    answer: Answer
    asked: asking.Asked


@transaction.atomic
def may_contact(wish: asking.Wish, *, deed: Deed) -> Kept:
    """Ask whether this contact may be made now; the answer is kept whatever it is.

    The number of one that allows is what every contact must carry: it is good for a
    quarter of an hour and one contact, and counts as one until what came of it is
    written down, or that none was made (`mark_unused`).
    """
    people.require(deed.by, people.Permission.RECORD_CONTACT)
    assert deed.acts_as in set(Actor), deed.acts_as
    facts = asking.facts_of(wish, by=deed.by)
    asking.check_in_use(facts)
    # Two who ask at once do not both get the last call to a person, or to a number.
    lock(facts.customer_id, facts.debtor_id, point=facts.digest)
    question = asking.asked(wish, facts, at=deed.at)
    found = asking.answer(question, at=deed.at)
    row = _row(question, found, deed)
    row.save(force_insert=True)
    if found.verdict is not Verdict.ALLOW:
        audit.record(
            type=f"gate.{'deferred' if found.until else 'denied'}",
            subject_type="customer",
            subject_id=row.customer_id,
            by=deed.by.username,
            at=deed.at,
            business_date=deed.business_date,
            payload={
                "decision": row.pk,
                "channel": row.channel,
                "rules": list(found.rules),
            },
            request_id=deed.request_id,
        )
    return Kept(int(row.pk), found, question)


def _row(question: asking.Asked, found: Answer, deed: Deed) -> Decision:
    wish, facts, request = question.wish, question.facts, question.request
    known = question.known
    return Decision(
        branch=facts.branch,
        product=facts.product,
        officer=facts.officer,
        loan_id=facts.loan_id,
        customer_id=facts.customer_id,
        debtor_id=facts.debtor_id,
        person=question.who.person,
        point_id=facts.point_id,
        point=question.who.point,
        channel=wish.channel,
        purpose=wish.purpose,
        actor=deed.acts_as,
        staff_count=wish.staff_count,
        jurisdiction=request.jurisdiction,
        licence=request.licence,
        request={
            "role": request.role,
            "zone": str(request.zone or ""),
            "flags": sorted(known.flags.person),
            "debtor_flags": sorted(known.flags.debtor),
            "unsure": sorted(known.flags.unsure),
            "refused": known.refused,
            "debtor_unreachable": known.unreachable,
            "contacts_counted": len(known.history),
            "consents": len(known.consents),
        },
        verdict=found.verdict.value,
        until=found.until,
        rules=list(found.rules),
        because=[
            {"rule": each.rule, "until": each.until.isoformat() if each.until else None}
            for each in found.because
        ],
        unknown=list(found.unknown),
        law_digest=question.book.law.digest,
        asked_by=deed.by.username,
        asked_at=deed.at,
    )
