"""Live real car loans month by month, in a book of their own."""

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

from daihou.config.commands import _language
from daihou.kit.speech import gettext

if TYPE_CHECKING:
    from daihou.config.real_data.run import Result

SHOWN = 20  # loans whose outcome differs, at most


@click.command()
@click.option(
    "--data",
    type=click.Path(path_type=Path),
    help="Folder with loans.parquet and monthly.parquet"
    " [default: shared/data/auto_abs beside the checkout].",
)
@click.option(
    "--extensions",
    type=click.Choice(["wave", "any", "none"]),
    default="wave",
    show_default=True,
    help="Extensions told from the payments: of spring 2020, at any time, or none.",
)
@click.option(
    "--docs",
    type=click.Path(path_type=Path, exists=True, file_okay=False),
    help="Folder whose real-data.md gets its tables and charts made anew.",
)
@_language.option
def command(data: Path | None, extensions: str, docs: Path | None) -> None:
    """Load real car loans, live every month-end, and print what came out.

    The book is one of its own below DAIHOU_HOME: the demo's is never touched. The
    last line is JSON: loans, months, outcome_match, positions.
    """
    from daihou.config.home import home, root

    folder = data or root().parent / "shared" / "data" / "auto_abs"
    from daihou.config.real_data import report
    from daihou.config.real_data.run import run
    from daihou.config.real_data.source import WrongLayout

    try:
        result = run(
            folder,
            below=home() / "real-data",
            mappings=root() / "mappings",
            extensions=extensions,
            say=click.echo,
        )
    except WrongLayout as error:
        raise click.ClickException(str(error)) from error
    if docs:
        report.write(result.figures, docs)
    _print(result)


def _print(result: "Result") -> None:
    from daihou.config.real_data import report

    figures = result.figures
    parts = report.blocks(figures)
    for title, name in (
        (gettext("How the loans began"), "opening"),
        (gettext("Months without a payment"), "zero"),
        (gettext("Arrears by month, % of running loans by bucket"), "arrears"),
        (gettext("The wave of 2020, without and with extensions"), "wave"),
        (gettext("Extensions told from the payments"), "extended"),
        (gettext("The extended loans alone, without and with"), "moved"),
        (gettext("Our outstanding principal beside the published balance"), "balances"),
        (gettext("Outcomes"), "outcomes"),
    ):
        click.echo(f"\n{title}\n\n{parts[name]}")
    if result.unbooked:
        told = gettext("%(count)s loans owed nothing at the start: not booked.")
        click.echo("\n" + told % {"count": result.unbooked})
    for line in result.misses[:SHOWN]:
        click.echo(line)
    summary = {
        "loans": figures.loans,
        "months": len(figures.by_month),
        "outcome_match": list(figures.matched),
        "positions": str(result.positions.resolve()),
    }
    click.echo()
    click.echo(json.dumps(summary))
