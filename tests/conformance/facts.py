"""What turns a fact of another lending system into a loan of ours."""

import json
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any, NamedTuple

from daihou.engine.basics.dates import add_period
from daihou.engine.basics.money import to_minor
from daihou.engine.ledger.schedule import schedule
from daihou.engine.ledger.terms import LoanTerms
from daihou.engine.ledger.values import Demand, Loan, Payment
from daihou.engine.rulebook.policy import (
    Component,
    DpdMethod,
    Mode,
    Policy,
)

CURRENCY = "INR"
NPA_DAYS = 90
Case = Mapping[str, Any]


class Told(NamedTuple):
    """One comparison."""

    what: str
    theirs: object
    ours: object


def read(path: Path) -> list[Case]:
    """Return the facts of the file."""
    cases: list[Case] = json.loads(path.read_text(encoding="utf-8"))["cases"]
    return cases


def minor(text: str) -> int:
    """Read an amount."""
    return to_minor(text, CURRENCY)


def day(text: str) -> date:
    """Read a date."""
    return date.fromisoformat(text)


def terms_of(loan: Case, **change: Any) -> LoanTerms:
    """Read terms: equal instalments in whole units, rounded up, interest by period."""
    first = loan.get("first_due")
    begin = loan.get("disbursed") or loan.get("start")
    due = day(first) if first else add_period(day(begin or "2024-01-01"), 1, "months")
    given: dict[str, Any] = {
        "currency": CURRENCY,
        "principal_minor": minor(loan["principal"]),
        "annual_rate": Decimal(loan.get("rate_percent", "0")) / 100,
        "method": "flat"
        if loan.get("interest_method") == "flat"
        else "equal_instalment",
        "periods": loan.get("repayments", 1200),
        "period_unit": "months",
        "disbursed_on": day(begin) if begin else add_period(due, -1, "months"),
        "first_due_on": due,
        "multiple_of": 100,
        "multiple_rounding": "up",
        "last_row": "when_paid",
    }
    if "installment" in loan or "fixed_installment" in loan:
        stated = loan.get("installment") or loan["fixed_installment"]
        given |= {"instalment_minor": minor(stated), "multiple_of": 1}
    if given["method"] == "flat":
        given |= {"last_row": "on_term", "multiple_of": 1}
    return LoanTerms(**given | change)


def loan_of(
    terms: LoanTerms,
    payments: Sequence[tuple[date, int]] = (),
    *,
    penalty_nano: int = 0,
) -> Loan:
    """Make a loan with the rows of its terms and these payments."""
    return Loan(
        loan_id=1,
        currency=CURRENCY,
        principal=terms.principal_minor,
        disbursed_on=terms.disbursed_on,
        demands=tuple(
            Demand(row.seq, row.seq, row.due_on, row.principal, row.interest)
            for row in schedule(terms)
        ),
        payments=tuple(
            Payment(number, on, amount)
            for number, (on, amount) in enumerate(payments, 1)
        ),
        penalty_rate_nano=penalty_nano,
    )


def policy(*, due_date_counts: int = 1, **change: Any) -> Policy:
    """Make a policy of our own book; the due date is day 1 unless said."""
    given: dict[str, Any] = {
        "product": "facts",
        "begins_on": date(2000, 1, 1),
        "mode": Mode.OWN,
        "dpd": DpdMethod(id="facts", due_date_counts=due_date_counts),
        "order": (Component.PENALTY, Component.COMPOUND, Component.INTEREST)
        + (Component.PRINCIPAL, Component.FEE),
        "non_accrual_after": NPA_DAYS,
    }
    return Policy(**given | change)
