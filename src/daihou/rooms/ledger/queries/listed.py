"""Customers, loans and payments as programs list them: by id, from one on."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from daihou.kit.refusal import NotFound, Refused
from daihou.kit.scope import Scope
from daihou.rooms.ledger.models import Payment
from daihou.rooms.ledger.queries import seen

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from daihou.rooms.ledger.models import Customer


@dataclass(frozen=True, slots=True)
class LoanRow:
    """One loan with its current position (None: none yet); minor units."""

    loan_id: int
    source: str
    number: str
    customer_id: int
    customer_number: str
    product: str
    branch: str
    officer: str
    currency: str
    principal: int
    annual_rate: Decimal
    method: str
    periods: int
    period_unit: str
    disbursed_on: date
    first_due_on: date
    maturity_on: date | None
    status: str
    closed_on: date | None
    dpd: int | None
    bucket: str | None
    asset_class: str | None
    overdue_total: int | None
    outstanding_principal: int | None
    outstanding_total: int | None
    next_due_on: date | None
    changed_on: date | None


_LOAN = [
    *("pk", "source", "external_id", "customer_id", "customer__external_id"),
    *("product", "branch", "officer", "currency", "principal", "annual_rate"),
    *("method", "periods", "period_unit", "disbursed_on", "first_due_on"),
    *("maturity_on", "status", "closed_on", "position__dpd", "position__bucket"),
    *("position__asset_class", "position__overdue_total"),
    *("position__outstanding_principal", "position__outstanding_total"),
    *("position__next_due_on", "position__changed_on"),
]


@dataclass(frozen=True, slots=True)
class CustomerRow:
    """One customer as lists name them; no document and no contact."""

    customer_id: int
    source: str
    number: str
    kind: str
    name: str
    region: str
    industry: str


_CUSTOMER = ["pk", "source", "external_id", "kind", "name", "region", "industry"]


@dataclass(frozen=True, slots=True)
class PaymentRow:
    """One payment, refund or reversal; `amount` is signed, minor units."""

    payment_id: int
    source: str
    number: str
    loan_id: int
    loan_number: str
    currency: str
    paid_on: date
    recorded_at: datetime
    amount: int
    kind: str
    channel: str
    payer: str
    reversal_of: int | None
    reversed_by: int | None
    reversed_on: date | None


PAYMENT_FIELDS = [
    *("pk", "source", "external_id", "loan_id", "loan__external_id"),
    *("loan__currency", "paid_on", "recorded_at", "amount", "kind", "channel"),
    *("payer", "reversal_of_id", "reversed_by__pk", "reversed_by__paid_on"),
]


def loans_after(
    after: int, *, scope: Scope, limit: int, late: bool | None = None, **equal: Any
) -> Sequence[LoanRow]:
    """Loans of the scope with an id above `after`, by id; `equal` names fields.

    Empty values do not narrow. `late` tells loans past due from all others.
    """
    rows = seen.loans(scope).filter(pk__gt=after, **_given(equal))
    if late:
        rows = rows.filter(position__dpd__gt=0)
    elif late is not None:
        rows = rows.exclude(position__dpd__gt=0)
    return [LoanRow(*row) for row in rows.order_by("pk").values_list(*_LOAN)[:limit]]


def customers_after(
    after: int, *, scope: Scope, limit: int, **equal: Any
) -> Sequence[CustomerRow]:
    """Customers of the scope with an id above `after`, by id."""
    rows = seen.customers(scope).filter(pk__gt=after, **_given(equal)).order_by("pk")
    return [CustomerRow(*row) for row in rows.values_list(*_CUSTOMER)[:limit]]


def payments_after(
    after: int,
    *,
    scope: Scope,
    limit: int,
    since: date | None = None,
    until: date | None = None,
    **equal: Any,
) -> Sequence[PaymentRow]:
    """Payments on loans of the scope, by id; `since` <= paid_on < `until`."""
    rows = scope.limit(Payment.objects.all(), by="loan__branch")
    rows = rows.filter(pk__gt=after, **_given(equal))
    if since is not None:
        rows = rows.filter(paid_on__gte=since)
    if until is not None:
        rows = rows.filter(paid_on__lt=until)
    found = rows.order_by("pk").values_list(*PAYMENT_FIELDS)
    return [PaymentRow(*row) for row in found[:limit]]


def _given(equal: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in equal.items() if value not in ("", None)}


def loan_row(loan_id: int, *, scope: Scope) -> LoanRow:
    """One loan, or NotFound."""
    found = loans_after(loan_id - 1, scope=scope, limit=1, pk=loan_id)
    if not found:
        raise seen.no_such_loan(loan_id)
    return found[0]


def payment_row(payment_id: int, *, scope: Scope) -> PaymentRow:
    """One payment on a loan of the scope, or NotFound."""
    found = payments_after(payment_id - 1, scope=scope, limit=1, pk=payment_id)
    if not found:
        raise _no_such_payment(payment_id)
    return found[0]


def loans_seen(ids: Iterable[str], scope: Scope) -> frozenset[str]:
    """Which of these loans, by our numbers as text, lie within the scope."""
    wanted = [int(each) for each in ids if each.isdecimal()]
    found = seen.loans(scope, ids=wanted).values_list("pk", flat=True)
    return frozenset(str(pk) for pk in found)


def customers_in(scope: Scope) -> "QuerySet[Customer, Any]":
    """Our numbers of the customers of a scope, for a statement to ask among."""
    return seen.customers(scope).values_list("pk", flat=True)


def customers_seen(ids: Iterable[str], scope: Scope) -> frozenset[str]:
    """Which of these customers, by our numbers as text, lie within the scope."""
    wanted = [int(each) for each in ids if each.isdecimal()]
    found = seen.customers(scope).filter(pk__in=wanted).values_list("pk", flat=True)
    return frozenset(str(pk) for pk in found)


def payment_seen_as(number: str, *, source: str, scope: Scope) -> int:
    """Our number of the payment with this one at its sender, or NotFound."""
    found = payments_after(0, scope=scope, limit=2, external_id=number, source=source)
    if not found:
        raise _no_such_payment(number)
    _check_one(number, [row.source for row in found], "payment_number_shared")
    return found[0].payment_id


def customer_seen_as(number: str, *, source: str, scope: Scope) -> int:
    """Our number of the customer with this one at its sender, or NotFound."""
    found = customers_after(0, scope=scope, limit=2, external_id=number, source=source)
    if not found:
        raise NotFound(
            "customer_unknown",
            _("There is no such customer among those you may see."),
            customer=number,
        )
    _check_one(number, [row.source for row in found], "customer_number_shared")
    return found[0].customer_id


def _check_one(number: str, sources: Sequence[str], code: str) -> None:
    if len(sources) > 1:
        raise Refused(
            code,
            _(
                "More than one source uses the number %(number)s: %(sources)s. Say which."
            )
            % {"number": number, "sources": ", ".join(sorted(sources))},
        )


def _no_such_payment(payment: int | str) -> NotFound:
    return NotFound(
        "payment_unknown",
        _("There is no payment %(payment)s among those you may see.")
        % {"payment": payment},
    )
