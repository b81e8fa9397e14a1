"""One plan for one household 一户一策, for programs: read, begun, worked through."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Annotated, Any, Literal

from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja import Query
from pydantic import Field

from daihou.kit.api.paging import Page, Paging, begins_after, cut
from daihou.kit.api.values import Amount, Day, Given, Id, Money, Schema, minor, money
from daihou.kit.refusal import NotFound
from daihou.rooms.gateway.door import ApiScope
from daihou.rooms.relief import actions
from daihou.rooms.relief.actions import household as acts
from daihou.rooms.relief.api.operations import asker, reader, router
from daihou.rooms.relief.api.shapes import Text
from daihou.rooms.relief.queries import household
from daihou.rooms.relief.queries.household import PlanLine

Note = Annotated[str, Field(max_length=500)]
# The words of the room, as the page offers them; another one is refused by name.
Word = Annotated[str, Field(min_length=1, max_length=20)]


class HouseholdLine(Schema):
    """A plan: its goal, what came in of it, and what is next; `stuck_because` a code."""

    id: int
    customer_id: int
    loan_id: int
    currency: str
    state: str
    proposed: str
    confirmed: str
    owner: str
    goal: Money
    goal_on: date
    got: Money
    next_on: date
    review_on: date
    stuck_because: str
    version: int


class HouseholdSource(Schema):
    """What the household can pay from."""

    kind: str
    amount: Money
    every: str
    from_on: date
    note: str


class HouseholdMeans(Schema):
    """A means in its place; `done_on` once it was carried out, `outcome` what came."""

    place: int
    code: str
    planned_on: date
    done_on: date | None
    outcome: str


class HouseholdTarget(Schema):
    """What is to have come in by a day."""

    on: date
    amount: Money
    reached: bool


class HouseholdWhole(HouseholdLine):
    """The same with its story, sources, means and targets; `because` is the decision."""

    story: str
    willingness: str
    began_on: date
    ended_on: date | None
    because: dict[str, Any]
    sources: list[HouseholdSource]
    means: list[HouseholdMeans]
    targets: list[HouseholdTarget]


class HouseholdMade(HouseholdWhole):
    """The plan as it is after the deed, or would be where it was only tried."""

    dry_run: bool


class HouseholdQuestion(Schema):
    """Which plans to list."""

    stuck: bool = False


class SourceIn(Given):
    """What the household can pay from, such as wages each month."""

    kind: Word
    amount: Amount
    every: Word
    from_on: Day
    note: Note = ""


class MeansIn(Given):
    """What is to be done, by a day; in order, such as visit or plan."""

    code: Word
    on: Day


class TargetIn(Given):
    """What is to have come in by a day; grows from day to day."""

    on: Day
    amount: Amount


class HouseholdIn(Given):
    """A plan as it is begun."""

    goal: Amount
    goal_on: Day
    next_on: Day
    review_on: Day
    willingness: Word
    story: Text
    sources: Annotated[list[SourceIn], Field(min_length=1, max_length=20)]
    means: Annotated[list[MeansIn], Field(min_length=1, max_length=20)]
    targets: list[TargetIn] = Field(default_factory=list, max_length=60)


class HouseholdDeed(Given):
    """What is done; `version` is the one that was looked at."""

    deed: Literal["confirm", "done", "end"]
    reason: Annotated[str, Field(max_length=2000)] = ""
    recoverable: Annotated[str, Field(max_length=20)] = ""
    review_on: Day | None = None
    place: Annotated[int, Field(ge=1, le=100)] | None = None
    outcome: Annotated[str, Field(max_length=2000)] = ""
    next_on: Day | None = None
    version: Annotated[int, Field(ge=1)] | None = None


def _line(plan: PlanLine) -> dict[str, Any]:
    values = {name: getattr(plan, name) for name in HouseholdLine.model_fields}
    for name in ("goal", "got"):
        values[name] = money(values[name], plan.currency)
    return values


def _whole(plan: PlanLine) -> HouseholdWhole:
    def rows(shape: type[Schema], lines: Sequence[object]) -> list[Any]:
        found = []
        for line in lines:
            values = {name: getattr(line, name) for name in shape.model_fields}
            if "amount" in values:
                values["amount"] = money(values["amount"], plan.currency)
            found.append(shape(**values))
        return found

    return HouseholdWhole(
        **_line(plan),
        story=plan.story,
        willingness=plan.willingness,
        began_on=plan.began_on,
        ended_on=plan.ended_on,
        because=dict(plan.because or {}),
        sources=rows(HouseholdSource, plan.sources),
        means=rows(HouseholdMeans, plan.means),
        targets=rows(HouseholdTarget, plan.targets),
    )


def _made(plan: PlanLine, request: HttpRequest) -> HouseholdMade:
    return HouseholdMade(**_whole(plan).dict(), dry_run=request.dry_run)


@router.read(
    "/households",
    scope=ApiScope.RELIEF_READ,
    returns=Page[HouseholdLine],
    allow=reader,
)
def list_households(
    request: HttpRequest, paging: Query[Paging], asked: Query[HouseholdQuestion]
) -> Page[HouseholdLine]:
    """List household plans that run

    In order of their numbers; with `stuck` only those that something holds up.
    """
    named = "households-stuck" if asked.stuck else "households"
    rows = household.after(
        begins_after(paging, of=named),
        scope=request.person.scope,
        limit=paging.limit + 1,
        stuck=asked.stuck,
    )

    def show(plan: PlanLine) -> HouseholdLine:
        return HouseholdLine(**_line(plan))

    return cut(rows, paging, of=named, key=lambda plan: plan.id, show=show)


@router.read(
    "/households/{plan}",
    scope=ApiScope.RELIEF_READ,
    returns=HouseholdWhole,
    allow=reader,
)
def get_household(request: HttpRequest, plan: Id) -> HouseholdWhole:
    """Read one household plan

    With its sources of repayment, its means in their order, and its targets.
    """
    return _whole(household.plan(plan, scope=request.person.scope))


@router.write(
    "/customers/{customer}/household",
    scope=ApiScope.RELIEF_WRITE,
    returns=HouseholdMade,
    allow=asker,
)
def begin_household(
    request: HttpRequest, customer: Id, body: HouseholdIn
) -> HouseholdMade:
    """Begin a plan for the household of a customer

    The class of recoverability is what the rules say until a person confirms one.
    """
    deed = actions.Deed.of(request)
    if deed.business_date is None:
        raise NotFound("no_business_date", _("No business date has been set."))
    found = household.owing(customer, on=deed.business_date, scope=request.person.scope)
    currency = found.loan.currency
    wish = acts.HouseholdWish(
        goal=minor(body.goal, currency, field="goal"),
        goal_on=body.goal_on,
        next_on=body.next_on,
        review_on=body.review_on,
        willingness=body.willingness,
        story=body.story,
        sources=[
            acts.SourceWish(
                kind=each.kind,
                amount=minor(each.amount, currency, field="sources"),
                every=each.every,
                from_on=each.from_on,
                note=each.note,
            )
            for each in body.sources
        ],
        means=[(each.code, each.on) for each in body.means],
        targets=[
            (each.on, minor(each.amount, currency, field="targets"))
            for each in body.targets
        ],
    )
    return _made(acts.begin(customer, wish, deed=deed), request)


@router.write(
    "/households/{plan}/deeds",
    scope=ApiScope.RELIEF_WRITE,
    returns=HouseholdMade,
    allow=asker,
)
def act_on_household(
    request: HttpRequest, plan: Id, body: HouseholdDeed
) -> HouseholdMade:
    """Confirm the class, say that a means was carried out, or end the plan

    `confirm` needs `recoverable`, `review_on` and a `reason`; `done` needs `place`,
    `outcome` and `next_on`; `end` needs a `reason`.
    """
    deed = actions.Deed.of(request, reason=body.reason)
    return _made(_DEEDS[body.deed](plan, body, deed), request)


_DEEDS: Mapping[str, Callable[[int, HouseholdDeed, actions.Deed], PlanLine]] = {
    "confirm": lambda plan, body, deed: acts.confirm(
        plan,
        body.recoverable,
        review_on=body.review_on or date.min,
        deed=deed,
        version=body.version,
    ),
    "done": lambda plan, body, deed: acts.done(
        plan,
        body.place or 0,
        outcome=body.outcome,
        next_on=body.next_on or date.min,
        deed=deed,
        version=body.version,
    ),
    "end": lambda plan, body, deed: acts.end(plan, deed=deed, version=body.version),
}
