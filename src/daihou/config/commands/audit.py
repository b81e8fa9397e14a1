"""Seal, verify or export the log of every change."""

from pathlib import Path
from typing import Any

import click

from daihou.config.commands import _files, _language, _night
from daihou.kit.speech import gettext

SHOWN = 50  # findings printed before "and so many more"


@click.group()
@_language.option
def command() -> None:
    """Seal, verify or export the log of every change."""


@command.command()
@click.option("--on", type=_night.DATE, help="Business day; else the open one.")
@click.option("--print", "only_print", is_flag=True, help="Print the newest seal.")
@click.option("--out", type=_files.NEW_FILE, help="Write the seal to this file.")
def seal(on: Any, out: Path | None, *, only_print: bool) -> None:
    """Seal every chain that grew; the day-end does so for each day it closes.

    With --print nothing is sealed: the newest seal is shown. Keep it where nobody
    who runs the database can reach it.
    """
    from daihou.config import clock, wiring

    wiring.start()
    from daihou.rooms.audit import door as audit
    from daihou.rooms.dayend import door as dayend

    if only_print:
        made = audit.newest_seal()
        if made is None:
            raise click.ClickException(gettext("Nothing was sealed yet."))
    else:
        day = on.date() if on else dayend.open_day().on
        made = audit.seal(on=day, at=clock.now(), by="command line")
    click.echo(made.printed(), nl=False)
    if out is not None:
        out.write_text(made.printed(), "utf-8")


@command.command()
@click.option(
    "--seal",
    "printed",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="A seal kept outside, to compare with.",
)
def verify(printed: Path | None) -> None:
    """Look for events changed, removed or inserted behind the system's back.

    Says which, and ends with exit code 1 when there is one.
    """
    from daihou.config import wiring

    wiring.start()
    from daihou.kit import seals
    from daihou.rooms.audit import door as audit

    paper = None
    if printed is not None:
        try:
            paper = seals.hash_of(printed.read_text("utf-8"))
        except ValueError:
            words = gettext("%(file)s is no printed seal.") % {"file": printed}
            raise click.ClickException(words) from None
    verified = audit.verify(printed=paper)
    for finding in verified.findings[:SHOWN]:
        click.echo(str(finding))
    words = gettext(
        "%(events)s events in %(chains)s chains, %(seals)s seals: %(found)s findings."
    )
    sums = {
        "events": f"{verified.events:,}",
        "chains": f"{verified.chains:,}",
        "seals": f"{verified.seals:,}",
        "found": f"{len(verified.findings):,}",
    }
    click.echo(words % sums)
    if verified.last is not None:
        number, hashed = verified.last
        click.echo(
            gettext("Newest seal: %(n)s %(hash)s") % {"n": number, "hash": hashed}
        )
    if verified.findings:
        raise click.exceptions.Exit(1)


@command.command()
@click.option("--out", type=_files.NEW_FILE, required=True)
def export(out: Path) -> None:
    """Write the whole log as JSON lines that can be checked without this system."""
    from daihou.config import wiring

    wiring.start()
    from daihou.rooms.audit import door as audit

    with out.open("w", encoding="utf-8") as file:
        lines = audit.write_out(file)
    click.echo(gettext("%(n)s lines written.") % {"n": f"{lines:,}"})
