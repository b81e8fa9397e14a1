"""Strategies for programs: read, drafted, rehearsed, proposed; and each one's step."""

from collections.abc import Mapping
from typing import Any, cast

from django.http import HttpRequest
from ninja import Query

from daihou.kit.api.paging import Page, Paging, begins_after, cut
from daihou.kit.api.router import Router
from daihou.kit.api.values import Id
from daihou.rooms.gateway.door import ApiScope
from daihou.rooms.people import door as people
from daihou.rooms.strategy import actions, asked, queries
from daihou.rooms.strategy.api_shapes import (
    CustomerStepLine,
    RehearsalState,
    StepFilter,
    StrategyDraftIn,
    StrategyDraftKept,
    StrategyFinding,
    StrategyListed,
    StrategyProposalIn,
    StrategyProposed,
    StrategyRehearsal,
    StrategyRehearsalAsked,
    StrategyRehearsalIn,
    StrategyVersion,
    StrategyVersionKept,
    StrategyVersionWhole,
)
from daihou.rooms.strategy.pages import editor
from daihou.rooms.strategy.pages.rehearsed import require_whole
from daihou.rooms.strategy.queries import StepLine, StrategyLine, VersionLine
from daihou.rooms.strategy.states import Origin

router = Router(tags=["Strategies"])


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


def _kept(request: HttpRequest, line: VersionLine) -> StrategyVersionKept:
    found = _whole(line, queries.content_of(line.id))
    return StrategyVersionKept(**found.dict(), dry_run=request.dry_run)


@router.read(
    "/strategies",
    scope=ApiScope.STRATEGIES_READ,
    returns=Page[StrategyListed],
    allow=_reader,
)
def list_strategies(
    request: HttpRequest, paging: Query[Paging]
) -> Page[StrategyListed]:
    """List the strategies

    In order of their numbers; `place` says which is asked first. Each with what is
    live, coming and drawn.
    """
    of = "strategies"
    after = begins_after(paging, of=of)
    found = sorted(queries.strategies(), key=lambda each: each.id)
    rows = [each for each in found if each.id > after]
    return cut(rows, paging, of=of, key=lambda each: each.id, show=_listed)


def _listed(line: StrategyLine) -> StrategyListed:
    return StrategyListed(
        id=line.id,
        code=line.code,
        title=dict(line.title),
        place=line.place,
        live=StrategyVersion(**_version(line.live)) if line.live else None,
        coming=[StrategyVersion(**_version(one)) for one in line.coming],
        drafts=[StrategyVersion(**_version(one)) for one in line.drafts],
    )


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
    returns=StrategyVersionKept,
    allow=_drawer,
)
def begin_strategy_draft(
    request: HttpRequest, strategy: Id, body: StrategyDraftIn
) -> StrategyVersionKept:
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
    return _kept(request, made)


@router.write(
    "/strategy-versions/{version}/content",
    scope=ApiScope.STRATEGIES_WRITE,
    returns=StrategyVersionKept,
    allow=_drawer,
)
def keep_strategy_draft(
    request: HttpRequest, version: Id, body: StrategyDraftKept
) -> StrategyVersionKept:
    """Keep a draft

    Refused with 409 where somebody kept it since `rev`. Half-typed cells are kept and
    told as findings.
    """
    made = actions.keep_draft(
        version_id=version, rev=body.rev, content=body.content, deed=asked.deed(request)
    )
    return _kept(request, made)


@router.write(
    "/strategy-versions/{version}/rehearsals",
    scope=ApiScope.STRATEGIES_WRITE,
    returns=StrategyRehearsalAsked,
    allow=_drawer,
)
def rehearse_strategy_draft(
    request: HttpRequest, version: Id, body: StrategyRehearsalIn
) -> StrategyRehearsalAsked:
    """Rehearse a draft

    The worker tries it on the last closed day; read the rehearsal until it is done.
    """
    made = actions.ask_rehearsal(
        version_id=version, rev=body.rev, deed=asked.deed(request)
    )
    found = _rehearsal(request, made)
    return StrategyRehearsalAsked(**found.dict(), dry_run=request.dry_run)


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
    tried = request.dry_run
    return StrategyProposed(
        proposal=None if tried else made.id, version=version, dry_run=tried
    )


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
