"""The only writer of changes: proposed by one person, decided by another, kept for ever."""

from collections.abc import Collection, Mapping
from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from daihou.kit.refusal import Refused
from daihou.rooms.approvals import door as approvals
from daihou.rooms.audit import door as audit
from daihou.rooms.people import door as people
from daihou.rooms.rulebooks import drafting, queries, rehearsing
from daihou.rooms.rulebooks.drafting import Draft, Wish
from daihou.rooms.rulebooks.models import KIND, PolicyChange
from daihou.rooms.rulebooks.states import Step

BEGINS, ENDS, SOURCE, IMPACT = "begins_on", "ends_on", "source", "impact"
BOOK, OTHERS = "rule_book", "other_changes"  # what a proposal rests on


def open_day(deed: approvals.Deed) -> date:
    """The day after which a change may begin: the later of business day and calendar."""
    today = timezone.localdate(deed.at)
    return max(deed.business_date or today, today)


def field_name(rule: str, name: str, day: date) -> str:
    """The name of a value in a difference: of which rule, on which day."""
    return f"{rule}:{name}@{day.isoformat()}"


def parts_of(name: str) -> tuple[str, str, date] | None:
    """Rule, value and day of such a name; None for the other fields."""
    rule, colon, rest = name.partition(":")
    value, at, day = rest.rpartition("@")
    return (rule, value, date.fromisoformat(day)) if colon and at else None


def look(wish: Wish, *, deed: approvals.Deed) -> Draft:
    """The change behind a wish, as it may be proposed now, or Refused."""
    people.require(deed.by, people.Permission.PROPOSE_LAW)
    book = queries.base()
    found = queries.lines(rule=drafting.rule_of(wish.rule, book).id)
    made = drafting.draft(wish, day=open_day(deed), book=book, found=found)
    rehearsing.otherwise(made)  # refuses what the rules cannot be asked with
    return made


@transaction.atomic
def propose_change(
    wish: Wish, *, deed: approvals.Deed, as_of: date | None = None
) -> approvals.Proposal:
    """Propose how a rule is to hold for this lender from a day on; another decides.

    With `as_of`, a closed day, what it would have done to that day goes with it.
    Refused: no source or reason, a first day not after the open one, days that overlap
    another change or leave a gap, a value that is none, less than the law asks for.
    """
    made = look(wish, deed=deed)
    source = " ".join(wish.source.replace("\x00", "").split())[:300]
    if not source:
        raise Refused(
            "source_missing",
            _("Name where it is decided: a minute, a circular, a paragraph."),
            field="source",
        )
    if not deed.reason.strip():
        raise Refused(
            "reason_missing",
            _("Say why: whoever decides has to know."),
            field="reason",
        )
    rule, begins_on = made.rule, made.begins_on
    after: dict[str, object] = {
        field_name(rule.id, name, begins_on): value
        for name, value in made.then.items()
        if wish.step != Step.OFF
    }
    after[field_name(rule.id, "", begins_on)] = str(wish.step)
    after |= {BEGINS: begins_on.isoformat(), SOURCE: source}
    if wish.ends_on is not None:
        after[ENDS] = wish.ends_on.isoformat()
    if as_of is not None:
        after[IMPACT] = _impact(made, as_of=as_of)
    return approvals.propose(
        kind=KIND,
        subject_type="rule",
        subject_id=rule.id,
        title=rule.id,
        after=after,
        watch=(BOOK, OTHERS, field_name(rule.id, "", begins_on)),
        deed=deed,
    )


def _impact(made: Draft, *, as_of: date) -> dict[str, Any]:
    """What was known of its impact when it was proposed, as plain JSON."""
    seen = rehearsing.rehearse(made, as_of=as_of)
    return {
        "as_of": as_of.isoformat(),
        "kinds": {
            kind: {"looked_at": each.looked_at, "changes": each.changes}
            for kind, (_name, each) in seen.impacts.items()
        },
    }


