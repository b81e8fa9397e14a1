"""The daily bulletin 清收进度 and the agenda of the meeting 例会, in sentences."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from django.utils.translation import gettext

from daihou.kit import numbers
from daihou.rooms.casework.pages import case_words as words
from daihou.rooms.casework.pages import floor as floor_page
from daihou.rooms.casework.pages.day import TALKS
from daihou.rooms.casework.queries import bulletin, floor
from daihou.rooms.casework.queries.bulletin import ByCase, Flow
from daihou.rooms.people import door as people

LISTED: Final = 10


@dataclass(frozen=True, slots=True)
class Line:
    """One case of a list in the bulletin."""

    number: str
    name: str
    amount: int
    dpd: int
    why: str


@dataclass(frozen=True, slots=True)
class BulletinPage:
    """Everything both pages draw; amounts in minor units of `currency`."""

    today: date
    currency: str
    said: Sequence[str]
    flow: Flow
    week: Flow
    results: floor.Results
    promised: floor.Promised
    queues: Sequence[floor_page.QueueRow]
    largest: Sequence[Line]
    broken: Sequence[Line]
    held: Sequence[Line]
    totals: floor.QueueCount
    alarms: Sequence[floor_page.AlarmRow]
    people: Sequence[floor_page.PersonRow]


def bulletin_page(person: people.Person, *, today: date, at: datetime) -> BulletinPage:
    """The progress of a day within the reader's sight, and what to talk about."""
    scope = person.scope
    now = floor_page.floor_page(person, today=today, at=at)
    currency = now.currency
    week_ago = today - timedelta(days=6)
    day = bulletin.flow(scope=scope, since=today, until=today, currency=currency)
    week = bulletin.flow(scope=scope, since=week_ago, until=today, currency=currency)
    results = floor.results(scope=scope, since=today, today=today, talks=TALKS)
    names = bulletin.named(
        lists := {
            kind: bulletin.cases(kind, scope=scope, most=LISTED)
            for kind in ("largest", "broken", "held")
        }
    )
    return BulletinPage(
        today=today,
        currency=currency,
        said=_said(day, week, results, now, currency),
        flow=day,
        week=week,
        results=results,
        promised=now.promised,
        queues=now.queues,
        largest=_lines(lists["largest"], names),
        broken=_lines(lists["broken"], names),
        held=_lines(lists["held"], names),
        totals=now.totals,
        alarms=now.alarms,
        people=now.people,
    )


def _lines(rows: Sequence[ByCase], names: dict[int, str]) -> Sequence[Line]:
    return [
        Line(
            row.number,
            names.get(row.customer_id, row.number),
            row.amount,
            row.dpd,
            words.hold_word(row.note) if row.note else "",
        )
        for row in rows
    ]


def _said(
    day: Flow,
    week: Flow,
    results: floor.Results,
    now: floor_page.FloorPage,
    currency: str,
) -> Sequence[str]:
    """The bulletin in sentences that can be sent as they are."""

    def money(minor: int) -> str:
        language = words.language()
        return numbers.large_money(minor, language=language, currency=currency)

    return [
        gettext(
            "%(opened)s cases were opened and %(closed)s closed, %(open)s are open."
        )
        % {"opened": day.opened, "closed": day.closed, "open": now.totals.open},
        gettext("%(paid)s came in on cases today, %(week)s in seven days.")
        % {"paid": money(day.paid), "week": money(week.paid)},
        gettext(
            "%(worked)s cases were worked, %(talks)s conversations held and"
            " %(promises)s promises taken."
        )
        % {
            "worked": results.worked,
            "talks": results.talks,
            "promises": results.promises,
        },
        gettext(
            "%(due)s promises of %(amount)s are due today, %(came)s of it came;"
            " %(risk)s is at risk."
        )
        % {
            "due": now.promised.due,
            "amount": money(now.promised.amount),
            "came": money(now.promised.came),
            "risk": money(now.promised.at_risk_amount),
        },
        gettext("%(n)s complaints were made today.") % {"n": results.complaints},
    ]
