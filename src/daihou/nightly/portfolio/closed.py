"""The last closed day of every month, and what a month counted from it rests on."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

import psycopg

from daihou.nightly.digests import digest_of
from daihou.nightly.portfolio import facts
from daihou.nightly.stores import classes as graded
from daihou.nightly.stores import runs
from daihou.nightly.stores.months import Row

Connection = psycopg.Connection[Any]
LAW: Final = "2"  # another one once a month is counted otherwise: all are counted anew


@dataclass(frozen=True, slots=True)
class Closed:
    """The last closed day of a month, and what stands for it.

    `whole`: its classes rest on every day up to it as it stands.
    """

    name: str
    as_of: date
    positions: str
    grade: graded.Standing | None
    whole: bool = True
    came: str = ""  # a mark of the money on loans whose positions do not move

    @property
    def classes(self) -> str:
        return self.grade.fingerprint if self.grade is not None else ""

    def rests_on(self, last: Row | None) -> str:
        before = last.fingerprint if last is not None else ""
        return digest_of(LAW, self.positions, self.classes, self.came, before)


def last_days(connection: Connection) -> list[Closed]:
    """The last closed day of every month, with its classes, the earliest first."""
    closed = runs.current(connection)
    classes = _classified(closed, graded.standing(connection))
    last: dict[str, date] = {}
    for day in sorted(closed):
        last[f"{day:%Y-%m}"] = day
    came = facts.came_late(connection, until=max(closed)) if closed else {}
    return [
        Closed(name, day, closed[day], grade, whole, came.get(name, ""))
        for name, day in last.items()
        for grade, whole in [classes.get(day, (None, True))]
    ]


def _classified(
    closed: Mapping[date, str], standing: Mapping[date, graded.Standing]
) -> Mapping[date, tuple[graded.Standing, bool]]:
    """The run of each classified day, and whether it rests on all days as they stand.

    A first look at a book, at its last day alone, is none: what the days before it
    told is missing, so that its bad loans are far too few.
    """
    found: dict[date, tuple[graded.Standing, bool]] = {}
    last, whole = "", True
    for number, day in enumerate(sorted(closed)):
        run = standing.get(day)
        rests_on = (closed[day], last)
        whole = whole and run is not None and (run.positions, run.previous) == rests_on
        if run is not None and (run.previous or not number):
            found[day] = (run, whole)
        last = run.fingerprint if run is not None else ""
    return found


def waits(day: Closed, closed: Sequence[Closed]) -> bool:
    """Whether its classes are still to come: they rest on other days, or lag."""
    if day.grade is not None:
        return not day.whole
    return any(other.grade is not None for other in closed if other.as_of < day.as_of)
