"""Proposals for programs: what waits for whom, one with its difference, deciding."""

from datetime import date, datetime
from typing import Annotated, Any, Literal

from django.http import HttpRequest
from ninja import Query
from pydantic import Field

from daihou.kit import masking
from daihou.kit.api.paging import Page, Paging, begins_after, cut
from daihou.kit.api.router import Router
from daihou.kit.api.values import Given, Id, Money, Schema, money
from daihou.rooms.approvals import queries
from daihou.rooms.approvals.actions.deciding import decide
from daihou.rooms.approvals.kinds import Deed
from daihou.rooms.approvals.pages import proposal as shown
from daihou.rooms.approvals.pages import words
from daihou.rooms.gateway.door import ApiScope
from daihou.rooms.people import door as people

router = Router(tags=["Approvals"])


class Proposal(Schema):
    """Something one person proposed and another decides, without what would change.

    `amount` is money in `currency`; `count` is how many of something. `levels` are the
    roles that decide one after the other (empty: whoever holds the permission).
    """

    id: int
    kind: str
    kind_name: str
    subject_type: str
    subject_id: str
    title: str
    amount: Money | None
    currency: str
    count: int | None
    reason: str
    proposed_by: str
    proposed_for: str
    proposed_at: datetime
    business_date: date | None
    levels: list[str]
    level: int
    waits_for: str
    due_at: datetime
    late: bool
    state: str
    decided_by: str
    closed_at: datetime | None
    serves_until: datetime | None


class Change(Schema):
    """One field of the difference, in words; personal values are masked.

    `now` is what it is by now where that is no longer `before`.
    """

    field: str
    name: str
    before: str
    after: str
    masked: bool
    now: str | None


class Said(Schema):
    """What one person decided at one level, and for whom."""

    level: int
    verdict: str
    by: str
    on_behalf_of: str
    at: datetime
    note: str


class Remark(Schema):
    """A comment under a proposal."""

    by: str
    at: datetime
    text: str


class WholeProposal(Proposal):
    """A proposal with what would change and what was said of it.

    `why_not` says why this token's person may not decide it now, `overtaken` that its
    subject has changed since it was proposed.
    """

    changes: list[Change]
    decisions: list[Said]
    comments: list[Remark]
    may_decide: bool
    why_not: str
    overtaken: bool


class ProposalFilter(Schema):
    """Which: those that wait for this person, those they proposed, or decided.

    `all` is for who reads the log of changes.
    """

    tab: Literal["waiting", "mine", "decided", "all"] = "waiting"


class DecisionIn(Given):
    """The verdict on the level that waits; refusing needs a note.

    `level` is the one that was looked at: if it was decided meanwhile nothing is.
    """

    verdict: Literal["approve", "refuse"]
    note: Annotated[str, Field(max_length=2_000)] = ""
    level: Annotated[int, Field(ge=1, le=100)] | None = None


class DecidedProposal(Schema):
    """The proposal after it was decided."""

    proposal: Proposal
    dry_run: bool


def _summary(found: queries.Proposal, *, at: datetime) -> dict[str, Any]:
    counted = found.amount is not None and not found.currency
    paid = found.amount is not None and bool(found.currency)
    return {
        "id": found.id,
        "kind": found.kind,
        "kind_name": words.kind_word(found.kind),
        "subject_type": found.subject_type,
        "subject_id": found.subject_id,
        "title": words.title_of(found),
        "amount": money(found.amount or 0, found.currency) if paid else None,
        "currency": found.currency,
        "count": found.amount if counted else None,
        "reason": masking.scrubbed(found.reason),
        "proposed_by": found.proposed_by,
        "proposed_for": found.proposed_for,
        "proposed_at": found.proposed_at,
        "business_date": found.business_date,
        "levels": list(found.levels),
        "level": found.level,
        "waits_for": found.waits_for if found.undecided else "",
        "due_at": found.due_at,
        "late": found.late(at),
        "state": found.state,
        "decided_by": found.decided_by,
        "closed_at": found.closed_at,
        "serves_until": found.serves_until,
    }


def _changes(page: shown.Page) -> list[Change]:
    return [
        Change(
            field=name,
            name=each.word,
            before=each.before,
            after=each.after,
            masked=each.masked,
            now=each.now,
        )
        for name, each in zip(page.proposal.after, page.changes, strict=True)
    ]


@router.read("/approvals", scope=ApiScope.APPROVALS_READ, returns=Page[Proposal])
def list_proposals(
    request: HttpRequest, which: Query[ProposalFilter], paging: Query[Paging]
) -> Page[Proposal]:
    """List proposals

    The newest first, of what the token's person may see.
    """
    if which.tab == "all":
        people.require(request.person, people.Permission.VIEW_AUDIT)
    rows = queries.listed(
        request.person,
        tab=which.tab,
        before=begins_after(paging, of="approvals"),
        limit=paging.limit + 1,
        at=request.at,
    )
    return cut(
        rows,
        paging,
        of="approvals",
        key=lambda row: row.id,
        show=lambda row: Proposal(**_summary(row, at=request.at)),
    )


@router.write(
    "/approvals/{proposal}:decide",
    scope=ApiScope.APPROVALS_WRITE,
    returns=DecidedProposal,
)
def decide_proposal(
    request: HttpRequest, proposal: Id, body: DecisionIn
) -> DecidedProposal:
    """Decide a proposal

    Approves or refuses the level that waits; the last approval carries it out. Nobody
    decides their own. A proposal whose subject has changed since is not approved.
    """
    day = request.business_day()
    done = decide(
        proposal_id=proposal,
        verdict=body.verdict,
        note=body.note,
        level=body.level,
        deed=Deed(
            by=request.person,
            at=request.at,
            business_date=day.on if day else None,
            request_id=request.request_id,
        ),
    )
    return DecidedProposal(
        proposal=Proposal(**_summary(done, at=request.at)), dry_run=request.dry_run
    )


@router.read(
    "/approvals/{proposal}", scope=ApiScope.APPROVALS_READ, returns=WholeProposal
)
def get_proposal(request: HttpRequest, proposal: Id) -> WholeProposal:
    """Read a proposal

    With what would change, field by field, and what was said of it.
    """
    page = shown.page_of(proposal, person=request.person, at=request.at)
    said, remarks = queries.history(proposal)
    whole: dict[str, Any] = {
        "changes": _changes(page),
        "decisions": [
            Said(
                level=each.level,
                verdict=each.verdict,
                by=each.by,
                on_behalf_of=each.for_whom,
                at=each.at,
                note=masking.scrubbed(each.note),
            )
            for each in said
        ],
        "comments": [
            Remark(by=each.by, at=each.at, text=masking.scrubbed(each.text))
            for each in remarks
        ],
        "may_decide": not page.why_not,
        "why_not": page.why_not,
        "overtaken": page.overtaken,
    }
    return WholeProposal(**_summary(page.proposal, at=request.at), **whole)
