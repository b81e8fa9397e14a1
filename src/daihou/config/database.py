"""Which PostgreSQL we use: `DATABASE_URL`, else the embedded server of DAIHOU_HOME."""

import atexit
import os
from typing import Any
from urllib.parse import SplitResult, parse_qsl, unquote, urlsplit

from daihou.config import embedded
from daihou.config.home import home
from daihou.kit.speech import gettext


class DatabaseUrlError(ValueError):
    """DATABASE_URL cannot be read; the message says how it is written."""


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
    if not is_embedded():
        checked(database_url())
        return
    if _membership is not None:
        return
    _membership = embedded.join(home(), durable=durable)
    atexit.register(leave)


def mend() -> bool:
    """Start the embedded server again if it died; tell whether that was needed.

    Raises EmbeddedServerError when it does not come up.
    """
    return _membership is not None and _membership.mend()


def leave() -> None:
    """Give up this process's share in the embedded server before the process ends."""
    global _membership
    if _membership is not None:
        membership, _membership = _membership, None
        membership.leave()


def checked(url: str) -> SplitResult:
    """The parts of a `postgresql://` URL; raises DatabaseUrlError for another."""
    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError as error:
        raise DatabaseUrlError(
            gettext(
                "DATABASE_URL cannot be read (%(reason)s); it must be"
                " postgresql://user:password@host:port/name"
            )
            % {"reason": error}
        ) from None
    if parts.scheme not in {"postgres", "postgresql"}:
        raise DatabaseUrlError(
            gettext(
                "DATABASE_URL starts with “%(scheme)s”; it must be"
                " postgresql://user:password@host:port/name"
            )
            % {"scheme": parts.scheme}
        )
    return parts


def django_database(url: str) -> dict[str, Any]:
    """A `postgresql://` URL as an entry of Django's DATABASES, or DatabaseUrlError."""
    parts = checked(url)
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
