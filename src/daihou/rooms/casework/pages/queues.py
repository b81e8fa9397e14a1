"""Queues and seats as supervisors see and change them: how worked, by whom, how much."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from django.utils.translation import gettext, pgettext

from daihou.kit.refusal import Refused
from daihou.rooms.casework import forms_desk
from daihou.rooms.casework.actions.queueing import QueueSaid, SeatSaid
from daihou.rooms.casework.pages import case_words as words
from daihou.rooms.casework.pages.led import led_by
from daihou.rooms.casework.queries import queues, seats
from daihou.rooms.casework.states import PRECEDENCE, Order, Resolution, Taking
from daihou.rooms.people import door as people

MOST: Final = 100_000  # cases anybody can mean
LONGEST_DAYS: Final = 365
_LONGEST: Final = {"skills": 40, "languages": 20, "queues": 40}


@dataclass(frozen=True, slots=True)
class QueueShown:
    """A queue with its name in the reader's language."""

    title: str
    line: queues.QueueLine
    team_days: str


@dataclass(frozen=True, slots=True)
class SeatShown:
    """A collector and what they take; lists as they are typed."""

    login: str
    name: str
    unit: str
    skills: str
    languages: str
    queues: str
    most: int | None
    most_a_day: int | None
    cases: int
    away: bool


@dataclass(frozen=True, slots=True)
class QueuesPage:
    """Everything the page draws."""

    queues: Sequence[QueueShown]
    seats: Sequence[SeatShown]
    orders: Sequence[tuple[str, str]]
    takings: Sequence[tuple[str, str]]
    precedence: Sequence[tuple[str, str]]


def queues_page(by: people.Person) -> QueuesPage:
    """Every queue, and who works cases in the units this person sees."""
    chinese = words.tongue() == "zh"
    units = people.branch_names(language=words.language())
    return QueuesPage(
        queues=[
            QueueShown(
                each.title if chinese else each.title_en or each.title,
                each,
                ", ".join(f"{team} {n}" for team, n in sorted(each.team_days.items())),
            )
            for each in queues.queues(scope=by.scope)
        ],
        seats=[
            _seat(taker, units)
            for _login, taker in sorted(led_by(by, counted=True).items())
        ],
        orders=[
            (Order.VALUE.value, pgettext("queue", "expected value")),
            (Order.PRIORITY.value, pgettext("queue", "priority")),
            (Order.DPD.value, pgettext("queue", "days past due")),
            (Order.AMOUNT.value, pgettext("queue", "amount overdue")),
            (Order.OLDEST.value, pgettext("queue", "longest untouched")),
        ],
        takings=[
            (Taking.NEXT.value, pgettext("queue", "the next one only")),
            (Taking.LIST.value, pgettext("queue", "from a list only")),
            (Taking.BOTH.value, pgettext("queue", "either way")),
        ],
        precedence=[
            (words.resolution_word(each.value), _because(each))
            for each in PRECEDENCE
            if each is not Resolution.NONE
        ],
    )


def _because(each: Resolution) -> str:
    """Why what was agreed stands before what follows, and what comes of it."""
    ends = gettext("ends the claim: the case is closed or changes hands")
    lives = gettext("agreed for the long run: the case waits for its instalments")
    texts: dict[Resolution, str] = {
        Resolution.SOLD: ends,
        Resolution.WRITTEN_OFF: ends,
        Resolution.PAID: ends,
        Resolution.RESTRUCTURED: lives,
        Resolution.SETTLEMENT: lives,
        Resolution.ARRANGEMENT: lives,
        Resolution.PROMISE: gettext(
            "the case waits until the day of the promise, and goes to nobody else"
        ),
    }
    return texts[each]


def _seat(taker: seats.Taker, units: Mapping[str, str]) -> SeatShown:
    return SeatShown(
        login=taker.login,
        name=taker.name,
        unit=units.get(taker.team, taker.team),
        skills=", ".join(sorted(taker.skills)),
        languages=", ".join(sorted(taker.languages)),
        queues=", ".join(sorted(taker.queues)),
        most=taker.most_cases,
        most_a_day=taker.most_a_day,
        cases=taker.cases,
        away=taker.away,
    )


def queue_said(given: Mapping[str, str]) -> QueueSaid:
    """What the form says of a queue; an empty number leaves it as it is."""
    order, taking = given.get("order", ""), given.get("taking", "")
    if order not in set(Order) or taking not in set(Taking):
        raise Refused("queue_words", gettext("Choose how the queue is worked."))
    return QueueSaid(
        order=Order(order),
        taking=Taking(taking),
        most_cases=_number(given.get("most", "")),
        team_days=_team_days(given["team_days"]) if "team_days" in given else None,
        auto=given.get("auto") == "1",
    )


def seat_said(given: Mapping[str, str], *, now: seats.Taker) -> SeatSaid:
    """What the form says of a seat; what it does not show stays as it is now."""
    return SeatSaid(
        skills=_codes(given, "skills"),
        languages=_codes(given, "languages"),
        queues=_codes(given, "queues"),
        most_cases=_number(given.get("most", "")),
        most_amount=now.most_amount,
        most_a_day=_number(given.get("a_day", "")),
        away=now.away,
    )


def _number(text: str) -> int | None:
    if not text.strip():
        return None
    found = forms_desk.whole(text)
    if not text.strip().isdecimal() or found > MOST or (not found and text != "0"):
        raise Refused(
            "queue_number",
            gettext("Write a whole number up to %(most)s.") % {"most": f"{MOST:,}"},
            field="most",
        )
    return found


def _team_days(text: str) -> Mapping[str, int]:
    """Units with days of their own, as they are typed: north 10, south 20."""
    known = people.branch_names(language=words.language())
    found: dict[str, int] = {}
    for each in text.replace("\0", "").replace("，", ",").split(","):
        if not each.strip():
            continue
        unit, _space, days = each.strip().rpartition(" ")
        number = forms_desk.whole(days)
        if unit not in known or not days.isdecimal() or number > LONGEST_DAYS:
            raise Refused(
                "queue_team_days",
                gettext(
                    "“%(text)s”: write the code of a unit and up to %(most)s days,"
                    " like north 10."
                )
                % {"text": each.strip()[:40], "most": LONGEST_DAYS},
                field="team_days",
            )
        found[unit] = number
    return found


def _codes(given: Mapping[str, str], name: str) -> tuple[str, ...]:
    typed = given.get(name, "").replace("\0", "").replace("，", ",").split(",")
    found = tuple(dict.fromkeys(each.strip() for each in typed if each.strip()))
    longest = _LONGEST[name]
    if len(found) > 50 or any(len(each) > longest for each in found):
        raise Refused(
            "seat_codes",
            gettext("At most 50 words of %(most)s characters, with commas between.")
            % {"most": longest},
            field=name,
        )
    return found
