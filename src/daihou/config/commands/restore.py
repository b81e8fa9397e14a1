"""Put a backup back into an empty place, and prove that it is the same book."""

import os
from pathlib import Path
from typing import TYPE_CHECKING

import click

from daihou.config.commands import _language
from daihou.kit.speech import gettext

if TYPE_CHECKING:
    from daihou.config.backup.manifest import Manifest


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--home",
    "folder",
    type=click.Path(file_okay=False, path_type=Path),
    help="Where files go, and the database too unless --database is given.",
)
@click.option("--database", "url", help="postgresql:// address of an empty database.")
@click.option(
    "--verify", is_flag=True, help="Reckon everything anew and compare afterwards."
)
@_language.option
def command(file: Path, folder: Path | None, url: str | None, *, verify: bool) -> None:
    """Put a backup back into a place that holds nothing.

    Without --home and --database it goes where DAIHOU_HOME and DATABASE_URL say.
    With --verify, rows and checksums of all tables, all files and the fingerprints
    of all closed days are compared and the event log is walked; exit code 1 when
    anything differs.
    """
    _go_there(folder, url)
    from daihou.config import database
    from daihou.config.backup import put_back
    from daihou.config.home import home

    database.join()
    target, at_home = database.database_url(), home()
    manifest = put_back.put_back(file, url=target, home=at_home)
    click.echo(
        gettext("Restored as of %(at)s (business date %(on)s) into %(home)s.")
        % {
            "at": manifest.taken_at,
            "on": manifest.business_date or "-",
            "home": at_home,
        }
    )
    if missing := put_back.missing_secrets(manifest, at_home):
        told = gettext(
            "These keys are not here yet; copy them from where you keep them into"
            " %(folder)s: %(names)s"
        )
        named = {"folder": at_home / "secrets", "names": ", ".join(missing)}
        click.echo(told % named, err=True)
    if verify:
        _prove(manifest, url=target, home=at_home)


def _prove(manifest: "Manifest", *, url: str, home: Path) -> None:
    """Say that it is the same book, or what differs and end with exit code 1."""
    from daihou.config.backup import verify

    log = verify.log_findings(manifest)
    if found := [*verify.differences(manifest, url=url, home=home), *(log or ())]:
        for line in found:
            click.echo(line, err=True)
        raise click.ClickException(
            gettext("This is not the same book: %(count)s differences.")
            % {"count": len(found)}
        )
    click.echo(
        gettext(
            "The same book: %(tables)s tables with their rows and checksums, %(files)s"
            " files, the positions of %(days)s closed days."
        )
        % {
            "tables": len(manifest.tables),
            "files": len(manifest.files),
            "days": len(manifest.positions),
        }
    )
    if log is None:
        told = gettext(
            "The event log is still to be walked: bring it up to date first."
        )
    else:
        seal = "{} {}".format(*manifest.seal) if manifest.seal else "-"
        told = gettext("The event log is whole; newest seal %(seal)s.") % {"seal": seal}
    click.echo(told)


def _go_there(folder: Path | None, url: str | None) -> None:
    """What is named on the line is meant, whatever the environment says."""
    if folder is not None:
        os.environ["DAIHOU_HOME"] = str(folder.absolute())
        os.environ.pop("DATABASE_URL", None)
    if url is not None:
        os.environ["DATABASE_URL"] = url
