"""Relief reaches the ledger, the class of the loan and the case."""

from datetime import date
from typing import Any

from django.db import transaction

from daihou.engine.ledger.fixed.settle import settle
from daihou.kit.refusal import Refused
from daihou.rooms.approvals import door as approvals
from daihou.rooms.grading import door as grading
from daihou.rooms.ledger import door as ledger
from daihou.rooms.relief.actions import terms
from daihou.rooms.relief.actions.common import Deed, hand, ledger_deed, move, today
from daihou.rooms.relief.models import Relief
from daihou.tables.grades import Fact

Change = ledger.relieving.Change


def post_waiver(row: Relief, *, on: date, deed: Deed) -> None:
    """Give up the parts of a waiver from `on` on; no more of one than is left of it."""
    changes = [
        Change("waiver", {"component": part, "amount": amount})
        for part, amount in sorted(row.parts.items())
    ]
    _relieve(row, changes, on=on, deed=deed)
    mark(row, on=on, first_due_on=None, deed=deed)


def post_settlement(row: Relief, *, on: date, amount: int, deed: Deed) -> None:
    """Close the loan with the money of `on`; what it leaves is given up."""
    changes = [Change(ledger.relieving.SETTLE, {"amount": amount})]
    _relieve(row, changes, on=on, deed=deed)


def post_terms(row: Relief, *, on: date, deed: Deed) -> None:
    """Write the new schedule version, and tell the class what was done."""
    kind = row.terms["kind"]
    first = None
    if kind not in terms.WRITTEN_DOWN:
        changes = [Change(kind, terms.of_plain(row.terms["fields"]))]
        first = _relieve(row, changes, on=on, deed=deed).first_due_on
    if terms.TERMS[kind]:
        mark(row, on=on, first_due_on=first, deed=deed)


def post_re_age(row: Relief, *, on: date, deed: Deed) -> None:
    """Put all that is owed into the rows of an accepted plan."""
    fields = {
        "periods": int(row.terms["count"]),
        "first_due_on": date.fromisoformat(row.terms["first_due_on"]),
    }
    _relieve(row, [Change("re_age", fields)], on=on, deed=deed)


def post_completion(row: Relief, *, on: date, deed: Deed) -> None:
    """Give up what a completed plan promised: its parts, and the penalty it froze."""
    parts: dict[str, int | None] = dict(row.parts)
    if row.interest_freeze:
        parts |= {"penalty": None, "compound": None}
    changes = [
        Change("waiver", {"component": part, "amount": amount})
        for part, amount in sorted(parts.items())
    ]
    if changes:
        _relieve(row, changes, on=on, deed=deed)


def take_back(row: Relief, *, on: date, deed: Deed) -> None:
    """What was given up is owed again from `on` on."""
    ledger.relieving.take_back(
        loan_id=row.loan_id, ref=row.number, on=on, deed=ledger_deed(row, deed)
    )


def _relieve(
    row: Relief, changes: list[ledger.relieving.Change], *, on: date, deed: Deed
) -> ledger.relieving.Relieved:
    done: ledger.relieving.Relieved = ledger.relieving.relieve(
        loan_id=row.loan_id,
        changes=changes,
        on=on,
        ref=row.number,
        deed=ledger_deed(row, deed),
    )
    return done


def mark(row: Relief, *, on: date, first_due_on: date | None, deed: Deed) -> None:
    """Tell the class that a loan in difficulty was restructured (办法 art. 17-20).

    The observation period begins on the first payment date after the change. A loan
    without a class yet is told of again by the round.
    """
    if row.difficulty in ("", "none") or row.class_told:
        return
    if first_due_on is None:
        first_due_on = _next_due(row, on=on)
    if first_due_on is None:
        move(row, row.state, class_told=True)  # nothing more falls due
        return
    told = grading.Told(
        kind=Fact.RESTRUCTURED,
        begins_on=on,
        content={
            "first_due_on": first_due_on.isoformat(),
            "period_months": _period_months(row),
        },
        evidence=row.number,
    )
    by = approvals.Deed(
        by=hand(),
        at=deed.at,
        business_date=today(deed),
        on_behalf_of=row.decided_by,
        reason=row.number,
        request_id=deed.request_id,
    )
    try:
        with transaction.atomic():
            grading.tell(row.loan_id, told, deed=by)
    except Refused as refused:
        if refused.code != "not_graded":
            raise
        return
    move(row, row.state, class_told=True)


def _next_due(row: Relief, *, on: date) -> date | None:
    scope = hand().scope
    loan, policy = ledger.reading.load_loan(row.loan_id, as_of=on, scope=scope)
    due: date | None = settle(loan, policy, as_of=on).next_due_on
    return due


def _period_months(row: Relief) -> int:
    agreed: dict[str, Any] = row.terms
    if agreed.get("unit") == "months":
        return int(agreed.get("every", 1))
    return 1
