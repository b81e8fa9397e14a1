"""What is told of a claim or of one clock, with its proof; and what was told wrongly."""

from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from daihou.engine.clocks.rules import EVIDENCE
from daihou.engine.clocks.weighing import DEMAND
from daihou.kit import wording
from daihou.kit.refusal import Conflict, NotFound, Refused
from daihou.rooms.approvals import door as approvals
from daihou.rooms.audit import door as audit
from daihou.rooms.clocks import queries, reckoning, sealing
from daihou.rooms.clocks.actions import keeping_up
from daihou.rooms.clocks.models import ClockEvent
from daihou.rooms.clocks.queries import ClockLine
from daihou.rooms.clocks.states import OF_THE_CLAIM, Kind
from daihou.rooms.ledger import door as ledger
from daihou.rooms.people import door as people

LONGEST: Final = 2_000  # characters of evidence
# What people bring as proof of a demand and the law does not list: kept, not counted.
OTHER_EVIDENCE: Final = ("call_recording", "handwritten_note", "staff_statement")
# What counts only if there is proof of it.
PROVED: Final = (DEMAND, "claim_on_guarantor")
SIGNERS: Final = ("self", "adult_co_resident_relative", "agent", "neighbour", "unknown")


@dataclass(frozen=True, slots=True, kw_only=True)
class EventIn:
    """An event as somebody tells it; `evidence` is what shows it and where it is kept.

    `until`: the last day of what lasts (a suit, an obstacle). `party`: our number of
    the guarantor whom it was directed at, 0 for the debtor.
    """

    kind: str
    happened_on: date
    evidence: str
    evidence_kind: str = ""
    signed_by: str = ""
    arrived: bool = False
    debtor_missing: bool = False
    until: date | None = None
    party: int = 0


def open_day(deed: approvals.Deed) -> date:
    """The day at whose end clocks are looked at now: the open one."""
    today: date = timezone.localdate(deed.at)
    return deed.business_date or today


@transaction.atomic
def tell_event(loan_id: int, told: EventIn, *, deed: approvals.Deed) -> int:
    """Write down what happened to a claim; every clock of the loan hears it at once.

    For later rooms as well: a promise, a plan, a demand served. Payments come from the
    ledger. NotFound outside the scope; Refused without evidence, for a day that has
    not come, or for a kind that no rule of the day names.
    """
    claim = ledger.reaching.reached(
        loan_id, customer_id=None, point_id=0, scope=deed.by.scope
    )
    book = queries.book(open_day(deed))
    kinds = (
        *reckoning.event_kinds(Kind.ENFORCEMENT, book.rules),
        *reckoning.guarantee_kinds(book.rules),
    )
    event_id: int = _keep(
        told, kinds, book, deed, loan_id=loan_id, customer_id=claim.debtor_id
    )
    keeping_up.refresh(keeping_up.of_claim(loan_id), as_of=open_day(deed))
    return event_id


@transaction.atomic
def tell(clock_id: int, told: EventIn, *, deed: approvals.Deed) -> int:
    """Write down what happened to one clock; of a claim's it is told of the loan."""
    people.require(deed.by, people.Permission.PROPOSE_CLASS)
    line = seen(clock_id, deed)
    if line.kind in OF_THE_CLAIM and line.loan_id is not None:
        made: int = tell_event(line.loan_id, _of_party(told, line), deed=deed)
        return made
    book = queries.book(open_day(deed))
    kinds = reckoning.event_kinds(Kind(line.kind), book.rules)
    event_id = _keep(
        told, kinds, book, deed, clock_id=line.id, customer_id=line.customer_id
    )
    keeping_up.refresh([line.id], as_of=open_day(deed))
    return event_id


def _of_party(told: EventIn, line: ClockLine) -> EventIn:
    """What was done against a guarantor, on the page of their guarantee, is of them."""
    if line.kind != Kind.GUARANTEE or not told.kind.endswith("_guarantor"):
        return told
    return replace(told, party=told.party or line.party_id)


def seen(clock_id: int, deed: approvals.Deed) -> ClockLine:
    """The clock, if the person may see it, and still open."""
    of_house = deed.by.may(people.Permission.VIEW_LAW)
    line = queries.clock(clock_id, scope=deed.by.scope, of_house=of_house)
    if line.closed_on is not None:
        raise Conflict(
            "clock_closed", _("This clock is no longer looked at. Reload the page.")
        )
    return line


