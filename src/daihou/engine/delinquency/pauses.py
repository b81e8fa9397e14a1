"""Pauses of delinquency as they really ran: some are ended before their last day."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class PauseAction:
    """A pause agreed from `on` to `till`, or (till None) the end of the running one."""

    on: date
    till: date | None = None


def as_they_ran(actions: Iterable[PauseAction]) -> list[tuple[date, date]]:
    """Return (first day, last day agreed or day of the resumption) of every pause.

    `actions` in the order they were taken; resuming where nothing runs does nothing.
    """
    found: list[tuple[date, date]] = []
    for action in actions:
        if action.till is not None:
            found.append((action.on, action.till))
        elif found and found[-1][0] <= action.on:
            first, till = found[-1]
            found[-1] = (first, min(till, action.on))
    return found


def is_paused(pauses: Iterable[tuple[date, date]], on: date) -> bool:
    """Tell whether a day lies in a pause, its first and last day included."""
    return any(first <= on <= last for first, last in pauses)
