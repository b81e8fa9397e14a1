"""A classification that sticks: judged at certain moments, kept in between."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date

Ranges = Sequence[tuple[str, int]]  # (name, first day past due), ascending


@dataclass(frozen=True, slots=True)
class Tag:
    """One classification and the days it was put on and taken off."""

    name: str
    added_on: date
    lifted_on: date | None = None


def range_of(days: int, ranges: Ranges) -> str | None:
    """Return the name of the range of `days` past due; None below the first."""
    return next((name for name, first in reversed(ranges) if days >= first), None)


def by_range(late: Iterable[tuple[int, int]], ranges: Ranges) -> dict[str, int]:
    """Sum amounts by the range of their days; `late` holds (days, minor units)."""
    sums: dict[str, int] = {}
    for days, amount in late:
        name = range_of(days, ranges)
        if name is not None:
            sums[name] = sums.get(name, 0) + amount
    return {name: sums[name] for name, _ in ranges if name in sums}


@dataclass(slots=True)
class StickyTag:
    """The classification of one loan as it was last judged, with its history."""

    ranges: Ranges
    history: list[Tag] = field(default_factory=list)  # newest first

    @property
    def name(self) -> str | None:
        """The classification in force; None: the loan is not delinquent."""
        latest = self.history[0] if self.history else None
        return latest.name if latest and latest.lifted_on is None else None

    def judge(self, days: int, *, on: date) -> None:
        """Classify by `days` past due on a day; the same range again changes nothing."""
        name = range_of(days, self.ranges)
        if name == self.name:
            return
        if self.name is not None:
            before = self.history[0]
            self.history[0] = Tag(before.name, before.added_on, on)
        if name is not None:
            self.history.insert(0, Tag(name, on))
