"""One cast everywhere, and loans simple enough to reckon in the head.

Mei collects in the north; Arun supervises her; Bola works in the south and must see
nothing of hers; Sam audits and changes nothing.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal

from daihou.rooms.ledger import door as ledger
from daihou.rooms.ledger.models import ContactPoint, Customer, Demand, Loan
from daihou.rooms.people import door as people

AT = datetime(2026, 3, 20, 2, 0, tzinfo=UTC)
TODAY = date(2026, 3, 20)  # the open business day of these tests
PASSWORD = "correct-horse-9"
HAND = people.process("test")  # where it does not matter who does it


@dataclass(frozen=True)
class Cast:
    """The four, as the rooms know them."""

    mei: people.Person
    arun: people.Person
    bola: people.Person
    sam: people.Person


def make_cast() -> Cast:
    """Two branches and four logins."""
    people.save_branches(
        [("north", "北区", "North"), ("south", "南区", "South")], by="test", at=AT
    )

    def login(name: str, role: str, branch: str | None, **more: bool) -> people.Person:
        return people.create_user(
            username=name,
            password=PASSWORD,
            role=role,
            branch=branch,
            by="test",
            at=AT,
            **more,
        )

    return Cast(
        mei=login("mei", "collector", "north"),
        arun=login("arun", "risk", "north"),
        bola=login("bola", "collector", "south"),
        sam=login("sam", "risk", None, reads_only=True),
    )


def make_customer(
    number: str,
    *,
    name: str = "甲",
    id_no: str = "",
    address: str = "",
    phones: tuple[str, ...] = (),
) -> Customer:
    """A person who borrows, what is personal of them sealed."""
    customer = Customer.objects.create(
        source="core",
        external_id=number,
        digest=b"",
        kind="person",
        name=name,
        **ledger.personal.id_columns(id_no),
        **ledger.personal.address_columns(address),
    )
    for place, phone in enumerate(phones):
        ContactPoint.objects.create(
            source="core",
            external_id=f"{number}-{place}",
            digest=b"",
            customer=customer,
            kind="mobile",
            owner_role="self",
            **ledger.personal.contact_columns(phone),
        )
    return customer


def make_loan(
    number: str,
    *,
    branch: str = "north",
    product: str = "consumer_loan",
    name: str = "甲",
    dues: tuple[date, ...] = (date(2026, 2, 1), date(2026, 3, 1), date(2026, 4, 1)),
    principal: int = 100_000,
    interest: int = 1_000,
) -> Loan:
    """A loan of equal parts: `principal` and `interest` minor units on each due day."""
    loan = Loan.objects.create(
        source="core",
        external_id=number,
        digest=b"",
        customer=make_customer(f"C-{number}", name=name),
        product=product,
        currency="CNY",
        principal=principal * len(dues),
        annual_rate=Decimal("0.12"),
        method="custom",
        periods=len(dues),
        period_unit="months",
        disbursed_on=date(2026, 1, 1),
        first_due_on=dues[0],
        branch=branch,
        officer="officer",
        status="active",
    )
    Demand.objects.bulk_create(
        Demand(
            loan=loan,
            seq=seq,
            due_on=due_on,
            begins_on=loan.disbursed_on,
            principal=principal,
            interest=interest,
        )
        for seq, due_on in enumerate(dues, start=1)
    )
    return loan


def pay(loan: Loan, external_id: str, **wish: object) -> ledger.posting.Posted:
    """Post 1,000.00 on the open day, but for what `wish` says otherwise."""
    return ledger.posting.post_payment(
        **{
            "source": "bank",
            "external_id": external_id,
            "loan_id": loan.pk,
            "paid_on": TODAY,
            "amount": 100_000,
            "by": HAND,
            "at": AT,
            "business_date": TODAY,
        }
        | wish
    )


def deed(**wish: object) -> ledger.posting.Deed:
    """Done now, for a reason."""
    return ledger.posting.Deed(
        **{
            "by": HAND,
            "at": AT,
            "business_date": TODAY,
            "reason": "agreed with the customer",
        }
        | wish
    )
