"""Picks up what the office asks of the night, one request after another."""

import collections
import json
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from datetime import date, datetime
from threading import Event
from typing import Any, Final

import psycopg

from daihou.nightly.errors import NightError, told
from daihou.nightly.run import Night
from daihou.nightly.stores import runs

PAUSE: Final = 1.0  # seconds between two looks


@dataclass(frozen=True, slots=True)
class Ask:
    """One request: who asked for what (next, through, again, plan) of which date."""

    id: int
    by: str
    kind: str
    as_of: date | None


def run_forever(
    night_for: Callable[[str], Night],
    *,
    url: str,
    now: Callable[[], datetime],
    stop: Event,
    around: Callable[[str], AbstractContextManager[object]] = nullcontext,
) -> None:
    """Carry out requests until `stop` is set; `night_for(who)` makes the night.

    Each is done inside of `around(what it is)`.

    A request whose worker was killed is taken up again: while nobody holds the
    night's lock, none can be running.
    """
    while not stop.is_set():
        try:
            with psycopg.connect(url, autocommit=True) as connection:
                _wake(connection)
                for ask in _waiting(connection, stop):
                    night = night_for(ask.by)
                    try:
                        with around(f"night {ask.kind}"):
                            done = _carry_out(connection, night, ask, at=now)
                    finally:
                        night.shut()
                    if not done:
                        stop.wait(PAUSE)  # another night runs; do not spin on it
        except psycopg.OperationalError:
            stop.wait(PAUSE)  # the server restarts or is not up yet


def _wake(connection: psycopg.Connection[Any]) -> None:
    """Requests left running by a worker that died go back in line."""
    if runs.lock(connection):
        connection.execute(
            "update dayend_request set state = 'waiting' where state = 'running'"
        )
        runs.unlock(connection)


def _waiting(connection: psycopg.Connection[Any], stop: Event) -> Iterator[Ask]:
    while not stop.is_set():
        row = connection.execute(
            "update dayend_request set state = 'running' where id = (select id from"
            " dayend_request where state = 'waiting' order by id limit 1"
            " for update skip locked) returning id, by, kind, as_of"
        ).fetchone()
        if row is None:
            stop.wait(PAUSE)
            continue
        yield Ask(*row)


def _carry_out(
    connection: psycopg.Connection[Any],
    night: Night,
    ask: Ask,
    *,
    at: Callable[[], datetime],
) -> bool:
    """Do what was asked and say so in its row; False when another night runs."""
    state, problem, plan = "done", None, None
    try:
        on = runs.business_date(connection)
        if ask.kind == "plan":
            plan = json.dumps(_look_ahead(connection, night))
        elif ask.kind == "through":
            collections.deque(night.close(through=ask.as_of), maxlen=0)
        elif ask.kind == "again" or None in (ask.as_of, on) or ask.as_of == on:
            collections.deque(night.close(ask.as_of), maxlen=0)
    except NightError as error:
        if error.code == "busy":
            connection.execute(
                "update dayend_request set state = 'waiting' where id = %s", (ask.id,)
            )
            return False
        state, problem = "failed", json.dumps(told(error))
    except Exception as error:  # noqa: BLE001 - the request must not stay open
        state, problem = "failed", json.dumps(told(error))
    connection.execute(
        "update dayend_request set state = %s, problem = %s, finished_at = %s,"
        " plan = %s where id = %s",
        (state, problem, at(), plan, ask.id),
    )
    return True


def _look_ahead(connection: psycopg.Connection[Any], night: Night) -> dict[str, Any]:
    """What closing the open day would change, with `seconds` taken and `facts`.

    `facts` marks which notes of changed facts there were; it is read before the facts
    are, so that one arriving in between makes the plan old rather than wrong.
    """
    begun, facts = time.perf_counter(), runs.facts_mark(connection)
    plan = night.plan()
    seconds = round(time.perf_counter() - begun, 4)
    return plan.to_json() | {"seconds": seconds, "facts": facts}
