"""Reports on one customer, why loans are late, lending and units, and the API."""

import contextlib
import io
import re
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client
from docx import Document
from hypothesis import given
from hypothesis import strategies as st

from daihou.config import clock
from daihou.kit import masking, ports
from daihou.kit import portfolio as months
from daihou.kit.portfolio import Asked, Axis, Cut, Month, Point, Series
from daihou.kit.scope import EVERYTHING, branches
from daihou.rooms.audit.models import Event
from daihou.rooms.dayend import door as dayend
from daihou.rooms.gateway import door as gateway
from daihou.rooms.ledger import door as ledger
from daihou.rooms.ledger.models import Loan, SideFact
from daihou.rooms.people import door as people
from daihou.rooms.reporting.files import pdf
from daihou.rooms.reporting.models import OverdueReason
from daihou.rooms.reporting.pages.reports.behaviour import pay_day
from daihou.rooms.reporting.pages.reports.origination import (
    Against,
    compared,
    months_before,
    wilson,
)
from tests.rooms.book import Book, position, positions
from tests.rooms.cast import AT, PASSWORD, TODAY, Cast, make_loan, pay
from tests.rooms.test_pages import signed_in

pytestmark = pytest.mark.django_db
LAST = date(2026, 3, 19)


class Counted:
    """Months as a portfolio counts them: every first payment of officer `hasty` fails."""

    def __init__(self) -> None:
        self.asked: list[Asked] = []

    def months(self) -> Sequence[Month]:
        """Two months."""
        return [
            Month(name, date.fromisoformat(f"{name}-28"), 3, name, complete=True)
            for name in ("2026-01", "2026-02")
        ]

    def series(self, asked: Asked) -> Series:
        """The same for every metric; by product nothing is there."""
        self.asked.append(asked)
        if asked.by is Cut.PRODUCT:
            raise LookupError("no product")
        parts = {"hasty": 40, "steady": 8} if asked.by is Cut.OFFICER else {"": 5}
        vintage = asked.metric.startswith("vintage")
        points = [
            Point(key, "6" if vintage else "2025-11", part, 80)
            for key, part in parts.items()
        ]
        axis = Axis.AGE if vintage else Axis.MONTH
        return Series(asked.metric, axis, points, LAST, "f")


@pytest.fixture
def made(cast: Cast) -> Iterator[dict[str, Loan]]:
    """Two late loans of the north and one of the south, with payments."""
    dayend.set_business_date(on=TODAY, by="test", at=AT)
    found = {
        "one": make_loan("L-1", name="王小明"),
        "two": make_loan("L-2", name="甲二"),
        "south": make_loan("S-1", branch="south", name="丁一"),
    }
    for number, day in enumerate((date(2026, 2, 3), date(2026, 3, 2), TODAY)):
        pay(found["one"], f"P-{number}", paid_on=day, amount=50_000)
    rows = [position(each.pk, dpd=40) for each in found.values()]
    ports.bind_book(Book({LAST: positions(*rows)}))
    months.bind_portfolio(Counted())  # type: ignore[arg-type]
    people.create_user(username="hana", password=PASSWORD, role="risk", by="t", at=AT)
    yield found
    months.unbind_portfolio()
    ports.unbind_book()


def english(name: str) -> Client:
    client = signed_in(name)
    client.cookies["django_language"] = "en"
    return client


def sections(client: Client, customer: int, kind: str) -> dict[str, Any]:
    page = client.get(f"/reports/customers/{customer}/?kind={kind}").context["page"]
    return {each.title: each for each in page.document.sections}


def unpacked(content: bytes) -> list[bytes]:
    """The streams of a PDF, those that can be unpacked."""
    found = []
    for part in re.findall(rb"stream\r?\n(.*?)\r?\nendstream", content, re.DOTALL):
        with contextlib.suppress(zlib.error):
            found.append(zlib.decompress(part))
    return found


# -- one customer ------------------------------------------------------------------------


