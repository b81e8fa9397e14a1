"""Customers for programs: who they are, masked, and what they owe."""

from datetime import date

from django.http import HttpRequest
from ninja import Query

from daihou.kit import masking
from daihou.kit.api.paging import Page, Paging, begins_after, cut
from daihou.kit.api.router import Router
from daihou.kit.api.values import Money, Ref, Schema, Word, money
from daihou.rooms.gateway.door import ApiScope
from daihou.rooms.ledger.api import asked
from daihou.rooms.ledger.queries import customer_page, listed

router = Router(tags=["Customers"])


class CustomerLine(Schema):
    """A customer in a list; the name is masked."""

    id: int
    source: str
    number: str
    kind: str
    name: str
    region: str
    industry: str


class CustomerLoan(Schema):
    """A loan of the customer, with its current position where there is one."""

    id: int
    number: str
    product: str
    branch: str
    status: str
    currency: str
    principal: Money
    disbursed_on: date
    dpd: int | None
    bucket: str | None
    overdue_total: Money | None
    outstanding_total: Money | None


class Contact(Schema):
    """A way to reach somebody, masked; whether it may be used is not said here."""

    kind: str
    value: str
    owner_role: str
    verified_on: date | None


class Customer(Schema):
    """A customer with their loans; document, name and contacts are masked."""

    id: int
    number: str
    kind: str
    name: str
    id_no: str
    region: str
    industry: str
    worst_dpd: int
    loans: list[CustomerLoan]
    contacts: list[Contact]


class CustomerFilter(Schema):
    """Which customers; what is empty does not narrow."""

    number: Word = ""
    source: Word = ""


@router.read(
    "/customers",
    scope=ApiScope.CUSTOMERS_READ,
    returns=Page[CustomerLine],
    allow=asked.reader,
)
def list_customers(
    request: HttpRequest, paging: Query[Paging], wanted: Query[CustomerFilter]
) -> Page[CustomerLine]:
    """List customers

    Those with a loan, or a part in a loan, that the token's person may see.
    """
    rows = listed.customers_after(
        begins_after(paging, of="customers"),
        scope=asked.asker(request).scope,
        limit=paging.limit + 1,
        external_id=wanted.number,
        source=wanted.source,
    )
    return cut(
        rows, paging, of="customers", key=lambda row: row.customer_id, show=_line
    )


def _name(name: str, kind: str) -> str:
    return masking.name(name, kind="company" if kind == "organisation" else "person")


def _line(row: listed.CustomerRow) -> CustomerLine:
    return CustomerLine(
        id=row.customer_id,
        source=row.source,
        number=row.number,
        kind=row.kind,
        name=_name(row.name, row.kind),
        region=row.region,
        industry=row.industry,
    )


@router.read(
    "/customers/{customer}",
    scope=ApiScope.CUSTOMERS_READ,
    returns=Customer,
    allow=asked.reader,
)
def get_customer(request: HttpRequest, customer: Ref, source: Word = "") -> Customer:
    """Read a customer

    With their loans in scope and masked ways to reach them.
    """
    customer_id = asked.customer_id(request, customer, source)
    page = customer_page(customer_id, scope=asked.asker(request).scope)
    return Customer(
        id=page.customer_id,
        number=page.number,
        kind=page.kind,
        name=_name(page.name, page.kind),
        id_no=masking.id_no(page.id_no),
        region=page.region,
        industry=page.industry,
        worst_dpd=page.worst_dpd,
        loans=[
            CustomerLoan(
                id=loan.loan_id,
                number=loan.number,
                product=loan.product,
                branch=loan.branch,
                status=loan.status,
                currency=loan.currency,
                principal=money(loan.principal, loan.currency),
                disbursed_on=loan.disbursed_on,
                dpd=loan.dpd,
                bucket=loan.bucket,
                overdue_total=_money(loan.overdue_total, loan.currency),
                outstanding_total=_money(loan.outstanding_total, loan.currency),
            )
            for loan in page.loans
        ],
        contacts=[
            Contact(
                kind=each.kind,
                value=masking.contact(each.kind, each.value),
                owner_role=each.owner_role,
                verified_on=each.verified_on,
            )
            for each in page.contacts
        ],
    )


def _money(minor_units: int | None, currency: str) -> str | None:
    return None if minor_units is None else money(minor_units, currency)
