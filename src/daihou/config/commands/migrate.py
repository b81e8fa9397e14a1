"""Bring the database up to date."""

import click

from daihou.config.commands import _language
from daihou.kit.speech import gettext


@click.command()
@_language.option
def command() -> None:
    """Bring the database up to date; it may be run at any time, again and again."""
    from django.core.management import call_command

    from daihou.config import wiring

    wiring.setup()
    call_command("migrate", interactive=False, verbosity=0)
    click.echo(gettext("The database is up to date."))
