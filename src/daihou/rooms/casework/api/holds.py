"""Holds of cases for programs: placed, listed, released."""

from datetime import datetime
from typing import Annotated

from django.http import HttpRequest
from ninja import Field, Query

from daihou.kit.api.paging import Page, Paging, begins_after, cut
from daihou.kit.api.router import Router
from daihou.kit.api.values import Amount, Day, Given, Id, Money, Schema, minor, money
from daihou.rooms.casework.actions import holding
from daihou.rooms.casework.actions.common import Deed
from daihou.rooms.casework.api import asker
from daihou.rooms.casework.api.shapes import ReasonGiven, Text, Version
from daihou.rooms.casework.queries import cases as rows
from daihou.rooms.casework.queries.holds import HoldLine, hold_seen, holds_after
from daihou.rooms.casework.states import HoldKind
from daihou.rooms.gateway.door import ApiScope

router = Router(tags=["Cases"])


class HoldGiven(Given):
    """Why a case is left in peace, and until when; `amount` for a dispute in part."""

    kind: Annotated[str, Field(pattern=f"^({'|'.join(HoldKind)})$")]
    reason: Text
    evidence: Text = ""
    expires_on: Day | None = None
    amount: Amount | None = None
    loan: Id | None = None
    version: Version | None = None


class HoldSaid(Schema):
    """A hold of a case, or of an amount of it."""

    id: int
    case: int
    kind: str
    amount: Money | None
    loan: int | None
    from_at: datetime
    expires_on: Day
    placed_by: str
    released_at: datetime | None
    released_by: str
    release: str


@router.write(
    "/cases/{case}/holds",
    scope=ApiScope.CASES_WRITE,
    returns=asker.WorkMade,
    allow=asker.worker,
)
def hold_case(request: HttpRequest, case: Id, body: HoldGiven) -> asker.WorkMade:
    """Hold a case

    Nobody works it, and contact with the person is held by a flag, until it is
    released by another person or its last day has come.
    """
    found = rows.case(case, scope=request.person.scope)
    hold = holding.place_hold(
        case,
        kind=HoldKind(body.kind),
        reason=body.reason,
        evidence=body.evidence,
        expires_on=body.expires_on,
        amount=None if body.amount is None else minor(body.amount, found.currency),
        loan_id=body.loan,
        version=body.version,
        deed=Deed.of(request),
    )
    return asker.made(request, hold)


@router.read(
    "/cases/{case}/holds",
    scope=ApiScope.CASES_READ,
    returns=Page[HoldSaid],
    allow=asker.reader,
)
def list_case_holds(
    request: HttpRequest, case: Id, paging: Query[Paging]
) -> Page[HoldSaid]:
    """List holds of a case

    Those that stand and those that ended, in the order they were placed.
    """
    found = rows.case(case, scope=request.person.scope)

    def show(hold: HoldLine) -> HoldSaid:
        plain_hold = {
            name: getattr(hold, name)
            for name in HoldSaid.model_fields
            if name not in ("case", "loan", "amount")
        }
        amount = None if hold.amount is None else money(hold.amount, found.currency)
        return HoldSaid(
            **plain_hold, case=hold.case_id, loan=hold.loan_id, amount=amount
        )

    listed = holds_after(
        found.id, after=begins_after(paging, of="case_holds"), limit=paging.limit + 1
    )
    return cut(listed, paging, of="case_holds", key=lambda each: each.id, show=show)


@router.write(
    "/case-holds/{hold}:release",
    scope=ApiScope.CASES_WRITE,
    returns=asker.WorkMade,
    allow=asker.manager,
)
def release_case_hold(
    request: HttpRequest, hold: Id, body: ReasonGiven
) -> asker.WorkMade:
    """Release a hold

    By another person than who placed it; the case goes back to the pool.
    """
    hold_seen(hold, scope=request.person.scope)
    holding.release_hold(
        hold, reason=body.reason, version=body.version, deed=Deed.of(request)
    )
    return asker.made(request, hold)
