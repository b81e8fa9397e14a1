"""Make a believable loan book from a seed and print its monthly roll rates."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from daihou.config.commands import _language, _night
from daihou.kit.speech import gettext

if TYPE_CHECKING:
    from datetime import date

    from daihou.town import told as told_by

UNFINISHED = "town-unfinished"  # in the home while the book is made: its numbers


@click.command()
@click.option("--loans", default=5000, show_default=True, type=click.IntRange(min=1))
@click.option("--months", default=18, show_default=True, type=click.IntRange(1, 120))
@click.option("--seed", default=1, show_default=True, type=click.IntRange(min=0))
@click.option(
    "--until",
    type=_night.DATE,
    default="2026-11-20",
    show_default=True,
    help="The last day that is lived.",
)
@click.option(
    "--out",
    type=click.Path(file_okay=False, path_type=Path),
    help="Folder to write the tables into.",
)
@click.option("--form", type=click.Choice(["parquet", "csv"]), default="parquet")
@click.option(
    "--take-in", is_flag=True, help="Take the book in and live its day-ends here."
)
@click.option(
    "--live",
    "days",
    type=click.IntRange(1, 365),
    help="Let collectors work the last so many days, in an empty home of its own.",
)
@click.option(
    "--collectors", default=40, show_default=True, type=click.IntRange(6, 400)
)
@click.option(
    "--report",
    type=click.Path(file_okay=False, path_type=Path),
    help="Folder to write the report of --live into: JSON, Chinese, English.",
)
@_language.option
def command(
    loans: int,
    months: int,
    seed: int,
    until: object,
    out: Path | None,
    form: str,
    days: int | None,
    collectors: int,
    report: Path | None,
    *,
    take_in: bool,
) -> None:
    """Make a book of so many loans that has lived so many months.

    The same numbers make the same book to the cent. Nothing is stored unless
    --out, --take-in or --live asks for it.
    """
    from datetime import datetime

    from daihou.packs import products
    from daihou.town import book, contract, rolls, watch

    assert isinstance(until, datetime)
    last = until.date()
    if days is not None:
        _live(
            *(loans, months, seed, last, days),
            collectors=collectors,
            report=report,
        )
        return
    if take_in:
        _take_in(loans=loans, months=months, seed=seed, until=last)
        return
    made = book.make_book(
        loans,
        months=months,
        seed=seed,
        policies=products.policies(on=last),
        until=last,
    )
    for line in watch.describe(made):
        click.echo(line)
    click.echo("")
    for line in rolls.say(rolls.count(watch.month_end_positions(made))):
        click.echo(line)
    if out is not None:
        for path in contract.write(contract.tables(made), out, form=form):
            click.echo(path)


def _take_in(*, loans: int, months: int, seed: int, until: "date") -> None:
    """Fill an empty book; a run that was broken off goes on with the same numbers."""
    from daihou.config import clock, wiring
    from daihou.config.home import home

    wiring.start()
    from daihou.rooms.grading import door as grading
    from daihou.rooms.ledger import door as ledger
    from daihou.town import door

    unfinished, asked = home() / UNFINISHED, f"{loans} {months} {seed} {until}"
    goes_on = unfinished.is_file() and unfinished.read_text("utf-8") == asked
    if not ledger.book.is_empty() and not goes_on:
        raise click.ClickException(
            gettext(
                "This book holds loans already; nothing was changed. Give the town a"
                " home of its own: DAIHOU_HOME=var-town daihou town --take-in"
            )
        )
    unfinished.write_text(asked, "utf-8")
    door.seed_demo(loans=loans, months=months, seed=seed, until=until, say=click.echo)
    made = grading.grade_last(at=clock.now())
    if made is not None:
        told = gettext("The %(loans)s open loans of %(day)s are classified.")
        click.echo(told % {"loans": f"{made.loans:,}", "day": made.as_of})
    unfinished.unlink()


def _live(
    loans: int,
    months: int,
    seed: int,
    until: "date",
    days: int,
    *,
    collectors: int,
    report: Path | None,
) -> None:
    """Let a floor of collectors live in an empty home; tell what came of it."""
    from daihou.config import wiring

    wiring.start()
    from daihou.rooms.ledger import door as ledger
    from daihou.rooms.people import door as people
    from daihou.town import laws, life

    if not ledger.book.is_empty() or people.people():
        raise click.ClickException(
            gettext(
                "There is a book or somebody's login here already; nothing was changed."
                " A town that lives needs an empty home of its own:"
                " DAIHOU_HOME=var-floor daihou town --live 60"
            )
        )
    size = life.Size(
        loans=loans,
        days=days,
        collectors=collectors,
        seed=seed,
        until=until,
        past=months,
    )
    try:
        told = life.live(size, say=click.echo)
    except laws.LawBroken as broken:
        raise click.ClickException(str(broken)) from None
    _tell(told, report)


def _tell(told: "told_by.Report", folder: Path | None) -> None:
    """Print the report, and write it in both languages where a folder is named."""
    from daihou.kit import speech
    from daihou.town.told import lines

    for line in lines(told):
        click.echo(line)
    if folder is None:
        return
    folder.mkdir(parents=True, exist_ok=True)
    spoken = speech.language()
    for language, name in (("zh", "town-at-work.zh-CN.md"), ("en", "town-at-work.md")):
        speech.speak(language)
        title = gettext("A town at work")
        text = "\n".join([f"# {title}", "", *lines(told), ""])
        (folder / name).write_text(text, "utf-8")
        click.echo(folder / name)
    speech.speak(spoken)
    (folder / "town-at-work.json").write_text(told.as_json() + "\n", "utf-8")
    click.echo(folder / "town-at-work.json")
