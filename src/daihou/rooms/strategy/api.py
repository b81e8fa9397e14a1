"""Strategies for programs: read, drafted, rehearsed, proposed; and each one's step."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Annotated, Any, Literal, cast

from django.http import HttpRequest
from ninja import Query
from pydantic import Field

from daihou.kit.api.paging import Page, Paging, begins_after, cut
from daihou.kit.api.router import Router
from daihou.kit.api.values import Day, Given, Id, Schema, StrictInt, Word
from daihou.rooms.gateway.door import ApiScope
from daihou.rooms.people import door as people
from daihou.rooms.strategy import actions, asked, queries
from daihou.rooms.strategy.pages import editor
from daihou.rooms.strategy.pages.rehearsed import require_whole
from daihou.rooms.strategy.queries import StepLine, VersionLine
from daihou.rooms.strategy.states import Origin

router = Router(tags=["Strategies"])
RehearsalState = Literal["asked", "running", "done", "failed"]
VersionState = Literal["draft", "reviewed", "scheduled", "live", "retired"]


class StrategyVersion(Schema):
    """A version without its content. It holds on the mornings [begins_on, ended_on).

    `rev` counts the times a draft was kept; who keeps it says which one they saw.
    """

    id: int
    strategy: int
    code: str
    title: dict[str, str]
    number: int
    state: VersionState
    origin: str
    digest: str
    rev: int
    based_on: int | None
    authors: list[str]
    begins_on: date | None
    ended_on: date | None
    decided_by: str
    decided_at: datetime | None


class StrategyListed(Schema):
    """A strategy; `place` is its turn: the first with a row for a customer has them."""

    id: int
    code: str
    title: dict[str, str]
    place: int
    live: StrategyVersion | None
    coming: list[StrategyVersion]
    drafts: list[StrategyVersion]


class StrategyFinding(Schema):
    """What is wrong in a version: overlap, gap, unreachable, cell, unknown, held, bound.

    A `blocking` one has to be mended before the version may be proposed.
    """

    kind: str
    rows: list[str]
    words: str
    blocking: bool


class StrategyVersionWhole(StrategyVersion):
    """A version with what it says, as the YAML file has it, and what was found in it."""

    content: dict[str, Any]
    findings: list[StrategyFinding]


class StrategyDraftIn(Given):
    """A draft to begin: of `content`, else as version `based_on`, else as the live one."""

    based_on: Id | None = None
    content: dict[str, Any] | None = None


class StrategyDraftKept(Given):
    """The content of a draft as it is to be kept, by who has seen `rev`."""

    rev: Annotated[StrictInt, Field(ge=1)]
    content: dict[str, Any]


class StrategyRehearsalIn(Given):
    """Which state of the draft is to be tried."""

    rev: Annotated[StrictInt, Field(ge=1)]


class StrategyRehearsal(Schema):
    """A rehearsal: how far it is (per mille), and what it came to, amounts in fen."""

    id: int
    version: int
    as_of: date
    state: RehearsalState
    per_mille: int
    still_so: bool
    summary: dict[str, Any]


class StrategyProposalIn(Given):
    """A draft to be proposed; without `begins_on` its day is named after the decision."""

    rev: Annotated[StrictInt, Field(ge=1)]
    begins_on: Day | None = None
    reason: Annotated[str, Field(min_length=1, max_length=2000)]


class StrategyProposed(Schema):
    """The proposal, which another person decides."""

    proposal: int
    version: int


class CustomerStepLine(Schema):
    """The step of a customer by the last run; `because` by language (`zh`, `en`)."""

    customer: int
    as_of: date
    version: int
    row: str
    arm: str
    segment: str
    queue: str
    action: str
    priority: int
    open_case: bool
    journey: str
    journey_step: str
    next_on: date | None
    alarm: str
    because: dict[str, str]


class StepFilter(Schema):
    """Which customers: at a queue, in a segment, by a row, with an action."""

    queue: Word = ""
    segment: Word = ""
    row: Word = ""
    action: Word = ""


def _reader(request: HttpRequest) -> None:
    people.require(request.person, people.Permission.VIEW_STRATEGY)


def _drawer(request: HttpRequest) -> None:
    people.require(request.person, people.Permission.DRAFT_STRATEGY)


def _sees_loans(request: HttpRequest) -> None:
    people.require(request.person, people.Permission.VIEW_LOANS)


def _version(line: VersionLine) -> dict[str, Any]:
    return {
        "id": line.id,
        "strategy": line.strategy_id,
        "code": line.code,
        "title": dict(line.title),
        "number": line.number,
        "state": line.state,
        "origin": line.origin,
        "digest": line.digest,
        "rev": line.rev,
        "based_on": line.based_on,
        "authors": list(line.authors),
        "begins_on": line.begins_on,
        "ended_on": line.ended_on,
        "decided_by": line.decided_by,
        "decided_at": line.decided_at,
    }


def _whole(line: VersionLine, content: Mapping[str, Any]) -> StrategyVersionWhole:
    told = editor.answer(line, content)
    findings = [StrategyFinding(**each) for each in told["findings"]]
    return StrategyVersionWhole(
        **_version(line), content=dict(content), findings=findings
    )


@router.read(
    "/strategies",
    scope=ApiScope.STRATEGIES_READ,
    returns=list[StrategyListed],
    allow=_reader,
)
def list_strategies(request: HttpRequest) -> list[StrategyListed]:
    """List the strategies

    In the order in which they are asked, each with what is live, coming and drawn.
    """
    return [
        StrategyListed(
            id=each.id,
            code=each.code,
            title=dict(each.title),
            place=each.place,
            live=StrategyVersion(**_version(each.live)) if each.live else None,
            coming=[StrategyVersion(**_version(one)) for one in each.coming],
            drafts=[StrategyVersion(**_version(one)) for one in each.drafts],
        )
        for each in queries.strategies()
    ]


@router.read(
    "/strategy-versions/{version}",
    scope=ApiScope.STRATEGIES_READ,
    returns=StrategyVersionWhole,
    allow=_reader,
)
def get_strategy_version(request: HttpRequest, version: Id) -> StrategyVersionWhole:
    """Read a version

    With its content in the form of the YAML file.
    """
    return _whole(queries.version(version), queries.content_of(version))


@router.write(
    "/strategies/{strategy}/drafts",
    scope=ApiScope.STRATEGIES_WRITE,
    returns=StrategyVersionWhole,
    allow=_drawer,
)
def begin_strategy_draft(
    request: HttpRequest, strategy: Id, body: StrategyDraftIn
) -> StrategyVersionWhole:
    """Begin a draft

    Nothing follows from it before another person approves it.
    """
    made = actions.begin_draft(
        strategy_id=strategy,
        based_on=body.based_on,
        content=body.content,
        origin=Origin.API if body.content is not None else Origin.DRAWN,
        deed=asked.deed(request),
    )
    return _whole(made, queries.content_of(made.id))


@router.write(
    "/strategy-versions/{version}/content",
    scope=ApiScope.STRATEGIES_WRITE,
    returns=StrategyVersionWhole,
    allow=_drawer,
)
def keep_strategy_draft(
    request: HttpRequest, version: Id, body: StrategyDraftKept
) -> StrategyVersionWhole:
    """Keep a draft

    Refused with 409 where somebody kept it since `rev`. Half-typed cells are kept and
    told as findings.
    """
    made = actions.keep_draft(
        version_id=version, rev=body.rev, content=body.content, deed=asked.deed(request)
    )
    return _whole(made, queries.content_of(made.id))


@router.write(
    "/strategy-versions/{version}/rehearsals",
    scope=ApiScope.STRATEGIES_WRITE,
    returns=StrategyRehearsal,
    allow=_drawer,
)
def rehearse_strategy_draft(
    request: HttpRequest, version: Id, body: StrategyRehearsalIn
) -> StrategyRehearsal:
    """Rehearse a draft

    The worker tries it on the last closed day; read the rehearsal until it is done.
    """
    made = actions.ask_rehearsal(
        version_id=version, rev=body.rev, deed=asked.deed(request)
    )
    return _rehearsal(request, made)


@router.read(
    "/strategy-rehearsals/{rehearsal}",
    scope=ApiScope.STRATEGIES_READ,
    returns=StrategyRehearsal,
    allow=_reader,
)
def get_strategy_rehearsal(request: HttpRequest, rehearsal: Id) -> StrategyRehearsal:
    """Read a rehearsal

    What it came to is of the whole book, so it is for who sees all of it.
    """
    require_whole(request.person)
    return _rehearsal(request, rehearsal)


def _rehearsal(request: HttpRequest, rehearsal_id: int) -> StrategyRehearsal:
    line = queries.rehearsal(rehearsal_id)
    shown = request.person.scope.everything
    return StrategyRehearsal(
        id=line.id,
        version=line.version_id,
        as_of=line.as_of,
        state=cast(RehearsalState, line.state),
        per_mille=line.told,
        still_so=line.still_so,
        summary=dict(line.summary) if shown else {},
    )


@router.write(
    "/strategy-versions/{version}/proposals",
    scope=ApiScope.STRATEGIES_WRITE,
    returns=StrategyProposed,
    allow=_drawer,
)
def propose_strategy_version(
    request: HttpRequest, version: Id, body: StrategyProposalIn
) -> StrategyProposed:
    """Propose a draft

    It has to be rehearsed as it is now. Somebody who drew none of it decides.
    """
    made = actions.propose_version(
        version_id=version,
        rev=body.rev,
        begins_on=body.begins_on,
        deed=asked.deed(request, reason=body.reason),
    )
    return StrategyProposed(proposal=made.id, version=version)


@router.read(
    "/steps",
    scope=ApiScope.STRATEGIES_READ,
    returns=Page[CustomerStepLine],
    allow=_sees_loans,
)
def list_steps(
    request: HttpRequest, paging: Query[Paging], wanted: Query[StepFilter]
) -> Page[CustomerStepLine]:
    """List the steps of customers

    By the last run, of the customers you may see, in order of their numbers.
    """
    lines, _more = queries.steps_page(
        scope=request.person.scope,
        queue=wanted.queue,
        segment=wanted.segment,
        row_id=wanted.row,
        action=wanted.action,
        after=begins_after(paging, of="steps"),
        limit=paging.limit + 1,
    )
    return cut(
        list(lines), paging, of="steps", key=lambda row: row.customer_id, show=_step
    )


def _step(line: StepLine) -> CustomerStepLine:
    return CustomerStepLine(
        customer=line.customer_id,
        as_of=line.as_of,
        version=line.version_id,
        row=line.row_id,
        arm=line.arm,
        segment=line.segment,
        queue=line.queue,
        action=line.action,
        priority=line.priority,
        open_case=line.open_case,
        journey=line.journey,
        journey_step=line.journey_step,
        next_on=line.next_on,
        alarm=line.alarm,
        because=dict(line.because),
    )
