"""Proposing something, taking it back, and writing under it."""

from collections.abc import Collection, Mapping
from datetime import date, timedelta

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from daihou.kit.refusal import Conflict, NotAllowed, NotFound, Refused
from daihou.rooms.approvals import content, queries
from daihou.rooms.approvals.actions import recording, telling
from daihou.rooms.approvals.kinds import Deed, Kind, kind_of
from daihou.rooms.approvals.models import Comment
from daihou.rooms.approvals.models import Proposal as Row
from daihou.rooms.approvals.queries.delegations import calendar_day
from daihou.rooms.approvals.queries.proposals import proposal_of, row_for
from daihou.rooms.approvals.states import UNDECIDED, State
from daihou.rooms.approvals.values import Proposal
from daihou.rooms.people import door as people

LONGEST = 2_000  # characters of a reason, a note or a comment


@transaction.atomic
def propose(
    *,
    kind: str,
    subject_type: str,
    subject_id: str | int,
    title: str,
    after: Mapping[str, object],
    deed: Deed,
    before: Mapping[str, object] | None = None,
    amount: int | None = None,
    currency: str = "",
    watch: Collection[str] = (),
    levels: tuple[str, ...] = (),
) -> Proposal:
    """Ask for a decision on a difference: field -> value, plain JSON.

    `title` names the subject without personal data. `before` is read from the subject
    where its kind can (`Kind.current`). `amount` is in minor units of `currency`, or a
    count without one; it says which levels decide. `watch` names fields that do not
    change but on which the proposal rests: it is overtaken when they do. `levels` are
    the roles that decide where the kind has a matrix of its own; none: the table.

    Refused when nothing would change, no reason is given, the subject lies outside the
    scope of `deed.by` (NotFound), or the same kind waits for this subject already.
    """
    asked, subject = kind_of(kind), str(subject_id)
    reason = written(deed.reason, missing=_("Say why: whoever decides has to know."))
    _may_ask(asked, subject, deed.by)
    if asked.current is not None:
        before = asked.current(subject, [*after, *watch])
    before, after = _differing(before or {}, after, watch=watch)
    levels = levels or queries.levels_for(
        kind, amount=amount, currency=currency, on=day_of(deed)
    )
    sealed, digest = content.sealed(before, after)
    row = Row(
        kind=kind,
        subject_type=subject_type,
        subject_id=subject,
        title=title[:200],
        content=sealed,
        digest=digest,
        amount=amount,
        currency=currency,
        reason=reason,
        proposed_by=deed.by.username,
        proposed_for=deed.on_behalf_of or _for_whom(asked, subject, deed.by),
        proposed_at=deed.at,
        business_date=deed.business_date,
        request_id=deed.request_id,
        levels=list(levels),
        waits_for=levels[0],
        permission=str(asked.permission),
        due_at=deed.at + timedelta(hours=asked.hours),
    )
    _insert(row)
    _record_asked(row, before, after, deed)
    telling.asked(row, at=deed.at)
    return proposal_of(row)


def _record_asked(
    row: Row,
    before: Mapping[str, object],
    after: Mapping[str, object],
    deed: Deed,
) -> None:
    recording.record(
        row,
        "proposed",
        by=deed.by.username,
        at=deed.at,
        business_date=deed.business_date,
        reason=row.reason,
        request_id=deed.request_id,
        on_behalf_of=row.proposed_for,
        payload={"title": row.title, "digest": row.digest, "levels": row.levels}
        | _how_much(row),
        before=before,
        after=after,
    )


def _how_much(row: Row) -> dict[str, object]:
    if row.amount is None:
        return {}
    return {"amount": row.amount, "currency": row.currency}


def written(text: str, *, missing: str) -> str:
    """A text somebody has to write; refused when there is none."""
    text = text.replace("\x00", "").strip()
    if not text:
        raise Refused("reason_missing", missing)
    return text[:LONGEST]


def _may_ask(kind: Kind, subject: str, by: people.Person) -> None:
    if by.reads_only:
        raise NotAllowed(
            "reads_only",
            _("You read only; who looks things over proposes nothing."),
        )
    if kind.proposes is not None:
        people.require(by, kind.proposes)
    if kind.seen is not None and subject not in kind.seen([subject], by.scope):
        raise NotFound(
            "subject_unknown",
            _("What this is about is not among what you may see."),
        )


