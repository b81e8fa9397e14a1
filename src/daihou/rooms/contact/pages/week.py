"""When a person may be contacted in the next seven days, by channel, and why not."""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from itertools import pairwise
from typing import Final

from daihou.engine.gate.asking import ready
from daihou.engine.gate.checks import Cap
from daihou.engine.gate.values import Answer, Channel, Purpose
from daihou.rooms.contact import asking
from daihou.rooms.contact.queries import rows
from daihou.rooms.contact.words import channel_word, tongue, unknown_words
from daihou.rooms.people import door as people

DAYS: Final = 7
_DAY: Final = timedelta(days=1)
_MINUTES: Final = 24 * 60


@dataclass(frozen=True, slots=True)
class Band:
    """A stretch of one day: open, or blocked for reasons; in percent of the day."""

    begins: str
    ends: str
    left: float
    width: float
    is_open: bool
    why: str


@dataclass(frozen=True, slots=True)
class Day:
    """One local day of a channel."""

    on: date
    bands: Sequence[Band]

    @property
    def times(self) -> Sequence[tuple[str, str]]:
        """When it is open, from and to."""
        return [(band.begins, band.ends) for band in self.bands if band.is_open]

    @property
    def why(self) -> Sequence[str]:
        """What closes the rest, each once."""
        reasons = [band.why for band in self.bands if not band.is_open and band.why]
        return list(dict.fromkeys(reasons))


@dataclass(frozen=True, slots=True)
class Line:
    """One channel over the week, by which of the person's numbers."""

    channel: str
    word: str
    point: str
    days: Sequence[Day]
    now: Answer


@dataclass(frozen=True, slots=True)
class Count:
    """What counts now: so many of so many, by which rule."""

    rule: str
    title: str
    used: int
    most: int


Window = tuple[datetime, datetime]


@dataclass(frozen=True, slots=True)
class Ahead:
    """A question over the next days: as it stands now, and from each change on."""

    starts: tuple[datetime, ...]
    questions: tuple[asking.Asked, ...]

    @property
    def now(self) -> asking.Asked:
        """As it stands now."""
        return self.questions[0]

    @property
    def end(self) -> datetime:
        """The instant up to which it is asked."""
        return self.starts[0].astimezone(UTC) + DAYS * _DAY

    def on(self, at: datetime) -> asking.Asked:
        """The question as it stands at an instant."""
        place = max(bisect_right(self.starts, at) - 1, 0)
        return self.questions[place]

    def by(self, channel: str, staff_count: int | None) -> "Ahead":
        """The same by another channel."""
        return Ahead(
            self.starts, tuple(_by(q, channel, staff_count) for q in self.questions)
        )


def _by(question: asking.Asked, channel: str, staff_count: int | None) -> asking.Asked:
    wish = replace(question.wish, channel=channel, staff_count=staff_count)
    request = replace(question.request, channel=channel, staff_count=staff_count)
    return replace(question, wish=wish, request=request)


def ahead(question: asking.Asked, *, at: datetime) -> Ahead:
    """The next days of a question.

    Flags that begin or end by themselves make it another question from then on.
    """
    end = at.astimezone(UTC) + DAYS * _DAY
    changes = _changes(question, at, end)
    later = [asking.asked(question.wish, question.facts, at=each) for each in changes]
    return Ahead((at, *changes), (question, *later))


def open_times(coming: Ahead) -> Sequence[Window]:
    """The half-open times of the next days in which the gate would allow."""
    found: list[Window] = []
    bounds = pairwise((*coming.starts, coming.end))
    for question, (start, until) in zip(coming.questions, bounds, strict=True):
        for first, last in asking.open_times(question, at=start, days=DAYS):
            first, last = max(first, start), min(last, until)
            if first >= last:
                continue
            if found and found[-1][1] == first:
                first = found.pop()[0]
            found.append((first, last))
    return found


def _changes(question: asking.Asked, at: datetime, end: datetime) -> Sequence[datetime]:
    who = question.who
    customers = sorted({who.customer_id, who.debtor_id})
    return rows.changes_ahead(customers, after=at, until=end)


