"""Count who rolled where: a roll matrix 迁徙矩阵 of any panel file.

Needs no database and no server: enough is the package without its extras.
"""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from daihou.config.commands import _language, _panel
from daihou.kit.speech import gettext

if TYPE_CHECKING:
    from daihou.columnar.portfolio import Panel
    from daihou.engine.metrics.matrix import RollMatrix


@click.command()
@_panel.shared
@click.option("--status", metavar="COLUMN", required=True, help="The state or bucket.")
@click.option(
    "--amount", metavar="COLUMN", help="Also weigh each account by this balance."
)
@click.option(
    "--missing",
    is_flag=True,
    help="Count accounts without a row in a later period as the state `missing`.",
)
@click.option(
    "--states", metavar="LIST", help="The states in the order wanted, with commas."
)
@_language.option
def command(
    file: Path,
    account: str,
    period: str,
    status: str,
    amount: str | None,
    states: str | None,
    keep: Any,
    *,
    missing: bool,
    as_json: bool,
) -> None:
    """Read a panel FILE (CSV or Parquet); count moves from a period to the next.

    A pair counts where an account has a row in both periods; rows are the states it
    came from, columns where it went. --json prints states, count and rate, and with
    --amount also amount and amount_rate, by the balance in the first of both periods.
    """
    from daihou.columnar.portfolio.migration import migration
    from daihou.columnar.portfolio.panel import panel
    from daihou.engine.metrics.errors import PanelError

    try:
        found = panel(
            file,
            id=account,
            period=period,
            status=status,
            amount=amount,
            states=_panel.listed(states) or None,
            keep=keep,
        )
        matrix = migration(found, missing=missing)
    except PanelError as error:
        raise _panel.refused(error) from None
    _note(found)
    if found.negative:
        _panel.noted(PanelError("negative", rows=found.negative, column=amount))
    if as_json:
        click.echo(json.dumps(matrix.content(), ensure_ascii=False))
    else:
        _print(matrix)


def _note(panel: "Panel") -> None:
    if panel.looks_like_months:
        note = gettext(
            "Note: the periods look like months, but count as plain numbers: 202412 and"
            " 202501 are not consecutive. Write 2024-12 if they are months."
        )
        click.echo(note, err=True)
    if panel.unsaid:
        note = gettext("Note: %(count)s rows have no status and count as no row.")
        click.echo(note % {"count": panel.unsaid}, err=True)


def _print(matrix: "RollMatrix") -> None:
    blocks: list[tuple[str, Any, Any]] = [
        (gettext("Accounts"), matrix.count, str),
        (gettext("Share of accounts"), matrix.rate, _panel.percent),
    ]
    if matrix.amount is not None:
        content = matrix.content()
        blocks += [
            (gettext("Amount"), content["amount"], str),
            (gettext("Share of amount"), matrix.amount_rate, _panel.percent),
        ]
    for title, cells, shown in blocks:
        head = [gettext("from / to"), *matrix.states]
        rows = [
            [state, *(shown(cell) for cell in row)]
            for state, row in zip(matrix.states, cells, strict=True)
        ]
        click.echo(f"{title}\n{_panel.grid(head, rows)}\n")
