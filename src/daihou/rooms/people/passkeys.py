"""Passkeys (WebAuthn): the questions to the browser, and its answers checked."""

import json
from typing import Any
from urllib.parse import urlsplit

from allauth.mfa.models import Authenticator
from django.http import HttpRequest
from django.utils.translation import gettext as _
from fido2.server import Fido2Server
from fido2.utils import websafe_decode
from fido2.webauthn import (
    AuthenticationResponse,
    PublicKeyCredentialRpEntity,
    PublicKeyCredentialUserEntity,
    RegistrationResponse,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from daihou.kit.refusal import Refused
from daihou.rooms.people import queries
from daihou.rooms.people.models import User

_STATE = "passkey"  # in the session: the question that was asked, what for, of whom
_LONGEST = 20_000  # characters of an answer
_NEAR = "localhost"  # where browsers allow passkeys without TLS


def _server(request: HttpRequest) -> Fido2Server:
    """The checker for this site; its name is the host the page was opened under.

    Beside what TLS vouches for, only this machine's own pages are believed: a passkey
    made for `localhost` works under no other name.
    """
    name = request.get_host().partition(":")[0]

    def ours(origin: str) -> bool:
        parts = urlsplit(origin)
        safe = parts.scheme == "https" or (
            parts.scheme == "http" and parts.hostname == _NEAR
        )
        return safe and parts.hostname == name

    entity = PublicKeyCredentialRpEntity(id=name, name="Daihou")
    return Fido2Server(entity, verify_origin=ours)


def _wrong() -> Refused:
    return Refused(
        "passkey_wrong",
        _(
            "The passkey was not accepted. Try again; on this machine open the site as"
            " localhost, elsewhere by its name with https."
        ),
    )


def _rows(user: User) -> list[Authenticator]:
    rows = Authenticator.objects.filter(user=user, type=Authenticator.Type.WEBAUTHN)
    return list(rows)


def _known(user: User) -> list[Any]:
    return [row.wrap().authenticator_data.credential_data for row in _rows(user)]


def ask_to_register(request: HttpRequest, user: User) -> dict[str, Any]:
    """What the browser is asked for, to make a passkey for this person."""
    entity = PublicKeyCredentialUserEntity(
        id=str(user.pk).encode(),
        name=user.username,
        display_name=user.full_name or user.username,
    )
    options, state = _server(request).register_begin(
        entity,
        credentials=_known(user),
        resident_key_requirement=ResidentKeyRequirement.PREFERRED,
        user_verification=UserVerificationRequirement.PREFERRED,
    )
    _keep(request, state, of=user.pk, to="register")
    return dict(options)


def _keep(request: HttpRequest, state: Any, *, of: int | None, to: str) -> None:
    request.session[_STATE] = {"asked": state, "of": of, "to": to}


def _kept(request: HttpRequest, *, of: int | None, to: str) -> Any:
    """The question, used up; None when another one was asked, or of somebody else."""
    kept = request.session.pop(_STATE, None)
    same = kept is not None and (kept["of"], kept["to"]) == (of, to)
    return kept["asked"] if same else None


def registered(request: HttpRequest, user: User, answer: str) -> dict[str, Any]:
    """The browser's new passkey, to be kept; Refused when it is not what was asked."""
    credential = _read(answer)
    state = _kept(request, of=user.pk, to="register")
    if state is None:
        raise _wrong()
    try:
        RegistrationResponse.from_dict(credential)
        _server(request).register_complete(state, credential)
    except (TypeError, ValueError, KeyError, AttributeError):
        raise _wrong() from None
    return credential


def ask_to_show(request: HttpRequest, user: User | None = None) -> dict[str, Any]:
    """What the browser is asked for: a passkey of this person, or of anybody.

    Of anybody: then the device itself must have made sure who holds it.
    """
    need = UserVerificationRequirement
    options, state = _server(request).authenticate_begin(
        credentials=_known(user) if user is not None else None,
        user_verification=need.PREFERRED if user is not None else need.REQUIRED,
    )
    _keep(request, state, of=user.pk if user is not None else None, to="show")
    return dict(options)


def holder(answer: str) -> User | None:
    """Whose passkey an answer says it is; not checked yet, see `shown`."""
    told = _read(answer)
    try:
        user_id = int(websafe_decode(told["response"]["userHandle"]).decode())
    except (TypeError, ValueError, KeyError, AttributeError):
        return None
    user = queries.user_with_id(user_id) if 0 < user_id < 2**63 else None
    return user if user is not None and user.is_active else None


def shown(
    request: HttpRequest, user: User, answer: str, *, alone: bool = False
) -> int | None:
    """The id of the passkey of this person that was shown; None if it does not hold.

    `alone`: nothing else was shown, so it must answer the question that makes the
    device check who holds it, not the one beside a password. The question is used up
    either way. A passkey whose counter went back was copied and does not count.
    """
    state = _kept(request, of=None if alone else user.pk, to="show")
    if state is None:
        return None
    try:
        credential = _read(answer)
        told = AuthenticationResponse.from_dict(credential)
        match = _server(request).authenticate_complete(state, _known(user), credential)
    except (Refused, TypeError, ValueError, KeyError, AttributeError):
        return None
    counter = told.response.authenticator_data.counter
    for row in _rows(user):
        kept = row.wrap().authenticator_data.credential_data
        if kept.credential_id != match.credential_id:
            continue
        if counter and counter <= row.data.get("counter", 0):
            return None
        row.data["counter"] = counter
        row.save(update_fields=["data"])
        return int(row.pk)
    return None


def _read(answer: str) -> dict[str, Any]:
    try:
        told = json.loads(answer[:_LONGEST])
    except ValueError:
        raise _wrong() from None
    if not isinstance(told, dict):
        raise _wrong()
    return told
