"""The one-year loan prime rate (LPR) by the day it was published."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class Quote:
    """The rate of a stretch of days; None: from `begins_on` on nobody has cited one.

    `rate` is a share a year. `unverified`: no source was seen for it.
    """

    begins_on: date
    rate: Decimal | None
    unverified: bool
    source: str


@dataclass(frozen=True, slots=True)
class LprTable:
    """Quotes in order of days; each holds until the next one is published."""

    id: str
    quotes: tuple[Quote, ...]
    digest: str = ""

    def __post_init__(self) -> None:
        """Refuse quotes that are out of order."""
        days = [each.begins_on for each in self.quotes]
        assert days == sorted(set(days)), days

    def on(self, day: date) -> Quote | None:
        """Return the quote that holds on a day; None before the first."""
        begun = (each for each in self.quotes if each.begins_on <= day)
        return max(begun, key=lambda each: each.begins_on, default=None)
