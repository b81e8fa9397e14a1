"""Bring the database up to date."""

import click


@click.command()
def command() -> None:
    """Bring the database up to date; it may be run at any time, again and again."""
    from django.core.management import call_command

    from daihou.config import wiring

    wiring.setup()
    call_command("migrate", interactive=False, verbosity=0)
    click.echo("The database is up to date.")
