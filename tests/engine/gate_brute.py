"""What the articles forbid, written from their texts alone: a second pair of eyes.

It knows neither the engine nor the rule book. It takes a request as JSON has it and
says by which article it is forbidden, or None. It is slow, plain and on purpose not
clever: each function is one article.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

Asked = dict[str, Any]
VOICE = ("call", "robot_call")
STOPS = {
    *("dispute", "complaint", "hardship", "deceased", "bankruptcy", "minor"),
    *("lawyer", "cease", "breathing_space"),
}


def forbidden(asked: Asked) -> str | None:
    """The first article that forbids the contact; None if none does."""
    articles = {"cn": china, "us": america, "uk": britain, "eu": europe, "in": india}
    for found in (*held(asked), *articles[asked["jurisdiction"]](asked)):
        return found
    return None


def local(asked: Asked, text: str | None = None) -> datetime:
    """An instant as the wall clock of the person shows it, without a zone."""
    zone = ZoneInfo(asked["person"]["time_zone"])
    moment = datetime.fromisoformat(text or asked["at"]).astimezone(zone)
    return moment.replace(tzinfo=None)


def minute_of_day(asked: Asked) -> float:
    now = local(asked)
    return now.hour * 60 + now.minute + now.second / 60 + now.microsecond / 6e7


def before(asked: Asked) -> list[Asked]:
    """What had happened by then and had rung."""
    now = datetime.fromisoformat(asked["at"])
    return [
        each
        for each in asked["history"]
        if datetime.fromisoformat(each["at"]) <= now and not each["failed"]
    ]


def today(asked: Asked) -> list[Asked]:
    day = local(asked).date()
    return [each for each in before(asked) if local(asked, each["at"]).date() == day]


def agreed(asked: Asked, kind: str) -> bool:
    """Whether a consent for this channel was given and not taken back by then."""
    now = datetime.fromisoformat(asked["at"])
    for each in asked["consents"]:
        if each["kind"] != kind or each.get("channel") not in (None, asked["channel"]):
            continue
        if datetime.fromisoformat(each["given_at"]) > now:
            continue
        ended = each.get("withdrawn_at")
        if ended is None or now < datetime.fromisoformat(ended):
            return True
    return False


def held(asked: Asked) -> Iterator[str]:
    """Nobody is contacted while something stops it, for the person or the debtor."""
    third = asked["person"]["role"] == "contact_person"
    of_debtor = set(asked["debtor_flags"])
    if third and asked["jurisdiction"] == "cn":
        of_debtor -= {"deceased", "minor"}  # those open the way to a contact person
    if STOPS & (set(asked["person"]["flags"]) | of_debtor):
        yield "a hold"
    if asked["channel"] == "visit" and asked["staff_count"] < 2:
        yield "a visit by one"


def china(asked: Asked) -> Iterator[str]:
    person, role = asked["person"], asked["person"]["role"]
    # GB/T 45251-2025 and the association's guideline: 22:00 to 08:00, any way.
    if not 8 * 60 <= minute_of_day(asked) < 22 * 60:
        debtor = role in ("borrower", "co_borrower", "guarantor")
        if not (debtor and agreed(asked, "night_contact")):
            yield "night"
    # At most three voice contacts that were answered, people and robots together.
    if asked["channel"] in VOICE:
        answered = [
            each
            for each in today(asked)
            if each["person"] == person["id"]
            and each["channel"] in VOICE
            and each["connected"]
        ]
        if len(answered) >= 3:
            yield "three connected"
        # No more than six dials a day on one number.
        dials = [
            each
            for each in today(asked)
            if each["contact_point"] == asked["contact_point"]
            and each["channel"] in VOICE
        ]
        if len(dials) >= 6:
            yield "six dials"
    yield from chinas_third_parties(asked)


def chinas_third_parties(asked: Asked) -> Iterator[str]:
    # Only the debtor; a contact person only to find a debtor who is out of reach.
    person, role = asked["person"], asked["person"]["role"]
    if role in ("spouse", "unrelated"):
        yield "not a debtor"
    if role == "contact_person":
        # What one person alone said of the debtor opens no way to others.
        sure = set(asked["debtor_flags"]) - set(asked["debtor_unsure"])
        gone = {"deceased", "minor"} & sure
        if not (asked["debtor_unreachable"] or gone):
            yield "the debtor is in reach"
        if person["refused"]:
            yield "refused once"
        if asked["licence"] == "microloan" and asked["purpose"] != "service":
            yield "collected from another"


def america(asked: Asked) -> Iterator[str]:
    # 1006.6(b)(1): before 8 and after 9 in the evening, local time of the consumer.
    if not 8 * 60 <= minute_of_day(asked) < 21 * 60:
        yield "inconvenient time"
    if asked["person"]["role"] in ("spouse", "contact_person", "unrelated"):
        yield "third party"
    if asked["channel"] not in VOICE:
        return
    calls = [
        each
        for each in before(asked)
        if each["channel"] in VOICE
        and each["person"] == asked["person"]["id"]
        and each["debt"] == asked["debt"]
    ]
    day = local(asked).date()
    # 1006.14(b)(2): seven within seven consecutive days, counted by days ...
    week = [
        each
        for each in calls
        if (day - local(asked, each["at"]).date()) < timedelta(days=7)
    ]
    if len(week) >= 7:
        yield "seven in seven"
    # ... and none in the seven days of which the conversation's is the first.
    for each in calls:
        days = day - local(asked, each["at"]).date()
        if each["conversation"] and days < timedelta(days=7):
            yield "a conversation this week"


def britain(asked: Asked) -> Iterator[str]:
    # CONC 7.9: nothing to third parties; the text names no hours.
    if asked["person"]["role"] in ("spouse", "contact_person", "unrelated"):
        yield "third party"


def europe(asked: Asked) -> Iterator[str]:
    # No article of the union names hours, counts or people.
    yield from ()


def india(asked: Asked) -> Iterator[str]:
    # The draft directions: 08:00 to 19:00, borrower and guarantor alone.
    if not 8 * 60 <= minute_of_day(asked) < 19 * 60:
        yield "hours"
    if asked["person"]["role"] in ("spouse", "contact_person", "unrelated"):
        yield "not a borrower"
