"""Serve the site on this machine."""

import click

from daihou.config.commands import _language

PORT = click.IntRange(1, 65535)
SOME = click.IntRange(min=1)


@click.command()
@click.option("--port", default=8000, envvar="PORT", show_default=True, type=PORT)
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--workers", default=2, show_default=True, type=SOME, help="Processes.")
@click.option(
    "--threads", default=4, show_default=True, type=SOME, help="Threads of each."
)
@_language.option
def command(port: int, host: str, workers: int, threads: int) -> None:
    """Serve the site; put a proxy with TLS in front to reach it from elsewhere."""
    from daihou.config import processes, wiring

    processes.end_with_parent()
    wiring.start()
    from daihou.config.web import Web

    Web(bind=f"{host}:{port}", workers=workers, threads=threads).run()
