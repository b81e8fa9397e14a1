"""A case is closed with a code whose arithmetic holds."""

from collections.abc import Callable, Mapping, Sequence
from typing import Final

from django.db import transaction
from django.utils.translation import gettext as _

from daihou.kit import masking
from daihou.kit.refusal import Refused
from daihou.rooms.casework.actions import giving, holding, resolving
from daihou.rooms.casework.actions.common import (
    Deed,
    open_case_locked,
    open_day,
    spoken,
    tell,
)
from daihou.rooms.casework.actions.facts import held_told
from daihou.rooms.casework.models import Case, CaseLoan, Draft
from daihou.rooms.casework.queries import book
from daihou.rooms.casework.queries.book import BookLoan
from daihou.rooms.casework.queries.cases import CaseLine, line
from daihou.rooms.casework.states import (
    Assigned,
    CloseCode,
    Lifecycle,
    Placement,
    Resolution,
    Treatment,
)
from daihou.rooms.people import door as people

# After a case is closed: who has open work, promises or placements of it ends them.
AfterClosed = Callable[[Sequence[int], Deed], None]
_after: dict[str, AfterClosed] = {}


def register_after_closed(name: str, follow: AfterClosed) -> None:
    """Say what ends with a case; for many at once, in the transaction of the closing.

    The same name again replaces it.
    """
    _after[name] = follow


@transaction.atomic
def close_case(
    case_id: int,
    *,
    code: CloseCode,
    deed: Deed,
    reason: str,
    version: int | None = None,
) -> CaseLine:
    """Close a case; Refused where the code does not fit the figures of the ledger.

    What was agreed on it, what holds it and what was to be done ends with it.
    """
    people.require(deed.by, people.Permission.MANAGE_CASES)
    row = open_case_locked(case_id, deed=deed, version=version)
    why = spoken(reason, deed=deed, customer_id=row.customer_id)
    _check_code(row, code)
    holding.release_all([row.pk], deed=deed)
    row.refresh_from_db()
    close_locked(row, code=code, deed=deed)
    tell(
        "case.closed",
        row,
        deed,
        {"code": code.value},
        reason=masking.scrubbed(why)[:200],
    )
    return line(row)


def close_locked(row: Case, *, code: CloseCode, deed: Deed) -> None:
    """Write that a locked case without a hold is closed, and what ends with it."""
    day = open_day(deed)
    resolving.end_all([row.pk], code=code.value, deed=deed)
    after_closed([row.pk], deed=deed)
    giving.end_assignments([row.pk], at=deed.at)
    paid = book.paid_into(row.pk)
    CaseLoan.objects.filter(case=row, until=None).update(until=day)
    values: Mapping[str, object] = {
        "lifecycle": Lifecycle.CLOSED.value,
        "close_code": code.value,
        "closed_on": day,
        "closed_at": deed.at,
        "closed_by": deed.by.username,
        "paid": paid,
        "treatment": (
            Treatment.STOPPED.value
            if row.treatment != Treatment.UNASSIGNED.value
            else Treatment.UNASSIGNED.value
        ),
        "placement": Placement.IN_HOUSE.value,
        "resolution": resolution_of(code).value,
        **GONE,
    }
    for name, value in values.items():
        setattr(row, name, value)
    row.version += 1
    row.save()
    held_told([row.pk])


# Whose a case is that nobody has.
GONE: Final[Mapping[str, object]] = {
    "assignment": Assigned.POOL.value,
    "collector": "",
    "team": "",
    "cover": "",
    "taken_by": "",
    "taken_until": None,
}
_RESOLUTION_OF: Final[Mapping[CloseCode, Resolution]] = {
    CloseCode.PAID_FULL: Resolution.PAID,
    CloseCode.SOLD: Resolution.SOLD,
    CloseCode.WRITTEN_OFF_NO_CLAIM: Resolution.WRITTEN_OFF,
    CloseCode.PAID_PARTIAL_SETTLED: Resolution.SETTLEMENT,
    CloseCode.ARRANGEMENT_COMPLETED: Resolution.ARRANGEMENT,
}


def resolution_of(code: CloseCode) -> Resolution:
    """What a case that was closed with a code came to."""
    return _RESOLUTION_OF.get(code, Resolution.NONE)


def after_closed(case_ids: Sequence[int], *, deed: Deed) -> None:
    """What ends with many cases closed at once; what was begun of them is dropped."""
    Draft.objects.filter(case__in=case_ids, due_at=None).delete()
    for name in sorted(_after):
        _after[name](case_ids, deed)


def _check_code(row: Case, code: CloseCode) -> None:
    """Refuse a code that the ledger contradicts; say what it has."""
    loans = book.loans_in_case(row.pk)
    words = _CHECKS.get(code)
    if words is None:
        return
    problem = words(row, loans)
    if problem:
        raise Refused("close_code", problem, wanted=code.value, field="code")


def _owed(loans: Sequence[BookLoan]) -> int:
    return sum(each.outstanding_total for each in loans)


def _late(loans: Sequence[BookLoan]) -> bool:
    return any(each.is_late for each in loans)


def _joined(row: Case) -> int:
    return sum(
        CaseLoan.objects.filter(case=row, until=None).values_list(
            "outstanding", flat=True
        )
    )


def _paid_full(row: Case, loans: Sequence[BookLoan]) -> str:
    if _owed(loans) > 0:
        return _("Something is still owed, so it is not paid in full.")
    if book.paid_into(row.pk) < _joined(row):
        return _(
            "Less came in than was owed when the case began: part of it was given up."
            " Close it as settled for less."
        )
    return ""


def _settled(row: Case, loans: Sequence[BookLoan]) -> str:
    if _owed(loans) > 0:
        return _("Something is still owed; post what was waived first.")
    if book.paid_into(row.pk) <= 0:
        return _("Nothing came in on this case, so nothing was settled by paying.")
    return ""


def _cured(_row: Case, loans: Sequence[BookLoan]) -> str:
    if _late(loans):
        return _("Something is still past due, so it is not cured.")
    return ""


def _written_off(_row: Case, loans: Sequence[BookLoan]) -> str:
    if any(each.status == "active" and each.outstanding_total for each in loans):
        return _("A loan of it is not written off in the ledger.")
    return ""


def _sold(_row: Case, loans: Sequence[BookLoan]) -> str:
    if any(each.status != "transferred" for each in loans):
        return _("A loan of it was not transferred in the ledger.")
    return ""


def _arranged(row: Case, loans: Sequence[BookLoan]) -> str:
    if _late(loans):
        return _("Something is still past due, so the plan is not completed.")
    done = row.agreed.filter(resolution=Resolution.ARRANGEMENT.value)
    if not done.exists():
        return _("There was no plan on this case.")
    return ""


_CHECKS: Final[Mapping[CloseCode, Callable[[Case, Sequence[BookLoan]], str]]] = {
    CloseCode.PAID_FULL: _paid_full,
    CloseCode.PAID_PARTIAL_SETTLED: _settled,
    CloseCode.CURED: _cured,
    CloseCode.ARRANGEMENT_COMPLETED: _arranged,
    CloseCode.WRITTEN_OFF_NO_CLAIM: _written_off,
    CloseCode.SOLD: _sold,
}
