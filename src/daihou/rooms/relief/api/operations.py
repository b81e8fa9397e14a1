"""The operations: requests, asking with `dry_run` as the calculator, deeds."""

from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja import Query

from daihou.kit.api.paging import Page, Paging, begins_after, cut
from daihou.kit.api.router import Router
from daihou.kit.api.values import Id, minor, money
from daihou.kit.refusal import NotFound
from daihou.rooms.gateway.door import ApiScope
from daihou.rooms.people import door as people
from daihou.rooms.relief import actions, queries
from daihou.rooms.relief.api.shapes import (
    DeedIn,
    Due,
    DueIn,
    Part,
    PlanIn,
    ReliefLine,
    ReliefMade,
    ReliefQuestion,
    ReliefWhole,
    SettlementIn,
    TermsIn,
    WaiverIn,
)
from daihou.rooms.relief.queries import Line

router = Router(tags=["Relief"])


def reader(request: HttpRequest) -> None:
    """Who sees loans sees what is agreed on them."""
    people.require(request.person, people.Permission.VIEW_LOANS)


def asker(request: HttpRequest) -> None:
    """Who may ask for relief."""
    people.require(request.person, people.Permission.REQUEST_RELIEF)


def _line(line: Line) -> dict[str, Any]:
    names = [name for name in ReliefLine.model_fields if hasattr(line, name)]
    values = {name: getattr(line, name) for name in names}
    for name in ("given_up", "receive", "received"):
        values[name] = money(values[name], line.currency)
    values["levels"] = list(line.levels)
    return values


def _whole(line: Line) -> ReliefWhole:
    currency = line.currency
    rows = queries.rows_of(line.id)
    return ReliefWhole(
        **_line(line),
        parts={part: money(each, currency) for part, each in line.parts.items()},
        rows=[
            Due(
                seq=row.seq,
                due_on=row.due_on,
                amount=money(row.amount, currency),
                paid=money(row.paid, currency),
                missed=row.missed,
            )
            for row in rows
        ],
        decision=dict(line.because),
        effect=dict(line.effect),
        terms=dict(line.terms),
    )


def _made(line: Line, request: HttpRequest) -> ReliefMade:
    return ReliefMade(**_whole(line).dict(), dry_run=request.dry_run)


@router.read(
    "/relief", scope=ApiScope.RELIEF_READ, returns=Page[ReliefLine], allow=reader
)
def list_relief(
    request: HttpRequest, paging: Query[Paging], asked: Query[ReliefQuestion]
) -> Page[ReliefLine]:
    """List requests for relief

    Waivers, plans, settlements and changes of terms, in order of their numbers.
    """
    named = f"relief-{asked.kind or 'all'}-{asked.state or 'all'}"
    rows = queries.after(
        begins_after(paging, of=named),
        scope=request.person.scope,
        limit=paging.limit + 1,
        kind=asked.kind or "",
        state=asked.state,
    )

    def show(row: Line) -> ReliefLine:
        return ReliefLine(**_line(row))

    return cut(rows, paging, of=named, key=lambda row: row.id, show=show)


@router.read(
    "/relief/{relief}",
    scope=ApiScope.RELIEF_READ,
    returns=ReliefWhole,
    allow=reader,
)
def get_relief(request: HttpRequest, relief: Id) -> ReliefWhole:
    """Read one request with its rows, its decision and its figures

    The decision names every row of the matrix that was asked and what would flip it.
    """
    return _whole(queries.find(relief, scope=request.person.scope))


def _currency(request: HttpRequest, loan: int) -> str:
    """The currency of a loan the asker may see."""
    day = request.business_day()
    if day is None:
        raise NotFound("no_business_date", _("No business date has been set."))
    found = actions.standing(loan, on=day.on, scope=request.person.scope)
    return found.line.currency


def _parts(parts: list[Part], currency: str) -> dict[str, int]:
    found: dict[str, int] = {}
    for part in parts:
        amount = minor(part.amount, currency, field="parts")
        found[part.component] = found.get(part.component, 0) + amount
    return found


def _dues(parts: list[DueIn], currency: str) -> tuple[tuple[date, int], ...]:
    return tuple(
        (each.on, minor(each.amount, currency, field="parts")) for each in parts
    )


def _write(path: str) -> Callable[..., Any]:
    return router.write(
        path, scope=ApiScope.RELIEF_WRITE, returns=ReliefMade, allow=asker
    )


