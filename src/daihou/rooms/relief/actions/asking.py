"""Asking for relief: weighed by the matrix, granted at once or proposed to others."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from daihou.engine.commitments.authority import Authority, Verdict
from daihou.kit.refusal import Refused
from daihou.packs import decision_json
from daihou.packs.relief import ReliefPolicy
from daihou.rooms.approvals import door as approvals
from daihou.rooms.people import door as people
from daihou.rooms.relief import queries, sealing
from daihou.rooms.relief.actions import deciding, offering, pool
from daihou.rooms.relief.actions.common import (
    Deed,
    active,
    in_turn_of,
    move,
    next_number,
    tell,
    today,
)
from daihou.rooms.relief.actions.offering import PlanWish, SettlementWish
from daihou.rooms.relief.actions.terms import TermsWish, weigh_terms
from daihou.rooms.relief.actions.weighing import Weighed
from daihou.rooms.relief.models import Instalment, Relief
from daihou.rooms.relief.states import FIRST, Kind


@dataclass(frozen=True, slots=True, kw_only=True)
class WaiverWish:
    """Amounts by component to give up; `receive` by `until` is its condition (0: none)."""

    parts: Mapping[str, int]
    difficulty: str
    receive: int = 0
    until: date | None = None


@transaction.atomic
def ask_waiver(loan_id: int, wish: WaiverWish, *, deed: Deed) -> queries.Line:
    """Ask to give up parts of what is owed on a loan; `deed.reason` says why.

    Granted at once inside the policy and the asker's pool of the day, else proposed to
    the levels of the matrix; Refused where nobody may approve it.
    """
    on, policy = _begin(loan_id, deed)
    weighed = offering.weigh_waiver(
        loan_id,
        wish.parts,
        receive=wish.receive,
        until=wish.until,
        difficulty=wish.difficulty,
        by=deed.by,
        on=on,
        policy=policy,
    )
    fields = {"receive": wish.receive, "until": wish.until}
    return _ask(Kind.WAIVER, weighed, wish.difficulty, fields, policy, deed)


@transaction.atomic
def ask_plan(loan_id: int, wish: PlanWish, *, deed: Deed) -> queries.Line:
    """Ask for an arrangement 分期协议 on a customer's loans, or a re-aged one on a loan."""
    on, policy = _begin(loan_id, deed)
    weighed = offering.weigh_plan(loan_id, wish, by=deed.by, on=on, policy=policy)
    fields = {
        "receive": weighed.more["total"],
        "loan_ids": list(weighed.more["loan_ids"]),
        "re_age": wish.re_age,
        "interest_freeze": wish.interest_freeze,
        "terms": weighed.more["terms"],
        "replaces_id": wish.replaces,
        "replans": weighed.more["replans"],
        "until": weighed.more["rows"][-1].due_on,
    }
    rows = [(row.due_on, row.amount) for row in weighed.more["rows"]]
    return _ask(Kind.PLAN, weighed, wish.difficulty, fields, policy, deed, rows=rows)


@transaction.atomic
def ask_settlement(loan_id: int, wish: SettlementWish, *, deed: Deed) -> queries.Line:
    """Ask to close a loan for less than it owes (减免结清), within the bands."""
    on, policy = _begin(loan_id, deed)
    weighed = offering.weigh_settlement(loan_id, wish, by=deed.by, on=on, policy=policy)
    fields = {
        "receive": wish.amount,
        "until": wish.parts[-1][0],
        "terms": weighed.more["terms"],
    }
    return _ask(
        *(Kind.SETTLEMENT, weighed, wish.difficulty, fields, policy, deed),
        rows=wish.parts,
    )


@transaction.atomic
def ask_change_of_terms(loan_id: int, wish: TermsWish, *, deed: Deed) -> queries.Line:
    """Ask to change the terms of a loan 贷后要素变更: a new schedule version on approval."""
    on, policy = _begin(loan_id, deed)
    weighed = weigh_terms(loan_id, wish, by=deed.by, on=on, policy=policy)
    fields = {"terms": weighed.more["terms"], "re_age": wish.kind == "re_age"}
    fields["evidence"] = sealing.seal(wish.agreed)
    return _ask(Kind.TERMS, weighed, wish.difficulty, fields, policy, deed)


