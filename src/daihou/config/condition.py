"""How the running system is: what the health pages, the metrics and `check` look at."""

import contextlib
import os
import shutil
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Final

from daihou.config.backup import take

HEARTBEAT: Final = (
    "worker-heartbeat"  # a file in the home: the instant of its last beat
)
BEAT: Final = 10.0  # seconds between two beats
SILENCE: Final = timedelta(seconds=60)  # a worker that is silent longer is gone
WAIT: Final = timedelta(
    minutes=15
)  # a request of the office that waits longer is stuck
DAY_END: Final = timedelta(hours=36)  # since the last one was done
DISK: Final = 1 << 30  # bytes free, at least
OK, DEGRADED, BAD = "ok", "degraded", "unavailable"


@dataclass(frozen=True)
class Part:
    """One thing looked at: `state` is ok, degraded or unavailable.

    `facts` are plain values for people who may see them and for the metrics.
    """

    name: str
    state: str
    facts: Mapping[str, Any] = field(default_factory=dict)


def beat(home: Path, *, at: datetime) -> None:
    """The worker lives: leave word of it."""
    draft = home / f".{HEARTBEAT}.{os.getpid()}"
    draft.write_text(at.isoformat())
    draft.replace(home / HEARTBEAT)


def look(*, home: Path, at: datetime) -> list[Part]:
    """Everything there is to look at; what cannot be asked is unavailable.

    The site can serve while the worker, the day-end or the backup is late: that is
    degraded, not unavailable.
    """
    parts = look_at_files(home=home, at=at)
    try:
        found = _database(at)
    except Exception as error:  # noqa: BLE001 - whatever it is, the page must answer
        found = [Part("database", BAD, {"error": type(error).__name__})]
    return [*found, *parts]


def look_at_files(*, home: Path, at: datetime) -> list[Part]:
    """What the home tells without its database: disk, worker, backup."""
    return [_disk(home), _worker(home, at), _backup(home, at)]


def worst(parts: list[Part]) -> str:
    """The state of the whole."""
    states = {part.state for part in parts}
    return next((each for each in (BAD, DEGRADED) if each in states), OK)


def _disk(home: Path) -> Part:
    found = shutil.disk_usage(home)
    state = OK if found.free >= DISK else BAD
    return Part("disk", state, {"free_bytes": found.free, "total_bytes": found.total})


def _worker(home: Path, at: datetime) -> Part:
    with contextlib.suppress(OSError, ValueError):
        age = at - datetime.fromisoformat((home / HEARTBEAT).read_text())
        state = OK if age <= SILENCE else DEGRADED
        return Part("worker", state, {"heartbeat_age_seconds": age.total_seconds()})
    return Part("worker", DEGRADED)


def _backup(home: Path, at: datetime) -> Part:
    """A book nobody backs up is for `daihou check` to tell, not for a page."""
    last = take.last(home)
    return Part(
        "backup", OK, {"age_seconds": (at - last).total_seconds()} if last else {}
    )


def _database(at: datetime) -> list[Part]:
    from django.db import connection

    from daihou.config import tables

    connection.ensure_connection()
    missing = tables.missing(connection.connection)
    database = Part("database", OK)
    if missing:
        return [database, Part("migrations", BAD, {"missing": len(missing)})]
    return [database, Part("migrations", OK), _requests(at), _day_end(at)]


def _row(asked: str) -> tuple[Any, ...]:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(asked)
        return tuple(cursor.fetchone() or ())


def _requests(at: datetime) -> Part:
    waiting, oldest = _row(
        "select count(*), min(asked_at) from dayend_request where state = 'waiting'"
    )
    late = oldest is not None and at - oldest > WAIT
    return Part("requests", DEGRADED if late else OK, {"waiting": waiting})


def _day_end(at: datetime) -> Part:
    """How old the last day-end is; a date turned past the real one is never late."""
    simulated = _row("select simulated from dayend_business_date")
    if not simulated:
        return Part("day_end", OK)  # a book that has not begun
    (finished_at,) = _row("select max(finished_at) from dayend_run where current")
    if finished_at is None:
        return Part("day_end", OK)
    age = at - finished_at
    late = age > DAY_END and not simulated[0]
    facts = {"age_seconds": age.total_seconds()}
    return Part("day_end", DEGRADED if late else OK, facts)
