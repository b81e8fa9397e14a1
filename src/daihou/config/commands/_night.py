"""What the commands of the night share: the night itself, tables, words."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from getpass import getuser
from typing import TYPE_CHECKING, Any

import click

from daihou.kit import speech
from daihou.kit.speech import gettext

if TYPE_CHECKING:
    from datetime import date

    from daihou.nightly.explain import Say
    from daihou.nightly.run import Night


class _Day(click.DateTime):
    """A date as click reads it, but shown as people write it."""

    def get_metavar(self, param: click.Parameter, ctx: click.Context) -> str:
        """What the help shows for it."""
        return "YYYY-MM-DD"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> Any:
        """The instant click makes of it, or a refusal that names the form."""
        try:
            return super().convert(value, param, ctx)
        except click.BadParameter:
            words = gettext("%(value)s is no date; write it as YYYY-MM-DD")
            return self.fail(words % {"value": repr(value)}, param, ctx)


DATE = _Day(["%Y-%m-%d"])


def day(value: Any) -> "date | None":
    """The date of what click read."""
    found: date | None = value.date() if value else None
    return found


def make(by: str) -> "Night":
    """A night on this process's database and home, and the engine of its book."""
    from daihou.config import book, clock
    from daihou.config.database import database_url
    from daihou.config.home import home
    from daihou.nightly.run import Night

    return Night(
        url=database_url(),
        home=home(),
        now=clock.now,
        today=clock.today,
        by=by,
        engine=book.engine(),
    )


@contextmanager
def night() -> Iterator["Night"]:
    """The night, with the database up; its refusals become messages."""
    from daihou.config import book, database, tables
    from daihou.nightly.errors import NightError

    engine = book.engine()  # refused before anything is started
    database.join()
    tables.see_to()
    made = make(getuser())
    try:
        yield made
    except NightError as error:
        raise click.ClickException(error.say(speech.language())) from None
    finally:
        made.shut()
        engine.shut()


def speaker() -> "Say":
    """What says the night's phrases in the language spoken."""
    from daihou.nightly import explain

    return explain.speaker(speech.language())


def names_of(loan_ids: Iterable[int]) -> dict[int, tuple[str, str]]:
    """The senders' ids and the currencies of some loans."""
    import psycopg

    from daihou.config.database import database_url

    wanted = sorted(set(loan_ids))
    with psycopg.connect(database_url()) as connection:
        rows = connection.execute(
            "select id, external_id, currency from ledger_loan where id = any(%s)",
            (wanted,),
        ).fetchall()
        return {loan_id: (number, currency) for loan_id, number, currency in rows}


def show(rows: Iterable[tuple[str, ...]], *, title: str = "") -> None:
    """Print a table; the first row is its head, columns after two are numbers."""
    from rich.console import Console
    from rich.table import Table

    head, *body = rows
    table = Table(title=title or None, title_justify="left", box=None, pad_edge=False)
    for place, name in enumerate(head):
        table.add_column(name, justify="right" if place >= 2 else "left")
    for row in body:
        table.add_row(*row)
    Console(highlight=False).print(table)
