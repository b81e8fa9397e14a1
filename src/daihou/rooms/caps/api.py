"""The caps for programs: the loans above one, and one loan with its reasons."""

from collections.abc import Sequence
from datetime import date
from typing import Any, Literal

from django.http import HttpRequest
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from ninja import Query

from daihou.engine.basics.errors import UserError
from daihou.engine.caps.values import Standing
from daihou.kit.api.paging import Page, Paging, begins_after, cut
from daihou.kit.api.router import Router
from daihou.kit.api.values import Day, Id, Money, Schema, money
from daihou.kit.refusal import NotFound
from daihou.packs import decision_json
from daihou.rooms.caps import queries
from daihou.rooms.caps.queries import FindingLine
from daihou.rooms.gateway.door import ApiScope
from daihou.rooms.people import door as people

router = Router(tags=["Caps"])
Listed = Literal["over", "not_asserted"]


class CapFinding(Schema):
    """An open loan above a cap, or whose cap nobody can assert, as of `as_of`.

    Rates are shares a year as decimals in text; `cap` None where none is known. `above`
    is what the ledger does not claim. `doubted`: a cap rests on what nobody checked.
    """

    loan_id: int
    number: str
    as_of: date
    standing: Listed
    licence: str
    disbursed_on: date
    cap: str | None
    all_in: str
    excess: str
    multiple_above: bool
    doubted: bool
    above: Money


class CapQuestion(Schema):
    """Which loans to list."""

    standing: Listed | None = None


class CapCharge(Schema):
    """One kind of charge: all of it, what is above the cap, what may be claimed.

    `claimable` None: a cap of that day is not known, so that nobody can say.
    """

    kind: str
    charged: Money
    above: Money
    claimable: Money | None


class LoanCap(Schema):
    """One loan against its caps: its rates, its charges, and both decisions.

    `claim` is None where another system keeps the loan.
    """

    loan_id: int
    number: str
    as_of: date
    licence: str
    standing: str
    cap: str | None
    all_in: str
    excess: str
    price: dict[str, Any]
    claim: dict[str, Any] | None
    charges: list[CapCharge]


def _reader(request: HttpRequest) -> None:
    people.require(request.person, people.Permission.VIEW_LOANS)


def _plain(rate: Any) -> str:
    return f"{rate.normalize():f}"


def _line(line: FindingLine, as_of: date) -> dict[str, Any]:
    names = ("loan_id", "number", "standing", "licence", "disbursed_on")
    flags = ("multiple_above", "doubted")
    return {name: getattr(line, name) for name in (*names, *flags)} | {
        "as_of": as_of,
        "cap": None if line.cap is None else _plain(line.cap),
        "all_in": _plain(line.all_in),
        "excess": _plain(line.excess),
        "above": money(line.above, line.currency),
    }


@router.read(
    "/cost-caps",
    scope=ApiScope.POSITIONS_READ,
    returns=Page[CapFinding],
    allow=_reader,
)
def list_cost_caps(
    request: HttpRequest, paging: Query[Paging], asked: Query[CapQuestion]
) -> Page[CapFinding]:
    """List the loans above a cap on their cost

    In order of our numbers of the loans, as of the last closed day that was looked at.
    Loans that keep their caps are not among them.
    """
    run = queries.last_run() if queries.applies() else None
    named = f"cost-caps-{asked.standing or 'all'}"
    after = begins_after(paging, of=named)
    rows: Sequence[FindingLine] = ()
    if run is not None:
        rows = queries.findings_after(
            after,
            scope=request.person.scope,
            limit=paging.limit + 1,
            standing=asked.standing or "",
        )

    def show(row: FindingLine) -> CapFinding:
        assert run is not None
        return CapFinding(**_line(row, run.as_of))

    return cut(rows, paging, of=named, key=lambda row: row.loan_id, show=show)


@router.read(
    "/loans/{loan}/cost-cap",
    scope=ApiScope.POSITIONS_READ,
    returns=LoanCap,
    allow=_reader,
)
def get_loan_cost_cap(
    request: HttpRequest, loan: Id, as_of: Day | None = None
) -> LoanCap:
    """Hold a loan against the caps on its cost

    Reckoned anew by the rules of the day it was paid out, each with its version.
    """
    if not queries.applies():
        raise NotFound("no_caps", _("The law of this lender names no caps kept here."))
    day = request.business_day()
    on = as_of or (day.on if day else None)
    if on is None:
        raise NotFound("no_business_day", _("No day has been opened yet."))
    try:
        found = queries.weigh(loan, as_of=on, scope=request.person.scope)
    except UserError as error:
        said = error.say(get_language() or "zh-hans")
        raise NotFound("loan_not_then", said, loan=loan) from error
    price, claim = found.price, found.claim
    terms = found.page.terms
    return LoanCap(
        loan_id=loan,
        number=terms.number,
        as_of=on,
        licence=found.licence,
        standing=price.standing.value,
        cap=None if price.cap is None else _plain(price.cap),
        all_in=_plain(price.all_in),
        excess=_plain(price.excess),
        price=decision_json.to_json(price.decision),
        claim=decision_json.to_json(claim.decision) if claim else None,
        charges=_charges(found, terms.currency),
    )


def _charges(found: queries.Weighed, currency: str) -> list[CapCharge]:
    claim = found.claim
    if claim is None:
        return []
    rows = []
    asserted = claim.standing is not Standing.NOT_ASSERTED
    for kind, charged in found.charged.items():
        if charged:
            above = max(claim.cut.get(kind, 0), found.cut_by_us.get(kind, 0))
            above = min(charged, above)
            rows.append(
                CapCharge(
                    kind=kind.value,
                    charged=money(charged, currency),
                    above=money(above, currency),
                    claimable=money(charged - above, currency) if asserted else None,
                )
            )
    return rows
