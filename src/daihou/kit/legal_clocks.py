"""What the office needs to have every claim's clock reckoned, without knowing by whom."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from daihou.engine.clocks.rules import ClockRules
from daihou.engine.clocks.values import Calendar


@dataclass(frozen=True, slots=True)
class Reckoned:
    """What reckoning a day came to: clocks of late claims, rows written, rows closed."""

    clocks: int
    changed: int
    closed: int


class Reckoner(Protocol):
    """Reckons limitation and guarantees of all late loans of a closed day at once."""

    def reckon(
        self,
        as_of: date,
        *,
        rules: ClockRules,
        calendar: Calendar | None,
        at: datetime,
    ) -> Reckoned:
        """Bring the clocks of the book to the end of `as_of`; the same again, nothing.

        Clocks that a person began, or of which events were told, are left as they
        are, but for those of claims that are late no more: those are closed.
        """


_reckoner: list[Reckoner] = []


def bind_reckoner(reckoner: Reckoner) -> None:
    """Say who reckons; `config.wiring` does, and tests."""
    _reckoner[:] = [reckoner]


def unbind_reckoner() -> None:
    """Take it away again: the end of a test."""
    _reckoner.clear()


def reckoner() -> Reckoner | None:
    """Who reckons, where somebody does."""
    return _reckoner[0] if _reckoner else None
