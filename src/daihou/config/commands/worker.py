"""Run the jobs that people and other jobs asked for."""

import threading

import click


@click.command()
@click.option("--concurrency", default=1, show_default=True, help="Jobs at once.")
def command(concurrency: int) -> None:
    """Run jobs from the queue in the database until asked to end."""
    import signal

    from daihou.config import processes, wiring

    # The job library ends in good order on both signals if it finds them untouched.
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    processes.end_with_parent()
    wiring.start()
    from procrastinate.contrib.django import app

    stop = threading.Event()
    night = threading.Thread(target=_carry_out_requests, args=(stop,), daemon=True)
    night.start()
    worker = app.with_connector(app.connector.get_worker_connector())
    worker.run_worker(concurrency=concurrency, shutdown_graceful_timeout=3)
    stop.set()
    night.join(timeout=3)  # a day-end that is cut off is taken up again


def _carry_out_requests(stop: threading.Event) -> None:
    """Day-ends asked for in the office, beside the other jobs."""
    from daihou.config import clock
    from daihou.config.commands import _night
    from daihou.config.database import database_url
    from daihou.nightly.worker import run_forever

    run_forever(_night.make, url=database_url(), now=clock.now, stop=stop)
