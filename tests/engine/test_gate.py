"""The gate fails closed: what is not known, or has no rule, is denied."""

import dataclasses
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
import yaml

from daihou.engine.gate.book import GateBook
from daihou.engine.gate.deciding import may_contact, windows
from daihou.engine.gate.values import (
    Actor,
    Answer,
    Channel,
    Consent,
    ConsentKind,
    Flag,
    Flags,
    Past,
    Purpose,
    Request,
    Role,
    Verdict,
)
from daihou.packs import law, law_policy

BOOK = GateBook(law.known())
CHINA = ZoneInfo("Asia/Shanghai")
TEN = datetime(2026, 11, 23, 10, tzinfo=CHINA)
PLAIN = Request(
    jurisdiction="cn",
    licence="bank",
    purpose="collect",
    channel="call",
    role="borrower",
    person="p",
    contact_point="n",
    debt="d",
    zone=CHINA,
)
CALLED = Past(
    at=TEN - timedelta(hours=1),
    person="p",
    contact_point="n",
    debt="d",
    channel="call",
    connected=True,
    conversation=False,
    failed=False,
    actor="staff",
)
NONE = Flags()


def ask(
    request: Request = PLAIN,
    *,
    at: datetime = TEN,
    history: tuple[Past, ...] = (),
    consents: tuple[Consent, ...] = (),
    flags: Flags = NONE,
    book: GateBook = BOOK,
) -> Answer:
    return may_contact(
        request,
        history=history,
        consents=consents,
        flags=flags,
        rulebook=book,
        at=at,
    )


def test_a_plain_call_at_ten_is_allowed() -> None:
    assert ask() == Answer(Verdict.ALLOW)


# Acts that exist nowhere, in any pack, under any name.
NO_SUCH = ["X_PUBLIC_SHAMING", "X_INTIMIDATE", "X_IMPERSONATE", "poster", "", "CALL"]


@pytest.mark.parametrize("word", NO_SUCH)
@pytest.mark.parametrize(
    ("field", "named"),
    [
        ("jurisdiction", "jurisdiction"),
        ("licence", "licence"),
        ("purpose", "purpose"),
        ("channel", "channel"),
        ("role", "person.role"),
    ],
)
def test_a_word_that_is_not_known_denies(word: str, field: str, named: str) -> None:
    found = ask(replace(PLAIN, **{field: word}))
    assert found == Answer(Verdict.DENY, unknown=(named,))


@pytest.mark.parametrize("word", NO_SUCH)
@pytest.mark.parametrize("pack", [p for p in BOOK.law.packs.values() if p.open])
def test_no_pack_knows_an_act_that_must_not_be(word: str, pack: law.Pack) -> None:
    request = replace(
        PLAIN, jurisdiction=pack.jurisdiction, licence=pack.example_licence
    )
    assert ask(request).verdict is Verdict.ALLOW
    for field in ("channel", "purpose", "role", "licence"):
        assert ask(replace(request, **{field: word})).verdict is Verdict.DENY
    for flags in (Flags(frozenset([word])), Flags(debtor=frozenset([word]))):
        assert ask(request, flags=flags).unknown


def test_what_one_person_alone_says_holds_but_opens_nothing() -> None:
    friend = replace(
        PLAIN, role="contact_person", refused=False, debtor_unreachable=False
    )
    dead = frozenset(["deceased"])
    assert ask(friend, flags=Flags(debtor=dead)).verdict is Verdict.ALLOW
    found = ask(friend, flags=Flags(debtor=dead, unsure=dead))
    assert (found.verdict, found.rules) == (Verdict.DENY, ("CN-COL-05",))
    guarantor = replace(PLAIN, role="guarantor")
    assert ask(guarantor, flags=Flags(debtor=dead, unsure=dead)).verdict is Verdict.DENY


@pytest.mark.parametrize(
    ("request_", "named"),
    [
        (replace(PLAIN, zone=None), "person.time_zone"),
        (replace(PLAIN, person=""), "person.id"),
        (replace(PLAIN, contact_point=""), "contact_point"),
        (replace(PLAIN, debt=""), "debt"),
        (replace(PLAIN, channel="visit"), "staff_count"),
        (
            replace(PLAIN, role="contact_person", debtor_unreachable=True),
            "person.refused",
        ),
        (
            replace(PLAIN, role="contact_person", refused=False),
            "debtor_unreachable",
        ),
        (replace(PLAIN, jurisdiction="example", licence="lender"), "jurisdiction"),
    ],
)
def test_a_fact_that_is_missing_denies(request_: Request, named: str) -> None:
    assert ask(request_).unknown == (named,)


