"""Write the positions of a closed day to a file."""

from pathlib import Path
from typing import Any

import click

from daihou.config.commands import _files, _language, _night


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
    """Write one row a loan as the day's end found it: amounts in major units."""
    import psycopg

    from daihou.config.database import database_url
    from daihou.config.home import home
    from daihou.nightly import export
    from daihou.nightly.stores import runs
    from daihou.nightly.stores.parquet import PositionBook

    day = _night.day(as_of)
    assert day is not None
    with _night.night():
        with psycopg.connect(database_url()) as connection:
            current = runs.current(connection)
        found = PositionBook(home(), lambda: current).read(day)
        names = export.read_names(database_url())
        export.write(export.outward(found, names, as_of=day), out, kind=kind)
    click.echo(f"{out}: {found.num_rows:,}")
