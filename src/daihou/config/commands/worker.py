"""Run the jobs that people and other jobs asked for."""

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

    worker = app.with_connector(app.connector.get_worker_connector())
    worker.run_worker(concurrency=concurrency, shutdown_graceful_timeout=5)
