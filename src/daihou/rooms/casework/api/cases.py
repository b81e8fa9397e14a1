"""Cases for programs: open, join, close, reopen."""

from typing import Annotated

from django.http import HttpRequest
from ninja import Field, Query

from daihou.kit.api.paging import Page, Paging, begins_after, cut
from daihou.kit.api.router import Router
from daihou.kit.api.values import (
    Given,
    Id,
    Ref,
    Word,
    ref,
)
from daihou.rooms.casework.actions import closing, opening
from daihou.rooms.casework.actions.common import Deed
from daihou.rooms.casework.api import asker
from daihou.rooms.casework.api.shapes import (
    CaseMade,
    CaseSaid,
    ReasonGiven,
    Text,
    Version,
    made,
    said,
)
from daihou.rooms.casework.queries import cases as rows
from daihou.rooms.casework.states import CloseCode
from daihou.rooms.gateway.door import ApiScope
from daihou.rooms.ledger import door as ledger

router = Router(tags=["Cases"])


@router.read(
    "/cases",
    scope=ApiScope.CASES_READ,
    returns=Page[CaseSaid],
    allow=asker.reader,
)
def list_cases(
    request: HttpRequest,
    paging: Query[Paging],
    lifecycle: Word = "open",
    queue: Word = "",
    collector: Word = "",
    assignment: Word = "",
    customer: Id | None = None,
) -> Page[CaseSaid]:
    """List cases

    Those one sees, in order of their numbers; `lifecycle` empty means all.
    """
    found = rows.cases_after(
        begins_after(paging, of="cases"),
        scope=request.person.scope,
        limit=paging.limit + 1,
        lifecycle=lifecycle,
        queue=queue,
        collector=collector,
        assignment=assignment,
        customer_id=customer,
    )
    return cut(found, paging, of="cases", key=lambda each: each.id, show=said)


class OpenGiven(Given):
    """Whose case is opened."""

    customer: Ref
    source: Word = ""


@router.write(
    "/cases",
    scope=ApiScope.CASES_WRITE,
    returns=CaseMade,
    allow=asker.manager,
)
def open_case(request: HttpRequest, body: OpenGiven) -> CaseMade:
    """Open a case

    Of a customer with a late loan, or one soon due; a person has one open case.
    """
    own, number = ref(body.customer)
    if number:
        own = ledger.reaching.customer_seen_as(
            number, source=body.source, scope=request.person.scope
        )
    return made(request, opening.open_case(own, deed=Deed.of(request)))


class JoinGiven(Given):
    """Which loan joins."""

    loan: Id
    version: Version | None = None


@router.write(
    "/cases/{case}:join",
    scope=ApiScope.CASES_WRITE,
    returns=CaseMade,
    allow=asker.manager,
)
def join_case(request: HttpRequest, case: Id, body: JoinGiven) -> CaseMade:
    """Take another loan of the customer into the case

    An open one that is in no case yet.
    """
    found = opening.join_case(
        case, loan_id=body.loan, version=body.version, deed=Deed.of(request)
    )
    return made(request, found)


class CloseGiven(Given):
    """With which code and why; the figures of the ledger must bear the code out."""

    code: Annotated[str, Field(pattern=f"^({'|'.join(CloseCode)})$")]
    reason: Text
    version: Version | None = None


@router.write(
    "/cases/{case}:close",
    scope=ApiScope.CASES_WRITE,
    returns=CaseMade,
    allow=asker.manager,
)
def close_case(request: HttpRequest, case: Id, body: CloseGiven) -> CaseMade:
    """Close a case

    PAID_FULL only where payments cover what was owed, CURED only where nothing is past
    due. Open work, promises and holds end with it.
    """
    found = closing.close_case(
        case,
        code=CloseCode(body.code),
        reason=body.reason,
        version=body.version,
        deed=Deed.of(request),
    )
    return made(request, found)


@router.write(
    "/cases/{case}:reopen",
    scope=ApiScope.CASES_WRITE,
    returns=CaseMade,
    allow=asker.manager,
)
def reopen_case(request: HttpRequest, case: Id, body: ReasonGiven) -> CaseMade:
    """Open a closed case again

    With every late loan of the customer; it keeps its number.
    """
    found = opening.reopen_case(
        case, reason=body.reason, version=body.version, deed=Deed.of(request)
    )
    return made(request, found)
