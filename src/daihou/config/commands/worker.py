"""Carry out what the office asks of the night."""

import threading

import click


@click.command()
def command() -> None:
    """Carry out the day-ends and plans asked for in the office, until asked to end."""
    from daihou.config import database, processes, tables

    processes.end_on_signals()
    processes.end_with_parent()
    stop = threading.Event()
    night = threading.Thread(target=_carry_out, args=(stop,), daemon=True)
    try:
        database.join()
        tables.see_to()
        night.start()
        night.join()
    except processes.Ending:
        stop.set()
        if night.is_alive():
            night.join(timeout=3)  # a day-end that is cut off is taken up again


def _carry_out(stop: threading.Event) -> None:
    from daihou.config import clock
    from daihou.config.commands import _night
    from daihou.config.database import database_url
    from daihou.nightly.worker import run_forever

    run_forever(_night.make, url=database_url(), now=clock.now, stop=stop)
