"""What the office does again and again by itself; rooms say it at start-up.

The worker goes the rounds (`config.rounds`); a round must be safe to do twice, since
two workers may run, and must not wait for long.
"""

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol


class Do(Protocol):
    """What is done on a round, in transactions of its own."""

    def __call__(self, *, at: datetime) -> None:
        """Do it at the instant `at`."""


@dataclass(frozen=True, slots=True)
class Round:
    """One thing done every `every` seconds."""

    name: str
    every: float
    do: Do


_rounds: dict[str, Round] = {}


def register(name: str, *, every: float, do: Do) -> None:
    """Do something every so many seconds; the same name again replaces it."""
    assert every > 0, every
    _rounds[name] = Round(name, every, do)


def registered() -> tuple[Round, ...]:
    """Everything that is done on the rounds, by name."""
    return tuple(_rounds[name] for name in sorted(_rounds))


@dataclass(slots=True)
class Rounds:
    """Which round is due when; `seconds` is a clock that never goes back."""

    seconds: Callable[[], float]
    now: Callable[[], datetime]
    failed: Callable[[str, Exception], None]
    # What a round is done inside of, by its name: traces, where they are sent.
    around: Callable[[str], AbstractContextManager[object]] = nullcontext
    _next: dict[str, float] = field(default_factory=dict)

    def go(self) -> float:
        """Do what is due; return how many seconds until something is due again.

        One round that fails is told and tried again in its turn; the others go on.
        """
        for each in registered():
            if self._next.get(each.name, 0.0) > self.seconds():
                continue
            try:
                with self.around(each.name):
                    each.do(at=self.now())
            except Exception as error:  # noqa: BLE001 - one must not stop the others
                self.failed(each.name, error)
            self._next[each.name] = self.seconds() + each.every
        due = [self._next[each.name] for each in registered()]
        return max(0.0, min(due, default=self.seconds() + 60.0) - self.seconds())
