"""What was heard of people and is to be confirmed, for programs."""

from datetime import datetime
from typing import Annotated

from django.http import HttpRequest
from ninja import Field, Query

from daihou.kit.api.paging import Page, Paging, begins_after, cut
from daihou.kit.api.router import Router
from daihou.kit.api.values import Day, Given, Id, Schema
from daihou.rooms.casework.actions import markers
from daihou.rooms.casework.actions.common import Deed
from daihou.rooms.casework.api import asker
from daihou.rooms.casework.queries import markers as rows
from daihou.rooms.gateway.door import ApiScope

router = Router(tags=["Cases"])


class Found(Given):
    """On what evidence, and the version of the case as it was seen."""

    evidence: Annotated[str, Field(max_length=2_000)]
    version: Annotated[int, Field(ge=1)] | None = None


class MarkerSaid(Schema):
    """One thing heard of a person, and what was found."""

    id: int
    case: int
    customer: int
    kind: str
    state: str
    raised_by: str
    raised_at: datetime
    confirm_by: Day
    escalated_on: Day | None
    decided_by: str
    decided_at: datetime | None


@router.read(
    "/markers", scope=ApiScope.CASES_READ, returns=Page[MarkerSaid], allow=asker.reader
)
def list_markers(request: HttpRequest, paging: Query[Paging]) -> Page[MarkerSaid]:
    """List what was heard of people

    Deaths, custody, identity fraud, bankruptcies: to be confirmed, or decided; without
    evidence.
    """
    of = "markers"
    found = rows.markers_after(
        scope=request.person.scope,
        after=begins_after(paging, of=of),
        limit=paging.limit + 1,
    )
    return cut(found, paging, of=of, key=lambda row: row.id, show=_said)


def _said(row: rows.MarkerRow) -> MarkerSaid:
    return MarkerSaid(
        id=row.id,
        case=row.case_id,
        customer=row.customer_id,
        kind=row.kind,
        state=row.state,
        raised_by=row.raised_by,
        raised_at=row.raised_at,
        confirm_by=row.confirm_by,
        escalated_on=row.escalated_on,
        decided_by=row.decided_by,
        decided_at=row.decided_at,
    )


@router.write(
    "/markers/{marker}:confirm",
    scope=ApiScope.CASES_WRITE,
    returns=asker.WorkMade,
    allow=asker.manager,
)
def confirm_marker(request: HttpRequest, marker: Id, body: Found) -> asker.WorkMade:
    """Confirm what was heard of a person

    By another person than who heard it, on evidence.
    """
    markers.confirm_marker(
        marker,
        evidence=body.evidence,
        version=body.version,
        deed=Deed.of(request),
    )
    return asker.made(request, marker)


@router.write(
    "/markers/{marker}:refute",
    scope=ApiScope.CASES_WRITE,
    returns=asker.WorkMade,
    allow=asker.manager,
)
def refute_marker(request: HttpRequest, marker: Id, body: Found) -> asker.WorkMade:
    """Refute what was heard of a person

    By another person than who heard it, on evidence; the hold it placed ends.
    """
    markers.refute_marker(
        marker,
        evidence=body.evidence,
        version=body.version,
        deed=Deed.of(request),
    )
    return asker.made(request, marker)
