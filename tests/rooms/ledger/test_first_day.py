"""A real lender's first day: a date, a book, a person; and no demonstration on it."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from daihou.config import clock, demo
from daihou.config.commands import intake, user
from daihou.kit import ports
from daihou.rooms.audit import door as audit
from daihou.rooms.dayend import door as dayend
from daihou.rooms.dayend.models import BusinessDate
from daihou.rooms.intake.models import Batch
from daihou.rooms.ledger import door as ledger
from daihou.rooms.ledger.models import Loan
from daihou.rooms.people import door as people
from daihou.rooms.people.models import User
from tests.intake import files
from tests.rooms.book import Book
from tests.rooms.cast import AT, TODAY, Cast, make_loan
from tests.rooms.dayend.test_dayend import make_run
from tests.rooms.test_pages import signed_in, text_of

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
NOW = datetime(2026, 11, 20, 17, 0, tzinfo=UTC)  # already the 21st in Shanghai


def typed(command: object, *words: object, code: int = 0) -> str:
    with clock.standing_at(NOW):
        result: Result = CliRunner().invoke(command, [str(word) for word in words])
    assert result.exit_code == code, result.output
    return result.output


def test_a_first_book_begins_to_live_today(tmp_path: Path) -> None:
    paths = files.write(files.good(), tmp_path)
    plan = typed(intake.command, *paths, "--source", "core", "--plan")
    assert dayend.business_date() is None and "2026-11-21" not in plan
    said = typed(intake.command, *paths, "--source", "core", "--language", "en")
    assert "begins to live on 2026-11-21" in said
    day = dayend.business_date()
    assert day is not None and day.on == date(2026, 11, 21) and not day.simulated
    again = typed(intake.command, *paths, "--source", "core", "--language", "en")
    assert "begins to live" not in again


def test_a_refused_book_sets_no_date(tmp_path: Path) -> None:
    tables = files.good()
    tables["payments"][0]["amount"] = "-1"
    typed(intake.command, *files.write(tables, tmp_path), "--source", "core", code=1)
    assert dayend.business_date() is None


def test_the_day_may_be_named_until_one_is_closed(tmp_path: Path) -> None:
    paths = files.write(files.good(), tmp_path)
    words = (*paths, "--source", "core", "--business-date")
    typed(intake.command, *words, "2026-11-30", "--plan")
    assert dayend.business_date() is None
    typed(intake.command, *words, "2026-11-30")
    day = dayend.business_date()
    assert day is not None and (day.on, day.simulated) == (date(2026, 11, 30), True)
    assert {batch.business_date for batch in Batch.objects.all()} == {day.on}
    typed(intake.command, *words, "2026-11-10")
    assert BusinessDate.objects.get().on == date(2026, 11, 10)
    make_run(date(2026, 11, 9))
    typed(intake.command, *words, "2026-11-11", code=2)
    assert BusinessDate.objects.get().on == date(2026, 11, 10)


@pytest.fixture
def nothing_closed() -> Iterator[None]:
    """A book without a day."""
    ports.bind_book(Book({}))
    yield
    ports.unbind_book()


def test_the_day_is_named_on_the_page(cast: Cast, nothing_closed: None) -> None:
    arun = signed_in("arun")
    assert 'action="/day-end/begin/"' in text_of(arun.get("/day-end/"))
    assert 'action="/day-end/begin/"' not in text_of(signed_in("mei").get("/day-end/"))
    for who in ("mei", "sam"):
        answer = signed_in(who).post("/day-end/begin/", {"on": "2026-03-20"})
        assert answer.status_code == 403
    wrong = arun.post("/day-end/begin/", {"on": "soon"}, follow=True)
    assert "Nothing was set" in text_of(wrong) and dayend.business_date() is None
    told = arun.post("/day-end/begin/", {"on": "2026-03-20"}, follow=True)
    assert "The open day is 2026-03-20" in text_of(told)
    (event,) = audit.latest(type="business_date.set")
    assert event.by == "arun"
    make_run(date(2026, 3, 19))
    late = arun.post("/day-end/begin/", {"on": "2026-04-01"}, follow=True)
    assert "turns by closing the day" in text_of(late)


def test_a_branch_can_be_named_and_given_to_a_collector() -> None:
    typed(user.command, "branch", "north", "北区", "--english", "North")
    assert people.branch_names(language="en") == {"north": "North"}
    words = ("add", "mei", "--role", "collector", "--branch", "north")
    typed(user.command, *words, "--password", "correct-horse-9")
    assert people.person("mei").scope.branches == {"north"}


def test_no_demonstration_on_a_real_book(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    make_loan("N1")
    monkeypatch.setenv("DAIHOU_LANGUAGE", "en")
    monkeypatch.setattr(demo, "home", lambda: tmp_path)
    for source in ("core", "town"):  # loans of the town beside customers of another
        Loan.objects.update(source=source)
        with pytest.raises(demo.DemoError, match="core.*passwords"):
            demo.prepare(size=demo.Size(), say=print)
    assert not User.objects.exists() and Loan.objects.count() == 1


def test_a_town_gets_its_logins(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    loan = make_loan("N1")
    Loan.objects.update(source="town")
    type(loan.customer).objects.update(source="town")
    monkeypatch.setattr(demo, "home", lambda: tmp_path)
    assert len(demo.prepare(size=demo.Size(), say=print)) == len(people.Role)


def test_the_senders_of_a_book_are_all_of_them() -> None:
    assert ledger.book.sources() == frozenset()
    make_loan("N1")
    make_loan("N2")
    Loan.objects.filter(external_id="N2").update(source="other")
    assert ledger.book.sources() == {"core", "other"}


def test_a_date_set_again_is_told_once() -> None:
    for _ in range(2):
        dayend.set_business_date(on=TODAY, by="test", at=AT)
    assert len(audit.latest(type="business_date.set")) == 1
