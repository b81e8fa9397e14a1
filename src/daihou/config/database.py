"""Which PostgreSQL we use: `DATABASE_URL`, else the embedded server of DAIHOU_HOME."""

import atexit
import os
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from daihou.config import embedded
from daihou.config.home import home

_membership: embedded.Membership | None = None


def database_url() -> str:
    """The address of the database, for psycopg, ADBC and Django alike.

    Nothing is started by asking: a process that connects calls `join` first.
    """
    return os.environ.get("DATABASE_URL") or embedded.Place(home()).url()


def is_embedded() -> bool:
    """True when no `DATABASE_URL` is set."""
    return not os.environ.get("DATABASE_URL")


def join(*, durable: bool = True) -> None:
    """Make sure the database runs for as long as this process does.

    Any number of processes and calls may join; the last process out stops the
    embedded server. With `DATABASE_URL` there is nothing to do.
    """
    global _membership
    if not is_embedded() or _membership is not None:
        return
    _membership = embedded.join(home(), durable=durable)
    atexit.register(leave)


def leave() -> None:
    """Give up this process's share in the embedded server before the process ends."""
    global _membership
    if _membership is not None:
        membership, _membership = _membership, None
        membership.leave()


def django_database(url: str) -> dict[str, Any]:
    """A `postgresql://` URL as an entry of Django's DATABASES."""
    parts = urlsplit(url)
    if parts.scheme not in {"postgres", "postgresql"}:
        raise ValueError(
            f"DATABASE_URL starts with {parts.scheme or 'nothing'}://; it must be"
            " postgresql://user:password@host:port/name"
        )
    options = dict(parse_qsl(parts.query))
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": options.pop("host", "") or unquote(parts.hostname or ""),
        "PORT": str(options.pop("port", "") or parts.port or ""),
        "OPTIONS": options,
        "CONN_HEALTH_CHECKS": True,
        "CONN_MAX_AGE": 600,
    }
