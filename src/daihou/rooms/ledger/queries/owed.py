"""What one customer owes now, loan by loan, with its parts: for whoever talks to them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from daihou.engine.ledger.fixed.history import strip
from daihou.engine.ledger.fixed.settle import settle
from daihou.kit.scope import Scope
from daihou.rooms.ledger import sealing
from daihou.rooms.ledger.models import Customer, Loan, Position
from daihou.rooms.ledger.queries import seen, waiting
from daihou.rooms.ledger.queries.facts import (
    LoanFacts,
    facts_of,
    facts_of_rows,
    stands_on,
)
from daihou.rooms.ledger.queries.waiting import position_columns


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


@dataclass(frozen=True, slots=True)
class OwedNow:
    """What a customer owes with everything that is known by now.

    `loans` as `owed_by` has them, `changed_on` being the day on which each stands;
    `months` are the worst days past due of the last months of the first of them.
    """

    loans: Sequence[Owed]
    months: Sequence[int] = ()


def owed_now(
    customer_id: int, *, open_on: date, scope: Scope, months: int = 0
) -> OwedNow:
    """The loans of a customer as their pages show them while `open_on` is open.

    One whose money of the open day was not written into its position yet is settled
    here and now, whoever brought the money. Five queries, seven of a relieved loan.
    """
    rows = list(
        seen.loans(scope)
        .filter(customer_id=customer_id, position__isnull=False)
        .select_related("position")
    )
    facts = facts_of_rows(rows, as_of=open_on)
    pending = waiting.files_wait(open_on)
    found = []
    for row in rows:
        as_of = stands_on(facts[row.pk].loan, business_date=open_on)
        used = facts[row.pk].under_policy_of(as_of)
        position = row.position
        if pending or (as_of == open_on and position.changed_on != open_on):
            position = _settled(used, as_of)
        found.append((_owed(row, position, as_of), used))
    found.sort(key=lambda each: (-each[0].dpd, -each[0].overdue_total, each[0].loan_id))
    worst: Sequence[int] = ()
    if found and months:
        first, used = found[0]
        worst = _months(used, as_of=first.changed_on, months=months)
    return OwedNow([each for each, _facts in found], worst)


def owed_on(
    loans: Sequence[int], *, on: date, open_on: date, scope: Scope
) -> Mapping[int, int]:
    """What will be overdue of these loans on a later day if nothing more is paid."""
    rows = list(seen.loans(scope).filter(pk__in=loans))
    found = facts_of_rows(rows, as_of=open_on)
    return {
        pk: settle(each.loan, each.policy, as_of=on).overdue_total
        for pk, each in found.items()
    }


def _settled(facts: LoanFacts, as_of: date) -> Position:
    """A position that is not written: how the loan stands with all that is known."""
    columns = position_columns(settle(facts.loan, facts.policy, as_of=as_of))
    return Position(loan=facts.row, changed_on=as_of, **columns)


def _owed(row: Loan, position: Position, as_of: date) -> Owed:
    return Owed(
        loan_id=row.pk,
        number=row.external_id,
        product=row.product,
        branch=row.branch,
        currency=row.currency,
        changed_on=as_of,
        dpd=position.dpd,
        bucket=position.bucket,
        principal=position.overdue_principal,
        interest=position.overdue_interest,
        penalty=position.overdue_penalty,
        compound=position.overdue_compound,
        fee=position.overdue_fee,
        overdue_total=position.overdue_total,
        outstanding_principal=position.outstanding_principal,
        outstanding_total=position.outstanding_total,
        oldest_due_on=position.oldest_unpaid_due_on,
        next_due_on=position.next_due_on,
        next_due_amount=position.next_due_amount,
        times_late=position.times_late,
        worst_dpd=position.worst_dpd,
    )


def _months(facts: LoanFacts, *, as_of: date, months: int) -> Sequence[int]:
    found = strip(facts.loan, facts.policy, as_of=as_of, months=months)
    return [dpd or 0 for _month, dpd in found]


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
    return _months(facts, as_of=as_of, months=months)
