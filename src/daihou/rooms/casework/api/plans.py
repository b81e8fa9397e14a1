"""The plan of a case for programs: what stands over it; paused, resumed, stopped."""

from datetime import datetime

from django.http import HttpRequest

from daihou.kit.api.router import Router
from daihou.kit.api.values import Day, Given, Id, Schema
from daihou.rooms.casework.actions import journeys
from daihou.rooms.casework.actions.common import Deed
from daihou.rooms.casework.api import asker
from daihou.rooms.casework.api.shapes import ReasonGiven, Text, Version
from daihou.rooms.casework.queries import cases as rows
from daihou.rooms.gateway.door import ApiScope
from daihou.rooms.strategy import door as strategy

router = Router(tags=["Cases"])


class PauseGiven(Given):
    """Until which day a plan rests, and why."""

    until: Day
    reason: Text
    version: Version | None = None


class OrderSaid(Schema):
    """What stands, or stood, over the plan of a customer.

    It holds on business days from `given_on` up to but not on `until`; `cause` is the
    event that gave it, or `person`. `aim` is the step or journey gone on at.
    """

    id: int
    do: str
    journey: str
    aim: str
    cause: str
    given_on: Day
    until: Day | None
    by: str
    at: datetime
    ended_at: datetime | None
    ended_by: str
    ended_because: str


class PlanSaid(Schema):
    """What the strategy does about a case now, and what stands over it."""

    case: int
    treatment: str
    action: str
    journey: str
    step: str
    next_on: Day | None
    orders: list[OrderSaid]


@router.read(
    "/cases/{case}/plan",
    scope=ApiScope.CASES_READ,
    returns=PlanSaid,
    allow=asker.reader,
)
def get_case_plan(request: HttpRequest, case: Id) -> PlanSaid:
    """Get the plan of a case

    The step of its journey, and the last orders over it, the newest first.
    """
    found = rows.case(case, scope=request.person.scope)
    step = strategy.step_of(found.customer_id)
    listed = strategy.orders_of(found.customer_id)
    return PlanSaid(
        case=found.id,
        treatment=found.treatment,
        action=step.action if step else "",
        journey=step.journey if step else "",
        step=step.journey_step if step else "",
        next_on=step.next_on if step else None,
        orders=[
            OrderSaid(**{name: getattr(each, name) for name in OrderSaid.model_fields})
            for each in listed
        ],
    )


@router.write(
    "/cases/{case}/plan:pause",
    scope=ApiScope.CASES_WRITE,
    returns=asker.WorkMade,
    allow=asker.worker,
)
def pause_case_plan(request: HttpRequest, case: Id, body: PauseGiven) -> asker.WorkMade:
    """Pause the plan of a case

    The strategy's steps rest until the day, then go on by themselves where they stood.
    """
    journeys.pause_plan(
        case,
        until=body.until,
        reason=body.reason,
        version=body.version,
        deed=Deed.of(request),
    )
    return asker.made(request, case)


@router.write(
    "/cases/{case}/plan:resume",
    scope=ApiScope.CASES_WRITE,
    returns=asker.WorkMade,
    allow=asker.worker,
)
def resume_case_plan(
    request: HttpRequest, case: Id, body: ReasonGiven
) -> asker.WorkMade:
    """Resume the plan of a case

    By who paused it, or who manages cases.
    """
    journeys.resume_plan(
        case, reason=body.reason, version=body.version, deed=Deed.of(request)
    )
    return asker.made(request, case)


@router.write(
    "/cases/{case}/plan:stop",
    scope=ApiScope.CASES_WRITE,
    returns=asker.WorkMade,
    allow=asker.manager,
)
def stop_case_plan(request: HttpRequest, case: Id, body: ReasonGiven) -> asker.WorkMade:
    """Stop the plan of a case

    The strategy does nothing more about it while it is open.
    """
    journeys.stop_plan(
        case, reason=body.reason, version=body.version, deed=Deed.of(request)
    )
    return asker.made(request, case)