def _for_whom(kind: Kind, subject: str, by: people.Person) -> str:
    """The absent one it is asked for: who sees the subject where the asker does not."""
    if kind.seen is None or not by.lent or by.own_scope is None:
        return ""
    if subject in kind.seen([subject], by.own_scope):
        return ""
    theirs = (
        login for login, scope in by.lent if subject in kind.seen([subject], scope)
    )
    return next(theirs, "")


def _differing(
    before: Mapping[str, object], after: Mapping[str, object], *, watch: Collection[str]
) -> tuple[dict[str, object], dict[str, object]]:
    """Only the fields that change; refused when none does."""
    names = [name for name in after if before.get(name) != after[name]]
    if not names:
        raise Refused(
            "nothing_changes", _("Nothing would change. Enter what is to be different.")
        )
    return (
        {name: before.get(name) for name in (*names, *watch)},
        {name: after[name] for name in names},
    )


def _insert(row: Row) -> None:
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError as error:
        if "approvals_one_open" not in str(error):
            raise
        raise Conflict(
            "already_proposed",
            _("The same is proposed already and waits for a decision. Look there."),
        ) from None


@transaction.atomic
def withdraw(*, proposal_id: int, deed: Deed) -> Proposal:
    """Take one's own proposal back while nobody has decided it."""
    row = locked(proposal_id, deed)
    if deed.by.username not in (row.proposed_by, row.proposed_for):
        raise NotAllowed(
            "not_the_proposer",
            _("Only who proposed it takes it back. To stop it, refuse it."),
        )
    still_undecided(row)
    close(row, State.WITHDRAWN, deed=deed, happened="withdrawn", reason=deed.reason)
    return proposal_of(row)


@transaction.atomic
def comment(*, proposal_id: int, text: str, deed: Deed) -> None:
    """Write under a proposal; everybody in it is told."""
    row = row_for(proposal_id, person=deed.by, at=deed.at)
    if deed.by.reads_only:
        raise NotAllowed("reads_only", _("You read only; nothing was written."))
    text = written(text, missing=_("Write something first."))
    Comment.objects.create(proposal=row, by=deed.by.username, at=deed.at, text=text)
    recording.record(
        row,
        "commented",
        by=deed.by.username,
        at=deed.at,
        business_date=deed.business_date,
        reason=text,
        request_id=deed.request_id,
    )
    telling.remarked(row, by=deed.by.username, at=deed.at)


def locked(proposal_id: int, deed: Deed) -> Row:
    """The row, held until the transaction ends, for who may read it."""
    row_for(proposal_id, person=deed.by, at=deed.at)
    row: Row = Row.objects.select_for_update().get(pk=proposal_id)
    return row


def still_undecided(row: Row) -> None:
    """Refuse what somebody else has decided meanwhile, naming them."""
    if row.state in UNDECIDED:
        return
    if row.decided_by:
        raise Conflict(
            "decided_meanwhile",
            _("%(who)s has decided it already. Reload the page to see how.")
            % {"who": row.decided_by},
        )
    raise Conflict(
        "proposal_closed",
        _("It is no longer open. Reload the page to see what became of it."),
    )


def close(
    row: Row,
    state: State,
    *,
    deed: Deed,
    happened: str,
    reason: str = "",
    payload: Mapping[str, object] | None = None,
    on_behalf_of: str = "",
) -> None:
    """Move a held row to an end: row, event, and whoever has to know."""
    row.state, row.closed_at = state, deed.at
    row.save(update_fields=["state", "closed_at", "decided_by", "serves_until"])
    recording.record(
        row,
        happened,
        by=deed.by.username,
        at=deed.at,
        business_date=deed.business_date,
        reason=reason,
        request_id=deed.request_id,
        on_behalf_of=on_behalf_of,
        payload=payload,
    )
    telling.ended(row, at=deed.at)
    heard = kind_of(row.kind).ended
    if heard is not None and state is not State.APPROVED:
        heard(proposal_of(row), deed)


def day_of(deed: Deed) -> date:
    """The day a deed counts for: the business date, or the calendar before one."""
    return deed.business_date or calendar_day(deed.at)