def line(coming: Ahead, *, at: datetime, point: str) -> Line:
    """One channel over seven local days from the day of `at` on."""
    question = coming.now
    zone, channel = question.request.zone, question.request.channel
    answer = asking.answer(question, at=at)
    word = channel_word(channel)
    if zone is None or answer.unknown:
        return Line(channel, word, point, (), answer)
    windows = open_times(coming)
    first = at.astimezone(zone).date()
    days = [
        _day(coming, first + place * _DAY, windows, at=at, zone=zone)
        for place in range(DAYS)
    ]
    return Line(channel, word, point, days, answer)


def _day(
    coming: Ahead, on: date, windows: Sequence[Window], *, at: datetime, zone: tzinfo
) -> Day:
    start = max(datetime.combine(on, time(0), tzinfo=zone), at.astimezone(zone))
    end = datetime.combine(on + _DAY, time(0), tzinfo=zone)
    bands, last = [], start
    for first, until in windows:
        first, until = max(first, start), min(until, end)
        if first >= until:
            continue
        if first > last:
            bands.append(_blocked(coming, last, first, zone))
        bands.append(_band(first, until, zone, why="", is_open=True))
        last = until
    if last < end:
        bands.append(_blocked(coming, last, end, zone))
    return Day(on, bands)


def _blocked(coming: Ahead, first: datetime, last: datetime, zone: tzinfo) -> Band:
    question = coming.on(first)
    answer = asking.answer(question, at=first)
    return _band(first, last, zone, why=reasons(question, answer), is_open=False)


def reasons(question: asking.Asked, answer: Answer) -> str:
    """Why not, in the titles of the rules that stand in the way."""
    if answer.unknown:
        return unknown_words(answer.unknown)
    law = question.book.law
    said = [law.rules[each].title[tongue()] for each in answer.rules]
    return "; ".join(dict.fromkeys(said))


def _band(
    first: datetime, last: datetime, zone: tzinfo, *, why: str, is_open: bool
) -> Band:
    begins, ends = first.astimezone(zone), last.astimezone(zone)
    start = begins.hour * 60 + begins.minute + begins.second / 60
    stop = ends.hour * 60 + ends.minute + ends.second / 60
    stop = stop if ends.date() == begins.date() else _MINUTES
    return Band(
        begins=begins.strftime("%H:%M"),
        ends=ends.strftime("%H:%M") if ends.date() == begins.date() else "24:00",
        left=round(100 * start / _MINUTES, 2),
        width=round(100 * max(0, stop - start) / _MINUTES, 2),
        is_open=is_open,
        why=why,
    )


def counts(question: asking.Asked, *, at: datetime) -> Sequence[Count]:
    """How much of each cap on this contact is used up."""
    request, known = question.request, question.known
    if request.zone is None:
        return []
    ask = ready(
        request,
        history=known.history,
        consents=known.consents,
        flags=known.flags,
        at=at,
    )
    now = ask.moment(at)
    found = []
    checks = question.book.checks(now.day, request.jurisdiction, request.licence)
    for check in checks:
        if isinstance(check, Cap) and check.scope.covers(ask):
            if not check.counts_channel(request.channel):
                continue
            title = question.book.law.rules[check.rule].title[tongue()]
            found.append(Count(check.rule, title, check.used(ask, now), check.most))
    return found


def lines_for(
    base: asking.Wish,
    *,
    by: people.Person,
    ways: Sequence[tuple[Channel, int, str]],
    at: datetime,
) -> Sequence[tuple[Line, asking.Asked]]:
    """A line for each channel with the number it is asked about."""
    known: dict[int, Ahead] = {}
    found = []
    for channel, point_id, masked in ways:
        staff_count = 2 if channel is Channel.VISIT else None
        if point_id not in known:
            wish = replace(base, channel=channel.value, point_id=point_id)
            facts = asking.facts_of(wish, by=by)
            question = asking.asked(wish, facts, at=at)
            known[point_id] = ahead(question, at=at)
        mine = known[point_id].by(channel.value, staff_count)
        found.append((line(mine, at=at, point=masked), mine.now))
    return found


def usual_wish(loan_id: int, customer_id: int) -> asking.Wish:
    """What a page asks before anybody chose anything: a call to collect."""
    return asking.Wish(
        loan_id=loan_id,
        customer_id=customer_id,
        channel=Channel.CALL.value,
        purpose=Purpose.COLLECT.value,
    )