def _keep(
    told: EventIn,
    kinds: tuple[str, ...],
    book: reckoning.Book,
    deed: approvals.Deed,
    *,
    customer_id: int | None,
    loan_id: int | None = None,
    clock_id: int | None = None,
) -> int:
    _check(told, kinds, book, deed)
    evidence = checked_text(told.evidence, deed, field="evidence", loan_id=loan_id)
    row = ClockEvent.objects.create(
        loan_id=loan_id,
        clock_id=clock_id,
        customer_id=customer_id,
        kind=told.kind,
        happened_on=told.happened_on,
        until_on=told.until,
        evidence_kind=told.evidence_kind if told.kind in PROVED else "",
        signed_by=told.signed_by,
        arrived=told.arrived,
        debtor_missing=told.debtor_missing,
        party_id=told.party,
        evidence=sealing.seal(evidence),
        by=deed.by.username,
        at=deed.at,
    )
    payload = {"event": row.pk, "kind": told.kind}
    payload |= {"happened_on": told.happened_on.isoformat()}
    record("clock.event.told", loan_id, clock_id, payload, deed)
    return int(row.pk)


def _check(
    told: EventIn, kinds: tuple[str, ...], book: reckoning.Book, deed: approvals.Deed
) -> None:
    if told.kind not in kinds:
        raise Refused(
            "event_unknown",
            _("This clock hears no such event. Choose one of those offered."),
            field="kind",
        )
    if told.happened_on > open_day(deed):
        raise Refused(
            "event_ahead",
            _("It cannot have happened on a day that has not come yet."),
            field="happened_on",
        )
    if told.until is not None and told.until < told.happened_on:
        raise Refused(
            "event_days",
            _("It would end before it began: choose a later day, or none."),
            field="until",
        )
    article = book.rules.get(EVIDENCE)
    listed = () if article is None else article.names("evidence")
    proofs = (*listed, *OTHER_EVIDENCE)
    if told.kind in PROVED and told.evidence_kind not in proofs:
        raise Refused(
            "evidence_kind",
            _("Say what kind of proof there is of the demand."),
            field="evidence_kind",
        )
    if told.signed_by and told.signed_by not in SIGNERS:
        raise Refused(
            "signer_unknown", _("Choose who signed for it."), field="signed_by"
        )


def checked_text(
    text: str, deed: approvals.Deed, *, field: str, loan_id: int | None = None
) -> str:
    """Evidence or a reason: there, not too long, and no refused act in it."""
    plain = text.replace("\x00", "").strip()
    if not plain or len(plain) > LONGEST:
        raise Refused(
            "evidence_missing",
            _("Say what shows it: a document, a court, a call, and where it is kept."),
            field=field,
        )
    wording.check(
        {field: plain},
        channel="action",
        place="/clocks/",
        by=deed.by.username,
        at=deed.at,
        business_date=deed.business_date,
        request_id=deed.request_id,
        loan_id=loan_id,
    )
    return plain


@transaction.atomic
def strike(event_id: int, *, because: str, deed: approvals.Deed) -> None:
    """Take back what was told wrongly: it stays on the page and counts no more.

    A clock without it ends no later, so nobody else has to agree; one that was done
    by it runs again.
    """
    people.require(deed.by, people.Permission.PROPOSE_CLASS)
    row = ClockEvent.objects.filter(pk=event_id).first()
    if row is None or not _sees(row, deed):
        raise NotFound(
            "event_unknown", _("There is no such event among those you may see.")
        )
    if row.struck_at is not None:
        raise Conflict("event_struck", _("It was struck already. Reload the page."))
    text = checked_text(because, deed, field="because", loan_id=row.loan_id)
    moved = ClockEvent.objects.filter(pk=event_id, struck_at=None).update(
        struck_at=deed.at,
        struck_by=deed.by.username,
        struck_because=sealing.seal(text),
    )
    if not moved:
        raise Conflict("event_struck", _("It was struck already. Reload the page."))
    payload: dict[str, object] = {"event": row.pk, "kind": row.kind}
    record("clock.event.struck", row.loan_id, row.clock_id, payload, deed)
    touched = keeping_up.of_claim(row.loan_id) if row.loan_id else [row.clock_id]
    keeping_up.refresh([each for each in touched if each], as_of=open_day(deed))
    for line in keeping_up.open_again(queries.done_by(row), as_of=open_day(deed)):
        opened = {"event": row.pk, "clock": line.id, "kind": line.kind}
        record("clock.opened_again", line.loan_id, line.id, opened, deed)


def _sees(row: ClockEvent, deed: approvals.Deed) -> bool:
    if row.loan_id is not None:
        return bool(ledger.reading.lines_of([row.loan_id], scope=deed.by.scope))
    of_house = deed.by.may(people.Permission.VIEW_LAW)
    rows = queries.seen(deed.by.scope, of_house=of_house)
    return bool(rows.filter(pk=row.clock_id).exists())


def record(
    type: str,
    loan_id: int | None,
    clock_id: int | None,
    payload: dict[str, object],
    deed: approvals.Deed,
) -> None:
    """An event of the log, on the loan where there is one."""
    audit.record(
        type=type,
        subject_type="clock" if loan_id is None else "loan",
        subject_id=str(loan_id or clock_id),
        by=deed.by.username,
        at=deed.at,
        business_date=deed.business_date,
        payload=payload,
        request_id=deed.request_id,
        on_behalf_of=deed.on_behalf_of,
    )
