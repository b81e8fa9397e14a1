"""What follows a decision: a waiver waits for its money or is posted, an offer stands."""

from datetime import timedelta
from typing import Any

from django.utils.translation import gettext as _

from daihou.kit.refusal import Conflict
from daihou.packs.relief import ReliefPolicy
from daihou.rooms.approvals import door as approvals
from daihou.rooms.ledger import door as ledger
from daihou.rooms.relief import queries
from daihou.rooms.relief.actions import posting
from daihou.rooms.relief.actions.common import (
    Deed,
    in_turn_of,
    move,
    must_be,
    tell,
    today,
)
from daihou.rooms.relief.models import Relief
from daihou.rooms.relief.states import Kind

EVENT = {
    Kind.WAIVER: "waiver",
    Kind.PLAN: "arrangement",
    Kind.SETTLEMENT: "settlement",
    Kind.TERMS: "terms",
}


def event_of(row: Relief) -> str:
    """The word with which the events of a request begin."""
    return EVENT[Kind(row.kind)]


def difference(row: Relief) -> dict[str, Any]:
    """What a decider is asked about, as field -> value."""
    found: dict[str, Any] = {
        "kind": row.kind,
        "loan": row.loan_id,
        "parts": dict(row.parts),
        "receive": row.receive,
        "until": row.until.isoformat() if row.until else None,
        "difficulty": row.difficulty,
        "re_age": row.re_age,
        "interest_freeze": row.interest_freeze,
        "terms": dict(row.terms),
        "effect": {key: row.effect.get(key) for key in ("before", "after", "class")},
        "settlement": row.effect.get("settlement"),
        "rules": dict(row.rules),
    }
    return {name: value for name, value in found.items() if value not in (None, {}, 0)}


def approved(row: Relief, policy: ReliefPolicy, deed: Deed) -> None:
    """Go on with a request that was just approved, in the same transaction."""
    on = today(deed)
    kind = Kind(row.kind)
    if kind is Kind.WAIVER:
        if row.receive:
            known = ledger.relieving.newest_payment(row.loan_ids)
            move(row, "conditional", since=on, after_payment=known)
            return
        posting.post_waiver(row, on=on, deed=deed)
        move(row, "applied", met_on=on, posted=True, ended_on=on)
        tell(row, "waiver.applied", deed, before="approved")
    elif kind is Kind.TERMS:
        posting.post_terms(row, on=on, deed=deed)
        move(row, "applied", met_on=on, posted=True, ended_on=on)
        tell(row, "terms.applied", deed, before="approved")
    else:
        days = policy.plan.offer_days
        if kind is Kind.SETTLEMENT:
            days = int(row.terms["offer_days"])
        move(row, "approved", offer_until=on + timedelta(days=days))
        tell(row, f"{event_of(row)}.offered", deed, {"until": str(row.offer_until)})


def only_offer(row: Relief) -> None:
    """One settlement at a time stands for a loan: Conflict where another one does."""
    if row.kind != Kind.SETTLEMENT:
        return
    in_turn_of(row.loan_id)
    others = Relief.objects.filter(
        loan_id=row.loan_id, kind=row.kind, state__in=["approved", "accepted"]
    ).exclude(pk=row.pk)
    known = others.values_list("number", flat=True).first()
    if known is not None:
        raise Conflict(
            "offer_stands",
            _("%(number)s is offered already. Take it back first.") % {"number": known},
        )


def carry_out(proposal: approvals.Proposal, deed: Deed) -> None:
    """Approve what was proposed; in the transaction of the last level's decision."""
    row = Relief.objects.select_for_update().get(pk=int(proposal.subject_id))
    must_be(row, "pending")
    only_offer(row)
    before = row.state
    move(row, "approved", decided_by=deed.by.username, decided_at=deed.at)
    tell(row, f"{event_of(row)}.approved", deed, before=before)
    approved(row, queries.in_force(today(deed)), deed)


def turned_down(proposal: approvals.Proposal, deed: Deed) -> None:
    """A proposal was refused, withdrawn or overtaken: so is the request."""
    row = Relief.objects.select_for_update().get(pk=int(proposal.subject_id))
    if row.state != "pending":
        return
    refused = proposal.state == approvals.State.REFUSED
    state = "rejected" if refused else "withdrawn"
    by = deed.by.username if refused else ""
    move(
        row,
        state,
        decided_by=by,
        decided_at=deed.at if refused else None,
        ended_on=deed.business_date,
        ended_because=state,
    )
    tell(row, f"{event_of(row)}.{state}", deed, before="pending")
