"""The devices somebody is signed in on: noted, refreshed, ended from afar."""

from datetime import datetime

from django.contrib.sessions.models import Session
from django.db import transaction
from django.utils.translation import gettext as _

from daihou.kit.refusal import NotFound
from daihou.rooms.people import queries
from daihou.rooms.people.actions._common import Deed, record
from daihou.rooms.people.models import SignedIn, User
from daihou.rooms.people.permissions import Permission


def note_device(
    *, user_id: int, key: str, at: datetime, address: str, device: str, way: str
) -> None:
    """Keep that a session began, from which address and with what browser."""
    SignedIn.objects.filter(user_id=user_id, seen_at__lt=at).exclude(
        key__in=Session.objects.filter(expire_date__gt=at).values("session_key")
    ).delete()
    SignedIn.objects.update_or_create(
        key=key,
        defaults={
            "user_id": user_id,
            "began_at": at,
            "seen_at": at,
            "address": address[:45],
            "device": device[:200],
            "way": way,
        },
    )


def rename_device(*, key: str, to: str) -> None:
    """Follow a session that was given another key."""
    SignedIn.objects.filter(key=key).update(key=to)


def seen_again(*, key: str, at: datetime) -> None:
    """Note that a session was used; called every few minutes, not on every page."""
    SignedIn.objects.filter(key=key).update(seen_at=at)


@transaction.atomic
def end_session(*, session_id: int, username: str, deed: Deed) -> None:
    """Sign a device of `username` out; one's own, or anybody's for who manages people.

    NotFound for a session that is not this person's.
    """
    if deed.by.username != username:
        queries.require(deed.by, Permission.MANAGE_PEOPLE)
        queries.visible_user(username, by=deed.by)
    row = SignedIn.objects.filter(pk=session_id, user__username=username).first()
    if row is None:
        raise NotFound("session_unknown", _("This session has ended already."))
    Session.objects.filter(session_key=row.key).delete()
    row.delete()
    record("person.session_ended", "person", username, deed, address=row.address)


@transaction.atomic
def end_all_sessions(*, username: str, deed: Deed, keep: str = "") -> int:
    """Sign out every device of a person but the one whose key is `keep`."""
    if deed.by.username != username:
        queries.require(deed.by, Permission.MANAGE_PEOPLE)
        queries.visible_user(username, by=deed.by)
    user = User.objects.filter(username=username).first()
    rows = SignedIn.objects.filter(user=user).exclude(key=keep)
    keys = list(rows.values_list("key", flat=True))
    Session.objects.filter(session_key__in=keys).delete()
    rows.delete()
    if keys:
        record("person.sessions_ended", "person", username, deed, sessions=len(keys))
    return len(keys)


def forget_session(*, key: str) -> None:
    """Forget a session that its person ended by signing out."""
    SignedIn.objects.filter(key=key).delete()
