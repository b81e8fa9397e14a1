"""Run a Django management command, with the database up."""

import sys

import click


@click.command(
    add_help_option=False,
    context_settings={"ignore_unknown_options": True, "allow_extra_args": True},
)
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
def command(arguments: tuple[str, ...]) -> None:
    """Run a Django management command, such as `daihou manage makemigrations`."""
    from django.core.management import execute_from_command_line

    from daihou.config import wiring

    wiring.setup()
    execute_from_command_line([f"{sys.argv[0]} manage", *arguments])
