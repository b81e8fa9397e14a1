"""Signing in: the password is checked, guessing is held up, each try is an event."""

from datetime import datetime, timedelta
from typing import Final

from django.contrib.auth import authenticate as check_login
from django.db import connection, transaction
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from daihou.kit.refusal import Refused
from daihou.rooms.audit import door as audit
from daihou.rooms.people.models import User

GUESSES: Final = 10  # wrong passwords that one login may be tried with ...
WITHIN: Final = timedelta(minutes=15)  # ... in this time
_REFUSED: Final = "person.sign_in_refused"


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
    held_until = _held_until(subject, at=at)
    user: User | None = None
    if held_until is None:
        user = check_login(username=username, password=password)
    refused = "person.sign_in_held" if held_until else _REFUSED
    audit.record(
        type="person.signed_in" if user else refused,
        subject_type="person",
        subject_id=subject,
        by=username if known else "?",
        at=at,
        business_date=None,
    )
    return user, held_until


def _digest(username: str) -> str:
    """A keyed name for what is no login: people type passwords there."""
    return "?" + salted_hmac("people.sign_in", username, algorithm="sha256").hexdigest()


def _one_at_a_time(subject: str) -> None:
    """Guesses sent side by side wait for one another, and all are counted."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select pg_advisory_xact_lock(hashtextextended(%s, 0))", [subject]
        )


def _held_until(subject: str, *, at: datetime) -> datetime | None:
    wrong = audit.instants(
        type=_REFUSED,
        subject_type="person",
        subject_id=subject,
        since=at - WITHIN,
        limit=GUESSES,
    )
    return wrong[-1] + WITHIN if len(wrong) == GUESSES else None
