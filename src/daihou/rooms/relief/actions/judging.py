"""What money makes of everything agreed: conditions met, instalments missed, reversals.

Judged anew from the ledger each time, so that the order in which things arrive does not
matter.
"""

import logging
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Final

from django.db import transaction

from daihou.engine.commitments import arrangement
from daihou.engine.commitments.receipts import Receipt
from daihou.engine.commitments.waiver import Condition, WaiverState, judge
from daihou.kit.refusal import Refused
from daihou.rooms.ledger import door as ledger
from daihou.rooms.relief.actions import cases, posting
from daihou.rooms.relief.actions.common import Deed, move, tell, today
from daihou.rooms.relief.models import Instalment, Relief
from daihou.rooms.relief.states import JUDGED, Kind

_log: Final = logging.getLogger("daihou.relief")
# From one state to another through those between, where no single move leads there.
_THROUGH = {
    ("accepted", "at_risk"): ("active", "at_risk"),
    ("accepted", "defaulted"): ("active", "defaulted"),
    ("accepted", "completed"): ("active", "completed"),
}


def plan_of(row: Relief) -> arrangement.Plan:
    """The plan of a row as the engine takes it; one query."""
    terms = row.terms
    rows = Instalment.objects.filter(relief=row).order_by("seq")
    first_by = terms.get("first_by")
    return arrangement.Plan(
        rows=tuple(arrangement.Instalment(r.seq, r.due_on, r.amount) for r in rows),
        accepted_on=row.accepted_on or row.asked_on,
        first_payment=int(terms["first_payment"]),
        first_by=date.fromisoformat(first_by) if first_by else None,
        allowance=int(terms["allowance"]),
        grace_days=int(terms["grace_days"]),
        tolerance=int(terms["tolerance"]),
        missed=arrangement.Missed(terms["missed"]),
        skips=int(terms["skips"]),
        skipped=int(terms["skipped"]),
    )


def judge_row(row: Relief, *, deed: Deed) -> None:
    """Judge one held row by the money that came since it was agreed."""
    on = today(deed)
    if row.state == "approved":
        _judge_offer(row, on, deed)
        return
    since = row.since or row.accepted_on
    if since is None or row.state not in JUDGED:
        return
    money = ledger.relieving.money_since(
        row.loan_ids, since=since, after=row.after_payment
    )
    receipts = [Receipt(m.on, m.amount, m.ends_on, m.payment_id) for m in money]
    if row.kind == Kind.PLAN:
        _judge_plan(row, receipts, on, deed)
    elif row.receive:
        _judge_condition(row, receipts, on, deed)


def _judge_offer(row: Relief, on: date, deed: Deed) -> None:
    if row.offer_until is None or on <= row.offer_until:
        return
    move(row, "lapsed", ended_on=on, ended_because="offer_over")
    tell(row, f"{_word(row)}.lapsed", deed, before="approved")


def _word(row: Relief) -> str:
    return "arrangement" if row.kind == Kind.PLAN else row.kind


def _judge_condition(
    row: Relief, receipts: list[Receipt], on: date, deed: Deed
) -> None:
    """A waiver or a settlement that waits for money, or rests on money that came."""
    assert row.since is not None and row.until is not None, row.number
    was = {"accepted": "conditional"}.get(row.state, row.state)
    found = judge(
        Condition(row.receive, row.since, row.until),
        receipts,
        as_of=on,
        was=WaiverState(was),
    )
    before = row.state
    if found.state.value == was:
        if found.received != row.received:
            move(row, row.state, received=found.received)
        return
    if found.state is WaiverState.APPLIED:
        _apply(row, found.met_on or on, found.received, deed)
    elif found.state is WaiverState.REVERSED:
        posting.take_back(row, on=_taken_back_on(receipts, on), deed=deed)
        fields = {"received": found.received, "met_on": None, "posted": False}
        move(row, "reversed", **fields)
        tell(row, f"{_word(row)}.reversed", deed, before=before)
        cases.ended(row, deed)
    else:
        move(
            row,
            "lapsed",
            ended_because="not_met",
            ended_on=on,
            received=found.received,
        )
        tell(row, f"{_word(row)}.lapsed", deed, before=before)
        cases.ended(row, deed)


