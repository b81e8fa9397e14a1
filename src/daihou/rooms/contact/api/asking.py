"""May I contact? The answers of the gate for programs, and the open times of a week."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated

from django.http import HttpRequest
from django.utils import timezone
from ninja import Field

from daihou.engine.gate.book import GateBook
from daihou.engine.gate.values import Verdict
from daihou.kit.api.router import Router
from daihou.kit.api.values import Given, Id, Ref, Schema, Word, ref
from daihou.packs import law_ask
from daihou.rooms.contact import asking, door
from daihou.rooms.contact.actions.attempts import no_such_decision
from daihou.rooms.contact.api import asker
from daihou.rooms.contact.pages import week
from daihou.rooms.contact.queries import history, rows
from daihou.rooms.contact.words import tongue
from daihou.rooms.gateway.door import ApiScope
from daihou.rooms.ledger import door as ledger

router = Router(tags=["Contact"])
Actor = Annotated[str, Field(pattern="^(staff|robot|agency|branch)?$")]
Channel = Annotated[
    str, Field(pattern="^(call|robot_call|sms|wechat|email|letter|visit)$")
]
Purpose = Annotated[str, Field(pattern="^(collect|remind|service)$")]


class MayGiven(Given):
    """One contact somebody wants to make, now.

    Without `customer` it is the borrower; without `contact_point` the registered
    address. `actor` is for whom it is made: staff, robot, agency or branch.
    """

    loan: Ref
    source: Word = ""
    customer: Id | None = None
    contact_point: Id | None = None
    channel: Channel
    purpose: Purpose
    actor: Actor = ""
    staff_count: Annotated[int, Field(ge=0, le=99)] | None = None


class RuleSaid(Schema):
    """A rule in the way, with its text and how it is attested."""

    rule: str
    title: str
    text: str
    force: list[str]
    status: str
    sources: list[str]


class Decided(Schema):
    """The answer of the gate; `id` is what the contact must carry.

    An id of 0 is an answer that was not kept (`dry_run`). It is good for 15 minutes;
    `stands` says whether it still is: a flag takes it back at once.
    """

    id: int
    verdict: str
    until: datetime | None
    rules: list[str]
    unknown: list[str]
    because: list[RuleSaid]
    licence: str
    law: str
    asked_at: datetime
    stands: bool


class May(Decided):
    """The answer of the gate to a question that was just asked."""

    dry_run: bool


class Open(Schema):
    """A half-open time in which the gate would allow."""

    begins_at: datetime
    ends_at: datetime


class Week(Schema):
    """When the gate would allow in the next seven days, nothing else happening."""

    channel: str
    verdict: str
    windows: list[Open]


def _wish(request: HttpRequest, body: MayGiven) -> asking.Wish:
    own, number = ref(body.loan)
    if number:
        scope = request.person.scope
        own = ledger.reading.loan_id_of(number, source=body.source, scope=scope)
    return asking.Wish(
        loan_id=own,
        customer_id=body.customer,
        point_id=body.contact_point or 0,
        channel=body.channel,
        purpose=body.purpose,
        staff_count=body.staff_count,
    )


@router.write(
    "/contact/may",
    scope=ApiScope.CONTACT_WRITE,
    returns=May,
    allow=asker.recorder,
    words=False,
)
def may_contact(request: HttpRequest, body: MayGiven) -> May:
    """May I contact?

    Asks the gate with the person's history over staff, robots, agencies and branches,
    and keeps the answer. An `allow` is good for 15 minutes and one contact, and counts
    as one until what came of it is recorded; with `dry_run=true` nothing is kept.
    """
    deed = door.Deed.of(request, actor=body.actor)
    kept = door.may_contact(_wish(request, body), deed=deed)
    answer, question = kept.answer, kept.asked
    return May(
        dry_run=request.dry_run,
        id=0 if request.dry_run else kept.id,
        verdict=answer.verdict.value,
        until=answer.until,
        rules=list(answer.rules),
        unknown=list(answer.unknown),
        because=_because(answer.rules, question.book, at=request.at),
        licence=question.request.licence,
        law=question.book.law.digest,
        asked_at=request.at,
        stands=answer.verdict is Verdict.ALLOW,
    )


@router.write(
    "/contact/decisions/{decision}:unused",
    scope=ApiScope.CONTACT_WRITE,
    returns=asker.Made,
    allow=asker.recorder,
)
def mark_contact_unused(
    request: HttpRequest, decision: Id, body: asker.Nothing
) -> asker.Made:
    """Record that no contact was made

    The answer counts as a contact no more, and none can be made on it.
    """
    door.mark_unused(decision, deed=door.Deed.of(request))
    return asker.made(request, decision)


@router.read(
    "/contact/decisions/{decision}",
    scope=ApiScope.CONTACT_READ,
    returns=Decided,
    allow=asker.reader,
)
def get_contact_decision(request: HttpRequest, decision: Id) -> Decided:
    """Read an answer of the gate

    As it was given, with the text of each rule in the way.
    """
    row = rows.decision(decision, scope=request.person.scope)
    if row is None:
        raise no_such_decision(decision)
    return Decided(
        id=row.id,
        verdict=row.verdict,
        until=row.until,
        rules=row.rules,
        unknown=row.unknown,
        because=_because(row.rules, history.gate_book(), at=row.asked_at),
        licence=row.licence,
        law=row.law_digest,
        asked_at=row.asked_at,
        stands=row.stands(request.at),
    )


def _because(rules: Sequence[str], book: GateBook, *, at: datetime) -> list[RuleSaid]:
    """The text of rules as they stood then; one that is no more has none."""
    known = [each for each in rules if each in book.law.rules]
    day = timezone.localdate(at)
    said = law_ask.explained_rules(known, book, day=day, language=tongue())
    return [RuleSaid(**each) for each in said]


@router.read(
    "/loans/{loan}/contact/week",
    scope=ApiScope.CONTACT_READ,
    returns=Week,
    allow=asker.reader,
)
def get_contact_week(
    request: HttpRequest,
    loan: Ref,
    channel: Channel,
    source: Word = "",
    contact_point: Annotated[int, Field(ge=0, le=2**53 - 1)] = 0,
) -> Week:
    """When may I contact the borrower?

    The times of the next seven days by one channel.
    """
    own, number = ref(loan)
    if number:
        scope = request.person.scope
        own = ledger.reading.loan_id_of(number, source=source, scope=scope)
    wish = asking.Wish(
        loan_id=own,
        channel=channel,
        purpose="collect",
        point_id=contact_point,
        staff_count=2 if channel == "visit" else None,
    )
    facts = asking.facts_of(wish, by=request.person)
    question = asking.asked(wish, facts, at=request.at)
    return Week(
        channel=channel,
        verdict=asking.answer(question, at=request.at).verdict.value,
        windows=[
            Open(begins_at=first, ends_at=last)
            for first, last in week.open_times(week.ahead(question, at=request.at))
        ],
    )
