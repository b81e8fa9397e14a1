"""Facts that people tell of loans, and their end."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from daihou.kit.refusal import Conflict, Refused
from daihou.rooms.approvals import door as approvals
from daihou.rooms.audit import door as audit
from daihou.rooms.grading import contents, queries
from daihou.rooms.grading.models import END_KIND, FACT_KIND, ClassFact
from daihou.rooms.grading.queries import FactLine
from daihou.rooms.people import door as people
from daihou.tables.grades import LIFTS, NOT_ENTERED, Fact


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """A fact as somebody tells it; `content` as in `daihou.tables.grades.CONTENT`."""

    kind: Fact
    begins_on: date
    content: Mapping[str, Any] = field(default_factory=dict)
    evidence: str


@transaction.atomic
def tell(
    loan_id: int, told: Told, *, deed: approvals.Deed
) -> FactLine | approvals.Proposal:
    """Write down a fact about a loan; one that lifts its class is only proposed.

    It counts from the next run on. NotFound outside the scope; Refused without
    evidence, for a day that has not come, or a kind nobody enters.
    """
    people.require(deed.by, people.Permission.PROPOSE_CLASS)
    line = queries.loan_line(loan_id, scope=deed.by.scope)
    checked = _checked(told, deed)
    _check_solved(loan_id, checked, deed)
    if told.kind in LIFTS:
        asked: approvals.Proposal = approvals.propose(
            kind=FACT_KIND,
            subject_type="loan",
            subject_id=loan_id,
            title=line.number,
            after={
                "kind": str(checked.kind),
                "begins_on": checked.begins_on.isoformat(),
                "content": dict(checked.content),
                "evidence": checked.evidence,
            },
            deed=with_reason(deed, checked.evidence),
        )
        return asked
    return keep(loan_id, checked, deed=deed, proposal_id=None)


def with_reason(deed: approvals.Deed, reason: str) -> approvals.Deed:
    """The same deed, for this reason where it had none."""
    return deed if deed.reason.strip() else replace(deed, reason=reason)


def open_day(deed: approvals.Deed) -> date:
    """The day from which a deed counts, or Refused before the first."""
    if deed.business_date is None:
        raise Refused("no_business_date", _("No business date has been set."))
    return deed.business_date


def _checked(told: Told, deed: approvals.Deed) -> Told:
    evidence = told.evidence.replace("\x00", "").strip()
    if told.kind in NOT_ENTERED:
        raise Refused(
            "fact_not_entered",
            _("The run finds this by itself, or an approved request brings it."),
            field="kind",
        )
    if not evidence:
        raise Refused(
            "evidence_missing",
            _("Say what shows it: a document, a court, a call, and where it is kept."),
            field="evidence",
        )
    if told.begins_on > open_day(deed):
        raise Refused(
            "fact_ahead",
            _("It cannot be so from a day that has not come yet."),
            field="begins_on",
        )
    return Told(
        kind=told.kind,
        begins_on=told.begins_on,
        content=contents.checked(told.kind, told.content, begins_on=told.begins_on),
        evidence=evidence[:2000],
    )


def _check_solved(loan_id: int, told: Told, deed: approvals.Deed) -> None:
    """Refuse that a difficulty is over while something is late (办法 art. 20)."""
    if told.kind is not Fact.SOLVED:
        return
    found = queries.class_of(loan_id, scope=deed.by.scope)
    if found is not None and (found.dpd or found.arrears):
        raise Refused(
            "solved_late",
            _(
                "Something is late on this loan, so its observation goes on. Come back "
                "when everything is paid."
            ),
            field="kind",
        )


def keep(
    loan_id: int, told: Told, *, deed: approvals.Deed, proposal_id: int | None
) -> FactLine:
    """Write a fact down, with its event; what lifts a class has a proposal."""
    customer_id = queries.customers_of(loan_id)
    if not customer_id:
        raise Refused(
            "not_graded",
            _(
                "This loan has no class yet, or is closed: facts are told of open loans "
                "after a day-end."
            ),
        )
    row = ClassFact.objects.create(
        loan_id=loan_id,
        customer_id=customer_id,
        kind=told.kind,
        begins_on=told.begins_on,
        known_on=open_day(deed),
        content=dict(told.content),
        evidence=told.evidence,
        by=deed.by.username,
        at=deed.at,
        proposal_id=proposal_id,
    )
    _record(
        "class.fact_told",
        loan_id,
        deed,
        {
            "fact": row.pk,
            "kind": str(told.kind),
            "begins_on": told.begins_on.isoformat(),
            "content": dict(told.content),
        },
        reason=told.evidence,
    )
    return queries.fact(row.pk, scope=deed.by.scope)


def _record(
    type: str,
    loan_id: int,
    deed: approvals.Deed,
    payload: Mapping[str, object],
    *,
    reason: str,
) -> None:
    audit.record(
        type=type,
        subject_type="loan",
        subject_id=loan_id,
        by=deed.by.username,
        at=deed.at,
        business_date=deed.business_date,
        payload=payload,
        reason=reason,
        request_id=deed.request_id,
        on_behalf_of=deed.on_behalf_of,
    )


@transaction.atomic
def end(
    fact_id: int, *, ends_on: date, deed: approvals.Deed
) -> FactLine | approvals.Proposal:
    """Say that a fact is no longer so from a day on.

    Where that may make a class better, it is only proposed. `deed.reason` is what
    shows it.
    """
    people.require(deed.by, people.Permission.PROPOSE_CLASS)
    found = queries.fact(fact_id, scope=deed.by.scope)
    _check_end(found, ends_on, deed)
    if found.kind in LIFTS:
        return _end(found, ends_on, deed=deed, proposal_id=None, because=deed.reason)
    line = queries.loan_line(found.loan_id, scope=deed.by.scope)
    asked: approvals.Proposal = approvals.propose(
        kind=END_KIND,
        subject_type="loan",
        subject_id=found.loan_id,
        title=line.number,
        after={
            "fact": fact_id,
            "kind": str(found.kind),
            "ends_on": ends_on.isoformat(),
        },
        deed=deed,
    )
    return asked


def _check_end(found: FactLine, ends_on: date, deed: approvals.Deed) -> None:
    if found.ends_on is not None:
        raise Conflict(
            "fact_ended", _("It has ended already. Reload the page to see since when.")
        )
    if found.kind in NOT_ENTERED:
        raise Refused("fact_not_entered", _("What a run found is not ended by hand."))
    if not found.begins_on <= ends_on <= open_day(deed):
        raise Refused(
            "end_day",
            _("Choose a day between the one it began on and the open business day."),
            field="ends_on",
        )
    if not deed.reason.strip():
        raise Refused(
            "evidence_missing",
            _("Say what shows it: a document, a court, a call, and where it is kept."),
            field="reason",
        )


def _end(
    found: FactLine,
    ends_on: date,
    *,
    deed: approvals.Deed,
    proposal_id: int | None,
    because: str,
) -> FactLine:
    moved = ClassFact.objects.filter(pk=found.id, ends_on=None).update(
        ends_on=ends_on,
        ended_known_on=open_day(deed),
        ended_by=deed.by.username,
        ended_at=deed.at,
        ended_because=because[:2000],
        ended_proposal_id=proposal_id,
    )
    if not moved:
        raise Conflict(
            "fact_ended", _("It has ended already. Reload the page to see since when.")
        )
    payload = {
        "fact": found.id,
        "kind": str(found.kind),
        "ends_on": ends_on.isoformat(),
    }
    _record("class.fact_ended", found.loan_id, deed, payload, reason=because)
    return queries.fact(found.id, scope=deed.by.scope)


def carry_out_fact(proposal: approvals.Proposal, deed: approvals.Deed) -> None:
    """Keep an approved fact that lifts a class."""
    after = proposal.after
    content = after.get("content")
    told = Told(
        kind=Fact(str(after["kind"])),
        begins_on=date.fromisoformat(str(after["begins_on"])),
        content=content if isinstance(content, dict) else {},
        evidence=str(after["evidence"]),
    )
    checked = _checked(told, deed)
    loan_id = int(proposal.subject_id)
    _check_solved(loan_id, checked, deed)
    keep(loan_id, checked, deed=deed, proposal_id=proposal.id)


def carry_out_end(proposal: approvals.Proposal, deed: approvals.Deed) -> None:
    """Keep the approved end of a fact."""
    found = queries.fact(int(str(proposal.after["fact"])), scope=deed.by.scope)
    ends_on = date.fromisoformat(str(proposal.after["ends_on"]))
    _end(
        found,
        ends_on,
        deed=deed,
        proposal_id=proposal.id,
        because=proposal.reason,
    )
