"""The lab with many lines, several currencies, and months that are not there."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from fractions import Fraction
from typing import Any

import pytest

from daihou.engine.metrics.dictionary import METRICS
from daihou.engine.metrics.dictionary_days import DAYS
from daihou.kit import portfolio, ports
from daihou.kit.portfolio import Asked, Axis, Cut, Month, Point, Series, Sight
from daihou.rooms.dayend import door as dayend
from daihou.rooms.ledger.models import Loan
from tests.rooms.book import Book, position, positions
from tests.rooms.cast import AT, TODAY, Cast, make_loan
from tests.rooms.portfolio import ENDS, Nothing, Row, Small
from tests.rooms.reporting.test_lab import ask
from tests.rooms.test_pages import signed_in, text_of

OFFICERS, MONTHS = 400, 24
LIGHT = 120 * 1024  # bytes of a page
NAMES = [f"{2024 + n // 12}-{n % 12 + 1:02}" for n in range(MONTHS)]


class Crowd(Nothing):
    """Officer n has n loans in each month, of which every third is late."""

    def months(self) -> Sequence[Month]:
        """Two whole years."""
        return [Month(n, date(2025, 12, 31), 8, n, complete=True) for n in NAMES]

    def values(self, cut: Cut, *, sight: Sequence[Sight]) -> Sequence[str]:
        """Nothing to narrow by."""
        return ()

    def series(self, asked: Asked) -> Series:
        """See the class; vintages of 48 months of disbursement, as old as they are."""
        if METRICS[asked.metric].mob_base is not None:
            cohorts = [f"{2022 + n // 12}-{n % 12 + 1:02}" for n in range(48)]
            aged = [
                Point(each, str(age), age * 100, 100_000, known=age < 48 - n)
                for n, each in enumerate(cohorts)
                for age in range(MONTHS)
            ]
            return Series(asked.metric, Axis.AGE, aged, date(2025, 12, 31), "v")
        points = [
            Point(f"officer{n:03}", name, n // 3, n)
            for n in range(1, OFFICERS + 1)
            for name in NAMES
        ]
        return Series(asked.metric, Axis.MONTH, points, date(2025, 12, 31), "m")


@pytest.fixture
def crowd(cast: Cast) -> Crowd:
    dayend.set_business_date(on=TODAY, by="test", at=AT)
    made = Crowd()
    portfolio.bind_portfolio(made)
    return made


def test_the_largest_have_lines_and_all_others_are_one(crowd: Crowd) -> None:
    page = ask(signed_in("arun"), metric="overdue_30_count", by="officer").context[
        "page"
    ]
    said = [line.word for line in page.chart.lines]
    assert said == [f"officer{n}" for n in range(394, 401)] + ["393 others"]
    rest = page.chart.lines[-1]
    parts, wholes = sum(n // 3 for n in range(394)), sum(range(394))
    share = Fraction(parts, wholes)
    assert rest.last == f"{float(share) * 100:.2f}%"
    assert "the table has every line" in page.rest


def test_the_table_comes_in_pages_the_largest_first(crowd: Crowd) -> None:
    asked = {"metric": "overdue_30_count", "by": "officer"}
    first = ask(signed_in("arun"), **asked)
    table = first.context["page"].table
    assert [row.key for row in table.rows[:2]] == ["officer400", "officer399"]
    assert all(len(row.cells) == MONTHS for row in table.rows)
    met = set()
    for number in range(1, table.paging.pages + 1):
        page = ask(signed_in("arun"), **asked, page=str(number)).context["page"]
        met |= {row.key for row in page.table.rows}
    assert len(met) == OFFICERS
    assert re.search(r'data-page-next href="\?[^"]*page=2', first.content.decode())


@pytest.mark.parametrize(
    "asked",
    [
        {"metric": "overdue_30_amount", "by": "officer"},
        {"metric": "overdue_30_amount", "by": "branch"},
        {"metric": "vintage_ever_30_amount"},
    ],
)
def test_a_page_of_many_lines_stays_light(crowd: Crowd, asked: dict[str, str]) -> None:
    answered = ask(signed_in("arun"), **asked)
    assert answered.status_code == 200
    assert len(answered.content) < LIGHT, len(answered.content)


def test_of_many_months_of_disbursement_the_youngest_come_first(crowd: Crowd) -> None:
    table = (
        ask(signed_in("arun"), metric="vintage_ever_30_amount").context["page"].table
    )
    keys = [row.key for row in table.rows]
    assert keys == sorted(keys), "a triangle is read downwards"
    assert keys[-1] == "2025-12"
    assert table.paging.pages == 2
    assert table.blank
    assert [cell.text for cell in table.rows[-1].cells[:2]] == ["0.00%", ""]


@pytest.fixture
def coins(cast: Cast) -> Iterator[Small]:
    """A book of two loans in yuan and one in yen."""
    dayend.set_business_date(on=TODAY, by="test", at=AT)
    loans = [make_loan(name) for name in ("N1", "N2", "Y1")]
    Loan.objects.filter(pk=loans[2].pk).update(currency="JPY")
    made = Small([Row(loan.pk, "north", dpd=(0, 0, 40)) for loan in loans])
    portfolio.bind_portfolio(made)
    ports.bind_book(Book({end: positions() for end in ENDS}))
    yield made
    ports.unbind_book()


def chosen(page: Any) -> list[tuple[str, bool]]:
    return [(each.code, each.chosen) for each in page.currencies]


def test_of_several_currencies_one_is_chosen_and_none_are_added(coins: Small) -> None:
    asked = {"metric": "overdue_30_amount"}
    page = ask(signed_in("arun"), **asked).context["page"]
    assert chosen(page) == [("CNY", True), ("JPY", False)]
    assert coins.asked[-1].currency == "CNY"
    yen = ask(signed_in("arun"), **asked, currency="JPY")
    assert chosen(yen.context["page"]) == [("CNY", False), ("JPY", True)]
    assert coins.asked[-1].currency == "JPY"
    cell = yen.context["page"].table.rows[0].cells[-1]
    assert "currency=JPY" in cell.link
    assert cell.made_of.startswith("JP¥"), "an amount without decimals"
    answered = signed_in("arun").get(cell.link)
    assert answered.status_code == 200
    assert coins.asked[-1].currency == "JPY"


def test_the_sole_currency_is_not_asked_for(coins: Small) -> None:
    Loan.objects.update(currency="JPY")
    answered = ask(signed_in("arun"), metric="overdue_30_amount")
    assert chosen(answered.context["page"]) == []
    assert coins.asked[-1].currency == "JPY", "and no other one is taken for it"
    assert 'name="currency"' not in answered.content.decode()


def test_a_currency_nobody_has_becomes_the_one_with_most_loans(coins: Small) -> None:
    ask(signed_in("arun"), metric="overdue_30_amount", currency="USD")
    assert coins.asked[-1].currency == "CNY"


def test_one_month_and_no_loan_are_drawn_and_said(coins: Small) -> None:
    one = ask(
        signed_in("arun"), metric="overdue_30_amount", since="2026-03", until="2026-03"
    ).context["page"]
    assert [len(line.spots) for line in one.chart.lines] == [1]
    assert [tick.word for tick in one.chart.across] == ["03"]
    portfolio.bind_portfolio(replace(coins, rows=[]))
    empty = ask(signed_in("arun"), metric="overdue_30_amount").context["page"]
    assert empty.chart is None
    assert empty.why == "There is nothing to count for this question yet."


def test_a_year_is_written_once_under_its_first_month(crowd: Crowd) -> None:
    page = ask(signed_in("arun"), metric="overdue_30_count", by="officer").context[
        "page"
    ]
    years = [(tick.word, tick.under) for tick in page.chart.across if tick.under]
    assert years == [("01", "2024"), ("01", "2025")]


@pytest.mark.parametrize("id", DAYS)
def test_a_target_of_the_first_page_has_its_definition(coins: Small, id: str) -> None:
    loan = Loan.objects.order_by("pk").first()
    assert loan is not None
    ports.bind_book(Book({ENDS[-1]: positions(position(loan.pk))}))
    home = signed_in("arun").get("/").content.decode()
    assert f"/lab/metrics/{id}/" in home
    client = signed_in("arun", language="en")
    page = text_of(client.get(f"/lab/metrics/{id}/"))
    assert DAYS[id].formula in page
    assert DAYS[id].en in text_of(client.get("/lab/metrics/"))
    assert client.get("/lab/ask/", {"metric": id}).status_code == 404


def test_a_cell_leads_to_loans_where_it_is_made_of_loans(crowd: Crowd) -> None:
    for metric, leads in (("provision_coverage", False), ("overdue_30_count", True)):
        page = ask(signed_in("arun"), metric=metric, by="branch").context["page"]
        cells = [each for row in page.table.rows for each in row.cells if each.known]
        assert cells and any(each.link for each in cells) is leads, metric


def test_a_line_of_provisions_leads_to_no_loans(crowd: Crowd) -> None:
    few = [Point("", name, 5, 10) for name in NAMES]
    crowd.series = lambda asked: Series(  # type: ignore[method-assign]
        asked.metric, Axis.MONTH, few, date(2025, 12, 31), "p"
    )
    for metric, leads in (("provision_share", False), ("overdue_30_count", True)):
        page = ask(signed_in("arun"), metric=metric).content.decode()
        assert ("/lab/loans" in page) is leads, metric
