"""Show everything on a town of borrowers, with the site and its worker."""

import os

import click

from daihou.config.commands import _language

PORT = click.IntRange(1, 65535)
SOME = click.IntRange(min=1)


@click.command()
@click.option("--port", default=8000, envvar="PORT", show_default=True, type=PORT)
@click.option(
    "--loans", default=5000, show_default=True, type=SOME, help="Of a new town."
)
@click.option(
    "--months",
    default=18,
    show_default=True,
    type=click.IntRange(1, 120),
    help="Of a new town's life.",
)
@click.option("--seed", default=1, show_default=True, type=click.IntRange(min=0))
@_language.option
def command(port: int, loans: int, months: int, seed: int) -> None:
    """Prepare the demonstration if need be and serve it until Ctrl-C."""
    os.environ.setdefault("DAIHOU_LENDER", "清江小额贷款")  # before settings are read
    os.environ.setdefault("DAIHOU_LENDER_EN", "Qingjiang Microcredit")
    from daihou.config import demo

    try:
        size = demo.Size(loans=loans, months=months, seed=seed)
        demo.run(port=port, size=size, say=click.echo)
    except demo.DemoError as error:
        raise click.ClickException(str(error)) from error
