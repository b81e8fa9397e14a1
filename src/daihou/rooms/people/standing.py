"""What holds for a request of somebody signed in: view-as, first duties, last use."""

from collections.abc import Collection, MutableMapping
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings

from daihou.kit.refusal import Refused
from daihou.rooms.people import actions, queries
from daihou.rooms.people.models import User
from daihou.rooms.people.opening import SEEN
from daihou.rooms.people.permissions import Permission

VIEWED = "viewing_as"  # in the session: the login looked at
Session = MutableMapping[str, Any]


def may_look(person: queries.Person) -> bool:
    """Whether somebody may look through others' eyes: only who sees everything."""
    return person.may(Permission.VIEW_AS) and person.oversees


def viewed_by(
    person: queries.Person, session: Session, *, at: datetime
) -> queries.Person | None:
    """The person an administrator looks at in this session, reading only; or None.

    A login that was put off duty, or a right that was taken away, ends it.
    """
    login = session.get(VIEWED)
    if not login:
        return None
    try:
        viewed = queries.person(login, at=at)
    except Refused:
        viewed = None
    if viewed is None or not viewed.active or not may_look(person):
        session.pop(VIEWED, None)
        return None
    return queries.seen_as(viewed, by=person)


def must_first(
    user: User, *, at: datetime, password_days: int, factor_roles: Collection[str]
) -> str:
    """The name of the page somebody must go to before any other; mostly empty."""
    if not user.has_usable_password():
        return ""  # signs in elsewhere, and shows there what is asked for
    if user.must_change_password or _too_old(user, at=at, days=password_days):
        return "people:password"
    asked = "all" in factor_roles or user.role_id in factor_roles
    if asked and not queries.has_factor(user.pk):
        return "people:account"
    return ""


def _too_old(user: User, *, at: datetime, days: int) -> bool:
    since = user.password_set_at or user.date_joined
    return bool(days) and at - since > timedelta(days=days)


def note_use(session: Any, *, at: datetime) -> None:
    """Note in the list of devices that this one was used, every few minutes."""
    now, last = at.timestamp(), session.get(SEEN, 0)
    if now - last < settings.SESSION_SEEN_EVERY:
        return
    session[SEEN] = now
    if session.session_key:
        actions.seen_again(key=session.session_key, at=at)
