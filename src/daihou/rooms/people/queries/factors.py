"""The second factors somebody has."""

from dataclasses import dataclass
from datetime import datetime

from allauth.mfa.models import Authenticator

_SECOND = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)


@dataclass(frozen=True, slots=True)
class Factor:
    """One second factor: `kind` is totp or webauthn (a passkey)."""

    id: int
    kind: str
    name: str
    created_at: datetime
    last_used_at: datetime | None


def has_factor(user_id: int) -> bool:
    """Whether a second factor is asked for when this login signs in."""
    rows = Authenticator.objects.filter(user_id=user_id, type__in=_SECOND)
    return bool(rows.exists())


def factors(username: str) -> tuple[Factor, ...]:
    """The second factors of a login, oldest first."""
    rows = Authenticator.objects.filter(user__username=username, type__in=_SECOND)
    return tuple(
        Factor(
            id=row.pk,
            kind=row.type,
            name=row.data.get("name", ""),
            created_at=row.created_at,
            last_used_at=row.last_used_at,
        )
        for row in rows.order_by("created_at", "pk")
    )


def recovery_codes_left(username: str) -> int:
    """How many recovery codes were not used yet."""
    row = Authenticator.objects.filter(
        user__username=username, type=Authenticator.Type.RECOVERY_CODES
    ).first()
    return len(row.wrap().get_unused_codes()) if row else 0
