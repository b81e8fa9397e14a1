"""Reckoning without a book: what was sent, and the rules, are all there is."""

from typing import Any, Final

from django.http import HttpRequest
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from ninja import Body

from daihou.engine.ledger.life.front import payoff_life, settle_life
from daihou.engine.ledger.schedule import schedule
from daihou.kit.api.router import Router
from daihou.kit.api.values import Money, Schema, money
from daihou.kit.refusal import TooLarge
from daihou.packs import loan_json, state_json
from daihou.rooms.gateway.door import ApiScope

router = Router(tags=["Calc"])
LARGEST: Final = 2**18  # bytes of one loan


class CalcRow(Schema):
    """One instalment."""

    seq: int
    due_on: str
    principal: Money
    interest: Money
    fee: Money


class CalcSchedule(Schema):
    """The plan that follows from the contract."""

    currency: str
    rows: list[CalcRow]


class CalcPayoff(Schema):
    """What closes the loan at the end of `on`."""

    on: str
    currency: str
    principal: Money
    due: Money
    running_interest: Money
    credit: Money
    total: Money


def _loan(request: HttpRequest) -> loan_json.LoanFile:
    """The loan that was sent, in the form of docs/how-to/settle.md."""
    if len(request.body) > LARGEST:
        raise TooLarge("loan_too_large", _("One loan at a time, in 256 KB at most."))
    return loan_json.read(request.body.decode())


@router.reckon("/calc/schedule", scope=ApiScope.CALC, returns=CalcSchedule)
def calc_schedule(request: HttpRequest, body: Body[dict[str, Any]]) -> CalcSchedule:
    """Reckon the plan of a contract

    The body is a loan as `daihou settle` reads it; of it only `terms`, `product` or
    `policy`, and `closed_days` count.
    """
    file = _loan(request)
    terms = file.contract.terms
    rows = schedule(terms, closed=file.closed_days)
    return CalcSchedule(
        currency=terms.currency,
        rows=[
            CalcRow(
                seq=row.seq,
                due_on=row.due_on.isoformat(),
                principal=money(row.principal, terms.currency),
                interest=money(row.interest, terms.currency),
                fee=money(row.fee, terms.currency),
            )
            for row in rows
        ],
    )


def _asked(file: loan_json.LoanFile) -> dict[str, Any]:
    return {"known_at": file.known_at, "calendar": file.closed_days or None}


@router.reckon("/calc/settle", scope=ApiScope.CALC, returns=dict[str, Any])
def calc_settle(request: HttpRequest, body: Body[dict[str, Any]]) -> dict[str, Any]:
    """Settle one loan that was sent

    What it owes, how late it is and why, at the end of `as_of`. The body is a loan as
    `daihou settle` reads it; nothing is kept.
    """
    file = _loan(request)
    asked = _asked(file)
    life = settle_life(file.contract, file.events, as_of=file.as_of, **asked)
    payoff = payoff_life(file.contract, file.events, on=file.as_of, **asked)
    language = "zh" if (get_language() or "zh").startswith("zh") else "en"
    told: dict[str, Any] = state_json.state(file, life, payoff, language=language)
    return told


@router.reckon("/calc/payoff", scope=ApiScope.CALC, returns=CalcPayoff)
def calc_payoff(request: HttpRequest, body: Body[dict[str, Any]]) -> CalcPayoff:
    """Reckon what closes a loan that was sent

    At the end of `as_of`; the body is a loan as `daihou settle` reads it.
    """
    file = _loan(request)
    found = payoff_life(file.contract, file.events, on=file.as_of, **_asked(file))
    currency = file.contract.terms.currency
    return CalcPayoff(
        on=found.on.isoformat(),
        currency=currency,
        principal=money(found.principal, currency),
        due=money(found.due, currency),
        running_interest=money(found.running_interest, currency),
        credit=money(found.credit, currency),
        total=money(found.total, currency),
    )