@_write("/loans/{loan}/waivers")
def ask_waiver(request: HttpRequest, loan: Id, body: WaiverIn) -> ReliefMade:
    """Ask to give up part of what is owed on a loan

    Granted at once inside the policy, else proposed to the levels of the matrix. With
    `dry_run` it is the calculator: everything is reckoned, nothing is kept.
    """
    currency = _currency(request, loan)
    wish = actions.WaiverWish(
        parts=_parts(body.parts, currency),
        difficulty=body.difficulty,
        receive=minor(body.receive, currency, field="receive"),
        until=body.until,
    )
    made = actions.ask_waiver(
        loan, wish, deed=actions.Deed.of(request, reason=body.reason)
    )
    return _made(made, request)


@_write("/loans/{loan}/plans")
def ask_plan(request: HttpRequest, loan: Id, body: PlanIn) -> ReliefMade:
    """Ask for an arrangement on a customer's loans

    Re-ageing is explicit: with `re_age` all that is owed goes into new rows of the
    contract, without it the contract stays as it is.
    """
    currency = _currency(request, loan)
    wish = actions.PlanWish(
        count=body.count,
        first_due_on=body.first_due_on,
        difficulty=body.difficulty,
        total=minor(body.total, currency, field="total") if body.total else None,
        every=body.every,
        unit=body.unit,
        first_payment=minor(body.first_payment, currency, field="first_payment"),
        first_by=body.first_by,
        weights=tuple(body.weights),
        re_age=body.re_age,
        interest_freeze=body.interest_freeze,
        parts=_parts(body.parts, currency),
        loan_ids=tuple(body.loans),
        replaces=body.replaces,
    )
    made = actions.ask_plan(
        loan, wish, deed=actions.Deed.of(request, reason=body.reason)
    )
    return _made(made, request)


@_write("/loans/{loan}/settlements")
def ask_settlement(request: HttpRequest, loan: Id, body: SettlementIn) -> ReliefMade:
    """Ask to close a loan for less than it owes

    Within the bands of the policy; the answer says what it is worth today beside
    going on.
    """
    currency = _currency(request, loan)
    wish = actions.SettlementWish(
        parts=_dues(body.parts, currency), difficulty=body.difficulty
    )
    made = actions.ask_settlement(
        loan, wish, deed=actions.Deed.of(request, reason=body.reason)
    )
    return _made(made, request)


@_write("/loans/{loan}/terms")
def ask_change_of_terms(request: HttpRequest, loan: Id, body: TermsIn) -> ReliefMade:
    """Ask to change the terms of a loan

    On approval a new schedule version is written, and a loan in difficulty is marked
    as restructured.
    """
    _currency(request, loan)
    names = ("periods", "first_due_on", "until", "arrears", "penalty", "what")
    fields: dict[str, Any] = {
        name: value for name in names if (value := getattr(body, name)) is not None
    }
    if body.annual_rate is not None:
        fields["annual_rate"] = Decimal(body.annual_rate)
    if body.change == "interest_pause":
        fields["penalty"] = fields.get("penalty") == "waive"
    wish = actions.TermsWish(
        kind=body.change,
        fields=fields,
        difficulty=body.difficulty,
        agreed=body.agreed,
    )
    made = actions.ask_change_of_terms(
        loan, wish, deed=actions.Deed.of(request, reason=body.reason)
    )
    return _made(made, request)


@_write("/relief/{relief}/deeds")
def act_on_relief(request: HttpRequest, relief: Id, body: DeedIn) -> ReliefMade:
    """Say what the customer says, or what both agree on

    `accept` needs `evidence`, `counter` needs `parts`, `skip` needs `seq`; what ends
    something needs a `reason`.
    """
    line = queries.find(relief, scope=request.person.scope)
    deed = actions.Deed.of(request, reason=body.reason)
    made = _DEEDS[body.deed](line, body, deed)
    return _made(made, request)


Do = Callable[[Line, DeedIn, actions.Deed], Line]


def _plain(do: Callable[..., Line]) -> Do:
    return lambda line, body, deed: do(line.id, deed=deed, version=body.version)


_DEEDS: Mapping[str, Do] = {
    "accept": lambda line, body, deed: actions.accept(
        line.id, evidence=body.evidence, deed=deed, version=body.version
    ),
    "counter": lambda line, body, deed: actions.counter(
        line.id, _dues(body.parts, line.currency), deed=deed, version=body.version
    ),
    "skip": lambda line, body, deed: actions.skip(
        line.id, body.seq or 0, deed=deed, version=body.version
    ),
    "withdraw": _plain(actions.withdraw),
    "cancel": _plain(actions.cancel),
    "suspend": _plain(actions.suspend),
    "resume": _plain(actions.resume),
}
