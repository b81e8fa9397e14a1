"""Retention schedules: what is shipped is whole, what is wrong is refused."""

from datetime import date
from pathlib import Path

import pytest

from daihou.packs import retention
from daihou.packs.retention import RetentionError

GOOD = (
    "id: own\nversion: 2026-01-01\nname: {zh-Hans: 自订, en: Own}\nclasses:\n"
    "  - {id: consents, name: {zh-Hans: 授权, en: Consents}, years: 5,\n"
    "     clock: closure, then: delete,\n"
    "     sources: [{rule: own, text: 规定, evidence: S}]}\n"
)


def test_the_shipped_schedule_says_why_for_every_class() -> None:
    kept = retention.schedule()
    assert kept.id == "cn" and len(kept.classes) >= 8
    for each in kept.classes:
        assert each.grounds and each.name("zh-hans") and each.name("en")
        assert each.then == "keep" or (each.years or each.days)
    sure = {each.id for each in kept.classes if each.verified}
    assert "contact_history" in sure and "accounts" not in sure


@pytest.mark.parametrize(
    ("as_of", "last"),
    [
        (date(2031, 2, 1), date(2026, 2, 1)),
        (date(2031, 2, 28), date(2026, 2, 28)),
        (date(2033, 3, 1), date(2028, 3, 1)),
        # The record of a leap day is kept to the first of March.
        (date(2033, 2, 28), date(2028, 2, 28)),
    ],
)
def test_years_are_counted_by_the_calendar(as_of: date, last: date) -> None:
    (consents,) = retention.read(GOOD, name="own").classes
    assert consents.last_day(as_of=as_of) == last


def test_days_are_counted_as_days() -> None:
    text = GOOD.replace("years: 5", "days: 30")
    (consents,) = retention.read(text, name="own").classes
    assert consents.last_day(as_of=date(2026, 3, 20)) == date(2026, 2, 18)


@pytest.mark.parametrize(
    ("was", "becomes", "code"),
    [
        ("years: 5", "years: 0", "schema"),
        ("years: 5, ", "", "schema"),
        ("years: 5", "years: 5, days: 3", "schema"),
        ("then: delete", "then: burn", "schema"),
        ("evidence: S", "evidence: X", "schema"),
        ("id: consents", "id: secrets", "schema"),
    ],
)
def test_what_is_wrong_is_refused(was: str, becomes: str, code: str) -> None:
    assert was in GOOD or was.strip(", ") in GOOD
    with pytest.raises(RetentionError) as refused:
        retention.read(GOOD.replace(was.strip(), becomes), name="own.yaml")
    assert refused.value.code == code
    assert "own.yaml" in refused.value.say("en")


def test_a_class_given_twice_is_refused() -> None:
    with pytest.raises(RetentionError) as refused:
        row = GOOD.split("classes:\n")[1]
        retention.read(GOOD + row, name="own.yaml")
    assert refused.value.code == "twice"


def test_a_lender_s_own_schedule_takes_the_place_of_the_shipped(tmp_path: Path) -> None:
    own = tmp_path / "retention.yaml"
    assert retention.schedule(own).id == "cn"
    own.write_text(GOOD, "utf-8")
    assert retention.schedule(own).label.startswith("own 2026-01-01 ")
    own.write_bytes(b"\xff\xfe")
    with pytest.raises(RetentionError) as refused:
        retention.schedule(own)
    assert refused.value.code == "unreadable"
