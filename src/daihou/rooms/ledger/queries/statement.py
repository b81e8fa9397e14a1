"""What a customer owes on all their loans, and what they paid in a time: one paper."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from daihou.kit.refusal import NotFound
from daihou.kit.scope import Scope
from daihou.rooms.ledger import sealing
from daihou.rooms.ledger.models import Customer, Payment
from daihou.rooms.ledger.queries import seen


@dataclass(frozen=True, slots=True)
class StatementLoan:
    """One loan on the paper, minor units; the amounts are 0 before its first day."""

    loan_id: int
    number: str
    product: str
    currency: str
    status: str
    disbursed_on: date
    principal: int
    overdue_principal: int
    overdue_interest: int
    overdue_penalty: int
    overdue_compound: int
    overdue_fee: int
    overdue_total: int
    outstanding_total: int
    dpd: int
    next_due_on: date | None
    next_due_amount: int


@dataclass(frozen=True, slots=True)
class StatementPayment:
    """One payment in the time of the paper; a reversal is a line of its own."""

    paid_on: date
    number: str
    kind: str
    channel: str
    amount: int
    currency: str


@dataclass(frozen=True, slots=True)
class Statement:
    """The paper: who, their loans in scope, payments from `since` to `until`."""

    customer_id: int
    number: str
    name: str
    id_no: str
    since: date
    until: date
    loans: Sequence[StatementLoan]
    payments: Sequence[StatementPayment]


_POSITION = [
    "overdue_principal",
    "overdue_interest",
    "overdue_penalty",
    "overdue_compound",
    "overdue_fee",
    "overdue_total",
    "outstanding_total",
    "dpd",
    "next_due_on",
    "next_due_amount",
]


def statement(customer_id: int, *, since: date, until: date, scope: Scope) -> Statement:
    """Read the paper in three queries, both days included; NotFound out of scope."""
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
    plain = ["pk", "external_id", "product", "currency", "status"]
    plain += ["disbursed_on", "principal"]
    found = [
        StatementLoan(*_known(values))
        for values in loans.values_list(
            *plain, *(f"position__{name}" for name in _POSITION)
        )
    ]
    paid = Payment.objects.filter(
        loan_id__in=[loan.loan_id for loan in found],
        paid_on__gte=since,
        paid_on__lte=until,
    )
    return Statement(
        customer_id=row.pk,
        number=row.external_id,
        name=row.name,
        id_no=sealing.masked(row.id_no, about=sealing.ID_NO),
        since=since,
        until=until,
        loans=found,
        payments=[
            StatementPayment(*values)
            for values in paid.order_by("paid_on", "pk").values_list(
                "paid_on",
                "loan__external_id",
                "kind",
                "channel",
                "amount",
                "loan__currency",
            )
        ],
    )


def _known(values: Sequence[Any]) -> list[Any]:
    """A loan the night has not seen yet owes nothing on the paper."""
    due = len(values) - 2  # next_due_on may be nothing
    return [
        0 if value is None and place != due else value
        for place, value in enumerate(values)
    ]
