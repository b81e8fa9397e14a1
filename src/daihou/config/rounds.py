"""The worker's rounds: what the rooms do by themselves, with Django set up."""

import logging
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

_log = logging.getLogger("daihou.rounds")
LONGEST = 5.0  # seconds of sleep at most, so that asking to end is heard


def go_round(stop: threading.Event) -> None:
    """Go the rounds until `stop` is set; each leaves no connection behind."""
    from django.db import close_old_connections, connection

    from daihou.config import clock, telemetry, wiring
    from daihou.kit import rounds as registry
    from daihou.kit import wording
    from daihou.kit.rounds import Rounds

    wiring.start()
    registry.register("months", every=2.0, do=count_month)

    def failed(name: str, error: Exception) -> None:
        _log.error("round %s failed: %r", name, error)

    @contextmanager
    def around(name: str) -> Iterator[None]:
        # A refused act that a round finds is kept, though what it did is undone.
        with telemetry.span(f"round {name}"), wording.collecting():
            yield

    rounds = Rounds(seconds=time.monotonic, now=clock.now, failed=failed, around=around)
    try:
        while not stop.is_set():
            close_old_connections()  # one the server ended is opened anew
            pause = rounds.go()
            stop.wait(min(LONGEST, max(0.2, pause)))
    finally:
        connection.close()


def count_month(*, at: datetime) -> None:
    """Count the first month of the book that is due; the others wait their turn.

    What is counted of one may leave the next as it stands, so each is asked for anew.
    With none due, what an older version did not write of one is made.
    """
    from daihou.kit.portfolio import portfolio

    book = portfolio()
    due = book.due()
    if due:
        book.count(due[0])
    else:
        book.fill()
