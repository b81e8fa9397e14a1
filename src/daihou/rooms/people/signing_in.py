"""Signing in: what is shown is checked, guessing is held up, each try is an event."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final

from django.contrib.auth import authenticate as check_login
from django.contrib.auth.backends import ModelBackend
from django.db import transaction
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from daihou.kit.refusal import Refused
from daihou.kit.turns import in_turn
from daihou.rooms.audit import door as audit
from daihou.rooms.people import queries
from daihou.rooms.people.models import User

GUESSES: Final = 10  # wrong passwords that one login may be tried with ...
WITHIN: Final = timedelta(minutes=15)  # ... in this time
_REFUSED: Final = "person.sign_in_refused"
_WRONG_CODE: Final = "person.second_factor_refused"
_WRONG_AGAIN: Final = "person.password_refused"


class Logins(ModelBackend):
    """Django's own check of logins, reading role and unit with the user.

    So a request asks once for who it is, and what they may do comes along.
    """

    def get_user(self, user_id: int) -> User | None:
        """The user behind a session; None for one put off duty."""
        user = queries.user_with_id(user_id)
        return user if user is not None and self.user_can_authenticate(user) else None


class SignInHeld(Refused):
    """Too many wrong passwords; `until` is when another may be tried."""

    def __init__(self, until: datetime) -> None:
        """Say the minute from which it may be tried again, in local time."""
        minute = timezone.localtime(until).replace(second=0, microsecond=0)
        super().__init__(
            "sign_in_held",
            _(
                "Too many wrong passwords for this login. Try again after %(time)s, or "
                "ask an administrator of your lender."
            )
            % {"time": f"{minute + timedelta(minutes=1):%H:%M}"},
        )
        self.until = until


def authenticate(*, username: str, password: str, at: datetime) -> User | None:
    """The user if login and password fit and they are on duty; either way an event.

    SignInHeld after GUESSES wrong passwords WITHIN the last while, the right one too.
    It is the same for a login that does not exist, so that it tells nobody which do.
    With a second factor the password alone signs nobody in: see `second_factor`.
    """
    user, held_until = _tried(username, password, at=at)
    if held_until is not None:
        raise SignInHeld(held_until)
    return user


@transaction.atomic
def _tried(
    username: str, password: str, *, at: datetime
) -> tuple[User | None, datetime | None]:
    """The user, and until when trying is held up; the event is written here."""
    known = User.objects.filter(username=username).exists()
    subject = username if known else _digest(username)
    _one_at_a_time(subject)
    held_until = _held_until(subject, _REFUSED, at=at)
    user: User | None = None
    if held_until is None:
        user = check_login(username=username, password=password)
    told = "person.sign_in_held" if held_until else _REFUSED
    if user is not None:
        asked = queries.has_factor(user.pk)
        told = "person.password_accepted" if asked else "person.signed_in"
    _tell(told, subject, by=username if known else "?", at=at)
    return user, held_until


def confirm(*, username: str, password: str, at: datetime) -> None:
    """Ask somebody who is signed in for their password once more.

    Refused when it is wrong, SignInHeld after too many wrong ones.
    """

    def check(user: User) -> bool:
        return bool(user.check_password(password))

    if not _shown(username, check, refused=_WRONG_AGAIN, accepted="", at=at):
        raise Refused("password_wrong", _("The present password is not this one."))


def second_factor(
    *, username: str, check: Callable[[User], bool], way: str, at: datetime
) -> bool:
    """Whether the second thing somebody shows is theirs; either way an event.

    `check` looks at it: a code, a passkey. Wrong ones are counted and held up as
    wrong passwords are.
    """
    return _shown(
        username,
        check,
        refused=_WRONG_CODE,
        accepted="person.signed_in",
        at=at,
        way=way,
    )


def _shown(
    username: str,
    check: Callable[[User], bool],
    *,
    refused: str,
    accepted: str,
    at: datetime,
    way: str = "",
) -> bool:
    held_until, right = None, False
    with transaction.atomic():
        _one_at_a_time(username)
        held_until = _held_until(username, refused, at=at)
        if held_until is None:
            right = check(queries.user_named(username))
        told = accepted if right else refused
        if held_until is not None:
            told = "person.sign_in_held"
        if told:
            _tell(told, username, by=username, at=at, way=way)
    if held_until is not None:
        raise SignInHeld(held_until)
    return right


@transaction.atomic
def from_elsewhere(
    *, user_id: int | None, username: str, issuer: str, at: datetime
) -> User | None:
    """The login an identity provider vouches for, if it is here and on duty.

    `user_id` is the login its identity is bound to already, else `username` says.
    """
    if user_id is not None:
        user = queries.user_with_id(user_id)
    else:
        rows = User.objects.select_related("role", "branch")
        user = rows.filter(username=username).first() if username else None
    if user is None or not user.is_active:
        known = user.username if user else _digest(username)
        _tell(_REFUSED, known, by=user.username if user else "?", at=at, way=issuer)
        return None
    _tell("person.signed_in", user.username, by=user.username, at=at, way=issuer)
    return user


@transaction.atomic
def with_passkey(*, user: User, at: datetime) -> None:
    """Note that somebody signed in by a passkey alone."""
    _tell("person.signed_in", user.username, by=user.username, at=at, way="passkey")


def _tell(type: str, subject: str, *, by: str, at: datetime, way: str = "") -> None:
    audit.record(
        type=type,
        subject_type="person",
        subject_id=subject,
        by=by,
        at=at,
        business_date=None,
        payload={"way": way} if way else {},
    )


def _digest(username: str) -> str:
    """A keyed name for what is no login: people type passwords there."""
    return "?" + salted_hmac("people.sign_in", username, algorithm="sha256").hexdigest()


def _one_at_a_time(subject: str) -> None:
    """Guesses sent side by side wait for one another, and all are counted."""
    in_turn("sign-in", subject)


def _held_until(subject: str, refused: str, *, at: datetime) -> datetime | None:
    wrong = audit.instants(
        type=refused,
        subject_type="person",
        subject_id=subject,
        since=at - WITHIN,
        limit=GUESSES,
    )
    return wrong[-1] + WITHIN if len(wrong) == GUESSES else None
