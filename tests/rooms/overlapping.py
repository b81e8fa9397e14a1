"""Two act at the same moment: the second begins while the first is not through yet."""

import importlib
import inspect
import pkgutil
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import ModuleType
from typing import Any

from django.db import connection, connections, transaction

from daihou.kit.refusal import Refused

Act = Callable[[], object]
Pair = tuple[Act, Act]


@dataclass(frozen=True)
class Line:
    """One action: two people who saw the same, and what has to come of it.

    `told` are the codes with which the second is refused; `both` says why neither is,
    where that is right. `events` is how many of `event` are written in the end.
    """

    prepare: Callable[[Any], Pair]
    event: str
    told: tuple[str, ...] = ()
    both: str = ""
    events: int = 1

    def __post_init__(self) -> None:
        assert bool(self.told) != bool(self.both), "either one wins, or it is said why"


def overlapped(first: Act, second: Act) -> tuple[object, object]:
    """What each came to; the first ends once the second waits for it or is through.

    A Refused is what somebody is told; any other error fails the test.
    """
    found: dict[str, object] = {}
    begun, go, over = threading.Event(), threading.Event(), threading.Event()
    waits: list[int] = []

    def one() -> None:
        try:
            with transaction.atomic():
                try:
                    found["first"] = first()
                finally:
                    begun.set()
                go.wait()
        except BaseException as error:  # noqa: BLE001 - told to the test below
            found["first"] = error
        finally:
            connections.close_all()

    def two() -> None:
        try:
            with connection.cursor() as cursor:
                cursor.execute("select pg_backend_pid()")
                waits.append(cursor.fetchone()[0])
            found["second"] = second()
        except BaseException as error:  # noqa: BLE001 - told to the test below
            found["second"] = error
        finally:
            over.set()
            connections.close_all()

    threads = [threading.Thread(target=do, daemon=True) for do in (one, two)]
    threads[0].start()
    begun.wait()
    threads[1].start()
    while not over.wait(0.01) and not (waits and _is_waiting(waits[0])):
        pass
    go.set()
    for thread in threads:
        thread.join()
    wrong = [each for each in found.values() if _is_wrong(each)]
    assert not wrong, f"neither done nor told: {wrong}"
    return found["first"], found["second"]


def _is_wrong(each: object) -> bool:
    return isinstance(each, BaseException) and not isinstance(each, Refused)


def _is_waiting(pid: int) -> bool:
    """Whether a connection waits for what another one holds."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select 1 from pg_stat_activity where pid = %s and wait_event_type = 'Lock'",
            [pid],
        )
        return cursor.fetchone() is not None


def actions_in(package: ModuleType) -> Mapping[str, Callable[..., Any]]:
    """Every action of a room: public, in a transaction of its own, by somebody."""
    found = {}
    for each in pkgutil.iter_modules(package.__path__):
        module = importlib.import_module(f"{package.__name__}.{each.name}")
        for name, made in vars(module).items():
            own = getattr(made, "__module__", "") == module.__name__
            if name.startswith("_") or not own or not hasattr(made, "__wrapped__"):
                continue
            if "deed" in inspect.signature(made).parameters:
                found[f"{each.name}.{name}"] = made
    return found
