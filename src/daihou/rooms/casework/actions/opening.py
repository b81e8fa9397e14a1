"""A case is opened, takes in loans that are late too, comes back after it was closed."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from daihou.kit import masking
from daihou.kit.refusal import Conflict, NotFound, Refused
from daihou.rooms.casework.actions import numbering, resolving
from daihou.rooms.casework.actions.common import (
    CaseHasMoved,
    Deed,
    locked,
    open_case_locked,
    open_day,
    passed_on,
    spoken,
    tell,
)
from daihou.rooms.casework.actions.facts import held_told
from daihou.rooms.casework.models import Case, CaseLoan
from daihou.rooms.casework.queries import book
from daihou.rooms.casework.queries.book import BookLoan
from daihou.rooms.casework.queries.cases import CaseLine, line
from daihou.rooms.casework.queries.policy import policy
from daihou.rooms.casework.states import Lifecycle
from daihou.rooms.people import door as people


@transaction.atomic
def open_case(
    customer_id: int, *, deed: Deed, queue: str = "", because: str = "manual"
) -> CaseLine:
    """Open the case of a customer whose loan is late, or soon due, and seen.

    Conflict where there is one; NotFound for a customer outside the scope.
    """
    people.require(deed.by, people.Permission.MANAGE_CASES)
    day = open_day(deed)
    loans = _seen(customer_id, deed)
    late = [each for each in loans if each.is_late]
    _check_worst((late or loans)[0], deed)
    why = because if late else "ahead"
    row = _made(customer_id, late or loans, day=day, deed=deed, because=why)
    if queue:
        row.queue = queue
        row.save(update_fields=["queue"])
    held_told([row.pk])
    tell("case.opened", row, deed, _opened(row))
    return line(row)


def _seen(customer_id: int, deed: Deed) -> Sequence[BookLoan]:
    loans = book.loans_of(customer_id)
    scope = deed.by.scope
    if not any(
        scope.allows(each.branch, product=each.product, officer=each.officer)
        for each in loans
    ):
        raise NotFound(
            "customer_unknown",
            _("There is no such customer with open loans among those you may see."),
            customer=customer_id,
        )
    return loans


def _check_worst(loan: BookLoan, deed: Deed) -> None:
    """A case is of the branch of its latest loan: that branch opens it."""
    seen = deed.by.scope.allows(loan.branch, product=loan.product, officer=loan.officer)
    if not seen:
        raise Refused(
            "case_elsewhere",
            _("The latest loan of this customer is another branch's; ask them."),
        )


def _made(
    customer_id: int, loans: Sequence[BookLoan], *, deed: Deed, **more: Any
) -> Case:
    day = more["day"]
    serial = numbering.next_numbers(day, count=1)
    row = Case(
        number=numbering.number_of(day, serial),
        customer_id=customer_id,
        opened_on=day,
        opened_at=deed.at,
        opened_because=more["because"],
        refreshed_on=day,
        **figures(loans),
    )
    row.queue = policy().queue_of(row.delinquency).code
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError:
        raise Conflict(
            "case_open",
            _("This customer has a case already. Reload the page."),
            customer=customer_id,
        ) from None
    _take_in(row, loans, day=day, deed=deed)
    return row


def _take_in(row: Case, loans: Sequence[BookLoan], *, day: Any, deed: Deed) -> None:
    CaseLoan.objects.bulk_create(
        CaseLoan(
            case=row,
            loan_id=each.loan_id,
            since=day,
            joined_at=deed.at,
            outstanding=each.outstanding_total,
        )
        for each in loans
    )


def figures(loans: Sequence[BookLoan]) -> dict[str, Any]:
    """What a case derives from its loans (the latest first): whose it is to see,
    lateness and amounts in the currency of the latest."""
    worst = loans[0]
    same = [each for each in loans if each.currency == worst.currency]
    stage = book.stage_of(loans)
    overdue = sum(each.overdue_total for each in same)
    return {
        "currency": worst.currency,
        "branch": worst.branch,
        "product": worst.product,
        "officer": worst.officer,
        "delinquency": stage,
        "dpd": worst.dpd,
        "loans": len(loans),
        "overdue_total": overdue,
        "outstanding_total": sum(each.outstanding_total for each in same),
        "expected_value": policy().value.of(overdue, stage=stage),
    }


def _opened(row: Case) -> dict[str, object]:
    return {
        "because": row.opened_because,
        "queue": row.queue,
        "dpd": row.dpd,
        "overdue": row.overdue_total,
        "currency": row.currency,
    }


@transaction.atomic
def join_case(
    case_id: int, *, loan_id: int, deed: Deed, version: int | None = None
) -> CaseLine:
    """Take another loan of the same customer into their case."""
    people.require(deed.by, people.Permission.MANAGE_CASES)
    row = open_case_locked(case_id, deed=deed, version=version)
    day = open_day(deed)
    mine = [each for each in book.loans_of(row.customer_id) if each.loan_id == loan_id]
    if not mine:
        raise Refused(
            "loan_of_another",
            _("Only open loans of the same customer join a case."),
            loan=loan_id,
        )
    try:
        with transaction.atomic():
            _take_in(row, mine, day=day, deed=deed)
    except IntegrityError:
        raise Conflict(
            "loan_in_case", _("This loan is in a case already."), loan=loan_id
        ) from None
    passed_on(row, **refigured(row))
    tell("case.loan.joined", row, deed, {"loan": loan_id})
    return line(row)


def refigured(row: Case) -> dict[str, Any]:
    """The figures of a case from its loans as they are now."""
    loans = book.loans_in_case(row.pk)
    return figures(loans) if loans else {}


@transaction.atomic
def reopen_case(
    case_id: int, *, reason: str, deed: Deed, version: int | None = None
) -> CaseLine:
    """Open a closed case again, with all open loans of the customer that are late.

    For new arrears or a payment that was taken back; CaseHasMoved where it is open.
    """
    people.require(deed.by, people.Permission.MANAGE_CASES)
    row = locked(case_id, deed=deed, version=version)
    if row.lifecycle != Lifecycle.CLOSED.value:
        raise CaseHasMoved(
            "case_not_closed",
            _("Case %(case)s is not closed.") % {"case": row.number},
            case=row.pk,
            version=row.version,
        )
    why = spoken(reason, deed=deed, customer_id=row.customer_id)
    loans = _seen(row.customer_id, deed)
    late = [each for each in loans if each.is_late] or loans
    free = set(
        CaseLoan.objects.filter(
            loan_id__in=[each.loan_id for each in late], until=None
        ).values_list("loan_id", flat=True)
    )
    late = [each for each in late if each.loan_id not in free]
    if not late:
        raise Conflict("case_open", _("This customer has a case already."))
    _check_worst(late[0], deed)
    _come_back(row, late, reason=masking.scrubbed(why)[:200], deed=deed)
    return line(row)


def come_back(row: Case, *, deed: Deed) -> None:
    """Open a locked closed case again, as a promise of it stands again.

    The customer owes something still and is in no other case.
    """
    loans = book.loans_of(row.customer_id)
    late = [each for each in loans if each.is_late] or loans
    assert late, f"nothing is owed by the customer of {row.number}"
    _come_back(row, late, reason="", deed=deed)


def _come_back(row: Case, late: Sequence[BookLoan], *, reason: str, deed: Deed) -> None:
    day = open_day(deed)
    try:
        with transaction.atomic():
            passed_on(row, **reopened(row, late, day=day))
    except IntegrityError:
        raise Conflict(
            "case_open", _("This customer has a case already. Reload the page.")
        ) from None
    _take_in(row, late, day=day, deed=deed)
    resolving.refresh([row.pk])
    held_told([row.pk])
    tell("case.reopened", row, deed, _opened(row), reason=reason)


def reopened(row: Case, loans: Sequence[BookLoan], *, day: date) -> dict[str, Any]:
    """The columns of a case that is open again."""
    return {
        **figures(loans),
        "lifecycle": Lifecycle.OPEN.value,
        "treatment": "unassigned",
        "resolution": "none",
        "closed_on": None,
        "closed_at": None,
        "closed_by": "",
        "close_code": "",
        "next_at": None,
        "lawful_from": None,
        "paid": 0,
        "refreshed_on": day,
        "reopened": row.reopened + 1,
    }
