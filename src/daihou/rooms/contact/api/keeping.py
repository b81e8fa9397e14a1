"""What came of a contact, what holds contact, and consents, for programs."""

from datetime import datetime
from typing import Annotated

from django.http import HttpRequest
from ninja import Field, Query

from daihou.kit.api.paging import Page, Paging, begins_after, cut
from daihou.kit.api.router import Router
from daihou.kit.api.values import Given, Id, Ref, Schema, Word
from daihou.rooms.contact import door
from daihou.rooms.contact.api import asker
from daihou.rooms.contact.queries import rows
from daihou.rooms.gateway.door import ApiScope

router = Router(tags=["Contact"])


class AttemptGiven(Given):
    """What came of a contact; `seconds` after the answer it was made."""

    decision: Id
    result: Word
    note: asker.Text = ""
    seconds: Annotated[int, Field(ge=0, le=900)] = 0


class AttemptSaid(Schema):
    """One contact."""

    id: int
    decision: int | None
    loan: int | None
    customer: int
    channel: str
    purpose: str
    actor: str
    at: datetime
    result: str
    connected: bool
    conversation: bool
    failed: bool


class FlagGiven(Given):
    """Something known of a person that holds contact."""

    customer: Ref
    source: Word = ""
    kind: Word
    evidence: asker.Text
    contact_point: Id | None = None


class FlagSaid(Schema):
    """A flag, and whether it stands."""

    id: int
    customer: int
    contact_point: int | None
    kind: str
    from_at: datetime
    until_at: datetime | None
    lifted_at: datetime | None
    confirmed_at: datetime | None
    stands: bool


class ConsentGiven(Given):
    """A consent; no channel means all of them."""

    customer: Ref
    source: Word = ""
    kind: Word
    channel: Word = ""
    evidence: asker.Text


class ConsentSaid(Schema):
    """One consent."""

    id: int
    customer: int
    kind: str
    channel: str
    given_at: datetime
    withdrawn_at: datetime | None
    confirmed_at: datetime | None


class Evidence(Given):
    """On what evidence."""

    evidence: asker.Text


@router.write(
    "/contact/attempts",
    scope=ApiScope.CONTACT_WRITE,
    returns=asker.Made,
    allow=asker.recorder,
)
def record_contact_attempt(request: HttpRequest, body: AttemptGiven) -> asker.Made:
    """Record a contact

    It must carry the id of an answer that allowed it, by whoever asked for it.
    """
    made = door.record_attempt(
        body.decision,
        result=body.result,
        note=body.note,
        seconds=body.seconds,
        deed=door.Deed.of(request),
    )
    return asker.made(request, made)


@router.read(
    "/customers/{customer}/contact/attempts",
    scope=ApiScope.CONTACT_READ,
    returns=Page[AttemptSaid],
    allow=asker.reader,
)
def list_contact_attempts(
    request: HttpRequest, customer: Ref, paging: Query[Paging], source: Word = ""
) -> Page[AttemptSaid]:
    """List contacts of a person

    In the order they were written down, by everybody who acts for the lender.
    """
    of = "contact_attempts"
    found = rows.attempts_after(
        asker.seen(request, customer, source),
        after=begins_after(paging, of=of),
        limit=paging.limit + 1,
    )
    return cut(found, paging, of=of, key=_id, show=_attempt)


def _id(row: rows.AttemptRow | rows.FlagRow | rows.ConsentRow) -> int:
    return row.id


def _attempt(row: rows.AttemptRow) -> AttemptSaid:
    return AttemptSaid(
        id=row.id,
        decision=row.decision_id,
        loan=row.loan_id,
        customer=row.customer_id,
        channel=row.channel,
        purpose=row.purpose,
        actor=row.actor,
        at=row.at,
        result=row.result,
        connected=row.connected,
        conversation=row.conversation,
        failed=row.failed,
    )


@router.read(
    "/customers/{customer}/contact/flags",
    scope=ApiScope.CONTACT_READ,
    returns=Page[FlagSaid],
    allow=asker.reader,
)
def list_contact_flags(
    request: HttpRequest, customer: Ref, paging: Query[Paging], source: Word = ""
) -> Page[FlagSaid]:
    """List flags of a person

    What holds contact, and what held it.
    """
    of = "contact_flags"
    found = rows.flags_after(
        asker.seen(request, customer, source),
        after=begins_after(paging, of=of),
        limit=paging.limit + 1,
    )

    def show(row: rows.FlagRow) -> FlagSaid:
        return FlagSaid(
            id=row.id,
            customer=row.customer_id,
            contact_point=row.point_id or None,
            kind=row.kind,
            from_at=row.from_at,
            until_at=row.until_at,
            lifted_at=row.lifted_at,
            confirmed_at=row.confirmed_at,
            stands=row.stands(request.at),
        )

    return cut(found, paging, of=of, key=_id, show=show)


