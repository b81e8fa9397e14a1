"""A loan of three months at 120 a day, for tests of interest on the balance owed."""

from datetime import date
from decimal import Decimal

from daihou.engine.ledger.values import Loan, LoanTerms, Payment
from daihou.engine.rulebook.policy import Advance, DpdMethod, Mode, Policy

START = date(2024, 1, 1)
TERMS = LoanTerms(
    currency="CNY",
    principal_minor=360_000,
    annual_rate=Decimal("0.12"),  # 120 a day on all of it
    method="interest_only",
    periods=3,
    period_unit="months",
    disbursed_on=START,
    first_due_on=date(2024, 2, 1),
    day_count="ACT/360",
)
POLICY = Policy(
    product="revolving",
    begins_on=START,
    mode=Mode.OWN,
    dpd=DpdMethod(id="contract"),
    advance=Advance.NEXT,
)


def loan(*payments: tuple[date, int], **known: object) -> Loan:
    facts: dict[str, object] = {
        "loan_id": 1,
        "currency": "CNY",
        "principal": 360_000,
        "disbursed_on": START,
        "demands": (),
        "payments": tuple(
            Payment(number, on, amount)
            for number, (on, amount) in enumerate(payments, 1)
        ),
    }
    return Loan(**facts | known)  # type: ignore[arg-type]


def lines(facts: Loan) -> list[tuple[date, int, int]]:
    return [(each.due_on, each.principal, each.interest) for each in facts.demands]
