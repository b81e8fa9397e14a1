"""What one customer owes now, loan by loan, with its parts: for whoever talks to them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from daihou.engine.ledger.fixed.history import strip
from daihou.kit.scope import Scope
from daihou.rooms.ledger import sealing
from daihou.rooms.ledger.models import Customer
from daihou.rooms.ledger.queries import seen
from daihou.rooms.ledger.queries.facts import facts_of


@dataclass(frozen=True, slots=True)
class Owed:
    """One live loan with its current position; amounts in minor units."""

    loan_id: int
    number: str
    product: str
    branch: str
    currency: str
    changed_on: date
    dpd: int
    bucket: str
    principal: int
    interest: int
    penalty: int
    compound: int
    fee: int
    overdue_total: int
    outstanding_principal: int
    outstanding_total: int
    oldest_due_on: date | None
    next_due_on: date | None
    next_due_amount: int
    times_late: int
    worst_dpd: int


_FIELDS = [
    *("pk", "external_id", "product", "branch", "currency", "position__changed_on"),
    *("position__dpd", "position__bucket", "position__overdue_principal"),
    *("position__overdue_interest", "position__overdue_penalty"),
    *("position__overdue_compound", "position__overdue_fee"),
    *("position__overdue_total", "position__outstanding_principal"),
    *("position__outstanding_total", "position__oldest_unpaid_due_on"),
    *("position__next_due_on", "position__next_due_amount"),
    *("position__times_late", "position__worst_dpd"),
]


def owed_by(customer_id: int, *, scope: Scope) -> Sequence[Owed]:
    """The loans of a customer within the scope that have a position; the worst first.

    One query; a loan no day was closed over yet is left out.
    """
    rows = seen.loans(scope).filter(customer_id=customer_id, position__isnull=False)
    rows = rows.order_by("-position__dpd", "-position__overdue_total", "pk")
    return [Owed(*row) for row in rows.values_list(*_FIELDS)]


def names_of(customer_ids: Iterable[int]) -> Mapping[int, str]:
    """What these customers are called, by our number, for lists of seen things."""
    wanted = sorted(set(customer_ids))
    if not wanted:
        return {}
    rows = Customer.objects.filter(pk__in=wanted)
    return dict(rows.values_list("pk", "name"))


@dataclass(frozen=True, slots=True)
class Who:
    """A customer as one who talks to them needs: the document number is masked."""

    customer_id: int
    number: str
    kind: str
    name: str
    id_no: str
    birth_on: date | None
    gender: str
    language: str
    industry: str


def who_is(customer_id: int) -> Who:
    """A customer whose loans the reader was found to see; one query."""
    row = Customer.objects.get(pk=customer_id)
    return Who(
        customer_id=row.pk,
        number=row.external_id,
        kind=row.kind,
        name=row.name,
        id_no=sealing.masked(row.id_no, about=sealing.ID_NO),
        birth_on=row.birth_on,
        gender=row.gender,
        language=row.language,
        industry=row.industry,
    )


def worst_months(
    loan_id: int, *, as_of: date, months: int, scope: Scope
) -> Sequence[int]:
    """The worst days past due of each of the last months of a loan, the oldest first.

    A month before the loan was paid out counts as none.
    """
    facts = facts_of(loan_id, as_of=as_of, scope=scope)
    found = strip(facts.loan, facts.policy, as_of=as_of, months=months)
    return [dpd or 0 for _month, dpd in found]
