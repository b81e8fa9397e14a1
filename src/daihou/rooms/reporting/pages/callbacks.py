"""Call-backs: those that wait, those that were told, and what was heard of each hand."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction

from django.utils.translation import pgettext

from daihou.kit import numbers
from daihou.rooms.contact import door as contact
from daihou.rooms.people import door as people
from daihou.rooms.reporting import words
from daihou.rooms.reporting.queries import callbacks
from daihou.rooms.reporting.queries.callbacks import CallbackLine, Heard
from daihou.rooms.reporting.states import CallbackResult

LISTED = 50
DAYS = 90  # of which what was heard is summed
_FEWEST = 10  # call-backs below which no share is told


@dataclass(frozen=True, slots=True)
class Line:
    """One call-back in words."""

    line: CallbackLine
    hand: str
    talk: str
    heard: str
    told_by: str
    mine: bool


@dataclass(frozen=True, slots=True)
class HandRow:
    """What was heard of one hand; shares are blank where there are too few."""

    name: str
    one: Heard
    confirmed: str
    satisfaction: str


@dataclass(frozen=True, slots=True)
class Page:
    """The page; `day` is what the form offers."""

    day: date
    waiting: Sequence[Line]
    told: Sequence[Line]
    hands: Sequence[HandRow]
    results: Sequence[tuple[str, str]]
    may: bool


def page(person: people.Person, *, today: date) -> Page:
    """Everything within the reader's sight."""
    scope, names = person.scope, people.names()
    since = today - timedelta(days=DAYS)

    def lines(*, waiting: bool) -> Sequence[Line]:
        found = callbacks.listed(scope=scope, waiting=waiting, most=LISTED)
        return [_line(each, names, person) for each in found]

    return Page(
        day=today,
        waiting=lines(waiting=True),
        told=lines(waiting=False),
        hands=[
            _hand(each, names) for each in callbacks.heard(scope=scope, since=since)
        ],
        results=list(result_words().items()),
        may=person.may(people.Permission.MANAGE_CASES),
    )


def result_words() -> Mapping[str, str]:
    """What a call-back can hear."""
    return {
        CallbackResult.CONFIRMED: pgettext("call-back", "as written down"),
        CallbackResult.DIFFERS: pgettext("call-back", "otherwise than written down"),
        CallbackResult.COMPLAINED: pgettext("call-back", "the customer complains"),
        CallbackResult.UNREACHED: pgettext("call-back", "not reached"),
        CallbackResult.DECLINED: pgettext("call-back", "wants to say nothing"),
    }


def _line(each: CallbackLine, names: Mapping[str, str], person: people.Person) -> Line:
    return Line(
        line=each,
        hand=names.get(each.hand, each.hand),
        talk=contact.result_word(each.code),
        heard=result_words().get(each.result, ""),
        told_by=names.get(each.told_by, each.told_by),
        mine=each.hand == person.username,
    )


def _hand(each: Heard, names: Mapping[str, str]) -> HandRow:
    few = each.told < _FEWEST
    rated = Fraction(each.satisfaction, each.rated) if each.rated else None
    return HandRow(
        name=names.get(each.hand, each.hand),
        one=each,
        confirmed=numbers.DASH
        if few
        else words.share(Fraction(each.confirmed, each.told), places=0),
        satisfaction=numbers.DASH
        if rated is None or each.rated < _FEWEST
        else f"{float(rated):.1f}",
    )
