"""Carry out what the office asks of the night."""

import threading

import click

from daihou.config.commands import _language


@click.command()
@_language.option
def command() -> None:
    """Carry out the day-ends and plans asked for in the office, until asked to end."""
    from daihou.config import database, processes, tables, telemetry

    processes.end_on_signals()
    processes.end_with_parent()
    stop = threading.Event()
    night = threading.Thread(target=_carry_out, args=(stop,), daemon=True)
    heart = threading.Thread(target=_beat, args=(night, stop), daemon=True)
    rounds = threading.Thread(target=_go_round, args=(stop,), daemon=True)
    try:
        database.join()
        tables.see_to()
        telemetry.start("worker")
        night.start()
        heart.start()
        rounds.start()
        night.join()
    except processes.Ending:
        stop.set()
        if night.is_alive():
            night.join(timeout=3)  # a day-end that is cut off is taken up again


def _beat(night: threading.Thread, stop: threading.Event) -> None:
    """Leave word that the worker lives, as long as the night's thread does."""
    from daihou.config import clock, condition
    from daihou.config.home import home

    while night.is_alive():
        condition.beat(home(), at=clock.now())
        if stop.wait(condition.BEAT):
            return


def _carry_out(stop: threading.Event) -> None:
    from daihou.config import clock, telemetry
    from daihou.config.commands import _night
    from daihou.config.database import database_url
    from daihou.nightly.worker import run_forever

    run_forever(
        _night.make,
        url=database_url(),
        now=clock.now,
        stop=stop,
        around=telemetry.span,
    )


def _go_round(stop: threading.Event) -> None:
    from daihou.config import rounds

    rounds.go_round(stop)
