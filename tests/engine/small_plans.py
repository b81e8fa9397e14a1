"""A loan of three months, 900.00 from 1 January, for tests of one day or one cent."""

from datetime import date
from decimal import Decimal

from daihou.engine.ledger.moving.account import PlanAccount
from daihou.engine.ledger.moving.state import Charge
from daihou.engine.ledger.moving.terms import (
    Future,
    Order,
    PlanTerms,
    Recalculation,
    Timing,
)

START = date(2024, 1, 1)
FEB, MAR, APR = date(2024, 2, 1), date(2024, 3, 1), date(2024, 4, 1)
COMPONENTS = ("penalty", "fee", "interest", "principal")
TWELVE = Decimal(12)  # a hundredth a month
BY_THE_DAY = Recalculation()


def order(*timings: Timing, future: Future = Future.NEXT) -> Order:
    return Order(
        tuple((timing, each) for timing in timings for each in COMPONENTS), future
    )


def opened(*, paid_out: int = 90_000, **given: object) -> PlanAccount:
    """Open the loan, without interest unless asked for; 30/360."""
    known: dict[str, object] = {
        "principal": 90_000,
        "yearly_percent": Decimal(0),
        "start_on": START,
        "periods": 3,
        "days_in_year": "360",
        "days_in_month": "30",
        "levelling_rounds": 0,
        "orders": {"default": order(*Timing)},
    }
    account = PlanAccount(PlanTerms(**known | given))  # type: ignore[arg-type]
    account.disburse(START, paid_out, today=START)
    return account


def fee(account: PlanAccount, **given: object) -> Charge:
    known: dict[str, object] = {
        "number": account.next_seq(),
        "name": "fee",
        "penalty": False,
        "when": "specified_due_date",
        "calculation": "flat",
        "rate": Decimal(10),
        "submitted_on": START,
        "seq": account.next_seq(),
    }
    return Charge(**known | given)  # type: ignore[arg-type]


def owed(account: PlanAccount, component: str) -> list[int]:
    return [row.owed[component] for row in account.state.rows]


def paid(account: PlanAccount, component: str) -> list[int]:
    return [row.paid[component] for row in account.state.rows]