@pytest.mark.parametrize(
    "past",
    [
        replace(CALLED, channel="telegram"),
        replace(CALLED, actor="friend"),
        replace(CALLED, at=CALLED.at.replace(tzinfo=None)),
    ],
)
def test_a_history_that_cannot_be_read_denies(past: Past) -> None:
    assert ask(history=(past,)).unknown == ("history",)


@pytest.mark.parametrize(
    "consent",
    [
        Consent("anything", None, TEN),
        Consent("channel", "telegram", TEN),
        Consent("channel", "sms", TEN.replace(tzinfo=None)),
        Consent("channel", "sms", TEN, TEN.replace(tzinfo=None)),
    ],
)
def test_a_consent_that_cannot_be_read_denies(consent: Consent) -> None:
    assert ask(consents=(consent,)).unknown == ("consents",)


def test_an_instant_without_a_zone_or_far_away_denies() -> None:
    for at in (
        TEN.replace(tzinfo=None),
        datetime(1999, 12, 31, tzinfo=UTC),
        datetime(2100, 1, 1, tzinfo=UTC),
    ):
        assert ask(at=at).unknown == ("at",)
        assert not windows(
            PLAIN, history=(), consents=(), flags=NONE, rulebook=BOOK, at=at
        )


def test_no_windows_for_what_is_not_known() -> None:
    request = replace(PLAIN, channel="poster")
    assert not windows(
        request, history=(), consents=(), flags=NONE, rulebook=BOOK, at=TEN
    )


def test_a_day_or_a_licence_without_rules_is_denied() -> None:
    rules = {
        name: rule
        for name, rule in BOOK.law.rules.items()
        if not name.startswith(("CN-POL-01", "CN-COL-01"))
    }
    bare = GateBook(dataclasses.replace(BOOK.law, rules=rules))
    assert ask(book=bare) == Answer(Verdict.DENY, unknown=("at",))
    none = GateBook(dataclasses.replace(BOOK.law, rules={}))
    assert ask(book=none).verdict is Verdict.DENY


def test_the_same_question_has_the_same_answer_in_any_order() -> None:
    others = [replace(CALLED, at=CALLED.at - timedelta(minutes=n)) for n in range(9)]
    first = ask(history=tuple(others))
    assert ask(history=tuple(reversed(others))) == first
    assert ask(history=tuple(others), book=GateBook(law.known())) == first
    assert first.rules == ("CN-COL-02", "CN-COL-03")


def test_a_refusal_stands_before_what_only_waits() -> None:
    night = TEN.replace(hour=23)
    found = ask(at=night, flags=Flags(frozenset(["cease"])))
    assert found.verdict is Verdict.DENY and found.until is None
    assert found.rules == ("CN-POL-02", "CN-COL-01")
    assert [each.until is None for each in found.because] == [True, False]


def test_every_flag_stops_in_every_pack() -> None:
    for pack in BOOK.law.packs.values():
        if not pack.open:
            continue
        for licence in pack.licences:
            request = replace(PLAIN, jurisdiction=pack.jurisdiction, licence=licence)
            for flag in Flag:
                for flags in (
                    Flags(frozenset([flag])),
                    Flags(debtor=frozenset([flag])),
                ):
                    assert ask(request, flags=flags).verdict is Verdict.DENY


def test_every_licence_has_rules_on_every_day_of_a_quarter_century() -> None:
    for pack in BOOK.law.packs.values():
        for licence in pack.licences if pack.open else ():
            for year in range(2000, 2027):
                for month in range(1, 13):
                    day = date(year, month, 28)
                    assert BOOK.checks(day, pack.jurisdiction, licence), (pack, day)


