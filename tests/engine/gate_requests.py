"""Requests to the gate drawn from small alphabets, so that limits are often met."""

import random
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

LICENCES = {
    "cn": ["bank", "consumer_finance", "microloan", "assignee", "private_lending"],
    "us": ["debt_collector", "creditor"],
    "uk": ["lender", "agency"],
    "eu": ["lender", "agency"],
    "in": ["lender", "agency"],
}
ZONES = {
    "cn": ["Asia/Shanghai", "Asia/Urumqi", "America/New_York"],
    "us": ["America/New_York", "America/Los_Angeles", "Pacific/Honolulu"],
    "uk": ["Europe/London"],
    "eu": ["Europe/Berlin", "Europe/Lisbon"],
    "in": ["Asia/Kolkata"],
}
ROLES = [
    *(["borrower"] * 8),
    *("co_borrower", "guarantor", "spouse", "contact_person", "contact_person"),
    "unrelated",
]
CHANNELS = ["call", "call", "call", "robot_call", "sms", "wechat", "email"]
CHANNELS += ["letter", "visit"]
FLAGS = ["dispute", "complaint", "hardship", "deceased", "bankruptcy", "minor"]
FLAGS += ["lawyer", "cease", "breathing_space"]
# A few weeks in which clocks go back in America and in Europe.
FIRST = datetime(2026, 10, 19, tzinfo=UTC)
CLOCKS = [(7, 59, 59), (8, 0, 0), (9, 0, 0), (12, 30, 0), (18, 59, 59), (19, 0, 0)]
CLOCKS += [(11, 0, 0), (14, 0, 0), (15, 30, 0), (17, 0, 0), (18, 0, 0), (10, 0, 0)]
CLOCKS += [(20, 59, 59), (21, 0, 0), (21, 59, 59), (22, 0, 0), (23, 59, 59), (0, 0, 0)]


def one(
    rng: random.Random,
    *,
    jurisdiction: str | None = None,
    zone: str | None = None,
    first: datetime = FIRST,
    days: int = 28,
) -> dict[str, Any]:
    """A request with up to a dozen contacts of the week before.

    `debtor_unsure` are the debtor's flags that one person alone told of; the JSON of a
    dialer has no such field.
    """
    place = jurisdiction or rng.choice(["cn", "cn", "cn", "us", "us", "uk", "eu", "in"])
    lives_in = ZoneInfo(zone or rng.choice(ZONES[place]))
    role, person = rng.choice(ROLES), rng.choice("pppq")
    at = instant(rng, lives_in, first=first, days=days)
    flags = rng.sample(FLAGS, 1) if rng.random() < 0.05 else []
    of_debtor = rng.sample(FLAGS, 1) if rng.random() < 0.05 else []
    return {
        "id": rng.randrange(1000),
        "jurisdiction": place,
        "at": at.isoformat(),
        "purpose": rng.choice(["collect", "collect", "remind", "service"]),
        "channel": rng.choice(CHANNELS),
        "licence": rng.choice(LICENCES[place]),
        "person": {
            "id": person,
            "role": role,
            "time_zone": lives_in.key,
            "flags": flags,
            "refused": rng.random() < 0.2,
        },
        "debtor_flags": of_debtor,
        "debtor_unreachable": rng.random() < 0.6,
        "contact_point": rng.choice("nnnm"),
        "debt": rng.choice("ddde"),
        "staff_count": rng.choice([1, 2, 2, 3]),
        "history": history(rng, at),
        "consents": consents(rng, at),
        "debtor_unsure": of_debtor if rng.random() < 0.4 else [],
    }


def plain(asked: dict[str, Any]) -> dict[str, Any]:
    """A request as a dialer sends it."""
    return {name: asked[name] for name in asked if name != "debtor_unsure"}


def instant(
    rng: random.Random, zone: ZoneInfo, *, first: datetime, days: int
) -> datetime:
    """A wall-clock time of some day, mostly where a window opens or closes."""
    day = first + timedelta(days=rng.randrange(days))
    hour, minute, second = rng.choice(CLOCKS)
    return day.replace(hour=hour, minute=minute, second=second, tzinfo=zone)


def history(rng: random.Random, at: datetime) -> list[dict[str, Any]]:
    """Contacts of today or of nine days, mostly calls to one person, a few later."""
    days = rng.choice([1, 1, 3, 9])
    answered = rng.choice([0.0, 0.1, 0.5, 0.9])
    # Half of the histories are calls to one person about one debt: counts are met.
    plain = rng.random() < 0.5
    found = []
    for _ in range(rng.choice([0, 2, 3, 6, 7, 8, 12, 16])):
        back = timedelta(days=rng.randrange(days), hours=rng.randrange(-1, 12))
        then = at - back
        if rng.random() < 0.3:
            hour, minute, second = rng.choice(CLOCKS)
            then = then.replace(hour=hour, minute=minute, second=second)
        connected = rng.random() < answered
        found.append(
            {
                "at": then.isoformat(),
                "person": "p" if plain else rng.choice("pppq"),
                "contact_point": "n" if plain else rng.choice("nnnm"),
                "debt": "d" if plain else rng.choice("ddde"),
                "channel": rng.choice(["call", "robot_call"] if plain else CHANNELS),
                "connected": connected,
                "conversation": connected and rng.random() < 0.1,
                "failed": rng.random() < 0.1,
                "actor": rng.choice(["staff", "robot", "agency", "branch"]),
            }
        )
    return found


def consents(rng: random.Random, at: datetime) -> list[dict[str, Any]]:
    found = []
    for _ in range(rng.choice([0, 0, 1, 2, 3])):
        kind = rng.choice(["night_contact", "channel", "channel"])
        given = at - timedelta(days=rng.randrange(-1, 9))
        ended = given + timedelta(days=rng.randrange(9))
        found.append(
            {
                "kind": kind,
                "channel": rng.choice(CHANNELS)
                if kind == "channel" or rng.random() < 0.3
                else None,
                "given_at": given.isoformat(),
                "withdrawn_at": ended.isoformat() if rng.random() < 0.3 else None,
            }
        )
    return found
