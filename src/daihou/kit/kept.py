"""Results that cannot change, kept in this process: the newest few, by their key."""

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

V = TypeVar("V")


class Kept(Generic[V]):
    """At most `size` results; what was not asked for the longest is dropped.

    A key must say everything the result depends on, such as the fingerprint of a
    closed day. Of threads that ask at once one makes it, the others wait for it.
    """

    def __init__(self, size: int) -> None:
        """`size` is the number of results held."""
        self._size = size
        self._held: OrderedDict[Hashable, V] = OrderedDict()
        self._making: dict[Hashable, threading.Lock] = {}
        self._lock = threading.Lock()

    def get(self, key: Hashable, make: Callable[[], V]) -> V:
        """The result of this key, made now if it is not held."""
        with self._lock:
            if key in self._held:
                self._held.move_to_end(key)
                return self._held[key]
            turn = self._making.setdefault(key, threading.Lock())
        with turn:
            with self._lock:
                if key in self._held:  # made while we waited
                    return self._held[key]
            try:
                value = make()
                with self._lock:
                    self._held[key] = value
                    while len(self._held) > self._size:
                        self._held.popitem(last=False)
            finally:
                with self._lock:
                    self._making.pop(key, None)
        return value
