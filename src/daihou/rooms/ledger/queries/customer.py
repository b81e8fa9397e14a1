"""One customer with all their loans in scope; the worst of them is their lateness."""

from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from daihou.kit.refusal import NotFound
from daihou.kit.scope import Scope
from daihou.rooms.ledger import sealing
from daihou.rooms.ledger.models import ContactPoint, Customer
from daihou.rooms.ledger.queries import personal, seen


@dataclass(frozen=True, slots=True)
class CustomerLoan:
    """One loan of the customer with its current position (None: none yet)."""

    loan_id: int
    number: str
    product: str
    branch: str
    currency: str
    principal: int
    disbursed_on: date
    status: str
    dpd: int | None
    bucket: str | None
    overdue_total: int | None
    outstanding_total: int | None
    next_due_on: date | None
    next_due_amount: int | None


@dataclass(frozen=True, slots=True)
class ContactLine:
    """A way to reach somebody, masked; whether it may be used is not decided here.

    `field` names it for a reveal.
    """

    field: str
    kind: str
    value: str
    owner_role: str
    verified_on: date | None


@dataclass(frozen=True, slots=True)
class CustomerPage:
    """A customer, their loans in scope and ways to reach them.

    Document number, address, ways to reach and personal attributes are masked; whole
    they are shown one at a time, for a reason (`actions.reveal`).
    """

    customer_id: int
    number: str
    kind: str
    name: str
    id_no: str
    address: str
    region: str
    industry: str
    employer: str
    loans: tuple[CustomerLoan, ...]
    contacts: tuple[ContactLine, ...]

    @property
    def worst_dpd(self) -> int:
        """Customer-level days past due: the worst of the loans."""
        return max((loan.dpd or 0 for loan in self.loans), default=0)


_LOAN = [
    "pk",
    "external_id",
    "product",
    "branch",
    "currency",
    "principal",
    "disbursed_on",
    "status",
    "position__dpd",
    "position__bucket",
    "position__overdue_total",
    "position__outstanding_total",
    "position__next_due_on",
    "position__next_due_amount",
]


def customer_page(customer_id: int, *, scope: Scope) -> CustomerPage:
    """Read a customer in three queries, or raise NotFound."""
    row: Customer | None = seen.customers(scope).filter(pk=customer_id).first()
    if row is None:
        raise NotFound(
            "customer_unknown",
            _("There is no such customer among those you may see."),
            customer=customer_id,
        )
    loans = (
        seen.loans(scope)
        .filter(customer_id=customer_id)
        .order_by("disbursed_on", "external_id")
    )
    contacts = ContactPoint.objects.filter(customer_id=customer_id).order_by("pk")
    return CustomerPage(
        customer_id=row.pk,
        number=row.external_id,
        kind=row.kind,
        name=row.name,
        id_no=sealing.masked(row.id_no, about=sealing.ID_NO),
        address=sealing.masked(row.address, about=sealing.ADDRESS),
        region=row.region,
        industry=row.industry,
        employer=row.employer,
        loans=tuple(CustomerLoan(*values) for values in loans.values_list(*_LOAN)),
        contacts=tuple(
            ContactLine(
                field=personal.field_of_point(point.pk),
                kind=point.kind,
                value=sealing.masked(
                    point.value, about=sealing.CONTACT, kind=point.kind
                ),
                owner_role=point.owner_role,
                verified_on=point.verified_on,
            )
            for point in contacts
        ),
    )
