"""The business date and the day-ends for programs, and asking for one."""

from datetime import date, datetime
from typing import Annotated, Any, Literal

from django.http import HttpRequest
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from ninja import Query
from pydantic import Field

from daihou.kit.api.paging import Page, Paging, begins_after, cut
from daihou.kit.api.router import Router
from daihou.kit.api.values import Day, Given, Id, Schema
from daihou.kit.refusal import NotFound
from daihou.rooms.dayend import actions, queries
from daihou.rooms.gateway.door import ApiScope
from daihou.rooms.people import door as people

router = Router(tags=["Day-end"])


class BusinessDate(Schema):
    """The open day; everything up to `closed_on` is closed."""

    on: date
    closed_on: date
    simulated: bool
    at: datetime


class Step(Schema):
    """One step of a run: when it began, how long it took, rows handled."""

    name: str
    started_at: datetime
    seconds: float
    rows: int


class DayEnd(Schema):
    """One run of the night for one day. `current`: its positions stand for the day."""

    id: int
    as_of: date
    kind: str
    state: str
    current: bool
    by: str
    reason: str
    problem: str
    loans: int
    started_at: datetime
    finished_at: datetime | None
    seconds: float
    fingerprint: str
    inputs_digest: str
    rules_digest: str
    steps: list[Step]


class DayEndRequest(Schema):
    """What the office asked of the night; the worker takes it up."""

    id: int
    as_of: date | None
    kind: str
    state: str
    by: str
    asked_at: datetime
    finished_at: datetime | None
    problem: str


class DayEndIn(Given):
    """`next` closes the open day, `through` every day up to `as_of`, `again` runs a
    closed day once more, `plan` only tells what closing the open day would change."""

    kind: Literal["next", "through", "again", "plan"] = "next"
    as_of: Day | None = None
    reason: Annotated[str, Field(max_length=300)] = ""


class DayEndAsked(Schema):
    """The request that was made, or the same one that waits already."""

    request: DayEndRequest
    dry_run: bool


def _reader(request: HttpRequest) -> None:
    people.require(request.person, people.Permission.VIEW_LOANS)


def _runner(request: HttpRequest) -> None:
    people.require(request.person, people.Permission.RUN_DAY_END)


def _problem(told: Any) -> str:
    chinese = (get_language() or "zh-hans").startswith("zh")
    return str(told["zh" if chinese else "en"]) if told else ""


@router.read(
    "/business-date", scope=ApiScope.DAY_END_READ, returns=BusinessDate, allow=_reader
)
def get_business_date(request: HttpRequest) -> BusinessDate:
    """Read the business date

    The day the book lives in, which is not the day of the clock.
    """
    day = queries.open_day()
    return BusinessDate(
        on=day.on, closed_on=day.closed_on, simulated=day.simulated, at=request.at
    )


@router.read(
    "/day-ends", scope=ApiScope.DAY_END_READ, returns=Page[DayEnd], allow=_reader
)
def list_day_ends(request: HttpRequest, paging: Query[Paging]) -> Page[DayEnd]:
    """List the day-ends

    In the order in which they were run.
    """
    rows = queries.runs_after(
        begins_after(paging, of="day-ends"), limit=paging.limit + 1
    )
    return cut(rows, paging, of="day-ends", key=lambda row: row.id, show=_day_end)


def _day_end(run: queries.RunLine) -> DayEnd:
    return DayEnd(
        id=run.id,
        as_of=run.as_of,
        kind=run.kind,
        state=run.state,
        current=run.current,
        by=run.by,
        reason=run.reason,
        problem=_problem(run.error),
        loans=run.loans,
        started_at=run.started_at,
        finished_at=run.finished_at,
        seconds=run.seconds,
        fingerprint=run.fingerprint,
        inputs_digest=run.inputs_digest,
        rules_digest=run.rules_digest,
        steps=[
            Step(
                name=step.name,
                started_at=step.started_at,
                seconds=step.seconds,
                rows=step.rows,
            )
            for step in run.steps
        ],
    )


@router.read(
    "/day-ends/{run}", scope=ApiScope.DAY_END_READ, returns=DayEnd, allow=_reader
)
def get_day_end(request: HttpRequest, run: Id) -> DayEnd:
    """Read a day-end

    With its steps and the fingerprint of what it found.
    """
    return _day_end(queries.run_page(run, differences=0).run)


@router.read(
    "/day-end-requests",
    scope=ApiScope.DAY_END_READ,
    returns=Page[DayEndRequest],
    allow=_reader,
)
def list_day_end_requests(
    request: HttpRequest, paging: Query[Paging]
) -> Page[DayEndRequest]:
    """List what was asked of the night

    In the order in which it was asked.
    """
    rows = queries.requests_after(
        begins_after(paging, of="day-end-requests"), limit=paging.limit + 1
    )
    return cut(
        rows, paging, of="day-end-requests", key=lambda row: row.id, show=_request
    )


def _request(line: queries.RequestLine) -> DayEndRequest:
    return DayEndRequest(
        id=line.id,
        as_of=line.as_of,
        kind=line.kind,
        state=line.state,
        by=line.by,
        asked_at=line.asked_at,
        finished_at=line.finished_at,
        problem=_problem(line.problem),
    )


@router.read(
    "/day-end-requests/{number}",
    scope=ApiScope.DAY_END_READ,
    returns=DayEndRequest,
    allow=_reader,
)
def get_day_end_request(request: HttpRequest, number: Id) -> DayEndRequest:
    """Read one request to the night

    Ask again until its state is done or failed.
    """
    found = queries.requests_after(0, limit=1, only=number)
    if not found:
        raise NotFound(
            "request_unknown",
            _("There is no request number %(id)s to the night.") % {"id": number},
        )
    return _request(found[0])


@router.write(
    "/day-end-requests",
    scope=ApiScope.DAY_END_WRITE,
    returns=DayEndAsked,
    allow=_runner,
)
def request_day_end(request: HttpRequest, body: DayEndIn) -> DayEndAsked:
    """Ask for a day-end

    The worker carries it out. While one waits or runs, the same asked again gives
    that one and another is refused.
    """
    line = actions.request_run(
        by=request.person,
        at=request.at,
        kind=body.kind,
        as_of=body.as_of,
        reason=body.reason,
        request_id=request.request_id,
    )
    return DayEndAsked(request=_request(line), dry_run=request.dry_run)
