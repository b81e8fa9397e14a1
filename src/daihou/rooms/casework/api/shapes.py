"""A case as programs are told of it, and what is answered to a deed on one."""

from datetime import datetime
from typing import Annotated, Any

from django.http import HttpRequest
from ninja import Field

from daihou.kit.api.values import Currency, Day, Given, Money, Schema, money
from daihou.rooms.casework.queries import cases as rows
from daihou.rooms.casework.queries.cases import CaseLine

Text = Annotated[str, Field(max_length=1_000)]
Version = Annotated[int, Field(ge=1)]


class LoanOfCase(Schema):
    """A loan of a case, and from when until when it was in it."""

    loan: int
    since: Day
    until: Day | None


class CaseSaid(Schema):
    """One case on its eight axes; amounts in major units of `currency`.

    `version` grows with every deed: send the one you saw, and you are told if somebody
    acted first. `expected_value` orders the work; `next_at` and `lawful_from` say
    before when it is given to nobody.
    """

    id: int
    number: str
    customer: int
    lifecycle: str
    delinquency: str
    treatment: str
    held: bool
    assignment: str
    collector: str
    team: str
    cover: str
    placement: str
    legal: str
    resolution: str
    queue: str
    segment: str
    action: str
    journey: str
    because: dict[str, str]
    priority: int
    expected_value: Money
    currency: Currency
    dpd: int
    loans: int
    overdue_total: Money
    outstanding_total: Money
    disputed: Money
    paid: Money
    branch: str
    product: str
    officer: str
    opened_on: Day
    opened_because: str
    reopened: int
    closed_on: Day | None
    close_code: str
    last_worked_at: datetime | None
    last_worked_by: str
    next_at: datetime | None
    lawful_from: datetime | None
    taken_by: str
    taken_until: datetime | None
    version: int


class WorthSaid(Schema):
    """Expected value and its formula: asked x chance x after_broken^broken x just
    worked, per mille each, cut to whole minor units at each step."""

    value: Money
    asked: Money
    chance_per_mille: int
    broken: int
    after_broken_per_mille: int
    just_worked_per_mille: int
    policy: str


class CaseWhole(CaseSaid):
    """One case with its loans and what it is worth working."""

    in_it: list[LoanOfCase]
    worth: WorthSaid | None


_MONEY = ("expected_value", "overdue_total", "outstanding_total", "disputed", "paid")


def plain(case: CaseLine) -> dict[str, Any]:
    """A case as the API tells it."""
    told = {name: getattr(case, name) for name in rows.FIELDS if name != "customer_id"}
    for name in _MONEY:
        told[name] = money(told[name], case.currency)
    return told | {"customer": case.customer_id, "because": dict(case.because)}


def said(case: CaseLine) -> CaseSaid:
    """The same, checked."""
    return CaseSaid(**plain(case))


class CaseMade(Schema):
    """The case as it is after the deed; `id` None where it was only tried."""

    id: int | None
    case: CaseSaid
    dry_run: bool


def made(request: HttpRequest, case: CaseLine) -> CaseMade:
    """What is answered to a deed on a case."""
    tried = request.dry_run
    return CaseMade(id=None if tried else case.id, case=said(case), dry_run=tried)


class ReasonGiven(Given):
    """Why, and the version of the case as it was seen."""

    reason: Text
    version: Version | None = None
