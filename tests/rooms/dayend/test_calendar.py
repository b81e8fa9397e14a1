"""The calendar: days closed and sealed, days off, and a date run again for a reason."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction
from django.test import Client

from daihou.kit import ports
from daihou.packs import holidays
from daihou.rooms.audit import door as audit
from daihou.rooms.dayend import door as dayend
from daihou.rooms.dayend.models import Request, Run
from daihou.rooms.people.models import User
from tests.rooms.book import Book
from tests.rooms.cast import AT, TODAY, Cast

LAST = date(2026, 3, 19)


def run(as_of: date, **wish: object) -> Run:
    usual = {
        "kind": "first",
        "state": "done",
        "current": True,
        "started_at": AT,
        "finished_at": AT,
        "loans": 1234,
        "fingerprint": "f" * 64,
    }
    return Run.objects.create(as_of=as_of, **usual | wish)


@pytest.fixture
def month(cast: Cast) -> Iterator[Run]:
    """One day closed and sealed, one run again, one broken off; the 20th is open."""
    ports.bind_book(Book({}))
    dayend.set_business_date(on=TODAY, by="test", at=AT)
    run(date(2026, 3, 17), state="superseded", current=False)
    run(
        date(2026, 3, 17), kind="again", reason="late facts since 2026-03-16", by="arun"
    )
    run(date(2026, 3, 18), state="failed", current=False, finished_at=None)
    with transaction.atomic():
        audit.seal(on=LAST, at=AT, by="night")
    yield run(LAST)
    ports.unbind_book()


def signed_in(username: str, *, language: str = "en") -> Client:
    client = Client()
    client.force_login(User.objects.get(username=username))
    client.cookies["django_language"] = language
    return client


def page_of(query: str = "", who: str = "arun", language: str = "en") -> str:
    answer = signed_in(who, language=language).get(f"/day-end/calendar/?{query}")
    assert answer.status_code == 200
    return answer.content.decode()


def test_the_month_of_the_open_day_is_shown(month: Run) -> None:
    page = page_of()
    assert "Mar 2026" in page and "2 closed, 1 sealed, 1 run again" in page
    for word in ("Closed", "Failed", "Open", "1,234 loans", "seal 1", "again 1 time"):
        assert word in page, word
    assert "1,234" not in page_of(who="mei")  # who sees one branch counts no others'


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_a_day_is_opened_with_its_runs_and_seals(month: Run, language: str) -> None:
    page = page_of("day=2026-03-17", language=language)
    assert page.count('class="dh-entry"') == 2 and "arun" in page
    sealed = page_of(f"day={LAST}", language=language)
    assert f"/day-end/{month.pk}/" in sealed and "ffff…ffff" in sealed
    assert f"/ledger/?as_of={LAST}" in sealed


def test_holidays_and_worked_weekends_are_named(month: Run) -> None:
    page = page_of("month=2026-10&day=2026-10-01")
    assert page.count("National Day") >= 8
    assert "not checked against the text" not in page
    assert "worked" in page  # Saturday the 10th, in exchange
    assert "2026 年 10 月" in page_of("month=2026-10", language="zh-hans")
    assert "国庆节" in page_of("month=2026-10", language="zh-hans")
    assert "only weekends are marked" in page_of("month=2031-01")


def test_a_lender_has_its_own_list(month: Run, settings: Any, tmp_path: Path) -> None:
    settings.DAIHOU_HOME = tmp_path
    own = tmp_path / "holidays" / "cn.yaml"
    own.parent.mkdir()
    own.write_text(
        "id: cn\nname: {zh-Hans: 甲, en: A}\nweekend: []\nyears:\n"
        "  - year: 2026\n    source: {text: 行内通知, evidence: P}\n    days:\n"
        "      - {first: 2026-03-18, last: 2026-03-18, name: {zh-Hans: 行庆, en: Feast}}\n"
    )
    page = page_of("day=2026-03-18")
    assert "Feast" in page and "行内通知" in page and "not checked" not in page
    own.write_text(own.read_text().replace("evidence: P", "evidence: M"))
    assert "not checked against the text" in page_of("day=2026-03-18")
    own.write_text("id: cn\nyears: 5\n")
    assert "was left aside" in page_of()


def test_a_date_runs_again_for_a_reason(month: Run) -> None:
    client = signed_in("arun")
    form = {"kind": "again", "as_of": LAST.isoformat(), "reason": ""}
    answer = client.post("/day-end/ask/", form, follow=True)
    assert "Say why the date is to run again" in answer.content.decode()
    assert not Request.objects.exists()
    client.post("/day-end/ask/", form | {"reason": "a file came late"})
    assert Request.objects.get().kind == "again"
    told = audit.timeline(subject_type="day_end", subject_id=LAST.isoformat())[0]
    assert told.reason == "a file came late"
    assert "a file came late" in client.get(f"/day-end/{month.pk}/").content.decode()
    assert "asked for already" in page_of(f"day={LAST}")
    assert "A risk officer runs a date again" in page_of(f"day={LAST}", who="mei")


@pytest.mark.parametrize(
    "query", ["month=abc", "month=2026-13", "day=rubbish", "month=0001-01", "day=%00"]
)
def test_what_an_address_cannot_mean_is_this_month(month: Run, query: str) -> None:
    assert "Mar 2026" in page_of(query)


def test_a_year_has_its_months(month: Run) -> None:
    assert "month=2026-02" in page_of() and "month=2026-04" in page_of()
    assert "month=2027-01" in page_of("month=2026-12")


def test_before_there_is_a_book_the_calendar_is_of_today(cast: Cast) -> None:
    page = page_of()
    assert "0 closed, 0 sealed" in page


def test_the_ribbon_is_loud_while_the_clock_is_simulated(cast: Cast) -> None:
    dayend.set_business_date(on=TODAY, by="test", at=AT, simulated=True)
    page = page_of()
    assert 'class="dh-ribbon"' in page and "Simulated clock" in page


def test_the_shipped_list_is_whole() -> None:
    known = holidays.holidays()
    assert {2025, 2026} <= known.years
    assert known.is_off(date(2026, 2, 17)) and not known.is_off(date(2026, 2, 28))
    assert known.is_off(date(2026, 3, 21)) and not known.is_off(date(2026, 3, 20))
    for day in known.worked:
        assert day.isoweekday() in known.weekend and day not in known.off


@pytest.mark.parametrize(
    ("days", "code"),
    [
        ("{first: 2026-02-30, last: 2026-03-01, name: {zh-Hans: 甲, en: A}}", "date"),
        ("{first: 2026-03-02, last: 2026-03-01, name: {zh-Hans: 甲, en: A}}", "span"),
        ("{first: 2024-03-02, last: 2024-03-03, name: {zh-Hans: 甲, en: A}}", "span"),
        ("{first: 2026-03-02, name: {zh-Hans: 甲, en: A}}", "schema"),
    ],
)
def test_a_list_that_cannot_be_is_refused(days: str, code: str) -> None:
    text = (
        "id: cn\nname: {zh-Hans: 甲, en: A}\nweekend: [6]\nyears:\n"
        "  - year: 2026\n    source: {text: x, evidence: P}\n"
        f"    days:\n      - {days}\n"
    )
    with pytest.raises(holidays.HolidaysError) as wrong:
        holidays.read(text, name="cn.yaml")
    assert wrong.value.code == code
    assert wrong.value.say("en") != wrong.value.say("zh-hans")
