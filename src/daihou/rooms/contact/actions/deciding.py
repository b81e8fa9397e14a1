"""Ask the gate and keep its answer; an answer that allows is good for one contact."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db import connection, transaction

from daihou.engine.gate.values import Actor, Answer, Verdict
from daihou.rooms.audit import door as audit
from daihou.rooms.contact import asking
from daihou.rooms.contact.models import Decision
from daihou.rooms.contact.states import DecisionState
from daihou.rooms.people import door as people

_LOCK = 0xDA205  # with the person: two who ask at once are answered one after another


@dataclass(frozen=True, slots=True, kw_only=True)
class Deed:
    """Who asks or does it, when, on which business date; `actor` for whom they act."""

    by: people.Person
    at: datetime
    business_date: date | None
    request_id: str = ""
    actor: str = ""

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
    quarter of an hour and one contact, and counts as one until then. Whoever asks the
    same again gives the earlier answer back.
    """
    people.require(deed.by, people.Permission.RECORD_CONTACT)
    assert deed.acts_as in set(Actor), deed.acts_as
    facts = asking.facts_of(wish, by=deed.by)
    who = asking.who_is(facts)
    _hold(who.person, deed)
    _void_own(who.person, wish, deed)
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


def _hold(person: str, deed: Deed) -> None:
    """One question of a person at a time, so that two do not both get the last call."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select pg_advisory_xact_lock(%s, hashtext(%s))", [_LOCK, person]
        )


def _void_own(person: str, wish: asking.Wish, deed: Deed) -> None:
    Decision.objects.filter(
        person=person,
        point_id=wish.point_id,
        channel=wish.channel,
        asked_by=deed.by.username,
        state=DecisionState.OPEN.value,
        verdict=Verdict.ALLOW.value,
        asked_at__gt=deed.at - asking.GOOD_FOR,
    ).update(state=DecisionState.VOID.value)


def _row(question: asking.Asked, found: Answer, deed: Deed) -> Decision:
    wish, facts, request = question.wish, question.facts, question.request
    known = question.known
    return Decision(
        branch=facts.branch,
        product=facts.product,
        officer=facts.officer,
        loan_id=facts.loan_id,
        customer_id=facts.customer_id,
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