def test_a_collector_reads_the_behaviour_of_their_customer(
    made: dict[str, Loan],
) -> None:
    one = made["one"]
    found = sections(english("mei"), one.customer_id, "behaviour")
    rhythm = dict(found["Payment rhythm"].facts)
    assert rhythm["Instalments fallen due"] == "2"
    # 1,000.00 of two dues of 1,010.00 came by the last closed day.
    assert rhythm["Paid by the day"] == "0" and rhythm["Still open"] == "2"
    assert found["Pay-day"].bare  # two payments by then: no pattern is told
    assert (
        english("bola").get(f"/reports/customers/{one.customer_id}/").status_code == 404
    )
    panel = english("mei").get(f"/customers/{one.customer_id}/").content.decode()
    assert "Pays mostly" in panel and "the 1st to the 10th (67 %)" in panel


def test_the_risk_report_masks_names_and_names_what_stands_out(
    made: dict[str, Loan],
) -> None:
    one = made["one"]
    client = english("hana")
    tell(signed_in("mei"), one, "business_failed")
    answer = client.get(f"/reports/customers/{one.customer_id}/")
    text = answer.content.decode()
    assert "王小明" not in text and masking.name("王小明") in text
    found = {each.title: each for each in answer.context["page"].document.sections}
    assert found["Last payments"].rows[0][2] == "¥500.00"
    assert len(found["Last payments"].rows) == 2
    assert found["History of the class"].bare
    # Told on the open day, so the report of the day before does not know it.
    assert "Business failed" not in str(found["Signals"].sentences)
    ports.bind_book(Book({TODAY: positions(position(one.pk, dpd=40))}))
    said = sections(client, one.customer_id, "risk")["Signals"].sentences
    assert "Why loan L-1 is late: Business failed." in said


def test_word_opens_and_holds_what_the_page_holds(made: dict[str, Loan]) -> None:
    one = made["one"]
    address = f"/reports/customers/{one.customer_id}/take/?kind=risk&form=docx"
    answer = english("hana").get(address)
    opened = Document(io.BytesIO(answer.content))
    text = "\n".join(each.text for each in opened.paragraphs)
    cells = [
        cell.text for table in opened.tables for row in table.rows for cell in row.cells
    ]
    assert opened.core_properties.title == "Post-loan risk report"
    assert masking.name("王小明") in text and "王小明" not in text
    assert "¥500.00" in cells
    assert "hana" in opened.sections[0].footer.paragraphs[0].text
    event = Event.objects.get(type="report.of_customer_written")
    assert event.subject_id == str(one.customer_id) and event.payload["form"] == "docx"


def test_pdf_is_set_with_chinese_or_says_what_to_install(
    made: dict[str, Loan], monkeypatch: pytest.MonkeyPatch
) -> None:
    address = f"/reports/customers/{made['one'].customer_id}/take/?form=pdf"
    client = signed_in("hana")
    if pdf._writer() is not None:
        content = client.get(address).content
        assert content.startswith(b"%PDF-")
        assert any(b"/FontFile" in part for part in unpacked(content))
    monkeypatch.setattr(pdf, "_writer", lambda: None)
    answer = english("hana").get(address, follow=True)
    assert b"fonts-noto-cjk" in answer.content
    assert signed_in("bola").get(address).status_code in (403, 404)


def test_nothing_is_fetched_while_a_document_is_set() -> None:
    with pytest.raises(ValueError, match="nothing is fetched"):
        pdf._nothing("file:///etc/hosts")


@given(st.lists(st.dates(date(2024, 1, 1), date(2024, 3, 31)), max_size=12))
def test_a_pay_day_is_told_of_three_payments_on(days: list[date]) -> None:
    found = pay_day(days)
    if len(days) < 3:
        assert found is None
        return
    assert found is not None and found.payments == len(days)
    assert found.third_share >= Decimal(1) / 3 and found.weekday_share >= Decimal(1) / 7
    assert any(day.weekday() == found.weekday for day in days)


# -- why loans are late ------------------------------------------------------------------


