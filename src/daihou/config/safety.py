"""What of this set-up is unsafe, and how each thing is put right."""

import os
import stat
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final
from urllib.parse import parse_qsl

from daihou.config import condition, database, safety_edges
from daihou.config.backup import take
from daihou.config.findings import ADVICE, NEAR, UNSAFE, Finding, level_of_way
from daihou.kit.speech import gettext

KEY_LENGTH: Final = 40  # characters of a secret key, at least
BACKUP_AGE: Final = timedelta(hours=26)  # a backup a day, and some slack
PRIVATE: Final = ("verify-ca", "verify-full", "require")


def look(
    *, home: Path, at: datetime, environment: Mapping[str, str] = os.environ
) -> list[Finding]:
    """Everything that is unsafe in the environment, the home and the database."""
    return [
        *_of_environment(environment),
        *safety_edges.look(environment),
        *_of_home(home, at=at),
        *_of_database(environment),
    ]


def _of_environment(given: Mapping[str, str]) -> Iterator[Finding]:
    if given.get("DAIHOU_DEBUG") == "1":
        yield Finding(
            UNSAFE,
            "debug",
            gettext("DAIHOU_DEBUG=1 shows strangers our insides; unset it."),
        )
    key = given.get("DAIHOU_SECRET_KEY")
    if key is not None and (len(key) < KEY_LENGTH or len(set(key)) < 10):
        yield Finding(
            UNSAFE,
            "secret_key",
            gettext(
                "DAIHOU_SECRET_KEY can be guessed; unset it (one is made and kept in"
                " DAIHOU_HOME/secrets) or give %(length)s random characters."
            )
            % {"length": KEY_LENGTH},
        )
    hosts = [each for each in given.get("DAIHOU_HOSTS", "").split(",") if each]
    if any(host == "*" or host.startswith(".") for host in hosts):
        yield Finding(
            UNSAFE,
            "hosts",
            gettext("DAIHOU_HOSTS lets in any name; list the site's own names."),
        )
    if given.get("DAIHOU_HTTPS") != "1":
        yield Finding(
            UNSAFE if hosts else ADVICE,
            "tls",
            gettext(
                "DAIHOU_HTTPS is not 1: passwords and sessions travel in the clear for"
                " whoever is not on this machine. Put a proxy with TLS in front and"
                " set DAIHOU_HTTPS=1 and DAIHOU_HOSTS."
            ),
        )
    token = given.get("DAIHOU_METRICS_TOKEN")
    if token and len(token) < 20:
        yield Finding(
            UNSAFE,
            "metrics_token",
            gettext("DAIHOU_METRICS_TOKEN can be guessed; give 20 characters or more."),
        )


def _of_home(home: Path, *, at: datetime) -> Iterator[Finding]:
    secrets = home / take.SECRETS
    for path in [secrets, *sorted(secrets.glob("*"))]:
        if path.exists() and path.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO):
            yield Finding(
                UNSAFE,
                "secrets_readable",
                gettext("Others may read %(path)s; run: chmod go= %(path)s")
                % {"path": path},
            )
    last = take.last(home)
    if last is None:
        yield Finding(
            UNSAFE,
            "backup_none",
            gettext(
                "No backup of this book is known. Take one: daihou backup --out FILE"
            ),
        )
    elif at - last > BACKUP_AGE:
        yield Finding(
            UNSAFE,
            "backup_old",
            gettext(
                "The last backup is %(days)s days old; take one every day with daihou"
                " backup --out FILE"
            )
            % {"days": f"{(at - last) / timedelta(days=1):.1f}"},
        )
    disk = next(
        p for p in condition.look_at_files(home=home, at=at) if p.name == "disk"
    )
    if disk.state != condition.OK:
        yield Finding(
            UNSAFE,
            "disk",
            gettext("Only %(free)s MB are free where %(home)s lies.")
            % {"free": f"{disk.facts['free_bytes'] / 1e6:,.0f}", "home": home},
        )


