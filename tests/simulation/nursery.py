"""A process that has everything loaded and, per line it reads, forks one night to die.

A line is JSON: url, home, through, first, statements. The night is killed by itself
(kill -9) at that many touches of database or disk, or lives if they are fewer. The
answer is the pid; when it has ended, its exit status.
"""

import json
import os
import signal
import sys
import time
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import psycopg

from daihou.columnar.settle import settle
from daihou.nightly.errors import NightError
from daihou.nightly.run import Night
from daihou.tables.facts import DEMANDS, LOANS, PAYMENTS

AT = datetime(2024, 2, 20, 9, tzinfo=UTC)


def warm() -> None:
    """Load the compiled kernel before the first fork."""
    empty = (schema.empty_table() for schema in (LOANS, DEMANDS, PAYMENTS))
    settle(*empty, {}, as_of=date(2024, 1, 1))


class Countdown:
    """Kills this process, without a word, at the n-th touch."""

    def __init__(self, touches: int) -> None:
        self.left = touches

    def around(self, function: Any) -> Any:
        def touched(*arguments: Any, **named: Any) -> Any:
            self.left -= 1
            if self.left <= 0:
                os.kill(os.getpid(), signal.SIGKILL)
            return function(*arguments, **named)

        return touched


def arm(touches: int) -> None:
    """Count every statement, transaction end and file operation of the night."""
    count = Countdown(touches)
    psycopg.Connection.execute = count.around(psycopg.Connection.execute)
    psycopg.Cursor.copy = count.around(psycopg.Cursor.copy)
    psycopg.Cursor.executemany = count.around(psycopg.Cursor.executemany)
    psycopg.Transaction.__exit__ = count.around(psycopg.Transaction.__exit__)
    os.fsync = count.around(os.fsync)
    Path.replace = count.around(Path.replace)


def live(order: dict[str, Any]) -> None:
    """One night: close the days, wait for a lock that a dead one still holds."""
    night = Night(
        url=order["url"],
        home=Path(order["home"]),
        now=lambda: AT,
        today=lambda: date(2030, 1, 1),
        by="mei",
    )
    first = date.fromisoformat(order["first"]) if order["first"] else None
    for _ in range(100):
        try:
            for _ in night.close(first, through=date.fromisoformat(order["through"])):
                pass
            return
        except NightError as error:
            if error.code != "busy":
                raise
            time.sleep(0.05)
    raise AssertionError("the lock of a dead night is never given back")


def main() -> None:
    warm()
    print("ready", flush=True)
    for line in sys.stdin:
        order = json.loads(line)
        pid = os.fork()
        if pid == 0:
            arm(order["touches"])
            live(order)
            os._exit(0)
        print(pid, flush=True)
        _, status = os.waitpid(pid, 0)
        print(status, flush=True)


if __name__ == "__main__":
    main()
