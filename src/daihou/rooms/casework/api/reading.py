"""Cases for programs to read; after the deeds, whose addresses look alike."""

from datetime import datetime
from typing import Annotated, Any

from django.http import HttpRequest
from ninja import Field

from daihou.kit.api.router import Router
from daihou.kit.api.values import Day, Id, Schema, money
from daihou.rooms.audit import door as audit
from daihou.rooms.casework.api import asker
from daihou.rooms.casework.api.shapes import (
    CaseWhole,
    LoanOfCase,
    WorthSaid,
    plain,
)
from daihou.rooms.casework.queries import cases as rows
from daihou.rooms.casework.queries.worth import worth
from daihou.rooms.gateway.door import ApiScope

router = Router(tags=["Cases"])


@router.read(
    "/cases/{case}",
    scope=ApiScope.CASES_READ,
    returns=CaseWhole,
    allow=asker.reader,
)
def get_case(request: HttpRequest, case: Id) -> CaseWhole:
    """Read a case

    With its loans, and its expected value with the formula.
    """
    found = rows.case(case, scope=request.person.scope)
    day = request.business_day()
    known = worth(found, on=day.on) if day and found.is_open else None
    return CaseWhole(
        **plain(found),
        in_it=[
            LoanOfCase(loan=each.loan_id, since=each.since, until=each.until)
            for each in rows.loans_in(found.id)
        ],
        worth=None
        if known is None
        else WorthSaid(
            value=money(known.value, found.currency),
            asked=money(known.asked, found.currency),
            chance_per_mille=known.chance,
            broken=known.broken,
            after_broken_per_mille=known.after_broken,
            just_worked_per_mille=known.just_worked,
            policy=known.policy,
        ),
    )


class CaseEvent(Schema):
    """Something that happened to a case."""

    id: int
    type: str
    at: datetime
    business_date: Day | None
    by: str
    data: dict[str, Any]


@router.read(
    "/cases/{case}/events",
    scope=ApiScope.CASES_READ,
    returns=list[CaseEvent],
    allow=asker.reader,
)
def list_case_events(
    request: HttpRequest,
    case: Id,
    limit: Annotated[int, Field(ge=1, le=200)] = 50,
    before: Annotated[int, Field(ge=0)] = 0,
) -> list[CaseEvent]:
    """List what happened to a case

    The newest first; `before` is the id of the last one seen.
    """
    found = rows.case(case, scope=request.person.scope)
    story = audit.timeline(
        subject_type="case", subject_id=found.id, limit=limit, before=before
    )
    return [
        CaseEvent(
            id=each.id,
            type=each.type,
            at=each.at,
            business_date=each.business_date,
            by=each.by,
            data=dict(each.payload),
        )
        for each in story
    ]
