"""Reports say what they count: loans off the book, another day, classes to come."""

import io
import re
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from docx import Document

from daihou.kit import grades, numbers, ports
from daihou.kit import portfolio as months
from daihou.rooms.dayend import door as dayend
from daihou.rooms.grading.models import GradingRun
from daihou.rooms.ledger.models import Loan
from daihou.rooms.people import door as people
from daihou.rooms.reporting.files import pdf
from tests.rooms.book import Book, position, positions
from tests.rooms.caseworking import stand
from tests.rooms.cast import AT, PASSWORD, TODAY, Cast, make_loan
from tests.rooms.test_pages import signed_in

pytestmark = pytest.mark.django_db
LAST = date(2026, 3, 19)
BEFORE = LAST - timedelta(days=1)


class NoMonths:
    """A portfolio in which no month was counted."""

    def months(self) -> list[months.Month]:
        """None."""
        return []


class Graders:
    """Somebody who classifies; these tests write down themselves what they did."""


@pytest.fixture
def loans(cast: Cast) -> Iterator[dict[str, Loan]]:
    """Two loans of one customer, one of them written off, and two closed days."""
    dayend.set_business_date(on=TODAY, by="test", at=AT)
    kept, gone = make_loan("L-1", name="王小明"), make_loan("L-2")
    Loan.objects.filter(pk=gone.pk).update(
        customer_id=kept.customer_id, status="written_off"
    )
    owed: dict[str, Any] = {"overdue_total": 101_000, "worst_dpd": 785}
    stand(kept, dpd=40, outstanding_total=303_000, **owed)
    stand(gone, dpd=420, outstanding_total=909_000, **owed)
    rows = positions(position(kept.pk, dpd=40))
    ports.bind_book(Book({BEFORE: rows, LAST: rows}))
    months.bind_portfolio(NoMonths())  # type: ignore[arg-type]
    people.create_user(username="hana", password=PASSWORD, role="risk", by="t", at=AT)
    yield {"kept": kept, "gone": gone}
    grades.unbind_grader()
    months.unbind_portfolio()
    ports.unbind_book()


def english(name: str) -> Client:
    client = signed_in(name)
    client.cookies["django_language"] = "en"
    return client


def page_of(address: str) -> str:
    answer = english("hana").get(address)
    assert answer.status_code == 200, answer.content
    return re.sub(r"\s+", " ", answer.content.decode())


# -- a customer --------------------------------------------------------------------------


def test_a_loan_written_off_is_no_exposure_of_the_book(loans: dict[str, Loan]) -> None:
    address = f"/reports/customers/{loans['kept'].customer_id}/?kind=risk"
    answer = english("hana").get(address)
    found = {each.title: each for each in answer.context["page"].document.sections}
    told = dict(found["Exposure"].facts)
    assert told["On the book: owed in all"] == "¥3,030.00"
    assert told["On the book: overdue amount"] == "¥1,010.00"
    assert told["Written off, the claim still stands: owed in all"] == "¥9,090.00"
    at = found["Exposure"].heads.index("Status")
    states = {row[0]: row[at] for row in found["Exposure"].rows}
    assert states == {"L-1": "Active", "L-2": "Written off"}
    assert "Loan L-2 was written off." in found["Signals"].sentences


def test_both_figures_of_the_worst_lateness_say_over_what(
    loans: dict[str, Loan],
) -> None:
    said = page_of(f"/reports/customers/{loans['kept'].customer_id}/?kind=risk")
    assert "Since the loans were paid out: at worst 785 days past due" in said
    assert "Days late, the worst of these instalments" in said


def test_word_and_pdf_keep_the_claims_apart(loans: dict[str, Loan]) -> None:
    address = f"/reports/customers/{loans['kept'].customer_id}/take/?kind=risk&form="
    client = english("hana")
    opened = Document(io.BytesIO(client.get(f"{address}docx").content))
    text = "\n".join(each.text for each in opened.paragraphs)
    assert "On the book: owed in all: ¥3,030.00" in text
    assert "owed in all: ¥9,090.00" in text
    heads = [[cell.text for cell in each.rows[0].cells] for each in opened.tables]
    assert heads[0][2] == "Status"
    if pdf._writer() is not None:
        assert client.get(f"{address}pdf").content.startswith(b"%PDF-")


# -- another day -------------------------------------------------------------------------


@pytest.mark.parametrize("unit", ["branches/north", "officers/officer"])
def test_a_unit_says_when_it_shows_another_day(
    loans: dict[str, Loan], unit: str
) -> None:
    address = f"/reports/{unit}/?as_of="
    assert "is shown" not in page_of(f"{address}{LAST}")
    assert "has no closed day" in page_of(f"{address}2020-01-01")
    assert "has no closed day" in page_of(f"{address}2030-01-01")
    assert "“abc” is no date" in page_of(f"{address}abc")


# -- classes to come ---------------------------------------------------------------------


def graded(on: date, *, previous: str, fingerprint: str) -> None:
    GradingRun.objects.create(
        as_of=on,
        kind="full",
        current=True,
        positions=ports.book().standing()[on],
        previous=previous,
        fingerprint=fingerprint,
        loans=1,
        looked_at=1,
        moved=0,
        counts={},
        seconds=0.0,
        at=AT,
        by="grading",
    )


def shown(day: date) -> str:
    return numbers.day_text(day, language="en")


PAGES = ("/reports/", "/reports/classes/", "/lab/", "/grading/")


def test_pages_say_that_the_classes_of_days_are_still_to_come(
    loans: dict[str, Loan],
) -> None:
    said = "still being worked out"
    for page in PAGES:
        assert said not in page_of(page), "nobody classifies this book"
    grades.bind_grader(Graders())  # type: ignore[arg-type]
    graded(LAST, previous="", fingerprint="first look")
    for page in PAGES:
        assert f"The classes of 2 closed days, from {shown(BEFORE)} on" in page_of(page)
    graded(BEFORE, previous="", fingerprint="before")
    assert f"The classes of {shown(LAST)} are still" in page_of("/lab/")
    GradingRun.objects.filter(as_of=LAST).update(previous="before")
    for page in PAGES:
        assert said not in page_of(page)
    assert said not in page_of("/")
