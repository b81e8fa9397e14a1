"""Who has a part in a loan, the borrower first."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from daihou.rooms.ledger.models import Loan, Party


@dataclass(frozen=True, slots=True)
class RoleLine:
    """One part in a loan: whose, as what, how far they are liable, until when."""

    customer_id: int
    name: str
    role: str
    liability: str
    until: date | None
    licence: str


def roles_of(loan_id: int) -> Sequence[RoleLine]:
    """Every part in a loan that the reader sees; two queries."""
    loan = Loan.objects.select_related("customer").get(pk=loan_id)
    borrower = RoleLine(
        loan.customer_id, loan.customer.name, "borrower", "", None, loan.licence
    )
    rows = Party.objects.filter(loan=loan_id).exclude(role="borrower")
    return [
        borrower,
        *(
            RoleLine(
                row.customer_id,
                row.customer.name,
                row.role,
                row.liability,
                row.guarantee_until,
                loan.licence,
            )
            for row in rows.select_related("customer").order_by("pk")
        ),
    ]
