"""Cases for programs to read; after the deeds, whose addresses look alike."""

from datetime import datetime
from typing import Any

from django.http import HttpRequest
from ninja import Query

from daihou.kit.api.paging import Page, Paging, begins_after, cut
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
    returns=Page[CaseEvent],
    allow=asker.reader,
)
def list_case_events(
    request: HttpRequest, case: Id, paging: Query[Paging]
) -> Page[CaseEvent]:
    """List what happened to a case

    The newest first.
    """
    of = "case_events"
    found = rows.case(case, scope=request.person.scope)
    story = audit.timeline(
        subject_type="case",
        subject_id=found.id,
        limit=paging.limit + 1,
        before=begins_after(paging, of=of),
    )
    return cut(story, paging, of=of, key=lambda each: each.id, show=_event)


def _event(row: audit.Entry) -> CaseEvent:
    return CaseEvent(
        id=row.id,
        type=row.type,
        at=row.at,
        business_date=row.business_date,
        by=row.by,
        data=dict(row.payload),
    )
