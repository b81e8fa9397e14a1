"""Draw vintage curves 账龄分析 of any panel file: what went bad, by months on book.

Needs no database and no server: enough is the package without its extras.
"""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from daihou.config.commands import _language, _panel
from daihou.kit.speech import gettext

if TYPE_CHECKING:
    from daihou.engine.metrics.vintage import Vintage


@click.command()
@_panel.shared
@click.option("--status", metavar="COLUMN", help="The state or bucket.")
@click.option("--bad", metavar="LIST", help="The states that are bad, with commas.")
@click.option("--dpd", metavar="COLUMN", help="Instead of a state: days past due.")
@click.option("--over", type=int, help="Bad from so many days past due.")
@click.option(
    "--cohort",
    metavar="COLUMN",
    help="The period of disbursement; without it an account begins with its first row.",
)
@click.option("--by", metavar="COLUMN", help="Cut the cohorts: product, channel ...")
@click.option("--amount", metavar="COLUMN", help="The balance, for curves by amount.")
@click.option(
    "--disbursed",
    metavar="COLUMN",
    help="What was paid out; without it the balance of an account's first row.",
)
@click.option(
    "--current", is_flag=True, help="Bad at that time, instead of ever until then."
)
@click.option(
    "--mob-base",
    type=click.Choice(["0", "1"]),
    default="0",
    show_default=True,
    help="Month on book of the period of disbursement itself.",
)
@click.option(
    "--stays",
    metavar="LIST",
    help="States that hold on after an account's last row, such as written off.",
)
@_language.option
def command(
    file: Path, account: str, mob_base: str, *, as_json: bool, **asked: Any
) -> None:
    """Read a panel FILE (CSV or Parquet); show what went bad by months on book.

    Bad is a state of --status listed in --bad, or days past due of --dpd of at least
    --over; a status that no row has is noted on standard error and counts as not
    reached. What the panel does not reach is blank (null in JSON), never 0.
    """
    from daihou.columnar.portfolio.vintage import vintage
    from daihou.engine.metrics.errors import PanelError

    current = asked.pop("current")
    for name in ("bad", "stays"):
        asked[name] = _panel.listed(asked[name])
    try:
        found = vintage(
            file,
            id=account,
            timing="current" if current else "ever",
            mob_base=1 if mob_base == "1" else 0,
            tell=_panel.noted,
            **asked,
        )
    except PanelError as error:
        raise _panel.refused(error) from None
    if as_json:
        click.echo(json.dumps(found.content(), ensure_ascii=False))
    else:
        _print(found)


def _print(found: "Vintage") -> None:
    blocks = [(gettext("Share of accounts"), found.size, found.rate)]
    if found.amount is not None and found.disbursed is not None:
        unit = 10**found.scale
        paid = tuple(round(n / unit) for n in found.disbursed)
        blocks.append((gettext("Share of amount"), paid, found.amount_rate))
    for title, size, rate in blocks:
        head = [gettext("cohort"), gettext("size"), *map(str, found.mobs)]
        rows = [
            [_name(found, n), str(size[n]), *map(_panel.percent, row)]
            for n, row in enumerate(rate)
        ]
        click.echo(f"{title}\n{_panel.grid(head, rows)}\n")


def _name(found: "Vintage", line: int) -> str:
    cut = found.cuts[line] if found.cuts is not None else ""
    return f"{cut} {found.cohorts[line]}".strip()