def _begin(loan_id: int, deed: Deed) -> tuple[date, ReliefPolicy]:
    people.require(deed.by, people.Permission.REQUEST_RELIEF)
    active(deed.by)
    if not deed.reason.strip():
        raise Refused(
            "reason_missing",
            _("Say why: whoever decides has to know."),
            field="reason",
        )
    on = today(deed)
    in_turn_of(loan_id)  # what was given up before is weighed with it
    return on, queries.in_force(on)


def _ask(
    kind: Kind,
    weighed: Weighed,
    difficulty: str,
    fields: Mapping[str, Any],
    policy: ReliefPolicy,
    deed: Deed,
    *,
    rows: Sequence[tuple[date, int]] = (),
) -> queries.Line:
    found = weighed.authority
    if found.verdict is Verdict.REFUSED:
        raise Refused(
            "relief_beyond",
            _(
                "Nobody may approve this: the matrix %(policy)s has no row for it. Ask"
                " for less, or for a plan."
            )
            % {"policy": policy.id},
            decision=decision_json.to_json(found.decision),
        )
    row = _insert(kind, weighed, difficulty, fields, policy, deed)
    Instalment.objects.bulk_create(
        Instalment(relief=row, seq=seq, due_on=due_on, amount=amount)
        for seq, (due_on, amount) in enumerate(rows, 1)
    )
    tell(row, f"{_EVENT[kind]}.requested", deed)
    return decide_or_propose(row, found.verdict, policy, deed)


_EVENT: Mapping[Kind, str] = {
    Kind.WAIVER: "waiver",
    Kind.PLAN: "arrangement",
    Kind.SETTLEMENT: "settlement",
    Kind.TERMS: "terms",
}


def _insert(
    kind: Kind,
    weighed: Weighed,
    difficulty: str,
    fields: Mapping[str, Any],
    policy: ReliefPolicy,
    deed: Deed,
) -> Relief:
    at, found = weighed.standing, weighed.authority
    key, number = next_number(today(deed))
    values: dict[str, Any] = {
        "id": key,
        "number": number,
        "kind": kind.value,
        "state": str(FIRST[kind]),
        "customer_id": at.customer_id,
        "loan_id": at.line.loan_id,
        "loan_ids": [at.line.loan_id],
        "currency": at.line.currency,
        "branch": at.line.branch,
        "product": at.line.product,
        "officer": at.line.officer,
        "parts": {part: amount for part, amount in weighed.parts.items() if amount},
        "given_up": weighed.given_up,
        "difficulty": difficulty,
        "policy": f"{policy.id} {policy.version} {policy.digest[:12]}",
        "verdict": found.verdict.value,
        "levels": list(found.levels),
        "rules": dict(found.rows),
        "because": decision_json.to_json(found.decision),
        "effect": dict(weighed.effect) | passed_over(found),
        "pool": found.draws,
        "reason": sealing.seal(deed.reason),
        "asked_by": deed.by.username,
        "asked_at": deed.at,
        "asked_on": today(deed),
    }
    row: Relief = Relief.objects.create(**(values | dict(fields)))
    return row


def passed_over(found: Authority) -> dict[str, object]:
    """What is kept of a role that gives way because nobody but the asker holds it."""
    if not found.passed_over:
        return {}
    return {"passed_over": found.passed_over, "alone": found.alone}


def decide_or_propose(
    row: Relief, verdict: Verdict, policy: ReliefPolicy, deed: Deed
) -> queries.Line:
    """Grant what nobody has to decide; else ask the levels of the matrix."""
    if verdict is Verdict.AUTO:
        pool.draw(
            deed.by.username,
            row.pool,
            most=policy.pool,
            currency=row.currency,
            day=today(deed),
        )
        deciding.only_offer(row)
        move(row, "approved", decided_at=deed.at)
        tell(row, f"{_EVENT[Kind(row.kind)]}.approved", deed, {"by": "policy"})
        deciding.approved(row, policy, deed)
    else:
        move(row, "pending")
        asked = approvals.propose(
            kind=row.kind,
            subject_type="relief",
            subject_id=row.pk,
            title=row.number,
            after=deciding.difference(row),
            amount=row.given_up,
            currency=row.currency,
            levels=tuple(row.levels),
            deed=deed,
        )
        move(row, "pending", proposal_id=asked.id)
    return queries.find(row.pk, scope=deed.by.scope)
