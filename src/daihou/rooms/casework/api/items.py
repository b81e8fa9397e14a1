"""What is to be done at cases, for programs."""

from datetime import datetime
from typing import Annotated

from django.http import HttpRequest
from ninja import Field, Query

from daihou.kit.api.paging import Page, Paging, begins_after, cut
from daihou.kit.api.router import Router
from daihou.kit.api.values import Given, Id, Instant, Schema, StrictBool, Word
from daihou.rooms.casework import codes
from daihou.rooms.casework.actions import items
from daihou.rooms.casework.actions.common import Deed
from daihou.rooms.casework.api import asker
from daihou.rooms.casework.queries import promises as rows
from daihou.rooms.gateway.door import ApiScope

router = Router(tags=["Cases"])
Version = Annotated[int, Field(ge=1)]
ItemWord = Annotated[
    str, Field(pattern="^(call|callback|verify_payment|review|manual)$")
]


class ItemGiven(Given):
    """Something to do at a case."""

    kind: ItemWord
    due_at: Instant
    for_supervisor: StrictBool = False
    version: Version | None = None


class ItemSaid(Schema):
    """Something to do at a case, or done."""

    id: int
    case: int
    kind: str
    due_at: datetime
    state: str
    priority: int
    reason: str
    outcome: str
    for_supervisor: bool
    promise: int | None
    made_at: datetime
    done_at: datetime | None


class Seen(Given):
    """The version of the case as it was seen."""

    version: Version | None = None


@router.read(
    "/work-items",
    scope=ApiScope.CASES_READ,
    returns=Page[ItemSaid],
    allow=asker.reader,
)
def list_work_items(
    request: HttpRequest,
    paging: Query[Paging],
    case: Id | None = None,
    kind: Word = "",
    state: Word = "",
    due_by: Instant | None = None,
) -> Page[ItemSaid]:
    """List what is to be done

    At the cases one sees, done or not, in the order in which it was put down.
    """
    of = "work_items"
    listed = rows.items_after(
        scope=request.person.scope,
        after=begins_after(paging, of=of),
        limit=paging.limit + 1,
        case_id=case,
        kind=kind,
        state=state,
        due_by=due_by,
    )
    return cut(listed, paging, of=of, key=lambda row: row.id, show=_item)


def _item(row: rows.ItemRow) -> ItemSaid:
    return ItemSaid(
        id=row.id,
        case=row.case_id,
        kind=row.kind,
        due_at=row.due_at,
        state=row.state,
        priority=row.priority,
        reason=row.reason,
        outcome=row.outcome,
        for_supervisor=row.for_supervisor,
        promise=row.promise_id,
        made_at=row.made_at,
        done_at=row.done_at,
    )


@router.write(
    "/cases/{case}/work-items",
    scope=ApiScope.CASES_WRITE,
    returns=asker.WorkMade,
    allow=asker.worker,
)
def add_work_item(request: HttpRequest, case: Id, body: ItemGiven) -> asker.WorkMade:
    """Put something to do at a case

    For whoever has it, or for who oversees it.
    """
    made = items.add_item(
        case,
        kind=codes.ItemKind(body.kind),
        due_at=body.due_at,
        for_supervisor=body.for_supervisor,
        version=body.version,
        deed=Deed.of(request),
    )
    return asker.made(request, made)


@router.write(
    "/work-items/{item}:done",
    scope=ApiScope.CASES_WRITE,
    returns=asker.WorkMade,
    allow=asker.worker,
)
def finish_work_item(request: HttpRequest, item: Id, body: Seen) -> asker.WorkMade:
    """Say that something was done

    Once; who comes second is told.
    """
    items.end_item(
        item,
        done=codes.ItemState.DONE,
        version=body.version,
        deed=Deed.of(request),
    )
    return asker.made(request, item)


@router.write(
    "/work-items/{item}:dismiss",
    scope=ApiScope.CASES_WRITE,
    returns=asker.WorkMade,
    allow=asker.worker,
)
def dismiss_work_item(request: HttpRequest, item: Id, body: Seen) -> asker.WorkMade:
    """Say that something is not needed

    It stays to be seen that it was put down, and who took it off.
    """
    items.end_item(
        item,
        done=codes.ItemState.DISMISSED,
        version=body.version,
        deed=Deed.of(request),
    )
    return asker.made(request, item)
