"""Results of working a case, promises and what is to be done, for programs."""

from datetime import datetime
from typing import Annotated

from django.http import HttpRequest
from ninja import Field, Query

from daihou.kit.api.paging import Page, Paging, begins_after, cut
from daihou.kit.api.router import Router
from daihou.kit.api.values import (
    Day,
    Given,
    Id,
    Instant,
    Schema,
    Word,
)
from daihou.rooms.casework import codes
from daihou.rooms.casework.actions import results
from daihou.rooms.casework.actions.common import Deed
from daihou.rooms.casework.api import asker
from daihou.rooms.casework.api.promises import PromiseGiven, promise_of
from daihou.rooms.casework.queries import cases
from daihou.rooms.casework.queries import promises as rows
from daihou.rooms.gateway.door import ApiScope

router = Router(tags=["Cases"])
Text = Annotated[str, Field(max_length=2_000)]
Version = Annotated[int, Field(ge=1)]
ActionWord = Annotated[str, Field(pattern="^(INBOUND|PORTAL|REVIEW)$")]


class ResultGiven(Given):
    """What came of a contact (`decision` allowed it) or of work without one.

    `version` is that of the case as it was seen; `seconds` after the answer of the
    gate the contact was made; `item` is what was to be done and now is.
    """

    version: Version
    code: Word
    decision: Id | None = None
    action: ActionWord | None = None
    promise: PromiseGiven | None = None
    follow_up_at: Instant | None = None
    note: Text = ""
    item: Id | None = None
    seconds: Annotated[int, Field(ge=0, le=900)] = 0


class ResultMade(Schema):
    """Numbers of what was written; the case has the new `version`."""

    result: int | None
    attempt: int | None
    promise: int | None
    item: int | None
    hold: int | None
    next_at: datetime | None
    version: int
    dry_run: bool


class ResultSaid(Schema):
    """What came of working a case once."""

    id: int
    case: int
    action: str
    code: str
    attempt: int | None
    decision: int | None
    promise: int | None
    item: int | None
    hold: int | None
    follow_up_at: datetime | None
    by: str
    at: datetime
    business_date: Day


@router.write(
    "/cases/{case}/results",
    scope=ApiScope.CASES_WRITE,
    returns=ResultMade,
    allow=asker.worker,
    words=False,
)
def record_case_result(request: HttpRequest, case: Id, body: ResultGiven) -> ResultMade:
    """Record what came of working a case

    The contact, the promise, the hold, what is to be done next and when: all of it or
    nothing. A contact needs the number of the gate's answer that allowed it.
    """
    found = cases.case(case, scope=request.person.scope)
    made = results.record_result(
        case_id=case,
        version=body.version,
        code=body.code,
        decision_id=body.decision,
        deed=Deed.of(request),
        promise=promise_of(body.promise, found.currency) if body.promise else None,
        follow_up_at=body.follow_up_at,
        note=body.note,
        action=codes.Action(body.action) if body.action else None,
        item_id=body.item,
        seconds=body.seconds,
    )
    tried = request.dry_run
    return ResultMade(
        result=None if tried else made.result_id,
        attempt=None if tried else made.attempt_id,
        promise=None if tried else made.promise_id,
        item=None if tried else made.item_id,
        hold=None if tried else made.hold_id,
        next_at=made.next_at,
        version=found.version if tried else made.version,
        dry_run=tried,
    )


@router.read(
    "/cases/{case}/results",
    scope=ApiScope.CASES_READ,
    returns=Page[ResultSaid],
    allow=asker.reader,
)
def list_case_results(
    request: HttpRequest, case: Id, paging: Query[Paging]
) -> Page[ResultSaid]:
    """List what came of working a case

    In the order in which it was written down; without notes.
    """
    of = "case_results"
    found = cases.case(case, scope=request.person.scope)
    listed = rows.results_after(
        found.id, after=begins_after(paging, of=of), limit=paging.limit + 1
    )
    return cut(listed, paging, of=of, key=lambda row: row.id, show=_result)


def _result(row: rows.ResultRow) -> ResultSaid:
    return ResultSaid(
        id=row.id,
        case=row.case_id,
        action=row.action,
        code=row.code,
        attempt=row.attempt_id,
        decision=row.decision_id,
        promise=row.promise_id,
        item=row.item_id,
        hold=row.hold_id,
        follow_up_at=row.follow_up_at,
        by=row.by,
        at=row.at,
        business_date=row.business_date,
    )
