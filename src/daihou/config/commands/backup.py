"""Write the whole book into one file, while everybody goes on working."""

from pathlib import Path

import click

from daihou.config.commands import _files, _language
from daihou.kit.speech import gettext


@click.command()
@click.option(
    "--out", required=True, type=_files.NEW_FILE, help="The file to write; a new one."
)
@click.option(
    "--with-secrets",
    is_flag=True,
    help="Keep the keys in it too: whoever has the file can then read everything.",
)
@_language.option
def command(out: Path, *, with_secrets: bool) -> None:
    """Write database, positions and files of one moment into one file.

    Work goes on meanwhile. Keys are not in it unless asked for: keep DAIHOU_HOME's
    folder `secrets` elsewhere, without it encrypted fields cannot be read.
    """
    from daihou.config import clock, database
    from daihou.config.backup import take
    from daihou.config.home import home

    database.join()
    taken = take.take(
        url=database.database_url(),
        home=home(),
        out=out,
        at=clock.now(),
        with_secrets=with_secrets,
    )
    rows = sum(table.rows for table in taken.manifest.tables.values())
    click.echo(
        gettext(
            "%(path)s: %(rows)s rows in %(tables)s tables, %(days)s closed days,"
            " %(size)s MB."
        )
        % {
            "path": taken.path,
            "rows": f"{rows:,}",
            "tables": len(taken.manifest.tables),
            "days": len(taken.manifest.positions),
            "size": f"{taken.size / 1e6:,.1f}",
        }
    )
