"""Deciding: one level after the other, by another person each, once."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from daihou.kit.refusal import Conflict, NotAllowed, Refused
from daihou.rooms.approvals import queries
from daihou.rooms.approvals.actions import recording, telling
from daihou.rooms.approvals.actions.proposing import (
    LONGEST,
    close,
    locked,
    still_undecided,
    written,
)
from daihou.rooms.approvals.kinds import Deed, kind_of
from daihou.rooms.approvals.models import Decision
from daihou.rooms.approvals.models import Proposal as Row
from daihou.rooms.approvals.queries.authority import Hat, hat_for
from daihou.rooms.approvals.queries.proposals import proposal_of
from daihou.rooms.approvals.states import State, Verdict
from daihou.rooms.approvals.values import Proposal

Changes = Mapping[str, tuple[object, object]]


def decide(
    *,
    proposal_id: int,
    verdict: str,
    deed: Deed,
    note: str = "",
    level: int | None = None,
) -> Proposal:
    """Approve or refuse the level that waits; the last approval carries it out.

    `level` is the one the decider was looking at: if it was passed meanwhile, they are
    told and nothing is decided. Refusing needs a `note`. Raises NotAllowed to who may
    not decide, Refused where somebody was faster or where the subject has changed
    since it was proposed (`proposal_overtaken`; the proposal is closed by it).
    """
    with transaction.atomic():
        row = locked(proposal_id, deed)
        hat = _checked(row, deed, verdict=verdict, level=level)
        changes = _changed(row) if verdict == Verdict.APPROVE else {}
        if changes:
            _overtake(row, changes, deed)
        else:
            _say(row, hat, verdict=verdict, note=_noted(note, verdict), deed=deed)
        decided = proposal_of(row)
    if changes:
        raise _overtaken(row, changes)
    return decided


def _checked(row: Row, deed: Deed, *, verdict: str, level: int | None) -> Hat:
    """The rights of the decider; refused when they have none, or came too late."""
    if verdict not in set(Verdict):
        raise Refused(
            "verdict_unknown",
            _("%(verdict)s is no verdict; choose one of: %(known)s.")
            % {"verdict": verdict, "known": ", ".join(Verdict)},
        )
    still_undecided(row)
    code, words = queries.why_not(row, deed.by, at=deed.at)
    if code and code != "decided_before":
        raise NotAllowed(code, words)
    if level is not None and level != row.level:
        raise Conflict(
            "level_passed",
            _("This level was decided meanwhile. Reload the page."),
        )
    if code:
        raise NotAllowed(code, words)
    hat = hat_for(row, deed.by, at=deed.at)
    assert hat is not None, "why_not found no reason, so there are rights"
    return hat


def _noted(note: str, verdict: str) -> str:
    if verdict == Verdict.REFUSE:
        missing = _("Say why you refuse: who proposed it has to know what to change.")
        return written(note, missing=missing)
    return note.replace("\x00", "").strip()[:LONGEST]


def _changed(row: Row) -> Changes:
    """The fields that are no longer what they were: name -> (then, now)."""
    current = kind_of(row.kind).current
    if current is None:
        return {}
    before = proposal_of(row).before
    now = current(row.subject_id, list(before))
    return {
        name: (before[name], now.get(name))
        for name in before
        if now.get(name) != before[name]
    }


def _overtake(row: Row, changes: Changes, deed: Deed) -> None:
    names = sorted(changes)
    close(
        row,
        State.OVERTAKEN,
        deed=deed,
        happened="overtaken",
        payload={"changed": names},
    )


def _overtaken(row: Row, changes: Changes) -> Conflict:
    describe = kind_of(row.kind).describe
    words = ", ".join(str(describe(name).word) for name in changes)
    return Conflict(
        "proposal_overtaken",
        _(
            "Changed since it was proposed: %(fields)s. Nothing was carried out; it "
            "has to be proposed again from what is there now."
        )
        % {"fields": words},
        changed=sorted(changes),
    )


def _say(row: Row, hat: Hat, *, verdict: str, note: str, deed: Deed) -> None:
    """Write the decision of this level and move on."""
    Decision.objects.create(
        proposal=row,
        level=row.level,
        verdict=verdict,
        proposed_by=row.proposed_by,
        decided_by=deed.by.username,
        decided_for=hat.for_whom,
        decided_at=deed.at,
        note=note,
    )
    whom = hat.for_whom
    if verdict == Verdict.REFUSE:
        row.decided_by = deed.by.username
        close(
            row,
            State.REFUSED,
            deed=deed,
            happened="refused",
            reason=note,
            on_behalf_of=whom,
        )
    elif row.level < len(row.levels):
        _pass_on(row, deed, reason=note, on_behalf_of=whom)
    else:
        _approve(row, deed, reason=note, on_behalf_of=whom)


def _pass_on(row: Row, deed: Deed, *, on_behalf_of: str, reason: str) -> None:
    recording.record(
        row,
        "passed",
        by=deed.by.username,
        at=deed.at,
        business_date=deed.business_date,
        reason=reason,
        request_id=deed.request_id,
        on_behalf_of=on_behalf_of,
        payload={"level": row.level},
    )
    row.level += 1
    row.waits_for = row.levels[row.level - 1]
    row.due_at = deed.at + timedelta(hours=kind_of(row.kind).hours)
    row.state = State.OPEN
    row.save(update_fields=["level", "waits_for", "due_at", "state"])
    telling.passed_on(row, at=deed.at)


def _approve(row: Row, deed: Deed, *, on_behalf_of: str, reason: str) -> None:
    kind = kind_of(row.kind)
    row.decided_by = deed.by.username
    if kind.serves_hours:
        row.serves_until = deed.at + timedelta(hours=kind.serves_hours)
    close(
        row,
        State.APPROVED,
        deed=deed,
        happened="approved",
        on_behalf_of=on_behalf_of,
        reason=reason,
    )
    if kind.handler is not None:
        kind.handler(proposal_of(row), deed)


@transaction.atomic
def take(*, proposal_id: int, kind: str, deed: Deed) -> Proposal:
    """Use an approval that serves once; only who proposed it, and in time.

    The caller then does what `after` says, in the same transaction.
    """
    row = locked(proposal_id, deed)
    assert kind_of(kind).serves_hours, f"{kind} is carried out by its handler"
    if row.kind != kind or row.proposed_by != deed.by.username:
        raise queries.no_such_proposal(proposal_id)
    if row.state == State.USED:
        raise Conflict(
            "used_already",
            _("This approval served once already. Propose it again."),
        )
    if row.state != State.APPROVED:
        raise Refused("not_approved", _("This is not approved."))
    assert row.serves_until is not None
    if row.serves_until <= deed.at:
        raise Refused(
            "approval_lapsed",
            _("The approval was to be used by then and was not. Propose it again."),
        )
    row.state = State.USED
    row.save(update_fields=["state"])
    recording.record(
        row,
        "used",
        by=deed.by.username,
        at=deed.at,
        business_date=deed.business_date,
        request_id=deed.request_id,
    )
    return proposal_of(row)


def go_round(*, at: datetime) -> None:
    """Escalate what waits past its deadline; let lapse what was not used in time."""
    late = Row.objects.filter(state=State.OPEN, due_at__lte=at).order_by("pk")
    for key in late.values_list("pk", flat=True):
        _move(key, State.OPEN, State.ESCALATED, at=at)
    idle = Row.objects.filter(state=State.APPROVED, serves_until__lte=at)
    for key in idle.order_by("pk").values_list("pk", flat=True):
        _move(key, State.APPROVED, State.LAPSED, at=at)


@transaction.atomic
def _move(key: int, start: State, end: State, *, at: datetime) -> None:
    row = Row.objects.select_for_update().get(pk=key)
    still = row.due_at <= at if end is State.ESCALATED else row.serves_until <= at
    if row.state != start or not still:
        return  # somebody was faster
    row.state = end
    row.save(update_fields=["state"])
    day: date | None = row.business_date
    recording.record(row, end.value, by=recording.SYSTEM, at=at, business_date=day)
    if end is State.ESCALATED:
        telling.asked(row, at=at)
    else:
        telling.ended(row, at=at)
