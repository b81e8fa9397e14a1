"""Second factors: an app that shows codes, passkeys, recovery codes."""

import hmac
from datetime import datetime
from typing import Any

from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import (
    TOTP,
    format_hotp_value,
    generate_totp_secret,
    hotp_value,
)
from allauth.mfa.utils import decrypt
from django.db import transaction
from django.utils.translation import gettext as _

from daihou.kit.refusal import NotFound, Refused
from daihou.rooms.people import queries
from daihou.rooms.people.actions import permits
from daihou.rooms.people.actions._common import Deed, locked, record
from daihou.rooms.people.models import User
from daihou.rooms.people.permissions import Permission

_PERIOD = 30  # seconds one code is shown for
_SLACK = 1  # periods a clock may be off, either way
_KINDS = Authenticator.Type

new_secret = generate_totp_secret


def _matching_period(secret: str, code: str, *, at: datetime) -> int | None:
    """The period in which an app with this secret shows this code, near `at`."""
    told = "".join(code.split())
    now = int(at.timestamp()) // _PERIOD
    for period in range(now - _SLACK, now + _SLACK + 1):
        shown = format_hotp_value(hotp_value(secret, period))
        if hmac.compare_digest(shown.encode(), told.encode()):
            return period
    return None


@transaction.atomic
def add_app(*, username: str, secret: str, code: str, deed: Deed) -> list[str]:
    """Keep an authenticator app that has shown its first code.

    Gives the recovery codes when these are the first; they are shown once. Refused
    when the code is not of this secret and now, or there is an app already.
    """
    user = locked(username)
    period = _matching_period(secret, code, at=deed.at)
    if period is None:
        raise Refused(
            "code_wrong",
            _("The code is not the one shown now; look at the app and its clock."),
        )
    if Authenticator.objects.filter(user=user, type=_KINDS.TOTP).exists():
        raise Refused("app_known", _("Remove the present app first."))
    row = TOTP.activate(user, secret).instance
    _use(row, at=deed.at, period=period)
    record("person.factor_added", "person", username, deed, kind="totp")
    return _first_codes(user, deed)


@transaction.atomic
def add_passkey(
    *, username: str, name: str, credential: dict[str, Any], deed: Deed
) -> list[str]:
    """Keep a passkey whose registration was checked (`passkeys.registered`)."""
    user = locked(username)
    name = name.strip()[:60] or _("Passkey")
    row = Authenticator(
        user=user,
        type=_KINDS.WEBAUTHN,
        data={"name": name, "credential": credential},
        created_at=deed.at,
    )
    row.save(force_insert=True)
    record("person.factor_added", "person", username, deed, kind="passkey", name=name)
    return _first_codes(user, deed)


def _first_codes(user: User, deed: Deed) -> list[str]:
    rows = Authenticator.objects.filter(user=user, type=_KINDS.RECOVERY_CODES)
    return [] if rows.exists() else _make_codes(user, deed)


def _make_codes(user: User, deed: Deed) -> list[str]:
    Authenticator.objects.filter(user=user, type=_KINDS.RECOVERY_CODES).delete()
    codes: list[str] = RecoveryCodes.activate(user).generate_codes()
    record("person.recovery_codes_made", "person", user.username, deed)
    return codes


@transaction.atomic
def new_recovery_codes(*, username: str, deed: Deed) -> list[str]:
    """New recovery codes; the former ones open nothing from now on."""
    user = locked(username)
    if not queries.has_factor(user.pk):
        raise Refused("factor_none", _("Add an app or a passkey first."))
    return _make_codes(user, deed)


@transaction.atomic
def remove_factor(*, username: str, factor_id: int, deed: Deed) -> None:
    """Take one's own app or passkey away; the last takes the recovery codes along."""
    user = locked(username)
    row = Authenticator.objects.filter(
        pk=factor_id, user=user, type__in=(_KINDS.TOTP, _KINDS.WEBAUTHN)
    ).first()
    if row is None:
        raise NotFound("factor_unknown", _("There is no such second factor."))
    kind = row.type
    row.delete()
    if not queries.has_factor(user.pk):
        Authenticator.objects.filter(user=user).delete()
    record("person.factor_removed", "person", username, deed, kind=str(kind))


@transaction.atomic
def reset_factors(*, username: str, deed: Deed) -> str:
    """Take all second factors of somebody away who lost them; they set up new ones.

    Gives the address of a proposal where a second person has to say yes first.
    """
    queries.require(deed.by, Permission.MANAGE_PEOPLE)
    if deed.by.username == username:
        raise Refused("own_rights", _("Ask another administrator."))
    queries.visible_user(username, by=deed.by)
    proposal = permits.permitted_login(username, what="factors", deed=deed)
    if proposal:
        return proposal
    user = locked(username)
    gone, _kinds = Authenticator.objects.filter(user=user).delete()
    if gone:
        record("person.factors_reset", "person", username, deed)
    return ""


def check_code(user: User, code: str, *, at: datetime) -> bool:
    """Whether a code is the app's of now, or a recovery code; either opens once.

    Called inside the transaction that writes the event (`signing_in.second_factor`).
    """
    rows = Authenticator.objects.select_for_update().filter(user=user)
    for row in rows.exclude(type=_KINDS.WEBAUTHN).order_by("type"):
        if row.type == _KINDS.TOTP:
            period = _matching_period(decrypt(row.data["secret"]), code, at=at)
            if period is not None and period > row.data.get("period", 0):
                _use(row, at=at, period=period)
                return True
        elif row.wrap().validate_code("".join(code.split())):
            row.refresh_from_db()
            _use(row, at=at)
            return True
    return False


def _use(row: Authenticator, *, at: datetime, period: int | None = None) -> None:
    """Note the use; a code of this period or an earlier one opens nothing again."""
    if period is not None:
        row.data["period"] = period
    row.last_used_at = at
    row.save(update_fields=["data", "last_used_at"])


def passkey_used(*, factor_id: int, at: datetime) -> None:
    """Note that a passkey was shown."""
    Authenticator.objects.filter(pk=factor_id).update(last_used_at=at)
