"""Which law book a command asks: the lender's, where it has a database, else ours."""

import os
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from daihou.kit.speech import gettext

if TYPE_CHECKING:
    from daihou.engine.rulebook.law import Lawbook

Command = TypeVar("Command", bound=Callable[..., Any])
_CHANGES = "select count(*) from rulebooks_change"


def shipped(command: Command) -> Command:
    """Let a command leave the lender's approved changes aside."""
    return click.option(
        "--shipped",
        is_flag=True,
        help="The rule book as it ships, without this lender's approved changes.",
    )(command)


def chosen(*, shipped: bool, policy: Path | None = None) -> "Lawbook":
    """The law book to ask; where there is a database, standard error says which.

    The lender's approved changes count where its database is known (DATABASE_URL, or
    the one inside DAIHOU_HOME); with a file of policy or with `shipped` they do not. A
    database that cannot be asked is an error: a laxer book must not answer in silence.
    """
    from daihou.packs import law, law_policy

    if policy is not None:
        return law_policy.under(law.known(), policy, name=policy.name)
    if shipped or not _has_database():
        return law.known()
    found = _lenders()
    _say(found or law.known(), own=found is not None)
    return found or law.known()


def _has_database() -> bool:
    """Whether a lender lives here, told without making a folder or a server."""
    if os.environ.get("DATABASE_URL"):
        return True
    from daihou.config.home import root

    named = os.environ.get("DAIHOU_HOME")
    home = Path(named).expanduser() if named else root() / "var"
    return (home / "postgres" / "data" / "PG_VERSION").is_file()


def _lenders() -> "Lawbook | None":
    """The lender's law book; None where nothing was ever changed."""
    try:
        import psycopg

        from daihou.config import database, wiring
    except ImportError:  # the package without its extras knows no database
        return None
    try:
        database.join()
        with psycopg.connect(database.database_url()) as connection:
            row = connection.execute(
                "select to_regclass('rulebooks_change') is not null"
            ).fetchone()
            known = bool(row and row[0])
            count = connection.execute(_CHANGES).fetchone() if known else None
    except psycopg.Error as error:
        raise click.ClickException(
            gettext(
                "The database of this lender cannot be asked for its rules"
                " (%(reason)s). Start it, or ask the book as it ships: --shipped"
            )
            % {"reason": str(error).strip().splitlines()[0]}
        ) from None
    if not count or not count[0]:
        return None
    wiring.start()
    from daihou.rooms.rulebooks import door as rulebooks

    return rulebooks.lawbook()


def _say(book: "Lawbook", *, own: bool) -> None:
    words = gettext("Rule book as it ships, version %(version)s")
    if own:
        words = gettext(
            "Rule book of this lender with %(count)s approved changes, version"
            " %(version)s"
        )
    said = words % {"version": book.digest[:12], "count": len(book.changes)}
    click.echo(said, err=True)