def _apply(row: Relief, met_on: date, received: int, deed: Deed) -> None:
    """Post what the money met; what the loan does not allow any more is told, not lost."""
    before = row.state
    try:
        with transaction.atomic():
            if row.kind == Kind.SETTLEMENT:
                posting.post_settlement(row, on=met_on, deed=deed)
            else:
                posting.post_waiver(row, on=met_on, deed=deed)
    except Refused as refused:
        stuck(row, refused, deed)
        return
    fields = {"received": received, "met_on": met_on, "posted": True}
    move(row, "applied", ended_on=today(deed), **fields)
    tell(row, f"{_word(row)}.applied", deed, {"met_on": str(met_on)}, before=before)
    cases.ended(row, deed)


def stuck(row: Relief, refused: Refused, deed: Deed) -> None:
    """The money moved it and the ledger refuses: an alarm on the request, once."""
    if row.effect.get("problem") == refused.code:
        return
    effect = row.effect | {"problem": refused.code, "problem_words": str(refused)}
    move(row, row.state, effect=effect)
    tell(row, f"{_word(row)}.stuck", deed, {"problem": refused.code})


def _taken_back_on(receipts: Iterable[Receipt], on: date) -> date:
    """The day the last payment was taken back, else today (a refund)."""
    ends = [each.ends_on for each in receipts if each.ends_on and each.ends_on <= on]
    return max(ends, default=on)


def _judge_plan(row: Relief, receipts: list[Receipt], on: date, deed: Deed) -> None:
    if row.state == "suspended":
        return
    plan = plan_of(row)
    found = arrangement.standing(plan, receipts, as_of=on)
    _keep_rows(row, plan, found)
    state = found.state.value
    if state == "lapsed" and row.state != "accepted":
        state = "defaulted"
    paid = min(found.paid, plan.total)
    if state == row.state:
        if paid != row.received:
            move(row, row.state, received=paid)
        return
    if row.state == "completed":
        posting.take_back(row, on=_taken_back_on(receipts, on), deed=deed)
        _agreed_again(row, deed)
    elif state == "completed" and not _completed(row, found.on or on, deed):
        if paid != row.received:
            move(row, row.state, received=paid)
        return  # paid, and tried again until what was promised can be posted
    steps = _THROUGH.get((row.state, state), (state,))
    for step in steps:
        before = row.state
        over = step in ("completed", "defaulted", "lapsed")
        move(row, step, received=paid, ended_on=on if over else None)
        tell(
            row, f"arrangement.{_HAPPENED[step]}", deed, _payload(found), before=before
        )
    if state in ("completed", "defaulted", "lapsed"):
        cases.ended(row, deed)


_HAPPENED: Mapping[str, str] = {
    "accepted": "first_payment.reversed",
    "active": "running",
    "at_risk": "instalment.missed",
    "defaulted": "defaulted",
    "completed": "completed",
    "lapsed": "lapsed",
}


def _payload(found: arrangement.Standing) -> dict[str, object]:
    return {"paid": found.paid, "due": found.due, "misses": list(found.misses)}


def _completed(row: Relief, on: date, deed: Deed) -> bool:
    """Post what a plan that is paid promised; False where the ledger refuses."""
    try:
        with transaction.atomic():
            posting.post_completion(row, on=on, deed=deed)
    except Refused as refused:
        stuck(row, refused, deed)
        return False
    return True


def _agreed_again(row: Relief, deed: Deed) -> None:
    """Tell the case; one that hears nothing any more does not hold the plan up."""
    try:
        with transaction.atomic():
            cases.agreed(row, deed)
    except Refused as refused:
        _log.info("relief %s: the case was not told: %s", row.number, refused.code)


def _keep_rows(
    row: Relief, plan: arrangement.Plan, found: arrangement.Standing
) -> None:
    """How much of each row is there: for lists and reminders."""
    rest = max(0, found.paid - plan.first_payment)
    known = {each.seq: each for each in Instalment.objects.filter(relief=row)}
    for each in plan.rows:
        paid = min(rest, each.amount)
        rest -= paid
        kept = known[each.seq]
        missed = each.seq in found.misses
        if (kept.paid, kept.missed) != (paid, missed):
            kept.paid, kept.missed = paid, missed
            kept.save(update_fields=["paid", "missed"])
