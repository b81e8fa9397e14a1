"""What of a customer or a loan may be corrected, and what it is now."""

from collections.abc import Collection, Mapping
from typing import Final, TypeVar

from django.db import connection
from django.db.models import Model, QuerySet, Sum
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from daihou.kit import secret
from daihou.kit.refusal import NotFound
from daihou.kit.scope import Scope
from daihou.rooms.ledger import sealing
from daihou.rooms.ledger.models import ContactPoint, Customer, Loan
from daihou.rooms.ledger.queries import seen

M = TypeVar("M", bound=Model)
CUSTOMER: Final = ("name", "address", "employer", "industry", "region")
LOAN: Final = ("officer", "channel", "funder", "purpose", "guarantee_kind")
POINT: Final = "contact-"
ATTRIBUTE: Final = "attribute-"


def fields_of_customer(
    customer_id: int, names: Collection[str] | None = None
) -> Mapping[str, str]:
    """Name -> value, opened, of what may be corrected of a customer.

    `names` leaves out the others, so that no more is opened than is asked for. Inside
    a transaction the rows are held until it ends.
    """
    row = _held(Customer.objects.filter(pk=customer_id)).get()
    found: dict[str, str] = {}
    for name in CUSTOMER:
        if names is None or name in names:
            found[name] = _plain(row, name)
    points = ContactPoint.objects.filter(customer_id=customer_id).order_by("pk")
    for point in _held(points):
        name = f"{POINT}{point.pk}"
        if names is None or name in names:
            found[name] = secret.open(point.value, about=sealing.CONTACT)
    return found


def _plain(row: Customer, name: str) -> str:
    if name == "address":
        return secret.open(row.address, about=sealing.ADDRESS)
    return str(getattr(row, name))


def fields_of_loan(
    loan_id: int, names: Collection[str] | None = None
) -> Mapping[str, str]:
    """Name -> value, opened, of what may be corrected of a loan.

    Facts that no figure follows from, and custom attributes; held like a customer's.
    """
    row = _held(Loan.objects.filter(pk=loan_id)).get()
    found = {
        name: str(getattr(row, name)) for name in LOAN if names is None or name in names
    }
    for key in sorted(row.attributes):
        name = f"{ATTRIBUTE}{key}"
        if names is None or name in names:
            found[name] = _attribute(row.attributes[key])
    for name in names or ():
        if name.startswith(ATTRIBUTE):
            found.setdefault(name, "")
    return found


def _attribute(value: object) -> str:
    if isinstance(value, str):
        sealed = secret.is_sealed(value)
        return secret.open(value, about=sealing.ATTRIBUTE) if sealed else value
    return "" if value is None else str(value)


def _held(rows: "QuerySet[M]") -> "QuerySet[M]":
    """The rows, locked when that can last until something is written."""
    if connection.in_atomic_block:
        return rows.select_for_update(no_key=True)
    return rows


_PLACE = ("branch", "product", "officer")


def customers_in(ids: Collection[str], scope: Scope) -> set[str]:
    """Which of these customers lie within a scope."""
    rows = seen.customers(scope).filter(pk__in=[int(each) for each in ids])
    return {str(key) for key in rows.values_list("pk", flat=True)}


def loans_in(ids: Collection[str], scope: Scope) -> set[str]:
    """Which of these loans lie within a scope."""
    rows = seen.loans(scope, ids=[int(each) for each in ids])
    return {str(key) for key in rows.values_list("pk", flat=True)}


def places_of_loan(subject_id: str) -> list[tuple[str, str, str]]:
    """By which branch, product and officer a loan is seen."""
    return list(Loan.objects.filter(pk=int(subject_id)).values_list(*_PLACE))


def places_of_customer(subject_id: str) -> list[tuple[str, str, str]]:
    """By which branch, product and officer a customer is seen: of every loan of
    theirs, and of every loan they have a part in."""
    own = Loan.objects.filter(customer=int(subject_id)).values_list(*_PLACE)
    parts = Loan.objects.filter(party__customer=int(subject_id)).values_list(*_PLACE)
    return list(own.union(parts))


def kind_of_point(point_id: int) -> str:
    """The kind of a contact point, empty when there is none."""
    rows = ContactPoint.objects.filter(pk=point_id).values_list("kind", flat=True)
    return rows.first() or ""


def number_of(subject_type: str, subject_id: int) -> str:
    """The number a customer or loan is called by; no personal data."""
    model = Customer if subject_type == "customer" else Loan
    rows = model.objects.filter(pk=subject_id).values_list("external_id", flat=True)
    return str(rows.get())


def owed_on_loan(loan_id: int) -> tuple[int, str]:
    """What is owed on a loan (minor units, currency); before its first day its principal.

    It says who decides a correction: `approvals` has levels by amount.
    """
    return next(iter(_owed(Loan.objects.filter(pk=loan_id))), (0, ""))


def owed_by_customer(customer_id: int) -> tuple[int, str]:
    """What a borrower owes on all loans (minor units, currency).

    In several currencies: that with the most minor units, since nothing here says what
    one is worth in another.
    """
    found = _owed(Loan.objects.filter(customer_id=customer_id))
    return max(found, default=(0, ""))


def _owed(loans: "QuerySet[Loan]") -> list[tuple[int, str]]:
    owed = Coalesce("position__outstanding_total", "principal")
    sums = loans.order_by().values_list("currency").annotate(owed=Sum(owed))
    return [(int(total), currency) for currency, total in sums]


def borrower_of(loan_id: int) -> int:
    """The customer who borrowed."""
    return int(Loan.objects.values_list("customer_id", flat=True).get(pk=loan_id))


def no_such_customer(customer_id: int) -> NotFound:
    """The refusal for a customer that is not there, or not for these eyes."""
    return NotFound(
        "customer_unknown",
        _("There is no such customer among those you may see."),
        customer=customer_id,
    )