def _of_database(given: Mapping[str, str]) -> Iterator[Finding]:
    url = given.get("DATABASE_URL")
    if not url:
        yield Finding(
            ADVICE,
            "database_inside",
            gettext(
                "The database inside serves one machine; for a team set DATABASE_URL to"
                " a PostgreSQL server that is looked after."
            ),
        )
        return
    parts = database.checked(url)
    options = dict(parse_qsl(parts.query))
    host = options.get("host") or parts.hostname or ""
    if host not in NEAR and not host.startswith("/"):
        if options.get("sslmode") not in PRIVATE:
            yield Finding(
                level_of_way(host),
                "database_tls",
                gettext(
                    "The way to the database at %(host)s may be overheard; add"
                    " ?sslmode=verify-full to DATABASE_URL."
                )
                % {"host": host},
            )
        if len(parts.password or "") < 12 and "passfile" not in options:
            yield Finding(
                ADVICE,
                "database_password",
                gettext("The password in DATABASE_URL is short or missing."),
            )


def of_database_rights() -> list[Finding]:
    """The right to set the guards of the log aside, which we do not need. Needs Django."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("select rolsuper from pg_roles where rolname = current_user")
        found = cursor.fetchone()
    if not database.is_embedded() and found and found[0]:
        return [
            Finding(
                ADVICE,
                "database_superuser",
                gettext(
                    "The login in DATABASE_URL may do everything in the database, also"
                    " set the guards of the log aside; give the site one that only"
                    " owns its own tables."
                ),
            )
        ]
    return []


def of_logins(names: list[str]) -> list[Finding]:
    """Logins of the demonstration whose passwords everybody knows."""
    if not names:
        return []
    return [
        Finding(
            UNSAFE,
            "demo_logins",
            gettext(
                "Everybody knows the passwords of these logins of the demonstration:"
                " %(names)s. Change them, or: daihou user change NAME --off-duty"
            )
            % {"names": ", ".join(names)},
        )
    ]


def of_key_ring() -> list[Finding]:
    """The keys of personal data: readable for us alone, and every one of them there.

    Needs Django and the rooms; reads the whole of every table with sealed values.
    """
    from daihou.kit import keyring
    from daihou.rooms.ledger import door as ledger

    found = []
    if keyring.open_to_others():
        found.append(
            Finding(
                UNSAFE,
                "key_ring_readable",
                gettext("Others may read %(path)s; run: chmod go= %(path)s")
                % {"path": keyring.path()},
            )
        )
    try:
        missing = ledger.personal.missing_keys()
    except keyring.KeyRingError as error:
        return [*found, Finding(UNSAFE, "key_ring", str(error))]
    if missing:
        found.append(
            Finding(
                UNSAFE,
                "key_missing",
                gettext(
                    "Personal data was sealed with keys that are not in %(path)s:"
                    " %(keys)s. Put the ring back from where it is kept apart."
                )
                % {"path": keyring.path(), "keys": ", ".join(missing)},
            )
        )
    return found


def of_law() -> list[Finding]:
    """A jurisdiction or a licence that no rule knows. Needs Django and the rooms."""
    from django.conf import settings

    from daihou.rooms.rulebooks import door as rulebooks

    packs, held = rulebooks.base().packs, str(settings.JURISDICTION)
    for name, given, known in (
        ("jurisdiction", held, packs),
        (
            "licence",
            str(settings.LICENCE),
            packs[held].licences if held in packs else (),
        ),
    ):
        if given not in known:
            words = gettext(
                "%(name)s=%(given)s is not known, so no rule can be asked and pages"
                " fail; set one of: %(known)s"
            )
            told = {
                "name": f"DAIHOU_{name.upper()}",
                "given": given,
                "known": ", ".join(known),
            }
            return [Finding(UNSAFE, name, words % told)]
    return []