def current(subject: str, names: Collection[str]) -> Mapping[str, object]:
    """What the fields of a proposal are now; the approvals ask."""
    found = queries.lines(rule=subject)
    now: dict[str, object] = {}
    for name in names:
        parts = parts_of(name)
        if name == BOOK:
            rule = queries.base().rules.get(subject)
            now[name] = rule.digest[:12] if rule else ""
        elif name == OTHERS:
            now[name] = max((each.id for each in found), default=0)
        elif parts is not None:
            now[name] = _value_now(*parts, found)
        else:
            now[name] = None
    return now


def _value_now(
    rule_id: str, name: str, day: date, found: list[queries.ChangeLine]
) -> object:
    book = queries.base()
    rule = book.rules.get(rule_id)
    held = next((v for v in queries.own_versions(found) if v.holds(day)), None)
    if not name:
        return held.line.step if held else str(Step.LAW)
    version = rule.on(day) if rule else None
    if rule is None or version is None:
        return None
    line = held.line if held else None
    return drafting.in_force(rule, version, line, book).get(name)


def wish_of(proposal: approvals.Proposal) -> Wish:
    """The wish behind a proposal; its values are those the rule is to have."""
    begins_on = date.fromisoformat(str(proposal.after[BEGINS]))
    ends_on = proposal.after.get(ENDS)
    known = {**proposal.before, **proposal.after}
    rule = queries.base().rules[proposal.subject_id]
    names = {field_name(rule.id, each, begins_on): each for each in rule.terms}
    values = dict(current(rule.id, [*names])) | {
        name: value for name, value in proposal.after.items() if name in names
    }
    return Wish(
        rule=rule.id,
        step=str(known[field_name(rule.id, "", begins_on)]),
        begins_on=begins_on,
        ends_on=date.fromisoformat(str(ends_on)) if ends_on else None,
        values={
            names[name]: value for name, value in values.items() if value is not None
        },
        source=str(proposal.after.get(SOURCE, "")),
    )


def draft_of(proposal: approvals.Proposal, *, day: date) -> Draft:
    """The change behind a proposal, as it may be carried out on `day`, or Refused."""
    found = queries.lines(rule=proposal.subject_id)
    return drafting.draft(wish_of(proposal), day=day, book=queries.base(), found=found)


@transaction.atomic
def carry_out(proposal: approvals.Proposal, deed: approvals.Deed) -> None:
    """Keep an approved change, looked at once more, and write what happened.

    Refused, and so not approved, when its first day has come meanwhile.
    """
    made = draft_of(proposal, day=open_day(deed))
    values = {
        name: made.then[name]
        for name in made.change.values
        if made.wish.step == Step.VALUES
    }
    row = PolicyChange.objects.create(
        rule=made.rule.id,
        begins_on=made.begins_on,
        ends_on=made.wish.ends_on,
        step=made.wish.step,
        values=values,
        reason=proposal.reason,
        source=made.wish.source,
        proposal_id=proposal.id,
        proposed_by=proposal.proposed_by,
        decided_by=deed.by.username,
        decided_at=deed.at,
        decided_on=deed.business_date or timezone.localdate(deed.at),
        law=queries.base().digest,
    )
    changed = {
        name: (was, made.then[name])
        for name, was in made.now.items()
        if was != made.then[name]
    }
    audit.record(
        type="rule.changed",
        subject_type="rule",
        subject_id=made.rule.id,
        by=deed.by.username,
        at=deed.at,
        business_date=deed.business_date,
        reason=proposal.reason,
        request_id=deed.request_id,
        on_behalf_of=deed.on_behalf_of,
        payload={
            "change": row.pk,
            "proposal": proposal.id,
            "step": str(made.wish.step),
            "begins_on": made.begins_on.isoformat(),
            "ends_on": made.wish.ends_on.isoformat() if made.wish.ends_on else None,
        },
        before={name: was for name, (was, _now) in changed.items()},
        after={name: now for name, (_was, now) in changed.items()},
    )
