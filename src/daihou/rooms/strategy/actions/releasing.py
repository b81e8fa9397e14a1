"""Releasing: proposed with its rehearsal, decided by another, put back at once."""

from collections.abc import Collection, Mapping
from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from daihou.kit.refusal import Conflict, NotAllowed, Refused
from daihou.kit.turns import in_turn
from daihou.rooms.approvals import door as approvals
from daihou.rooms.approvals.door import Deed
from daihou.rooms.people import door as people
from daihou.rooms.strategy import differences, document, queries
from daihou.rooms.strategy.actions.drafting import locked_draft, may_draft
from daihou.rooms.strategy.actions.recording import record
from daihou.rooms.strategy.models import Version
from daihou.rooms.strategy.states import Origin, State
from daihou.rooms.strategy.triggers import KIND, SUBJECT

CONTENT, BEGINS, CHANGES = "content", "begins_on", "changes"
REHEARSED, DRAFT = "rehearsed", "draft"


def open_day(deed: Deed) -> date:
    """The open business day, on which a strategy may hold at the earliest."""
    return deed.business_date or timezone.localdate(deed.at)


@transaction.atomic
def propose_version(
    *, version_id: int, rev: int, begins_on: date | None, deed: Deed
) -> approvals.Proposal:
    """Propose a draft, to hold from a day on, or from one that is named later.

    Its last rehearsal goes with it. Refused: the draft was kept since `rev`, cannot be
    read, was not rehearsed as it is now, or is to hold before the open day.
    """
    may_draft(deed)
    row = locked_draft(version_id)
    if row.rev != rev:
        raise Conflict(
            "draft_moved",
            _("%(who)s kept this draft meanwhile. Reload it and look again.")
            % {"who": row.changed_by},
        )
    document.whole(row.content)  # refused, with the place, when it cannot be used
    _check_day(begins_on, deed)
    if begins_on is not None:
        _day_is_free(row, begins_on)
    tried = queries.last_rehearsal(row.pk, digest=row.digest)
    if tried is None and queries.can_rehearse():
        raise Refused(
            "not_rehearsed",
            _("Rehearse it first as it is now: whoever decides has to see the effect."),
        )
    live = queries.live_row(row.strategy_id)
    if live is not None and live.digest == row.digest:
        raise Refused("live_already", _("Just this holds now; nothing would change."))
    before = live.content if live else document.empty(row.strategy.code, {})
    after: dict[str, Any] = {
        CONTENT: row.digest,
        CHANGES: differences.plain(before, row.content),
    }
    if begins_on is not None:
        after[BEGINS] = begins_on.isoformat()
    if tried is not None:
        after[REHEARSED] = {"id": tried.id, "as_of": tried.as_of.isoformat()} | dict(
            queries.short_summary(tried)
        )
    made: approvals.Proposal = approvals.propose(
        kind=KIND,
        subject_type=SUBJECT,
        subject_id=row.pk,
        title=f"{row.strategy.code} {row.number}",
        after=after,
        watch=(DRAFT,),
        deed=deed,
    )
    return made


def _in_turn(version_id: int) -> Version:
    """The row of a version, held; nobody else releases versions of its strategy.

    The turn comes before any row is held, so that two never wait for each other.
    """
    found = queries.version_row(version_id, hold=False)
    in_turn("strategy", str(found.strategy_id))
    return queries.version_row(version_id, hold=True)


def _check_day(begins_on: date | None, deed: Deed) -> None:
    first = open_day(deed)
    if begins_on is not None and begins_on < first:
        raise Refused(
            "day_past",
            _("It may hold from %(day)s on at the earliest; name that day or a later.")
            % {"day": first.isoformat()},
            field="begins_on",
        )


def current(subject: str, names: Collection[str]) -> Mapping[str, object]:
    """What the fields of a proposal are now; the approvals ask.

    `content` is what is live, `draft` the draft itself: where either is another than
    when it was proposed, the proposal is overtaken.
    """
    row = queries.version_or_none(int(subject))
    if row is None:  # dropped since
        return dict.fromkeys(names)
    live = queries.live_row(row.strategy_id)
    known: dict[str, object] = {
        CONTENT: live.digest if live else "",
        DRAFT: row.digest,
    }
    return {name: known.get(name) for name in names}


@transaction.atomic
def carry_out(proposal: approvals.Proposal, deed: Deed) -> None:
    """Take an approved draft over, in the transaction of the decision.

    Refused, and so not approved: an author decides, the draft was kept since, or its
    day has passed.
    """
    _in_turn(int(proposal.subject_id))
    row = locked_draft(int(proposal.subject_id))
    who = deed.by.username
    _not_drawn_by(deed, row)
    if row.digest != proposal.after[CONTENT]:
        raise Conflict(
            "draft_moved",
            _(
                "The draft was changed since it was proposed. It has to be proposed anew."
            ),
        )
    asked = proposal.after.get(BEGINS)
    begins_on = date.fromisoformat(str(asked)) if asked else None
    _check_day(begins_on, deed)
    if begins_on is not None:
        _day_is_free(row, begins_on)
    row.state = State.SCHEDULED if begins_on else State.REVIEWED
    row.begins_on, row.proposal_id = begins_on, proposal.id
    row.decided_by, row.decided_at = who, deed.at
    row.because = proposal.reason
    row.save()
    record(
        "approved",
        row.strategy_id,
        deed=deed,
        reason=proposal.reason,
        payload={"version": row.number, "proposal": proposal.id, "digest": row.digest}
        | _from(begins_on),
    )


