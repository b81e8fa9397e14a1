"""Letting somebody else decide while one is away, and ending it."""

from datetime import date, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from daihou.kit.refusal import NotAllowed, NotFound, Refused
from daihou.rooms.approvals import queries
from daihou.rooms.approvals.actions import telling
from daihou.rooms.approvals.kinds import Deed
from daihou.rooms.approvals.models import Delegation
from daihou.rooms.approvals.queries.delegations import Away, calendar_day, delegation
from daihou.rooms.audit import door as audit
from daihou.rooms.people import door as people

LONGEST_DAYS = 92  # who is away longer gets a successor, not a deputy


@transaction.atomic
def delegate(
    *, principal: str, deputy: str, from_on: date, until_on: date, deed: Deed
) -> Away:
    """Let `deputy` decide what `principal` may, from a day until a day (half open).

    One's own, or anybody's by who manages approvals, but never to themselves. The
    deputy never decides what they or the principal proposed; nothing is passed on a
    second time. Both are told, whoever arranged it.
    """
    _may_delegate(principal, deputy, deed.by)
    _check(principal, deputy, from_on=from_on, until_on=until_on, deed=deed)
    row = Delegation.objects.create(
        principal=principal,
        deputy=deputy,
        from_on=from_on,
        until_on=until_on,
        reason=deed.reason.replace("\x00", "").strip()[:500],
        made_by=deed.by.username,
        made_at=deed.at,
    )
    _record(row, "made", deed)
    telling.delegated(row, at=deed.at)
    made = delegation(row.pk)
    assert made is not None
    return made


def _may_delegate(principal: str, deputy: str, by: people.Person) -> None:
    if by.reads_only:
        raise NotAllowed("reads_only", _("You read only; nothing was changed."))
    if principal == by.username:
        return
    people.require(by, people.Permission.MANAGE_APPROVALS)
    if deputy == by.username:
        raise Refused(
            "deputy_self",
            _("Nobody makes themselves a deputy. Ask %(who)s, or another manager.")
            % {"who": principal},
        )


def _check(
    principal: str, deputy: str, *, from_on: date, until_on: date, deed: Deed
) -> None:
    if principal == deputy:
        raise Refused("deputy_same", _("Choose somebody else as the deputy."))
    away, meanwhile = people.person(principal), people.person(deputy)
    if not away.active:
        raise Refused(
            "principal_off_duty",
            _("%(who)s is off duty and decides nothing.") % {"who": principal},
        )
    if not meanwhile.active or meanwhile.reads_only:
        raise Refused(
            "deputy_unfit",
            _("%(who)s is off duty or reads only and cannot decide for anybody.")
            % {"who": deputy},
        )
    if not queries.decides_something(away):
        raise Refused(
            "nothing_to_delegate",
            _("Nothing waits for %(who)s, so there is nothing to hand to a deputy.")
            % {"who": principal},
        )
    today = calendar_day(deed.at)
    if until_on <= from_on or until_on <= today:
        raise Refused(
            "days_wrong",
            _("The last day lies before the first, or is over already."),
        )
    if until_on - from_on > timedelta(days=LONGEST_DAYS):
        raise Refused(
            "days_too_many",
            _("A deputy decides for %(days)s days at most. Name a successor instead.")
            % {"days": LONGEST_DAYS},
        )
    same = Delegation.objects.filter(
        principal=principal,
        deputy=deputy,
        ended_at=None,
        from_on__lt=until_on,
        until_on__gt=from_on,
    )
    if same.exists():
        raise Refused(
            "delegated_already",
            _("%(who)s decides on some of these days already. End that first.")
            % {"who": deputy},
        )


@transaction.atomic
def end_delegation(*, delegation_id: int, deed: Deed) -> None:
    """End one before its last day; ended again, nothing more happens."""
    row = Delegation.objects.select_for_update().filter(pk=delegation_id).first()
    mine = row is not None and deed.by.username in (row.principal, row.deputy)
    manages = deed.by.may(people.Permission.MANAGE_APPROVALS)
    if row is None or not (mine or manages):
        raise NotFound("delegation_unknown", _("There is no such delegation of yours."))
    if deed.by.reads_only:
        raise NotAllowed("reads_only", _("You read only; nothing was changed."))
    if row.ended_at is not None:
        return
    row.ended_at, row.ended_by = deed.at, deed.by.username
    row.save(update_fields=["ended_at", "ended_by"])
    _record(row, "ended", deed)


def _record(row: Delegation, happened: str, deed: Deed) -> None:
    audit.record(
        type=f"delegation.{happened}",
        subject_type="person",
        subject_id=row.principal,
        by=deed.by.username,
        at=deed.at,
        business_date=deed.business_date,
        reason=row.reason if happened == "made" else deed.reason,
        request_id=deed.request_id,
        payload={
            "deputy": row.deputy,
            "from_on": row.from_on.isoformat(),
            "until_on": row.until_on.isoformat(),
        },
    )
