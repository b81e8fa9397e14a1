"""The floor of a supervisor: queues, people, promises, alarms, and moving cases."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext, ngettext

from daihou.kit.actors import actor_word
from daihou.rooms.casework.pages import case_words as words
from daihou.rooms.casework.pages.day import TALKS
from daihou.rooms.casework.pages.desk_list import midnight
from daihou.rooms.casework.pages.led import led_by
from daihou.rooms.casework.queries import floor, seats
from daihou.rooms.casework.queries.floor import Promised, Results
from daihou.rooms.people import door as people

STALE: Final = 5  # days without action that raise an alarm
IDLE: Final = timedelta(minutes=30)


@dataclass(frozen=True, slots=True)
class QueueRow:
    """One queue with its words and figures."""

    code: str
    title: str
    count: floor.QueueCount


@dataclass(frozen=True, slots=True)
class PersonRow:
    """One person: how full their hands are, what is left, when they last did."""

    login: str
    name: str
    count: floor.PersonCount
    most: int | None
    fill: int
    over: bool
    state: words.Chip
    last: str


@dataclass(frozen=True, slots=True)
class AlarmRow:
    """One alarm in words, with the way to look at it."""

    kind: str
    text: str
    count: int
    cases: Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Undo:
    """A distribution that may still be taken back, and for how long."""

    id: int
    text: str


@dataclass(frozen=True, slots=True)
class FloorPage:
    """Everything the floor draws; figures are those of `at`."""

    today: date
    at: datetime
    currency: str
    queues: Sequence[QueueRow]
    totals: floor.QueueCount
    people: Sequence[PersonRow]
    promised: Promised
    results: Results
    alarms: Sequence[AlarmRow]
    undo: Sequence[Undo]
    targets: Sequence[tuple[str, str]]
    may_move: bool


def floor_page(person: people.Person, *, today: date, at: datetime) -> FloorPage:
    """The floor as it is now; a dozen statements."""
    start = midnight(timezone.localdate(at))
    scope = person.scope
    counted = floor.queues(scope=scope, midnight=start, at=at)
    persons = floor.people(scope=scope, today=today, midnight=start, at=at)
    alarms = floor.alarms(scope=scope, today=today, at=at, stale_days=STALE)
    titles = queue_titles()
    known = led_by(person)
    names = {login: known[login].name for login in sorted(known)}
    return FloorPage(
        today=today,
        at=at,
        currency=floor.currency_of(scope),
        queues=[
            QueueRow(each.code, titles.get(each.code, each.code), each)
            for each in counted
        ],
        totals=_total(counted),
        people=_people(persons, known, at=at),
        promised=floor.promised(scope=scope, today=today),
        results=floor.results(scope=scope, since=today, today=today, talks=TALKS),
        alarms=[_alarm(each) for each in alarms],
        undo=[
            _undo(each, names=names, at=at)
            for each in floor.undoable(scope=scope, at=at)
        ],
        targets=list(names.items()),
        may_move=person.may(people.Permission.MANAGE_CASES),
    )


def queue_titles() -> Mapping[str, str]:
    """What the queues are called in the reader's language, by code."""
    return {
        code: zh if words.tongue() == "zh" else (en or zh)
        for code, zh, en in floor.queue_names()
    }


def _total(rows: Sequence[floor.QueueCount]) -> floor.QueueCount:
    names = [name for name in floor.QueueCount.__dataclass_fields__ if name != "code"]
    sums = {name: sum(getattr(row, name) for row in rows) for name in names}
    return floor.QueueCount(code="", **sums)


def _people(
    rows: Sequence[floor.PersonCount],
    known: Mapping[str, seats.Taker],
    *,
    at: datetime,
) -> Sequence[PersonRow]:
    by_login = {row.login: row for row in rows}
    for login in known:
        if login not in by_login and not known[login].leads:
            by_login[login] = floor.PersonCount(login, 0, 0, 0, 0, None, present=False)
    found = []
    for login, row in by_login.items():
        taker = known.get(login)
        most = taker.most_cases if taker else None
        found.append(
            PersonRow(
                login=login,
                name=taker.name if taker else login,
                count=row,
                most=most,
                fill=min(100, 100 * row.cases // most) if most else 0,
                over=bool(most and row.cases > most),
                state=_state(row, away=taker is None or taker.away, at=at),
                last=f"{timezone.localtime(row.last_at):%H:%M}" if row.last_at else "",
            )
        )
    return sorted(found, key=lambda each: (-each.count.due, each.login))


def _state(row: floor.PersonCount, *, away: bool, at: datetime) -> words.Chip:
    if row.present:
        return ("good", "dot", gettext("at a case"))
    if away:
        return ("mute", "bars", gettext("away"))
    if row.last_at is not None and at - row.last_at <= IDLE:
        return ("info", "half", gettext("between cases"))
    if row.due:
        return ("warn", "ring", gettext("idle, work waits"))
    return ("mute", "ring", gettext("not here"))


def _alarm(each: floor.Alarm) -> AlarmRow:
    n = {"n": each.count, "days": STALE}
    said = {
        "untouched": ngettext(
            "%(n)s case without any action for %(days)s days",
            "%(n)s cases without any action for %(days)s days",
            each.count,
        ),
        "no_reminder": ngettext(
            "%(n)s promise without a reminder",
            "%(n)s promises without a reminder",
            each.count,
        ),
        "strategy_ended": ngettext(
            "%(n)s case whose strategy ended with money owed",
            "%(n)s cases whose strategy ended with money owed",
            each.count,
        ),
        "late_item": ngettext(
            "%(n)s thing to do that is a day late",
            "%(n)s things to do that are a day late",
            each.count,
        ),
        "for_supervisor": ngettext(
            "%(n)s case handed to you", "%(n)s cases handed to you", each.count
        ),
    }
    return AlarmRow(
        each.kind,
        said[each.kind] % n,
        each.count,
        [(number, reverse("casework:case", args=[number])) for number in each.numbers],
    )


def _undo(each: floor.BatchLine, *, names: Mapping[str, str], at: datetime) -> Undo:
    who = actor_word(each.by, names=names)
    left = max(0, 15 - int((at - each.at).total_seconds()) // 60)
    text = ngettext(
        "%(n)s case moved by %(who)s, %(left)s min left to undo",
        "%(n)s cases moved by %(who)s, %(left)s min left to undo",
        each.moved,
    )
    return Undo(each.id, text % {"n": each.moved, "who": who, "left": left})
