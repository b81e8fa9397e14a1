"""What the customer says to an offer, and what both agree on afterwards."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from daihou.engine.basics.errors import UserError
from daihou.engine.commitments import arrangement, settlement
from daihou.engine.commitments.authority import Verdict
from daihou.kit.refusal import Refused
from daihou.rooms.ledger import door as ledger
from daihou.rooms.people import door as people
from daihou.rooms.relief import queries, sealing
from daihou.rooms.relief.actions import asking, cases, offering, posting, weighing
from daihou.rooms.relief.actions.common import (
    Deed,
    active,
    held,
    in_turn_of,
    move,
    must_be,
    tell,
    today,
)
from daihou.rooms.relief.actions.deciding import event_of
from daihou.rooms.relief.actions.judging import judge_row, plan_of
from daihou.rooms.relief.actions.weighing import Weighed
from daihou.rooms.relief.models import Instalment, Relief
from daihou.rooms.relief.states import Kind


def _begin(deed: Deed) -> date:
    people.require(deed.by, people.Permission.REQUEST_RELIEF)
    active(deed.by)
    return today(deed)


@transaction.atomic
def accept(
    relief_id: int, *, evidence: str, deed: Deed, version: int | None = None
) -> queries.Line:
    """The customer accepts an offer of a plan or a settlement, in time.

    `evidence` says what shows it. A plan that re-ages writes its rows now; one that
    replaces another ends that one; the case is told what was agreed.
    """
    on = _begin(deed)
    row = held(relief_id, deed, version=version)
    must_be(row, "approved")
    if not evidence.strip():
        raise Refused(
            "agreed_missing",
            _("Say what shows that the customer agreed, and where it is kept."),
            field="evidence",
        )
    if row.offer_until is not None and on > row.offer_until:
        raise Refused(
            "offer_over",
            _("The offer stood until %(day)s. Ask again.") % {"day": row.offer_until},
        )
    _alone(row, deed)
    # Rows of a re-aged plan are made before the day's money, which counts for them;
    # of everything else that money was known when it was agreed.
    known = 0 if row.re_age else ledger.relieving.newest_payment(row.loan_ids)
    move(
        row,
        "accepted",
        accepted_on=on,
        since=on,
        after_payment=known,
        evidence=sealing.seal(evidence),
    )
    tell(row, f"{event_of(row)}.accepted", deed, before="approved")
    if row.kind == Kind.PLAN:
        if row.re_age:
            _re_age(row, on=on, deed=deed)
        first = Instalment.objects.filter(relief=row).order_by("seq").first()
        posting.mark(
            row, on=on, first_due_on=first.due_on if first else None, deed=deed
        )
    cases.agreed(row, deed)
    cases.acknowledged(row, evidence, deed)
    judge_row(row, deed=deed)
    return queries.find(row.pk, scope=deed.by.scope)


def _re_age(row: Relief, *, on: date, deed: Deed) -> None:
    """Write the rows of the contract; those of the plan are what was written.

    What was shown with the request was of the day it was asked for.
    """
    rows = posting.post_re_age(row, on=on, deed=deed)
    _rows_anew(row, rows)
    total, until = sum(amount for _on, amount in rows), rows[-1][0]
    move(row, "accepted", posted=True, receive=total, until=until)


def _rows_anew(row: Relief, rows: Sequence[tuple[date, int]]) -> None:
    Instalment.objects.filter(relief=row).delete()
    Instalment.objects.bulk_create(
        Instalment(relief=row, seq=seq, due_on=due_on, amount=amount)
        for seq, (due_on, amount) in enumerate(rows, 1)
    )


def _alone(row: Relief, deed: Deed) -> None:
    """One plan and one settlement at a time: end the one replaced, refuse another."""
    in_turn_of(row.loan_id)
    if row.replaces_id is not None:
        _supersede(row, deed)
    others = Relief.objects.filter(
        loan_id=row.loan_id,
        kind=row.kind,
        state__in=["accepted", "active", "at_risk", "suspended"],
    )
    known = others.values_list("number", flat=True).first()
    if known is not None:
        raise Refused(
            "agreed_already",
            _("%(number)s is agreed and runs. End it first, or replace it.")
            % {"number": known},
        )


def _supersede(row: Relief, deed: Deed) -> None:
    old = Relief.objects.select_for_update().get(pk=row.replaces_id)
    must_be(old, "active", "at_risk")
    before = old.state
    move(old, "superseded", ended_on=today(deed), ended_because="superseded")
    tell(old, "arrangement.superseded", deed, {"by": row.number}, before=before)
    cases.ended(old, deed)


@transaction.atomic
def counter(
    relief_id: int,
    parts: Sequence[tuple[date, int]],
    *,
    deed: Deed,
    version: int | None = None,
) -> queries.Line:
    """The customer says another amount, once; it is weighed and decided like the first."""
    on = _begin(deed)
    row = held(relief_id, deed, version=version)
    must_be(row, "approved")
    if row.kind != Kind.SETTLEMENT:
        raise Refused("counter_kind", _("Only a settlement has a counter-offer."))
    try:
        settlement.check_counter(
            counters=int(row.terms["counters"]),
            expires_on=row.offer_until or on,
            as_of=on,
        )
    except UserError as error:
        raise weighing.of_engine(error) from None
    in_turn_of(row.loan_id)
    policy = queries.in_force(on)
    wish = offering.SettlementWish(parts=tuple(parts), difficulty=row.difficulty)
    move(row, "countered")
    weighed = offering.weigh_settlement(
        row.loan_id, wish, by=deed.by, on=on, policy=policy
    )
    found = weighed.authority
    _counted(row, wish, weighed)
    tell(row, "settlement.countered", deed, before="approved", reason=deed.reason)
    if deed.by.username != row.asked_by:
        # Who asked at first decides the other amount no more than that one.
        deed = replace(deed, on_behalf_of=row.asked_by)
    return asking.decide_or_propose(row, found.verdict, policy, deed)


def _counted(row: Relief, wish: offering.SettlementWish, weighed: Weighed) -> None:
    """Write the other amount over the first; it is to be decided anew."""
    found = weighed.authority
    if found.verdict is Verdict.REFUSED:
        raise Refused("relief_beyond", _("Nobody may approve this amount."))
    move(
        row,
        "countered",
        parts={part: amount for part, amount in weighed.parts.items() if amount},
        given_up=weighed.given_up,
        receive=wish.amount,
        until=wish.parts[-1][0],
        terms=row.terms | {"counters": 1},
        effect=dict(weighed.effect) | asking.passed_over(found),
        levels=list(found.levels),
        rules=dict(found.rows),
        verdict=found.verdict.value,
        decided_by="",
        decided_at=None,
        offer_until=None,
    )
    _rows_anew(row, wish.parts)


@transaction.atomic
def withdraw(relief_id: int, *, deed: Deed, version: int | None = None) -> queries.Line:
    """Take an offer, or what waits for money, back; with a reason.

    An accepted settlement too: one that cannot be posted as it was approved is ended
    and asked for anew. An accepted plan is cancelled instead.
    """
    _begin(deed)
    row = held(relief_id, deed, version=version)
    waits = ["accepted"] if row.kind == Kind.SETTLEMENT else []
    must_be(row, "approved", "conditional", *waits)
    return _end(row, "withdrawn", deed)


@transaction.atomic
def cancel(relief_id: int, *, deed: Deed, version: int | None = None) -> queries.Line:
    """End a live plan by agreement of both; what was re-aged stays as written."""
    _begin(deed)
    row = held(relief_id, deed, version=version)
    must_be(row, "accepted", "active", "at_risk", "suspended")
    if row.kind != Kind.PLAN:
        raise Refused("cancel_kind", _("Only a plan is ended by agreement."))
    return _end(row, "cancelled", deed)


def _end(row: Relief, state: str, deed: Deed) -> queries.Line:
    if not deed.reason.strip():
        raise Refused("reason_missing", _("Say why it is ended."), field="reason")
    before = row.state
    move(row, state, ended_on=today(deed), ended_because=state)
    tell(row, f"{event_of(row)}.{state}", deed, before=before, reason=deed.reason)
    cases.ended(row, deed)
    return queries.find(row.pk, scope=deed.by.scope)


@transaction.atomic
def suspend(relief_id: int, *, deed: Deed, version: int | None = None) -> queries.Line:
    """A dispute, a death, a bankruptcy: the plan stands still and nothing is missed."""
    _begin(deed)
    row = held(relief_id, deed, version=version)
    must_be(row, "accepted", "active", "at_risk")
    if row.kind != Kind.PLAN or not deed.reason.strip():
        raise Refused("suspend", _("Say why the plan stands still."), field="reason")
    if row.re_age:
        raise Refused(
            "suspend_kind",
            _(
                "Rows of the contract do not stand still. Ask for a change of terms, or"
                " end the plan."
            ),
        )
    before = row.state
    terms = row.terms | {"before": before, "suspended_on": today(deed).isoformat()}
    move(row, "suspended", terms=terms)
    tell(row, "arrangement.suspended", deed, before=before, reason=deed.reason)
    return queries.find(row.pk, scope=deed.by.scope)


@transaction.atomic
def resume(relief_id: int, *, deed: Deed, version: int | None = None) -> queries.Line:
    """What stood in the way is resolved: rows to come fall due later by those days."""
    on = _begin(deed)
    row = held(relief_id, deed, version=version)
    must_be(row, "suspended")
    since = date.fromisoformat(row.terms["suspended_on"])
    late = on - since
    for each in Instalment.objects.filter(relief=row, due_on__gte=since):
        each.due_on += late
        each.save(update_fields=["due_on"])
    terms = {
        name: value
        for name, value in row.terms.items()
        if name not in ("before", "suspended_on")
    }
    if terms.get("first_by") and terms["first_by"] >= since.isoformat():
        first_by = date.fromisoformat(terms["first_by"]) + late
        terms["first_by"] = first_by.isoformat()
    back = row.terms["before"]
    last = Instalment.objects.filter(relief=row).order_by("-seq").first()
    until = last.due_on if last else row.until
    move(row, back, terms=terms, until=until)
    days = {"days": late.days}
    tell(row, "arrangement.resumed", deed, days, before="suspended", reason=deed.reason)
    judge_row(row, deed=deed)
    return queries.find(row.pk, scope=deed.by.scope)


@transaction.atomic
def skip(
    relief_id: int, seq: int, *, deed: Deed, version: int | None = None
) -> queries.Line:
    """Put an instalment and all after it off by one period, as often as agreed."""
    on = _begin(deed)
    row = held(relief_id, deed, version=version)
    must_be(row, "active", "at_risk")
    if row.kind != Kind.PLAN or row.re_age:
        raise Refused(
            "skip_kind",
            _("Rows of the contract are not skipped. Ask for a change of terms."),
        )
    try:
        plan = arrangement.skip(
            plan_of(row),
            seq,
            every=int(row.terms["every"]),
            unit=row.terms["unit"],
            as_of=on,
            paid=row.received,
        )
    except UserError as error:
        raise weighing.of_engine(error) from None
    for each in plan.rows:
        Instalment.objects.filter(relief=row, seq=each.seq).update(due_on=each.due_on)
    terms = row.terms | {"skipped": plan.skipped}
    move(row, row.state, terms=terms, until=plan.rows[-1].due_on)
    tell(row, "arrangement.instalment.skipped", deed, {"seq": seq}, reason=deed.reason)
    judge_row(row, deed=deed)
    return queries.find(row.pk, scope=deed.by.scope)
