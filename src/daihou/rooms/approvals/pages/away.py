"""Who decides for whom: the list and what its form needs."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.utils.translation import pgettext

from daihou.rooms.approvals import queries
from daihou.rooms.approvals.pages import words
from daihou.rooms.approvals.queries import Away
from daihou.rooms.approvals.queries.delegations import calendar_day
from daihou.rooms.people import door as people


@dataclass(frozen=True, slots=True)
class Line:
    """One delegation of the list; `last_on` is its last day."""

    id: int
    principal: str
    deputy: str
    from_on: date
    last_on: date
    reason: str
    chip: tuple[str, str, str]
    may_end: bool


@dataclass(frozen=True, slots=True)
class Page:
    """The list, and whom the form offers."""

    lines: tuple[Line, ...]
    people: tuple[people.Person, ...]
    manages: bool
    may_delegate: bool
    today: date


def page(person: people.Person, *, at: datetime) -> Page:
    """What this person may see: their own delegations, or all who manages them."""
    manages = person.may(people.Permission.MANAGE_APPROVALS)
    today, called = calendar_day(at), words.names()
    decides = manages or queries.decides_something(person)
    found = queries.delegations(login="" if manages else person.username)
    return Page(
        lines=tuple(
            Line(
                id=each.id,
                principal=called.get(each.principal, each.principal),
                deputy=called.get(each.deputy, each.deputy),
                from_on=each.from_on,
                last_on=each.until_on - timedelta(days=1),
                reason=each.reason,
                chip=_chip(each, today),
                may_end=each.ended_at is None
                and each.until_on > today
                and not person.reads_only,
            )
            for each in found
        ),
        people=tuple(
            each
            for each in (people.people() if decides else ())
            if each.active and not each.reads_only
        ),
        manages=manages,
        may_delegate=decides,
        today=today,
    )


def _chip(each: Away, today: date) -> tuple[str, str, str]:
    if each.ended_at is not None:
        return "mute", "bars", pgettext("delegation", "Ended")
    if each.holds_on(today):
        return "good", "dot", pgettext("delegation", "In force")
    if each.from_on > today:
        return "info", "ring", pgettext("delegation", "To come")
    return "mute", "bars", pgettext("delegation", "Over")
