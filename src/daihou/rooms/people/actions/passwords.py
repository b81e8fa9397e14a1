"""Passwords: what may be one, how one is changed, and that it is not taken again."""

import secrets
from datetime import datetime

from django.conf import settings
from django.contrib.auth.hashers import check_password
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from daihou.kit.refusal import Refused
from daihou.rooms.people import queries
from daihou.rooms.people.actions import permits
from daihou.rooms.people.actions._common import Deed, locked, record
from daihou.rooms.people.models import PasswordUsed, User
from daihou.rooms.people.permissions import Permission

_LETTERS = "abcdefghijkmnpqrstuvwxyz23456789"  # none that is read for another


def check(password: str, user: User) -> None:
    """Raise Refused, saying what to change, unless the house takes this password."""
    try:
        validate_password(password, user)
    except ValidationError as weak:
        words = " ".join(_weakness(each) for each in weak.error_list)
        raise Refused("password_weak", words) from None
    last = PasswordUsed.objects.filter(user_id=user.pk or 0).order_by("-at", "-pk")
    for row in last[: settings.PASSWORD_REUSE]:
        if check_password(password, row.password):
            raise Refused(
                "password_used",
                _("This password was used before; choose one that was not."),
            )


def _weakness(weak: ValidationError) -> str:
    """What is weak, in our words: not every catalog of Django has all of its own."""
    if weak.code == "password_too_short":
        least = (weak.params or {})["min_length"]
        return _("The password is too short; take at least %(least)s characters.") % {
            "least": least
        }
    if weak.code == "password_too_common":
        return _("The password is one of the most common; choose another.")
    return str(weak.messages[0])


def for_once() -> str:
    """A password nobody can guess, easy to read out, to be changed at once."""
    parts = (
        "".join(secrets.choice(_LETTERS) for _each in range(5)) for _part in "1234"
    )
    return "-".join(parts)


def put(user: User, password: str, *, at: datetime, must_change: bool) -> None:
    """Set a checked password on a user that is or will be saved by the caller."""
    user.set_password(password)
    user.password_set_at = at
    user.must_change_password = must_change


def remember(user: User, *, at: datetime) -> None:
    """Keep the hash of the password just set, so that it is known when it comes back.

    What lies further back than the policy looks is forgotten.
    """
    PasswordUsed.objects.create(user=user, password=user.password, at=at)
    kept = PasswordUsed.objects.filter(user=user).order_by("-at", "-pk")
    beyond = list(kept.values_list("pk", flat=True)[max(settings.PASSWORD_REUSE, 1) :])
    PasswordUsed.objects.filter(pk__in=beyond).delete()


def _save(user: User, password: str, *, at: datetime, must_change: bool) -> None:
    check(password, user)
    put(user, password, at=at, must_change=must_change)
    user.save(update_fields=["password", "password_set_at", "must_change_password"])
    remember(user, at=at)


@transaction.atomic
def change_own_password(*, username: str, old: str, new: str, deed: Deed) -> None:
    """Change one's own password; the old one is asked for.

    Refused when the old one is wrong or the new one is not taken by the house. Who is
    guessing is held up by the caller (`signing_in.confirm`). Other devices of this
    person are signed out by Django, whose sessions carry the hash.
    """
    user = locked(username)
    if not user.check_password(old):
        raise Refused("password_wrong", _("The present password is not this one."))
    if old == new:
        raise Refused("password_same", _("The new password is the present one."))
    _save(user, new, at=deed.at, must_change=False)
    record("person.password_changed", "person", username, deed)


@transaction.atomic
def reset_password(*, username: str, deed: Deed) -> tuple[str, str]:
    """Give a person a password for once, told to the administrator who asked.

    They must change it when they sign in. Nobody resets their own that way. Where a
    second person has to say yes first: no password, and the address of the proposal.
    """
    queries.require(deed.by, Permission.MANAGE_PEOPLE)
    if deed.by.username == username:
        raise Refused("own_rights", _("Change your own password on your own page."))
    queries.visible_user(username, by=deed.by)
    proposal = permits.permitted_login(username, what="password", deed=deed)
    if proposal:
        return "", proposal
    user, password = locked(username), for_once()
    _save(user, password, at=deed.at, must_change=True)
    record("person.password_reset", "person", username, deed)
    return password, ""