def test_a_consent_that_will_be_withdrawn_does_not_promise_tomorrow() -> None:
    request = replace(PLAIN, channel="wechat")
    night = TEN.replace(hour=23)
    consent = Consent("channel", "wechat", TEN, night + timedelta(hours=1))
    found = ask(request, at=night, consents=(consent,))
    assert (found.verdict, found.until) == (Verdict.DENY, None)
    longer = replace(consent, withdrawn_at=night + timedelta(hours=24))
    found = ask(request, at=night, consents=(longer,))
    assert found.until == datetime(2026, 11, 24, 8, tzinfo=CHINA)


def test_a_consent_not_yet_given_opens_nothing() -> None:
    request = replace(PLAIN, channel="wechat")
    consent = Consent("channel", "wechat", TEN + timedelta(days=1))
    asked = {"history": (), "flags": NONE, "rulebook": BOOK, "at": TEN}
    assert not windows(request, consents=(consent,), **asked)  # type: ignore[arg-type]
    given = replace(consent, given_at=TEN)
    assert len(windows(request, consents=(given,), **asked)) == 8  # type: ignore[arg-type]


def test_a_policy_tightens_what_the_gate_asks(tmp_path: Path) -> None:
    def book(rule: str, **values: object) -> GateBook:
        row = {"rule": rule, "begins_on": "2026-01-01", "because": "x"}
        file = tmp_path / "ours.yaml"
        content = {"title": "ours", "changes": [row | {"values": values}]}
        file.write_text(yaml.safe_dump(content), "utf-8")
        return GateBook(law_policy.under(law.known(), file, name="ours.yaml"))

    tighter = book("CN-COL-02", most_connected_a_day=1)
    assert ask(history=(CALLED,)).verdict is Verdict.ALLOW
    assert ask(history=(CALLED,), book=tighter).rules == ("CN-COL-02",)
    never = book("CN-COL-02", most_connected_a_day=0)
    assert ask(book=never).verdict is Verdict.DENY
    closed = book("CN-COL-01", opens_at="22:00", closes_at="22:00")
    assert ask(book=closed) == replace(ask(book=closed), verdict=Verdict.DENY)
    late = book("CN-COL-01", opens_at="11:00")
    assert ask(book=late).until == TEN.replace(hour=11)


@pytest.mark.parametrize(
    ("zone", "day"),
    [
        # Clocks go back at midnight or near it: a local day comes twice.
        ("America/St_Johns", date(2010, 11, 7)),
        ("America/Havana", date(2026, 11, 1)),
        ("Asia/Beirut", date(2026, 10, 25)),
        ("America/Santiago", date(2026, 4, 4)),
        ("America/New_York", date(2026, 3, 8)),
        ("Australia/Lord_Howe", date(2026, 4, 5)),
    ],
)
def test_days_on_which_clocks_change(zone: str, day: date) -> None:
    place = ZoneInfo(zone)
    request = replace(PLAIN, zone=place)
    start = datetime.combine(day - timedelta(days=1), datetime.min.time(), tzinfo=place)
    start = start.astimezone(UTC)
    history = tuple(
        replace(CALLED, at=start + timedelta(hours=each)) for each in (0, 1, 2)
    )
    open_times = windows(
        request,
        history=history,
        consents=(),
        flags=NONE,
        rulebook=BOOK,
        at=start + timedelta(hours=2),
        days=3,
    )
    for minute in range(0, 3 * 1440, 7):
        at = start + timedelta(hours=2, minutes=minute)
        found = ask(request, at=at, history=history)
        inside = any(begin <= at < end for begin, end in open_times)
        assert (found.verdict is Verdict.ALLOW) is inside, (at, found, open_times)
        if found.until is not None:
            assert found.until > at
            assert ask(request, at=found.until, history=history).rules == ()


def test_an_offset_is_a_zone_too() -> None:
    request = replace(PLAIN, zone=timezone(timedelta(hours=8)))
    assert ask(request).verdict is Verdict.ALLOW


def test_the_lists_are_closed_and_hold_nothing_else() -> None:
    assert set(Channel) == {
        *("call", "robot_call", "sms", "wechat", "email", "letter", "visit"),
    }
    assert set(Purpose) == {"collect", "remind", "service"}
    assert set(Role) == {
        *("borrower", "co_borrower", "guarantor", "spouse", "contact_person"),
        "unrelated",
    }
    assert set(Actor) == {"staff", "robot", "agency", "branch"}
    assert set(ConsentKind) == {"night_contact", "channel"}
