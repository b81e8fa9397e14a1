"""Relief reaches the ledger, the class of the loan and the case."""

from datetime import date
from itertools import pairwise
from typing import Final

from django.db import transaction
from django.utils.translation import gettext as _

from daihou.engine.ledger.fixed.settle import settle
from daihou.kit.refusal import Refused
from daihou.rooms.approvals import door as approvals
from daihou.rooms.grading import door as grading
from daihou.rooms.ledger import door as ledger
from daihou.rooms.relief.actions import terms
from daihou.rooms.relief.actions.common import Deed, hand, ledger_deed, move, today
from daihou.rooms.relief.models import Relief
from daihou.rooms.relief.states import Kind
from daihou.tables.grades import Fact

Change = ledger.relieving.Change
# What a plan writes at its beginning and at its end are two acts of the ledger: a
# payment taken back undoes the end only.
_BEGINNING: Final = "/age"
_END: Final = "/done"


def post_waiver(row: Relief, *, on: date, deed: Deed) -> None:
    """Give up the parts of a waiver from `on` on; no more of one than is left of it."""
    changes = [
        Change("waiver", {"component": part, "amount": amount})
        for part, amount in sorted(row.parts.items())
    ]
    _relieve(row, changes, on=on, deed=deed)
    mark(row, on=on, first_due_on=None, deed=deed)


def post_settlement(row: Relief, *, on: date, deed: Deed) -> None:
    """Close the loan with all money of `on`; what it leaves is given up.

    Refused, and to be decided anew, where that is more than was approved: an older
    payment bounced, or something more is owed.
    """
    on = _not_before(row, on)
    changes = [Change(ledger.relieving.SETTLE, {"amount": money_of(row, on, deed)})]
    done = _relieve(row, changes, on=on, deed=deed)
    if sum(done.given_up.values()) > row.given_up:
        raise _above()


def money_of(row: Relief, on: date, deed: Deed) -> int:
    """What came in on the loan on one day and stands today (minor units)."""
    money = ledger.relieving.money_since([row.loan_id], since=on)
    return sum(
        each.amount
        for each in money
        if each.on == on and (each.ends_on is None or each.ends_on > today(deed))
    )


def _above() -> Refused:
    return Refused(
        "above_approved",
        _(
            "More would be given up than was approved, since more is owed than was"
            " weighed. Ask again; it is decided anew."
        ),
    )


def post_terms(row: Relief, *, on: date, deed: Deed) -> None:
    """Write the new schedule version, and tell the class what was done.

    Refused where more of a component would be given up than was weighed.
    """
    kind = row.terms["kind"]
    first = None
    if kind not in terms.WRITTEN_DOWN:
        changes = [Change(kind, terms.of_plain(row.terms["fields"]))]
        done = _relieve(row, changes, on=on, deed=deed)
        if any(n > row.parts.get(part, 0) for part, n in done.given_up.items()):
            raise _above()
        first = done.first_due_on
    if terms.TERMS[kind]:
        mark(row, on=on, first_due_on=first, deed=deed)


def post_re_age(row: Relief, *, on: date, deed: Deed) -> tuple[tuple[date, int], ...]:
    """Put all that is owed into the rows of an accepted plan; what rows those are."""
    fields = {
        "periods": int(row.terms["count"]),
        "first_due_on": date.fromisoformat(row.terms["first_due_on"]),
    }
    changes = [Change("re_age", fields)]
    return _relieve(row, changes, on=on, deed=deed, act=_BEGINNING).plan


def post_completion(row: Relief, *, on: date, deed: Deed) -> None:
    """Give up what a completed plan promised, the penalty it froze among it.

    Never more of a component than was approved. It counts from the day the plan was
    paid, or from today where the loan's plan was made anew since.
    """
    changes = [
        Change("waiver", {"component": part, "amount": amount})
        for part, amount in sorted(row.parts.items())
    ]
    if not changes:
        return
    try:
        with transaction.atomic():
            _relieve(row, changes, on=on, deed=deed, act=_END)
    except Refused as refused:
        if refused.code != "later_version" or on == today(deed):
            raise
        _relieve(row, changes, on=today(deed), deed=deed, act=_END)


def take_back(row: Relief, *, on: date, deed: Deed) -> None:
    """What was given up is owed again from `on` on; rows of a re-aged plan stay."""
    act = _END if row.kind == Kind.PLAN else ""
    ledger.relieving.take_back(
        loan_id=row.loan_id, ref=row.number + act, on=on, deed=ledger_deed(row, deed)
    )


def _not_before(row: Relief, on: date, act: str = "") -> date:
    """No day on which the same, taken back later, already counted."""
    ended = ledger.relieving.ended_on(row.loan_id, row.number + act)
    return on if ended is None else max(on, ended)


def _relieve(
    row: Relief,
    changes: list[ledger.relieving.Change],
    *,
    on: date,
    deed: Deed,
    act: str = "",
) -> ledger.relieving.Relieved:
    done: ledger.relieving.Relieved = ledger.relieving.relieve(
        loan_id=row.loan_id,
        changes=changes,
        on=_not_before(row, on, act),
        ref=row.number + act,
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
            "period_months": _period_months(row, on=on),
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


def _period_months(row: Relief, *, on: date) -> int:
    """Whole months between two payments from now on: of the plan or of the loan.

    The longer of both, since two periods in a row have to be paid (办法 art. 19).
    """
    agreed = row.terms
    own = int(agreed.get("every", 1)) if agreed.get("unit") == "months" else 1
    loan, policy = ledger.reading.load_loan(row.loan_id, as_of=on, scope=hand().scope)
    rows = [
        each.due_on
        for each in settle(loan, policy, as_of=on).demands
        if each.demand.seq and each.due_on > on and any(each.unpaid.values())
    ]
    days = sorted(set(rows))
    if len(days) == 1:  # the last or the only one: since the one before it
        former = [each.due_on for each in loan.demands if each.seq]
        before = [day for day in former if day < days[0]]
        days.insert(0, max(before, default=loan.disbursed_on))
    return max([own, 1, *(_months(a, b) for a, b in pairwise(days))])


def _months(first: date, last: date) -> int:
    """The months between two days, to the nearest whole one."""
    return ((last - first).days * 24 + 365) // 730
