"""My day: everything there is to do in order, with times; how it goes beside one's past."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from django.utils.translation import gettext

from daihou.rooms.casework import codes
from daihou.rooms.casework.pages import desk_list
from daihou.rooms.casework.queries import desk
from daihou.rooms.people import door as people

SHOWN: Final = 400
SPAN: Final = 7  # days beside the seven before
TALKS: Final = tuple(each.code for each in codes.CODES if each.right is codes.Right.YES)


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure of the last days, and the same of the days before."""

    label: str
    now: int
    before: int

    @property
    def change(self) -> int:
        """By how much it moved."""
        return self.now - self.before


@dataclass(frozen=True, slots=True)
class Bar:
    """One day of the strip; `height` in percent of the best."""

    on: date
    worked: int
    height: int


@dataclass(frozen=True, slots=True)
class DayPage:
    """Everything the page draws."""

    today: date
    list: desk_list.Worklist
    figures: Sequence[Figure]
    strip: Sequence[Bar]
    brought: int
    currency: str


def day_page(person: people.Person, *, today: date, at: datetime) -> DayPage:
    """The day of one person; nothing of anybody else's."""
    listed = desk_list.worklist(person, current="", today=today, at=at, limit=SHOWN)
    since = today - timedelta(days=2 * SPAN)
    half = today - timedelta(days=SPAN)
    days = desk.days_of(person.username, since=since, until=today, talks=TALKS)
    now = [each for each in days if each.on > half]
    before = [each for each in days if each.on <= half]
    _n, kept, brought = desk.kept_by(person.username, since=half, until=today)
    _d, kept_before, _b = desk.kept_by(person.username, since=since, until=half)
    figures = [
        Figure(gettext("Cases worked"), *_both(now, before, "worked")),
        Figure(gettext("Conversations"), *_both(now, before, "talks")),
        Figure(gettext("Promises taken"), *_both(now, before, "promises")),
        Figure(gettext("Promises kept"), kept, kept_before),
    ]
    most = max((each.worked for each in days), default=0) or 1
    by_day = {each.on: each.worked for each in days}
    strip = [
        Bar(on, by_day.get(on, 0), 100 * by_day.get(on, 0) // most)
        for on in (since + timedelta(days=n + 1) for n in range(2 * SPAN))
    ]
    items = [item for group in listed.groups for item in group.items]
    currency = items[0].currency if items else "CNY"
    return DayPage(today, listed, figures, strip, brought, currency)


def _both(
    now: Sequence[desk.DayDone], before: Sequence[desk.DayDone], name: str
) -> tuple[int, int]:
    return (
        sum(getattr(each, name) for each in now),
        sum(getattr(each, name) for each in before),
    )
