"""Show everything on a town of borrowers, with the site and its worker."""

import click


@click.command()
@click.option("--port", default=8000, envvar="PORT", show_default=True, type=int)
def command(port: int) -> None:
    """Prepare the demonstration if need be and serve it until Ctrl-C."""
    from daihou.config import demo

    try:
        demo.run(port=port, say=click.echo)
    except demo.DemoError as error:
        raise click.ClickException(str(error)) from error
