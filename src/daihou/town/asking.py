"""A customer cannot pay as the contract says: a plan, a waiver, a settlement is asked for."""

from datetime import datetime, timedelta
from typing import Any, Final

from daihou.kit.refusal import Refused
from daihou.rooms.casework import door as casework
from daihou.rooms.ledger import door as ledger
from daihou.rooms.relief import door as relief
from daihou.town.floor import Floor

_BAD: Final = 91  # days past due from which closing for less is talked about
_PAYS_WITHIN: Final = timedelta(days=10)


def after(
    floor: Floor,
    case: casework.CaseLine,
    loan: casework.working.BookLoan,
    login: str,
    at: datetime,
    code: str,
) -> None:
    """What is asked for after a talk, if anything."""
    chance = floor.draw("ask", floor.loans[loan.loan_id], floor.day, login)
    if code == "PLAN_REQ" and loan.dpd > 0:
        _try(floor, "plan", loan, login, at, chance)
    elif code == "NEGO" and loan.dpd >= _BAD:
        if chance.random() < floor.rates.settlement_asked:
            _try(floor, "settlement", loan, login, at, chance)
        elif chance.random() < floor.rates.waiver_asked:
            _try(floor, "waiver", loan, login, at, chance)
    elif code == "NEGO" and loan.dpd > 0 and chance.random() < floor.rates.waiver_asked:
        _try(floor, "waiver", loan, login, at, chance)


def of_own(floor: Floor, loan_id: int, login: str, at: datetime) -> relief.Line | None:
    """Somebody who decides asks for a plan themselves."""
    chance = floor.draw("own", floor.loans[loan_id], floor.day, login)
    wish = _plan(floor, chance)
    try:
        return _kept(
            floor,
            login,
            relief.ask_plan(
                loan_id, wish, deed=floor.asking(login, at, "客户到网点申请分期")
            ),
        )
    except Refused as error:
        floor.refused(error)
        return None


def _try(
    floor: Floor,
    kind: str,
    loan: casework.working.BookLoan,
    login: str,
    at: datetime,
    chance: Any,
) -> None:
    deed = floor.asking(login, at, "客户收入下降，愿意还款但一次付不清")

    def do() -> relief.Line | None:
        if kind == "plan":
            wish = _plan(floor, chance)
            asked: relief.Line = relief.ask_plan(loan.loan_id, wish, deed=deed)
            return asked
        if kind == "settlement":
            return _settlement(floor, loan, deed, chance)
        return _waiver(floor, loan, deed, chance)

    try:
        line = floor.timed(f"ask for a {kind}", do)
    except Refused as error:
        floor.refused(error)
        return
    if line is not None:
        _kept(floor, login, line)


def _kept(floor: Floor, login: str, line: relief.Line) -> relief.Line:
    floor.count(f"asked {line.kind}")
    floor.offers[line.id] = login
    return line


def _plan(floor: Floor, chance: Any) -> relief.PlanWish:
    return relief.PlanWish(
        count=chance.randint(3, 8),
        first_due_on=floor.day + timedelta(days=chance.randint(5, 14)),
        every=chance.choice((1, 2)),
        unit="weeks",
        difficulty="overdue",
    )


def _waiver(
    floor: Floor, loan: casework.working.BookLoan, deed: relief.Deed, chance: Any
) -> relief.Line | None:
    """Penalties given up, mostly on condition that the rest of what is late comes."""
    owed = next(
        (
            each
            for each in ledger.reading.owed_by(
                _customer(floor, loan), scope=deed.by.scope
            )
            if each.loan_id == loan.loan_id
        ),
        None,
    )
    if owed is None or owed.penalty + owed.compound <= 0:
        return None
    share = chance.choice((25, 30, 50, 80, 100))
    parts = {
        "penalty": owed.penalty * share // 100,
        "compound": owed.compound * share // 100,
    }
    parts = {name: fen for name, fen in parts.items() if fen}
    if not parts:
        return None
    rest = owed.overdue_total - sum(parts.values())
    on_condition = chance.random() < 0.7 and rest > 0
    wish = relief.WaiverWish(
        parts=parts,
        difficulty="overdue",
        receive=rest if on_condition else 0,
        until=floor.day + _PAYS_WITHIN if on_condition else None,
    )
    asked: relief.Line = relief.ask_waiver(loan.loan_id, wish, deed=deed)
    return asked


def _customer(floor: Floor, loan: casework.working.BookLoan) -> int:
    found = casework.case_of_loan(loan.loan_id)
    assert found is not None, (floor.day, loan)
    return found.customer_id


def _settlement(
    floor: Floor, loan: casework.working.BookLoan, deed: relief.Deed, chance: Any
) -> relief.Line:
    """The loan closed for less, within thirty days, in one part or two."""
    at = relief.standing(loan.loan_id, on=floor.day, scope=deed.by.scope)
    amount = at.payoff * chance.randint(70, 99) // 100
    first = floor.day + timedelta(days=chance.randint(3, 7))
    parts: tuple[Any, ...] = ((first, amount),)
    if chance.random() < 0.3:
        parts = ((first, amount // 2), (first + _PAYS_WITHIN, amount - amount // 2))
    wish = relief.SettlementWish(parts=parts, difficulty="overdue")
    asked: relief.Line = relief.ask_settlement(loan.loan_id, wish, deed=deed)
    return asked