def _not_drawn_by(deed: Deed, row: Version) -> None:
    if deed.by.username in row.authors:
        raise NotAllowed(
            "author_decides",
            _("You drew part of this version; somebody who did not decides on it."),
        )


def _from(begins_on: date | None) -> dict[str, object]:
    return {"begins_on": begins_on.isoformat()} if begins_on else {}


def _day_is_free(row: Version, begins_on: date) -> None:
    """Of two versions on one day nobody could say which holds."""
    other = (
        Version.objects.filter(
            strategy_id=row.strategy_id, state=State.SCHEDULED, begins_on=begins_on
        )
        .exclude(pk=row.pk)
        .first()
    )
    if other is not None:
        raise Conflict(
            "day_taken",
            _("Version %(n)s is to hold from that day on. Take it off or name another.")
            % {"n": other.number},
            field="begins_on",
        )


@transaction.atomic
def schedule_version(*, version_id: int, begins_on: date, deed: Deed) -> None:
    """Name the day of a version that another person approved without one."""
    people.require(deed.by, people.Permission.DECIDE_STRATEGY)
    row = _in_turn(version_id)
    if row.state not in (State.REVIEWED, State.SCHEDULED):
        raise Conflict(
            "not_reviewed", _("Only a version that was approved can be given a day.")
        )
    _not_drawn_by(deed, row)
    _check_day(begins_on, deed)
    _day_is_free(row, begins_on)
    was = row.begins_on
    row.state, row.begins_on = State.SCHEDULED, begins_on
    row.save(update_fields=["state", "begins_on"])
    record(
        "scheduled",
        row.strategy_id,
        deed=deed,
        payload={"version": row.number, "was": was.isoformat() if was else None}
        | _from(begins_on),
    )


@transaction.atomic
def retire_version(*, version_id: int, deed: Deed) -> None:
    """Take off a version whose day has not come, or the strategy's live one.

    Without a live version the strategy asks nobody any more from the open day on.
    """
    people.require(deed.by, people.Permission.DECIDE_STRATEGY)
    _reason(deed)
    row = _in_turn(version_id)
    if row.state not in (State.REVIEWED, State.SCHEDULED, State.LIVE):
        raise Conflict("not_released", _("This version holds nothing to take off."))
    was, day = row.state, row.begins_on
    row.state = State.RETIRED
    if was == State.LIVE:
        row.ended_on = open_day(deed)
    else:
        row.begins_on = None  # it never held, so nobody puts it back
    row.save(update_fields=["state", "begins_on", "ended_on"])
    record(
        "retired",
        row.strategy_id,
        deed=deed,
        payload={"version": row.number, "was": str(was)} | (_from(day) if day else {}),
    )


def _reason(deed: Deed) -> None:
    if not deed.reason.strip():
        raise Refused(
            "reason_missing", _("Say why: it is kept with the version."), field="reason"
        )


@transaction.atomic
def roll_back(*, version_id: int, deed: Deed) -> int:
    """Put an earlier version back from the open day on; return the new version's id.

    At once and by one person who may decide and drew none of it: its content was
    approved before, and it held. The steps of the last closed day are reckoned anew on the worker's next round.
    """
    people.require(deed.by, people.Permission.DECIDE_STRATEGY)
    _reason(deed)
    found = _in_turn(version_id)
    day = open_day(deed)
    live = queries.live_row(found.strategy_id, hold=True)
    if found.begins_on is None or found.state not in (State.LIVE, State.RETIRED):
        raise Conflict("never_live", _("Only a version that once held is put back."))
    _not_drawn_by(deed, found)
    if live is not None and live.digest == found.digest:
        raise Conflict("live_already", _("Just this holds now; nothing to put back."))
    Version.objects.filter(
        strategy_id=found.strategy_id, state=State.SCHEDULED, begins_on__lte=day
    ).update(state=State.RETIRED, begins_on=None)
    if live is not None:
        live.state, live.ended_on = State.RETIRED, max(day, live.begins_on or day)
        live.save(update_fields=["state", "ended_on"])
    last = Version.objects.filter(strategy_id=found.strategy_id)
    made = Version.objects.create(
        strategy_id=found.strategy_id,
        number=(last.aggregate(last=Max("number"))["last"] or 0) + 1,
        state=State.LIVE,
        origin=Origin.ROLLBACK,
        content=found.content,
        digest=found.digest,
        based_on=found,
        authors=found.authors,
        changed_by=deed.by.username,
        changed_at=deed.at,
        begins_on=day,
        decided_by=deed.by.username,
        decided_at=deed.at,
        because=deed.reason.strip(),
    )
    record(
        "rolled_back",
        found.strategy_id,
        deed=deed,
        payload={
            "version": made.number,
            "back_to": found.number,
            "from": live.number if live else None,
            "begins_on": day.isoformat(),
        },
    )
    return int(made.pk)
