"""Clocks of law for programs: the list, one with its reasons, and what is told."""

from datetime import date
from typing import Annotated, Any, Literal

from django.http import HttpRequest
from django.utils import timezone
from ninja import Query
from pydantic import Field, StrictBool

from daihou.kit.api.paging import Page, Paging, begins_after, cut
from daihou.kit.api.router import Router
from daihou.kit.api.values import Day, Given, Id, Schema
from daihou.packs import clocks as clock_files
from daihou.packs import decision_json
from daihou.rooms.approvals import door as approvals
from daihou.rooms.clocks import actions, queries
from daihou.rooms.clocks.actions import Beginning, EventIn
from daihou.rooms.clocks.queries import ClockLine
from daihou.rooms.gateway.door import ApiScope
from daihou.rooms.people import door as people

router = Router(tags=["Clocks of law"])
Kind = Literal[
    "limitation",
    "guarantee",
    "observation",
    "enforcement",
    "payment_order_accept",
    "payment_order_issue",
    "payment_order_object",
    "complaint",
    "credit_dispute",
    "credit_complaint",
    "adverse_data",
    "blame",
    "audit_report",
    "finance_report",
    "foreclosed",
    "evaluation",
    "transfer_pilot",
]
Signer = Literal["self", "adult_co_resident_relative", "agent", "neighbour", "unknown"]
Code = Annotated[str, Field(min_length=1, max_length=40, pattern=r"^[a-z_]+$")]
Evidence = Annotated[str, Field(min_length=1, max_length=2000)]


class ClockShown(Schema):
    """One clock as it stood when it was last reckoned.

    `alarm` is the nearest step of the ladder that was raised, 0 once the end has
    passed. `unverified`: it rests on a rule whose text nobody has checked.
    """

    id: int
    kind: Kind
    loan_id: int | None
    customer_id: int | None
    guarantor_id: int | None
    about: str
    begins_on: date | None
    counted_to: date | None
    ends_on: date | None
    days_left: int | None
    state: str
    alarm: int | None
    rule: str
    unverified: bool
    by_hand: bool
    closed_on: date | None
    closed_because: str


class ClockWhy(ClockShown):
    """The same with what it heard, its alarms, and the decision."""

    heard: list[dict[str, Any]]
    alarms: list[dict[str, Any]]
    stops: list[str]
    restarts: list[str]
    at_end: str
    decision: dict[str, Any]


class ClockQuestion(Schema):
    """Which clocks to list."""

    kind: Kind | None = None


class ClockIn(Given):
    """A clock that is started by hand, with what its kind needs beside the beginning.

    `form`, `agreed_until` or `agreed_months` and `until_paid` are of a guarantee,
    `asset` of what was foreclosed, `contract_ends_on` of an agency.
    Needs a loan for claims, courts and recovery; else a customer, or what it is about.
    """

    kind: Kind
    begins_on: Day
    evidence: Evidence
    loan: Id | None = None
    customer: Id | None = None
    guarantor: Id | None = None
    about: Annotated[str, Field(max_length=200)] = ""
    form: Literal["general", "joint"] | None = None
    agreed_until: Day | None = None
    agreed_months: Annotated[int, Field(ge=1, le=600)] | None = None
    until_paid: StrictBool = False
    asset: Literal["real_estate", "equity", "movable"] | None = None
    contract_ends_on: Day | None = None


class ClockEventIn(Given):
    """What happened, with its proof; `kind` as the clock's `restarts` and `stops` say."""

    kind: Code
    happened_on: Day
    evidence: Evidence
    evidence_kind: Code | None = None
    signed_by: Signer | None = None
    arrived: StrictBool = False
    debtor_missing: StrictBool = False
    until: Day | None = None
    guarantor: Id | None = None


class ClockStarted(Schema):
    """The clock that was started."""

    id: int
    dry_run: bool


class ClockEventKept(Schema):
    """The event that was written down."""

    id: int
    dry_run: bool


def _reader(request: HttpRequest) -> None:
    people.require(request.person, people.Permission.VIEW_LOANS)


def _writer(request: HttpRequest) -> None:
    people.require(request.person, people.Permission.PROPOSE_CLASS)


def _of_house(request: HttpRequest) -> bool:
    return bool(request.person.may(people.Permission.VIEW_LAW))


def _today(request: HttpRequest) -> date:
    day = request.business_day()
    today: date = day.on if day else timezone.localdate(request.at)
    return today


