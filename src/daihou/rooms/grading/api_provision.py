"""Provisions for programs: a month by class, the ratios, the movement, one loan."""

from datetime import date
from typing import Annotated, Any

from django.http import HttpRequest, QueryDict
from django.utils.translation import gettext as _
from ninja import Query
from pydantic import Field

from daihou.engine.provision.movement import Line
from daihou.kit.api.router import Router
from daihou.kit.api.values import Id, Money, Schema, money
from daihou.kit.refusal import NotFound
from daihou.packs import decision_json
from daihou.rooms.gateway.door import ApiScope
from daihou.rooms.grading import provision_queries as queries
from daihou.rooms.grading.pages import provision as page_of
from daihou.rooms.people import door as people

router = Router(tags=["Classes"])


class ProvisionQuestion(Schema):
    """Which month (its last graded day), table and currency."""

    month: Annotated[str, Field(pattern=r"^[0-9]{4}-[0-9]{2}$")] | None = None
    table: Annotated[str, Field(pattern=r"^[A-Z0-9_]{1,20}$")] | None = None
    currency: Annotated[str, Field(pattern=r"^[A-Z]{3}$")] | None = None


class ProvisionPart(Schema):
    """Loans of one class or branch, and what they need."""

    code: str
    loans: int
    balance: Money
    needed: Money


class ProvisionShown(Schema):
    """What a month needs; ratios, held and movement only for who sees the whole house.

    `ratios` are shares with six decimals; `required` is the highest of the table and
    both ratios, `by` which of them. `held_told`: finance told what is held, else the
    table's sum stands for it. The movement is class by line, in major units.
    """

    as_of: date
    opening_on: date | None
    table: str
    currency: str
    classes: list[ProvisionPart]
    branches: list[ProvisionPart]
    needed: Money
    held: Money | None
    held_told: bool
    required: Money | None
    by: str | None
    shortfall: Money | None
    ratios: dict[str, str]
    movement: dict[str, dict[str, dict[str, Money]]]
    decision: dict[str, Any] | None


class LoanProvision(Schema):
    """What a loan needs under one table, with the decision."""

    table: str
    needed: str
    decision: dict[str, Any]


class LoanProvisions(Schema):
    """What a loan needs under every table that holds for the lender."""

    loan_id: int
    tables: list[LoanProvision]


def _reader(request: HttpRequest) -> None:
    people.require(request.person, people.Permission.VIEW_LOANS)


def _part(row: page_of.Row, code: str, currency: str) -> ProvisionPart:
    return ProvisionPart(
        code=code,
        loans=row.loans,
        balance=money(row.balance, currency),
        needed=money(row.needed, currency),
    )


@router.read(
    "/provision",
    scope=ApiScope.CLASSES_READ,
    returns=ProvisionShown,
    allow=_reader,
)
def get_provision(
    request: HttpRequest, asked: Query[ProvisionQuestion]
) -> ProvisionShown:
    """Read what a month needs as provisions

    By class and branch under a table, with the ratios (the highest governs), the
    movement since the month before, and the decision with its rules.
    """
    wish = QueryDict(mutable=True)
    wish.update({name: value for name, value in asked.dict().items() if value})
    page = page_of.page(wish, scope=request.person.scope)
    if page.run is None or page.total is None:
        raise NotFound("no_provision", _("No day has been provided for yet."))
    coin, found = page.currency, page.found
    return ProvisionShown(
        as_of=page.run.as_of,
        opening_on=page.run.opening_on,
        table=page.table,
        currency=coin,
        classes=[_part(row, row.code, coin) for row in page.classes],
        branches=[_part(row, row.code, coin) for row in page.offices],
        needed=money(page.total.needed, coin),
        held=money(found.held, coin) if found else None,
        held_told=page.held is not None,
        required=money(found.required, coin) if found else None,
        by=found.by.value if found else None,
        shortfall=money(found.shortfall, coin) if found else None,
        ratios={name: f"{share:.6f}" for name, share in (page.ratios or {}).items()},
        movement=_movement(page) if found else {},
        decision=decision_json.to_json(found.decision) if found else None,
    )


def _movement(page: page_of.Page) -> dict[str, dict[str, dict[str, Any]]]:
    assert page.run is not None
    move = queries.move(page.run, table=page.table, currency=page.currency)
    if move is None or page.run.opening_on is None:
        return {}
    return {
        name: {
            at.code: {line.code: money(cells[line], page.currency) for line in Line}
            for at, cells in sheet.items()
        }
        for name, sheet in (
            ("balances", move.balances),
            ("allowances", move.allowances),
        )
    }


@router.read(
    "/loans/{loan}/provision",
    scope=ApiScope.CLASSES_READ,
    returns=LoanProvisions,
    allow=_reader,
)
def get_loan_provision(request: HttpRequest, loan: Id) -> LoanProvisions:
    """Read what a loan needs as provision and why

    Under every table that holds for the lender, on the last graded day.
    """
    found = queries.loan_decisions(loan, scope=request.person.scope)
    return LoanProvisions(
        loan_id=loan,
        tables=[
            LoanProvision(
                table=table,
                needed=str(decision_json.to_json(decision)["answer"]),
                decision=decision_json.to_json(decision),
            )
            for table, decision in found
        ],
    )
