"""Write the positions of a closed day to a file."""

from pathlib import Path
from typing import Any

import click

from daihou.config.commands import _files, _language, _night
from daihou.kit.speech import gettext


@click.command()
@click.option("--as-of", type=_night.DATE, required=True, help="A closed day.")
@click.option(
    "--format",
    "kind",
    type=click.Choice(["parquet", "csv", "xlsx"]),
    default="parquet",
    show_default=True,
)
@click.option("--out", type=_files.NEW_FILE, required=True)
@_language.option
def command(as_of: Any, kind: str, out: Path) -> None:
    """Write one row a loan as the day's end found it: amounts in major units.

    With the class of each loan once the day was classified (`daihou grade`).
    """
    import psycopg

    from daihou.config.database import database_url
    from daihou.config.home import home
    from daihou.nightly import export
    from daihou.nightly.grading.grader import Grader
    from daihou.nightly.stores import classes, runs
    from daihou.nightly.stores.classes import GradedBook

    day = _night.day(as_of)
    assert day is not None
    with _night.night():
        with psycopg.connect(database_url()) as connection:
            current = runs.current(connection)
            graded = {
                on: run.fingerprint for on, run in classes.standing(connection).items()
            }
        if day in Grader(url=database_url(), home=home()).due():
            graded.pop(day, None)  # a first look, or the class of other positions
        found = GradedBook(home(), lambda: current, lambda: graded).read(day)
        names = export.read_names(database_url())
        export.write(export.outward(found, names, as_of=day), out, kind=kind)
    if day not in graded:
        note = gettext(
            "Note: %(day)s has not been classified yet; asset_class and class_rule are"
            " empty. `daihou grade` does it, and so does the worker."
        )
        click.echo(note % {"day": day.isoformat()}, err=True)
    click.echo(f"{out}: {found.num_rows:,}")
