"""What a clock is told and what it says."""

from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Protocol

from daihou.engine.rulebook.decision import Decision


class State(StrEnum):
    """How a clock stands on a day.

    `stopped`: it does not run while something lasts (a suit, an obstacle). `met`:
    what it waits for was done in time; `late`: done, but after its end. `due`: its
    earliest end is reached and somebody has to look. `no_rule`: no rule of this
    licence and day sets it, so nothing is asserted.
    """

    NOT_BEGUN = "not_begun"
    RUNNING = "running"
    STOPPED = "stopped"
    DUE = "due"
    MET = "met"
    LATE = "late"
    EXPIRED = "expired"
    NO_RULE = "no_rule"


class Calendar(Protocol):
    """Days off of the years that are known, weekends worked in exchange taken out."""

    @property
    def years(self) -> AbstractSet[int]:
        """The years whose days off were announced."""
        ...

    def is_off(self, day: date) -> bool:
        """Tell whether a day is off."""
        ...


@dataclass(frozen=True, slots=True)
class Happened:
    """An event a clock may hear.

    `evidence` is the kind of proof. `signed_by` who signed; `arrived` whether it is
    proved that it reached the debtor; `debtor_missing` whether the debtor could not
    be found. `until` is the last day of what lasts (a suit, an obstacle), None while
    it lasts. `party` is whom it was directed at. `id` names it in other books.
    """

    on: date
    kind: str
    evidence: str | None = None
    signed_by: str | None = None
    arrived: bool = False
    debtor_missing: bool = False
    until: date | None = None
    party: str | None = None
    id: str = ""


@dataclass(frozen=True, slots=True)
class Heard:
    """What became of an event: whether it counts, and a code that says why.

    `ends_on` is the end of the clock after it; None while the clock is stopped.
    """

    event: Happened
    why: str
    ends_on: date | None
    counts: bool


@dataclass(frozen=True, slots=True)
class Alarm:
    """A step of the ladder: so many days before the end, on that day."""

    days: int
    on: date
    is_reached: bool


@dataclass(frozen=True, slots=True)
class Clock:
    """A clock as it stands at the end of a day.

    `counted_to` is the last day by the count alone, `ends_on` that day moved off
    holidays where the rule says so; alarms go by the first, which is never later.
    `days_left` is negative once it is over, None where it has no end. `stops` is
    what ends it well, `restarts` what starts it again, `at_end` what its end means.
    """

    kind: str
    subject: str
    state: State
    begins_on: date | None
    counted_to: date | None
    ends_on: date | None
    days_left: int | None
    events: tuple[Heard, ...]
    alarms: tuple[Alarm, ...]
    stops: tuple[str, ...]
    restarts: tuple[str, ...]
    at_end: str
    decision: Decision = field(repr=False)

    @property
    def alarm(self) -> int | None:
        """The nearest step of the ladder that is reached, in days; None if none is."""
        reached = [each.days for each in self.alarms if each.is_reached]
        return min(reached, default=None)
