"""The language a command speaks: `--language`, else DAIHOU_LANGUAGE, else Chinese."""

import click

option = click.option(
    "--language",
    type=click.Choice(["zh", "en"], case_sensitive=False),
    default="zh",
    show_default=True,
    envvar="DAIHOU_LANGUAGE",
    show_envvar=True,
    help="What the command speaks.",
)