def tell(client: Client, loan: Loan, code: str) -> Any:
    return client.post(f"/reports/loans/{loan.pk}/reason/", {"reason": code})


def test_a_reason_is_told_by_who_works_the_case_and_counted_by_amount(
    made: dict[str, Loan],
) -> None:
    tell(signed_in("mei"), made["one"], "forgot")
    tell(signed_in("mei"), made["one"], "income_lost")
    tell(signed_in("mei"), made["two"], "gambling")  # no reason of the list
    assert OverdueReason.objects.count() == 2
    assert tell(signed_in("bola"), made["one"], "fraud").status_code == 404
    rows = [position(each.pk, dpd=40) for each in made.values()]
    ports.bind_book(Book({TODAY: positions(*rows)}))
    page = english("hana").get("/reports/reasons/?by=branch").context["page"]
    whole, parts = page.report.tables
    found = {row["reason"]: row for row in whole.data.to_pylist()}
    assert found["income_lost"]["loans"] == 1 and found["income_lost"]["share"] == 1
    assert found["unknown"]["loans"] == 2 and found["unknown"]["share"] is None
    assert {row["key"] for row in parts.data.to_pylist()} == {"north", "south"}
    # As it was known the day before: nothing was told yet.
    ports.bind_book(Book({LAST: positions(*rows)}))
    before = english("hana").get("/reports/reasons/").context["page"].report.main
    assert [row["reason"] for row in before.data.to_pylist()] == ["unknown"]
    told = english("mei").get(f"/loans/{made['one'].pk}/").content.decode()
    assert "Income lost" in told and "Round 1" in told and "usually: remind" in told