@router.write(
    "/contact/flags",
    scope=ApiScope.CONTACT_WRITE,
    returns=asker.Made,
    allow=asker.flagger,
)
def raise_contact_flag(request: HttpRequest, body: FlagGiven) -> asker.Made:
    """Hold contact with a person

    From now on, by every channel and whoever acts.
    """
    made = door.raise_flag(
        asker.seen(request, body.customer, body.source),
        kind=body.kind,
        evidence=body.evidence,
        point_id=body.contact_point or 0,
        deed=door.Deed.of(request),
    )
    return asker.made(request, made)


@router.write(
    "/contact/flags/{flag}:lift",
    scope=ApiScope.CONTACT_WRITE,
    returns=asker.Made,
    allow=asker.lifter,
)
def lift_contact_flag(request: HttpRequest, flag: Id, body: Evidence) -> asker.Made:
    """Open contact again

    By another person than who raised the flag, on evidence.
    """
    door.lift_flag(flag, evidence=body.evidence, deed=door.Deed.of(request))
    return asker.made(request, flag)


@router.write(
    "/contact/flags/{flag}:confirm",
    scope=ApiScope.CONTACT_WRITE,
    returns=asker.Made,
    allow=asker.lifter,
)
def confirm_contact_flag(
    request: HttpRequest, flag: Id, body: asker.Nothing
) -> asker.Made:
    """Confirm a flag

    That the debtor is dead or cannot be reached, by another person: then it opens a way
    to contact persons.
    """
    door.confirm_flag(flag, deed=door.Deed.of(request))
    return asker.made(request, flag)


@router.read(
    "/customers/{customer}/contact/consents",
    scope=ApiScope.CONTACT_READ,
    returns=Page[ConsentSaid],
    allow=asker.reader,
)
def list_contact_consents(
    request: HttpRequest, customer: Ref, paging: Query[Paging], source: Word = ""
) -> Page[ConsentSaid]:
    """List consents of a person

    Given and withdrawn.
    """
    of = "contact_consents"
    found = rows.consents_after(
        asker.seen(request, customer, source),
        after=begins_after(paging, of=of),
        limit=paging.limit + 1,
    )
    return cut(found, paging, of=of, key=_id, show=_consent)


def _consent(row: rows.ConsentRow) -> ConsentSaid:
    return ConsentSaid(
        id=row.id,
        customer=row.customer_id,
        kind=row.kind,
        channel=row.channel,
        given_at=row.given_at,
        withdrawn_at=row.withdrawn_at,
        confirmed_at=row.confirmed_at,
    )


@router.write(
    "/contact/consents",
    scope=ApiScope.CONTACT_WRITE,
    returns=asker.Made,
    allow=asker.recorder,
)
def give_contact_consent(request: HttpRequest, body: ConsentGiven) -> asker.Made:
    """Record a consent

    Of the person, from now on.
    """
    made = door.give_consent(
        asker.seen(request, body.customer, body.source),
        kind=body.kind,
        channel=body.channel,
        evidence=body.evidence,
        deed=door.Deed.of(request),
    )
    return asker.made(request, made)


@router.write(
    "/contact/consents/{consent}:withdraw",
    scope=ApiScope.CONTACT_WRITE,
    returns=asker.Made,
    allow=asker.recorder,
)
def withdraw_contact_consent(
    request: HttpRequest, consent: Id, body: asker.Nothing
) -> asker.Made:
    """Withdraw a consent

    It counts at once.
    """
    door.withdraw_consent(consent, deed=door.Deed.of(request))
    return asker.made(request, consent)


@router.write(
    "/contact/consents/{consent}:confirm",
    scope=ApiScope.CONTACT_WRITE,
    returns=asker.Made,
    allow=asker.lifter,
)
def confirm_contact_consent(
    request: HttpRequest, consent: Id, body: asker.Nothing
) -> asker.Made:
    """Confirm a consent

    By another person: before that none opens the night, or a channel once withdrawn.
    """
    door.confirm_consent(consent, deed=door.Deed.of(request))
    return asker.made(request, consent)
