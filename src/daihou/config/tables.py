"""Whether the database has our tables; the one inside is brought up to date by itself."""

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from daihou.config import database
from daihou.config.complaints import SetUpError
from daihou.kit.speech import gettext

if TYPE_CHECKING:
    import psycopg

ROOMS = Path(__file__).resolve().parents[1] / "rooms"
_LOCK = 0x6D696772  # one process at a time brings the tables up to date


def see_to() -> None:
    """Make missing tables in the database inside; raise SetUpError for another."""
    import psycopg

    with psycopg.connect(database.database_url(), autocommit=True) as connection:
        if not missing(connection):
            return
        if not database.is_embedded():
            raise SetUpError(
                gettext(
                    "This database is not up to date. Run this first: daihou migrate"
                )
            )
        connection.execute("select pg_advisory_lock(%s)", (_LOCK,))
        if missing(connection):
            _migrate()


def missing(connection: "psycopg.Connection[Any]") -> set[tuple[str, str]]:
    """Our migrations that this database has not seen."""
    wanted = {
        (path.parts[-3], path.stem) for path in ROOMS.glob("*/migrations/[0-9]*.py")
    }
    found = connection.execute("select to_regclass('django_migrations')").fetchone()
    if found is None or found[0] is None:
        return wanted
    rows = connection.execute("select app, name from django_migrations").fetchall()
    return wanted - {(str(app), str(name)) for app, name in rows}


def _migrate() -> None:
    import django
    from django.core.management import call_command

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "daihou.config.settings")
    django.setup()
    call_command("migrate", interactive=False, verbosity=0)
    print(gettext("The database was brought up to date."), file=sys.stderr)