def _shown(line: ClockLine, today: date) -> dict[str, Any]:
    return {
        "id": line.id,
        "kind": line.kind,
        "loan_id": line.loan_id,
        "customer_id": line.customer_id,
        "guarantor_id": line.party_id or None,
        "about": line.name,
        "begins_on": line.begins_on,
        "counted_to": line.counted_to,
        "ends_on": line.ends_on,
        "days_left": line.days_left(today),
        "state": line.state,
        "alarm": line.alarm,
        "rule": line.rule,
        "unverified": line.unverified,
        "by_hand": line.by_hand,
        "closed_on": line.closed_on,
        "closed_because": line.closed_because,
    }


@router.read(
    "/clocks", scope=ApiScope.CLOCKS_READ, returns=Page[ClockShown], allow=_reader
)
def list_clocks(
    request: HttpRequest, paging: Query[Paging], asked: Query[ClockQuestion]
) -> Page[ClockShown]:
    """List the clocks of law that run

    In order of their numbers, as of the last look; days left from the open day.
    """
    named = f"clocks-{asked.kind or 'all'}"
    rows = queries.clocks_after(
        begins_after(paging, of=named),
        scope=request.person.scope,
        of_house=_of_house(request),
        limit=paging.limit + 1,
        kind=asked.kind or "",
    )
    today = _today(request)

    def show(row: ClockLine) -> ClockShown:
        return ClockShown(**_shown(row, today))

    return cut(rows, paging, of=named, key=lambda row: row.id, show=show)


@router.read(
    "/clocks/{clock}", scope=ApiScope.CLOCKS_READ, returns=ClockWhy, allow=_reader
)
def get_clock(request: HttpRequest, clock: Id) -> ClockWhy:
    """Read a clock with its reasons

    Reckoned anew from what is kept: every event it heard and whether it counts, the
    rules with their versions, and the nearest changes that would flip it.
    """
    scope, today = request.person.scope, _today(request)
    line = queries.clock(clock, scope=scope, of_house=_of_house(request))
    as_of = today if line.closed_on is None else line.reckoned_on
    found = queries.reckoned(line, as_of=as_of)
    told = clock_files.clock_json(found)
    return ClockWhy(
        **_shown(line, today),
        heard=told["events"],
        alarms=told["alarms"],
        stops=told["stops"],
        restarts=told["restarts"],
        at_end=told["at_end"],
        decision=decision_json.to_json(found.decision),
    )


@router.write(
    "/clocks",
    scope=ApiScope.CLOCKS_WRITE,
    returns=ClockStarted,
    allow=_writer,
    words=False,
)
def start_clock(request: HttpRequest, body: ClockIn) -> ClockStarted:
    """Start a clock of law by hand

    Limitation, guarantees and observations run by themselves: starting one of a loan
    says where it truly began, as when the loan was called in.
    """
    wish = Beginning(
        kind=body.kind,
        begins_on=body.begins_on,
        evidence=body.evidence,
        loan_id=body.loan,
        customer_id=body.customer,
        party_id=body.guarantor or 0,
        name=body.about,
        facts={
            "form": body.form,
            "agreed_until": body.agreed_until,
            "agreed_months": body.agreed_months,
            "until_paid": body.until_paid or None,
            "asset": body.asset,
            "contract_ends_on": body.contract_ends_on,
        },
    )
    made = actions.start(wish, deed=approvals.Deed.of(request))
    return ClockStarted(id=made, dry_run=request.dry_run)


@router.write(
    "/clocks/{clock}/events",
    scope=ApiScope.CLOCKS_WRITE,
    returns=ClockEventKept,
    allow=_writer,
    words=False,
)
def tell_clock_event(
    request: HttpRequest, clock: Id, body: ClockEventIn
) -> ClockEventKept:
    """Tell a clock what happened

    What is told of one clock of a claim is heard by all clocks of the loan. Payments
    come from the ledger by themselves.
    """
    told = EventIn(
        kind=body.kind,
        happened_on=body.happened_on,
        evidence=body.evidence,
        evidence_kind=body.evidence_kind or "",
        signed_by=body.signed_by or "",
        arrived=body.arrived,
        debtor_missing=body.debtor_missing,
        until=body.until,
        party=body.guarantor or 0,
    )
    made = actions.tell(clock, told, deed=approvals.Deed.of(request))
    return ClockEventKept(id=made, dry_run=request.dry_run)
