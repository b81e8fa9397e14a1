"""A book of several currencies: one is shown at a time, and never two are added."""

import io
import re
from collections.abc import Iterator
from datetime import date
from zipfile import ZipFile

import pytest

from daihou.engine.delinquency.buckets import bucket
from daihou.kit import ports
from daihou.kit.scope import EVERYTHING, NOTHING
from daihou.rooms.dayend import door as dayend
from daihou.rooms.dayend.models import Difference
from daihou.rooms.ledger import door as ledger
from daihou.rooms.ledger.models import Loan
from tests.rooms.book import Book, position, positions
from tests.rooms.cast import AT, TODAY, Cast, make_loan
from tests.rooms.dayend.test_dayend import make_run
from tests.rooms.test_pages import signed_in, text_of

BEFORE, LAST = date(2026, 3, 18), date(2026, 3, 19)
TWO_YEN = 7_000_000  # minor units of a currency without decimals


@pytest.fixture
def loans(cast: Cast) -> list[Loan]:
    """Two loans in yuan, one in yen."""
    made = [make_loan("N1"), make_loan("N2"), make_loan("Y1")]
    Loan.objects.filter(pk=made[2].pk).update(currency="JPY")
    return made


@pytest.fixture
def book(loans: list[Loan]) -> Iterator[Book]:
    """All three are late; the loan in yen became so on the last day."""
    one, two, yen = (loan.pk for loan in loans)
    made = Book(
        {
            BEFORE: positions(position(one, dpd=45), position(two), position(yen)),
            LAST: positions(
                position(one, dpd=46, overdue_total=300_000),
                position(two, dpd=1, overdue_total=200_000),
                position(yen, dpd=1, overdue_total=TWO_YEN),
            ),
        }
    )
    dayend.set_business_date(on=TODAY, by="test", at=AT)
    ports.bind_book(made)
    yield made
    ports.unbind_book()


def amounts(page: str) -> set[str]:
    return set(re.findall(r"[\d,]*\d{3}", re.sub(r"<[^>]+>", " ", page)))


def test_the_currency_with_most_loans_comes_first(loans: list[Loan]) -> None:
    assert list(ledger.book.register().currencies(EVERYTHING).items()) == [
        ("CNY", 2),
        ("JPY", 1),
    ]
    assert ledger.book.register().currencies(NOTHING) == {}


def test_the_ledger_adds_one_currency_only(book: Book) -> None:
    yuan = text_of(signed_in("arun").get("/ledger/"))
    yen = text_of(signed_in("arun").get("/ledger/?currency=JPY"))
    assert "Total, 2 loans" in yuan and "Total, 1 loan<" in yen
    assert "5,000" in yuan.split("<tfoot>")[1] and "Y1" not in yuan
    assert "7,000,000</td>" in yen.split("<tfoot>")[1] and "N1" not in yen
    assert '<option value="JPY" selected>' in yen
    assert "currency=JPY" in yen.split('class="dh-views"')[1].split("</nav>")[0]
    assert "Overdue JP¥10,000 and more" in yen and "Overdue ¥10,000" in yuan
    assert "7,005,000" not in yuan + yen and "70,000.00" not in yuan + yen


def test_a_least_amount_is_read_in_the_currency_shown(book: Book) -> None:
    arun = signed_in("arun")
    few = text_of(arun.get("/ledger/?currency=JPY&least=7000000"))
    none = text_of(arun.get("/ledger/?currency=JPY&least=7000000.5"))
    assert "Y1" in few and "No loan matches" in none


def test_an_unknown_currency_is_the_usual_one(book: Book) -> None:
    for asked in ("ZZZ", "cny", "%00"):
        page = text_of(signed_in("arun").get(f"/ledger/?currency={asked}"))
        assert "Total, 2 loans" in page


def test_the_first_page_shows_one_currency_and_offers_the_other(book: Book) -> None:
    yuan = text_of(signed_in("arun").get("/"))
    yen = text_of(signed_in("arun").get("/?currency=JPY"))
    assert '<a href="?currency=JPY">' in yuan and 'aria-current="true">JPY' in yen
    assert "¥ thousand" in yuan and "JP¥ thousand" in yen
    assert "7,000,000" in amounts(yen) and "7,000,000" not in amounts(yuan)
    assert "2,000" in amounts(yuan) and "2,000" not in amounts(yen)
    assert re.search(r"\?bucket=M1&amp;[^\"]*currency=JPY\"", yen)
    assert "Needs costs of collection" in yuan


def test_a_book_of_one_currency_offers_none(book: Book, loans: list[Loan]) -> None:
    Loan.objects.update(currency="JPY")
    page = text_of(signed_in("arun").get("/"))
    assert "?currency=" not in page and "JP¥ thousand" in page
    assert '<select name="currency">' not in text_of(signed_in("arun").get("/ledger/"))


def test_an_export_names_its_currency(book: Book) -> None:
    response = signed_in("arun").get("/ledger/export/?currency=JPY")
    content = ZipFile(io.BytesIO(response.content))
    sheet = content.read("xl/worksheets/sheet1.xml")
    assert b"<v>7000000</v>" in sheet and b"<v>70000</v>" not in sheet
    assert b">JPY<" in content.read("xl/sharedStrings.xml")
    styles = content.read("xl/styles.xml")
    assert b'formatCode="#,##0.00"' not in styles and b'numFmtId="4"' not in styles


def test_a_loan_is_written_in_its_own_currency(book: Book, loans: list[Loan]) -> None:
    page = text_of(signed_in("arun").get(f"/loans/{loans[2].pk}/"))
    assert re.search(r">JP¥20\d,\d{3}<", page) and '<span class="c">' not in page
    Loan.objects.filter(pk=loans[2].pk).update(external_id="N3")
    assert ">JPY<" in text_of(signed_in("arun").get("/search/?q=N"))


def test_the_day_end_leaves_sums_over_currencies_out(
    book: Book, loans: list[Loan]
) -> None:
    run = make_run(LAST)
    Difference.objects.create(
        run=run,
        loan_id=loans[2].pk,
        as_of=LAST,
        overdue_before=5,
        overdue_after=TWO_YEN,
    )
    page = text_of(signed_in("arun").get("/day-end/"))
    assert "Principal, ¥" not in page and "7,000,000" in amounts(page)
    Loan.objects.update(currency="CNY")
    assert "Principal, ¥ thousand" in text_of(signed_in("arun").get("/day-end/"))


@pytest.mark.parametrize("name", ["CN_S71", "SMA", "EBA"])
def test_no_loan_falls_out_of_the_ladder_whatever_its_buckets(
    book: Book, loans: list[Loan], name: str
) -> None:
    Loan.objects.update(currency="CNY")
    one, two, third = (loan.pk for loan in loans)
    for day, late in ((BEFORE, (59, 0, 210)), (LAST, (60, 1, 211))):
        book.days[day] = positions(
            *(
                position(pk, dpd=dpd, bucket=bucket(dpd, name))
                for pk, dpd in zip((one, two, third), late, strict=True)
            )
        )
    page = text_of(signed_in("arun").get("/"))
    assert "Ledger, 3 loans" in page
    assert "M0 to M1 1" in page
    arun = signed_in("arun")
    assert "Total, 1 loan<" in text_of(arun.get("/ledger/?bucket=M7"))
    assert "M6+" in text_of(arun.get("/ledger/"))
    make_run(LAST)
    assert "M0 → M1" in text_of(arun.get("/day-end/"))
