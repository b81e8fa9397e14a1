"""Leave cover: for a time somebody sees what an absent one sees, besides their own."""

from datetime import date, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from daihou.kit.refusal import NotAllowed, NotFound, Refused
from daihou.rooms.people import queries
from daihou.rooms.people.actions._common import Deed, record
from daihou.rooms.people.models import Cover, User
from daihou.rooms.people.permissions import Permission

LONGEST = timedelta(days=92)


@transaction.atomic
def arrange_cover(
    *, absent: str, cover: str, begins_on: date, last_on: date, deed: Deed
) -> int:
    """Let `cover` see what `absent` sees from `begins_on` through `last_on`.

    The cover keeps their own tasks: rights are not lent, only sight. Whoever manages
    people arranges it for anybody, others only among the people of their own unit and
    below; nobody for themselves. At most LONGEST; gives the id.
    """
    _check_may(deed.by)
    away, there = queries.user_named(absent), queries.user_named(cover)
    for user in (away, there):
        _check_reach(deed.by, user)
    if deed.by.username == cover:
        raise Refused("own_rights", _("Nobody widens their own sight; ask another."))
    today = timezone.localdate(deed.at)
    ends_on = last_on + timedelta(days=1)
    if last_on < begins_on or last_on < today or ends_on - begins_on > LONGEST:
        raise Refused(
            "cover_days",
            _("A cover lasts from 1 to %(days)s days and is not over already.")
            % {"days": LONGEST.days},
        )
    if away.pk == there.pk or not there.is_active:
        raise Refused("cover_who", _("Choose another person on duty as the cover."))
    row = Cover.objects.create(
        absent=away,
        cover=there,
        begins_on=begins_on,
        ends_on=ends_on,
        reason=deed.reason[:200],
        arranged_by=deed.by.username,
        arranged_at=deed.at,
    )
    record("cover.arranged", "person", there.username, deed, after=told(row))
    return int(row.pk)


def _check_may(by: queries.Person) -> None:
    if not by.may(Permission.MANAGE_PEOPLE):
        queries.require(by, Permission.ARRANGE_COVER)


def _check_reach(by: queries.Person, user: User) -> None:
    """Raise NotAllowed unless the user stands in the arranger's unit or below."""
    if by.may(Permission.MANAGE_PEOPLE):
        return
    mine = queries.units_below(by.branch) if by.branch else frozenset()
    if user.branch_id not in mine:
        raise NotAllowed(
            "cover_elsewhere",
            _("You arrange cover among the people of your own unit only."),
        )


@transaction.atomic
def end_cover(*, cover_id: int, deed: Deed) -> None:
    """End a cover today, or take one back that has not begun."""
    _check_may(deed.by)
    rows = Cover.objects.select_for_update(of=("self",))
    row = rows.select_related("absent", "cover").filter(pk=cover_id).first()
    if row is None:
        raise NotFound("cover_unknown", _("There is no such cover."))
    _check_reach(deed.by, row.cover)
    today = timezone.localdate(deed.at)
    if row.ends_on <= today:
        raise Refused("cover_over", _("This cover is over already."))
    before = told(row)
    row.ends_on = max(today, row.begins_on)
    row.save(update_fields=["ends_on"])
    record(
        "cover.ended",
        "person",
        row.cover.username,
        deed,
        before=before,
        after=told(row),
    )


def told(row: Cover) -> dict[str, object]:
    """A cover as it stands in events; `until` is the first day it no longer holds."""
    return {
        "absent": row.absent.username,
        "cover": row.cover.username,
        "from": row.begins_on.isoformat(),
        "until": row.ends_on.isoformat(),
    }
