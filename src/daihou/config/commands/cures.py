"""Tell who cures 治愈、自愈与再违约 of any panel file with days past due.

Needs no database and no server: enough is the package without its extras.
"""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from daihou.config.commands import _language, _panel
from daihou.kit.speech import gettext

if TYPE_CHECKING:
    from daihou.columnar.portfolio.curing import Cured
    from daihou.engine.metrics.cures import Share


@click.command()
@_panel.shared
@click.option("--dpd", metavar="COLUMN", required=True, help="Days past due.")
@click.option(
    "--closed",
    metavar="COLUMN",
    help="How an account ended: settled, written_off, transferred; else empty.",
)
@click.option(
    "--contacted", metavar="COLUMN", help="1 where the debtor was spoken with."
)
@click.option(
    "--replaced", metavar="COLUMN", help="1 where the debt was paid with a new loan."
)
@click.option(
    "--within",
    metavar="LIST",
    default="1,3,6",
    show_default=True,
    help="Periods given to cure, or to fall back, with commas.",
)
@click.option(
    "--stay",
    type=click.IntRange(min=1),
    default=1,
    show_default=True,
    help="Periods in time that make a cure.",
)
@click.option(
    "--late-again",
    type=click.IntRange(min=1),
    default=30,
    show_default=True,
    help="Days past due at which a cured account has fallen back.",
)
@_language.option
def command(
    file: Path, account: str, within: str, *, as_json: bool, **asked: Any
) -> None:
    """Read a panel FILE (CSV or Parquet); show who cures, alone, and who falls back.

    A spell begins with the first late period and ends when the account is in time
    again and stays so. Spells whose beginning was not seen, or that are not watched
    long enough, are in neither number; a debt paid with a new loan is no cure.
    """
    from daihou.columnar.portfolio.curing import cure_rates
    from daihou.engine.metrics.errors import PanelError

    try:
        periods = [int(word) for word in _panel.listed(within)]
    except ValueError:
        words = gettext("%(value)s is no list of whole numbers")
        raise click.BadParameter(
            words % {"value": within}, param_hint="--within"
        ) from None
    try:
        found = cure_rates(file, id=account, within=periods, **asked)
    except PanelError as error:
        raise _panel.refused(error) from None
    if as_json:
        click.echo(json.dumps(found.content(), ensure_ascii=False))
    else:
        _print(found)


def _print(found: "Cured") -> None:
    blocks: list[tuple[str, tuple[Share, ...] | None]] = [
        (gettext("Cured"), found.cured),
        (gettext("Cured without contact"), found.alone),
        (gettext("Fell back after a cure"), found.fell_back),
    ]
    rows = [
        [
            title,
            *(f"{_panel.percent(each.rate)} {each.part}/{each.whole}" for each in told),
        ]
        for title, told in blocks
        if told is not None
    ]
    head = gettext("within periods")
    click.echo(_panel.grid([head, *map(str, found.within)], rows))
    note = gettext(
        "%(spells)s spells; a cure must stay %(stay)s periods, %(days)s days late is"
        " a fall back."
    )
    told = {"spells": found.spells, "stay": found.stay, "days": found.late_again}
    click.echo(note % told)