def test_what_was_told_cannot_be_rewritten(made: dict[str, Loan]) -> None:
    tell(signed_in("mei"), made["one"], "forgot")
    for sql in (
        "update reporting_reason set code = 'fraud'",
        "delete from reporting_reason",
    ):
        with (
            pytest.raises(DatabaseError, match="reporting_reason"),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(sql)


# -- lending and units -------------------------------------------------------------------


def test_lending_is_compared_with_the_rest_and_a_change_suggested(
    made: dict[str, Loan],
) -> None:
    page = english("hana").get("/reports/origination/").context["page"]
    found = {each.key: each for each in page.report.tables}
    hasty, steady = found["first_officer"].data.to_pylist()
    assert (hasty["key"], hasty["told"]) == ("hasty", "worse")
    assert hasty["rest"] == Decimal("0.100000") and steady["told"] == "as_rest"
    advice = found["advice"].data.to_pylist()
    assert {row["what"] for row in advice} == {"fpd_30", "vintage_ever_30_count"}
    assert advice[0]["fewer"] == 32  # 40 - 80 x 10 %
    assert found["first_product"].rows == 0


def test_wilson_is_the_interval_of_the_textbook() -> None:
    low, high = wilson(10, 100)
    # Brown, Cai and DasGupta (2001), the score interval of 10 in 100.
    assert (round(low, 4), round(high, 4)) == (Decimal("0.0552"), Decimal("0.1744"))
    assert wilson(0, 0) == (Decimal(0), Decimal(1))


@given(st.integers(0, 50), st.integers(1, 50))
def test_wilson_holds_the_share_and_few_loans_prove_nothing(
    part: int, whole: int
) -> None:
    part = min(part, whole)
    low, high = wilson(part, whole)
    slack = Decimal("1e-20")
    assert 0 <= low <= Decimal(part) / whole + slack
    assert Decimal(part) / whole - slack <= high <= 1
    each = Against("x", part, whole, 1, 100)
    assert not (each.worse and whole < 30)
    assert each.fewer <= part


def test_each_is_measured_against_all_the_others() -> None:
    points = [
        Point("a", "2026-01", 1, 10),
        Point("a", "2026-02", 3, 10),
        Point("b", "2026-01", 0, 5),
        Point("b", "2026-02", 5, 5, known=False),
    ]
    found = compared(Series("fpd_30", Axis.MONTH, points, LAST, "f"))
    assert found == [Against("a", 4, 20, 0, 5), Against("b", 0, 5, 4, 20)]
    assert found[1].rest == Fraction(1, 5)
    assert months_before(date(2026, 1, 31), 2) == "2025-11"


def test_a_branch_and_an_officer_have_a_page_that_keeps_to_them(
    made: dict[str, Loan],
) -> None:
    client = english("hana")
    page = client.get("/reports/branches/north/").context["page"]
    keys = [each.table.key for each in page.tables]
    assert keys == ["ladder", "classes", "moves", "trend", "lent", "overdue"]
    numbers = page.tables[-1].table.data["number"].to_pylist()
    assert sorted(numbers) == ["L-1", "L-2"]
    counted = months.portfolio()
    assert isinstance(counted, Counted)
    assert all(
        each.only == {Cut.BRANCH: frozenset({"north"})} for each in counted.asked
    )
    officer = client.get("/reports/officers/officer/").context["page"]
    assert officer.tables[-1].table.rows == 3
    people.create_user(
        username="bo",
        password=PASSWORD,
        role="supervisor",
        branch="south",
        by="t",
        at=AT,
    )
    assert english("bo").get("/reports/branches/north/").status_code == 404
    assert english("bo").get("/reports/branches/south/").status_code == 200


# -- programs ----------------------------------------------------------------------------


def test_programs_read_the_same_figures_with_the_same_fingerprint(
    made: dict[str, Loan],
) -> None:
    _line, secret = gateway.make_token(
        username="hana",
        name="t",
        scopes=(gateway.ApiScope.PORTFOLIO_READ, gateway.ApiScope.LOANS_READ),
        days=30,
        by=people.process("test"),
        at=clock.now(),
    )
    client = Client(
        headers={"authorization": f"Bearer {secret}", "accept-language": "en"}
    )
    listed = client.get("/api/v1/reports").json()
    assert listed["last"] == LAST.isoformat() and len(listed["reports"]) == 17
    found = client.get("/api/v1/reports/overdue?branch=north").json()
    page = english("hana").get("/reports/overdue/?branch=north").context["page"]
    assert found["fingerprint"] == page.report.fingerprint
    table = found["tables"][0]
    assert table["row_count"] == 2 and table["totals"]["overdue_total"] == "2020.00"
    assert masking.name("王小明") in str(table["rows"])
    assert "王小明" not in str(table["rows"])
    assert client.get("/api/v1/reports/none").status_code == 404
    later = client.get("/api/v1/reports/overdue?offset=1").json()
    assert len(later["tables"][0]["rows"]) == 2


def test_the_workbook_of_a_report_has_its_marks(made: dict[str, Loan]) -> None:
    content = signed_in("hana").get("/reports/reasons/take/?form=xlsx").content
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        assert b"hana" in packed.read("docProps/core.xml")
    assert TODAY - LAST == timedelta(days=1)


def test_costs_of_a_year_are_told_for_every_day_of_the_trend(
    made: dict[str, Loan],
) -> None:
    told = ((date(2025, 2, 28), 700), (date(2026, 1, 31), 4_000), (LAST, 500))
    for number, (on, amount) in enumerate(told):
        SideFact.objects.create(
            source="core",
            external_id=f"cost-{number}",
            digest=b"",
            table="costs",
            on_date=on,
            content={"amount": str(amount), "branch": "north"},
        )
    asked = [date(2025, 1, 31), date(2026, 1, 31), LAST]
    found = ledger.book.costs_of_years(until=asked, scope=EVERYTHING)
    assert found == {asked[1]: 4_700, LAST: 4_500}
    assert ledger.book.costs_of_years(until=asked, scope=branches("south")) == {}
    early = positions(*(position(each.pk) for each in made.values()))
    late = positions(*(position(each.pk, dpd=40) for each in made.values()))
    ports.bind_book(Book({asked[1]: early, LAST: late}))
    cost = english("hana").get("/").context["page"].targets[2]
    assert cost.value == Decimal(4_500) / 900_000
    assert cost.spark is not None  # the month end before, then the last day
