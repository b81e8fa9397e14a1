"""Claims for the tests of the clocks: loans late on a day, with what happened to them."""

from datetime import UTC, date, datetime
from typing import Any

from daihou.kit import legal_clocks
from daihou.nightly.legal_clocks import Reckoner
from daihou.rooms.approvals import door as approvals
from daihou.rooms.ledger.models import Demand, Loan, Party, Payment, Position
from daihou.rooms.people import door as people
from tests.nightly import world
from tests.rooms.cast import make_customer, make_loan

AS_OF = date(2026, 11, 20)
OPEN = date(2026, 11, 21)
AT = datetime(2026, 11, 21, 2, 0, tzinfo=UTC)


def bind() -> None:
    """The night's reckoner over the test database."""
    legal_clocks.bind_reckoner(Reckoner(url=world.url()))


def deed(by: people.Person, *, on: date = OPEN) -> approvals.Deed:
    """Done on the open day."""
    return approvals.Deed(by=by, at=AT, business_date=on)


def a_claim(number: str, due: date, *, branch: str = "north", dpd: int = 90) -> Loan:
    """A loan whose last instalment fell due on a day, and which is late."""
    loan = make_loan(number, branch=branch, dues=(date(2026, 2, 1),))
    began = date(2015, 1, 1)
    Loan.objects.filter(pk=loan.pk).update(disbursed_on=began, first_due_on=due)
    Demand.objects.filter(loan=loan).update(due_on=due, begins_on=began)
    late(loan, dpd=dpd)
    return loan


def late(loan: Loan, *, dpd: int, **facts: Any) -> None:
    """The position of a loan, so many days late; 0: not late."""
    amount = 101_000 if dpd else 0
    nothing = dict.fromkeys(
        [
            *("overdue_interest", "overdue_fee", "overdue_penalty", "overdue_compound"),
            *("unapplied_credit", "times_late", "next_due_amount", "over_cap"),
        ],
        0,
    )
    values: dict[str, Any] = {
        "changed_on": AS_OF,
        "dpd": dpd,
        "bucket": "M3",
        "overdue_principal": amount,
        "overdue_total": amount,
        "overdue_loan_balance": amount,
        "outstanding_principal": 100_000,
        "outstanding_total": 101_000,
        "worst_dpd": dpd,
        "late_instalments": int(dpd > 0),
        "status": "active",
        "dpd_method": "cn",
    }
    Position.objects.update_or_create(loan=loan, defaults=nothing | values | facts)


def pay(loan: Loan, on: date, channel: str, *, reversed_on: date | None = None) -> None:
    """Money in the ledger, perhaps taken back."""
    name = f"{loan.external_id}-{on}"
    common: dict[str, Any] = {
        "loan": loan,
        "recorded_at": AT,
        "source": "bank",
        "digest": b"",
        "channel": channel,
    }
    paid = Payment.objects.create(paid_on=on, amount=5_000, external_id=name, **common)
    if reversed_on is not None:
        Payment.objects.create(
            paid_on=reversed_on,
            amount=-5_000,
            external_id=f"{name}-back",
            kind="reversal",
            reversal_of=paid,
            **common,
        )


def guarantee(loan: Loan, kind: str, until: date | None = None) -> Party:
    """Somebody who stands for a loan."""
    number = f"G-{loan.external_id}"
    made: Party = Party.objects.create(
        source="core",
        external_id=number,
        digest=b"",
        loan=loan,
        customer=make_customer(number, name="保证人"),
        role="guarantor",
        guarantee_kind=kind,
        guarantee_until=until,
    )
    return made
