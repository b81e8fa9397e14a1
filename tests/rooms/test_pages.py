"""The pages: who may open what, what stands on them, what leaves the house."""

import io
import re
from collections.abc import Iterator
from datetime import date
from zipfile import ZipFile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils.html import escape

from daihou.kit import ports
from daihou.rooms.audit import door as audit
from daihou.rooms.dayend import door as dayend
from daihou.rooms.ledger.models import Customer, Loan
from daihou.rooms.people import door as people
from daihou.rooms.people.models import User
from tests.rooms.book import Book, position, positions
from tests.rooms.cast import AT, PASSWORD, TODAY, Cast, make_loan

BEFORE, LAST = date(2026, 3, 18), date(2026, 3, 19)
ADDRESSES = ("/", "/ledger/", "/day-end/", "/search/?q=N")


@pytest.fixture
def loans(cast: Cast) -> list[Loan]:
    """Two late loans of the north, one of the south, one on time."""
    return [
        make_loan("N1", name="北甲"),
        make_loan("N2", name="北乙", product="business_loan"),
        make_loan("S1", name="南甲", branch="south"),
        make_loan("N3", name="北丙"),
    ]


@pytest.fixture
def book(loans: list[Loan]) -> Iterator[Book]:
    """Two closed days; N2 became late on the second."""
    one, two, south, fine = (loan.pk for loan in loans)
    made = Book(
        {
            BEFORE: positions(
                position(one, dpd=45, overdue_total=300_000),
                position(two),
                position(south, dpd=17),
                position(fine, dpd=3),
            ),
            LAST: positions(
                position(one, dpd=46, overdue_total=300_000),
                position(two, dpd=1, overdue_total=200_000),
                position(south, dpd=18),
                position(fine),
            ),
        }
    )
    dayend.set_business_date(on=TODAY, by="test", at=AT)
    ports.bind_book(made)
    yield made
    ports.unbind_book()


def signed_in(username: str, *, language: str = "en") -> Client:
    client = Client()
    client.force_login(User.objects.get(username=username))
    client.cookies["django_language"] = language
    return client


def text_of(response: object) -> str:
    """A page without its random tokens, in which any short word may stand."""
    return re.sub(r"(?=[a-z0-9]*[A-Z])[A-Za-z0-9]{64}", "", response.content.decode())


@pytest.mark.parametrize("address", ADDRESSES)
def test_nobody_sees_a_page_without_signing_in(book: Book, address: str) -> None:
    response = Client().get(address)
    assert response.status_code == 302
    assert response.headers["Location"].startswith("/sign-in/")


@pytest.mark.parametrize("language", ["en", "zh-hans"])
@pytest.mark.parametrize("address", ADDRESSES)
@pytest.mark.parametrize("who", ["mei", "arun", "sam"])
def test_every_page_opens_in_both_languages(
    book: Book, who: str, address: str, language: str
) -> None:
    response = signed_in(who, language=language).get(address)
    page = text_of(response)
    assert response.status_code == 200
    assert f'<html lang="{language}"' in page
    chinese = bool(re.search(r"[一-鿿]", page.split("<nav")[1].split("</nav")[0]))
    assert chinese == (language == "zh-hans")
    assert "<script>" not in page and " onclick=" not in page


def test_the_ledger_shows_only_the_own_branch(book: Book) -> None:
    mei = text_of(signed_in("mei").get("/ledger/"))
    bola = text_of(signed_in("bola").get("/ledger/"))
    assert "北甲" in mei and "南甲" not in mei
    assert "南甲" in bola and "北甲" not in bola
    assert "Total, 2 loans" in mei and "Total, 1 loan" in bola


def test_the_first_page_counts_only_the_own_branch(book: Book) -> None:
    mei = text_of(signed_in("mei").get("/"))
    bola = text_of(signed_in("bola").get("/"))
    assert "北乙" in mei and "北丙" in mei  # newly late, cured
    assert "北乙" not in bola and "No loan changed its bucket" in bola


def test_a_loan_of_another_branch_does_not_exist(book: Book, loans: list[Loan]) -> None:
    address = f"/loans/{loans[0].pk}/"
    assert signed_in("mei").get(address).status_code == 200
    refused = signed_in("bola").get(address)
    unknown = signed_in("bola").get("/loans/999999/")
    assert refused.status_code == unknown.status_code == 404
    assert "北甲" not in text_of(refused)


def test_the_ledger_of_a_past_day(book: Book) -> None:
    page = text_of(signed_in("arun").get(f"/ledger/?as_of={BEFORE}"))
    assert f'value="{BEFORE}"' in page
    assert "北丙" in page and "北乙" not in page


def test_a_day_that_was_not_closed_says_which_is_shown(book: Book) -> None:
    page = text_of(signed_in("arun").get("/ledger/?as_of=2026-03-25"))
    assert escape("25 Mar 2026 has no closed day") in page
    page = text_of(signed_in("arun").get("/ledger/?as_of=rubbish&page=7&sort=rubbish"))
    assert "Total, 3 loans" in page


@pytest.mark.parametrize(
    ("wish", "shown"),
    [
        ("branch=south", {"S1"}),
        ("product=business_loan", {"N2"}),
        ("bucket=M2", {"N1"}),
        ("bucket=M1-M2", {"N1", "N2", "S1"}),
        ("least=2000", {"N1", "N2"}),
        ("least=2000.01", {"N1"}),
        ("text=北", {"N1", "N2"}),
        ("text=s1", {"S1"}),
        ("view=new", {"N2"}),
        ("view=first", {"N1", "N2", "S1"}),
        ("branch=north&bucket=M1", {"N2"}),
        ("text=.*", set()),
    ],
)
def test_filters(book: Book, wish: str, shown: set[str]) -> None:
    page = text_of(signed_in("arun").get(f"/ledger/?{wish}"))
    assert set(re.findall(r'<td><a href="/loans/[^>]*>(\w+)<', page)) == shown


@pytest.mark.parametrize(
    ("sort", "first"), [("-overdue", "N1"), ("overdue", "S1"), ("dpd", "N2")]
)
def test_sorting(book: Book, sort: str, first: str) -> None:
    page = text_of(signed_in("arun").get(f"/ledger/?sort={sort}"))
    assert re.findall(r'<td><a href="/loans/[^>]*>(\w+)<', page)[0] == first


def test_a_wrong_amount_is_told_and_left_out(book: Book) -> None:
    page = text_of(signed_in("arun").get("/ledger/?least=abc"))
    assert "The least amount is not a number" in page and "Total, 3 loans" in page


def test_export_is_for_those_who_may_and_leaves_an_event(book: Book) -> None:
    assert signed_in("mei").get("/ledger/export/").status_code == 403
    response = signed_in("arun").get("/ledger/export/?branch=north")
    assert response.status_code == 200
    sheet = ZipFile(io.BytesIO(response.content)).read("xl/worksheets/sheet1.xml")
    assert b"<v>3000</v>" in sheet  # 300,000 fen are 3,000 yuan
    event = next(e for e in audit.latest() if e.type == "ledger.exported")
    assert event.payload["rows"] == 2 and event.by == "arun"


def test_above_180_days_is_one_word_on_paper_and_screen(
    book: Book, loans: list[Loan]
) -> None:
    late = position(loans[0].pk, dpd=200, status="written_off")
    book.days[LAST] = positions(late, position(loans[3].pk, dpd=190))
    arun = signed_in("arun")
    sheet = ZipFile(io.BytesIO(arun.get("/ledger/export/").content))
    assert b"M6+" in sheet.read("xl/sharedStrings.xml")
    assert b">M7<" not in sheet.read("xl/sharedStrings.xml")
    page = text_of(arun.get("/ledger/?status=written_off"))
    assert "北甲" in page and "北丙" not in page and ">M6+<" in page
    assert "Total, 1 loan<" in page
    home = text_of(arun.get("/"))
    assert "Written off, still claimed: 1 loan, ¥3,000.00" in home
    assert "Ledger, 1 loan<" in home and "written-off loans are left out" in home


def test_what_an_address_cannot_mean_is_said(book: Book) -> None:
    arun = signed_in("arun")
    assert "“abc” is no date" in text_of(arun.get("/ledger/?as_of=abc"))
    assert "“M9” is no bucket" in text_of(arun.get("/ledger/?bucket=M9"))
    assert "is no bucket" not in text_of(arun.get("/ledger/?bucket=M1-M2"))
    assert arun.get("/day-end/0/").status_code == 404


def test_an_export_never_holds_a_formula(book: Book, loans: list[Loan]) -> None:
    loans[0].customer.name = loans[0].officer = "=cmd|'/c calc'!A1"
    loans[0].customer.save()
    loans[0].save()
    response = signed_in("arun").get("/ledger/export/")
    content = ZipFile(io.BytesIO(response.content))
    assert b"<f>" not in content.read("xl/worksheets/sheet1.xml")
    assert b'quotePrefix="1"' in content.read("xl/styles.xml")
    assert b"=cmd|" in content.read("xl/sharedStrings.xml")


def test_names_from_files_are_escaped(book: Book, loans: list[Loan]) -> None:
    loans[0].customer.name = "<script>alert(1)</script>"
    loans[0].customer.save()
    for address in ("/ledger/", "/", f"/loans/{loans[0].pk}/", "/search/?q=N"):
        assert "<script>alert" not in text_of(signed_in("arun").get(address))


def test_the_loan_page_adds_up_and_gives_its_reason(
    book: Book, loans: list[Loan]
) -> None:
    page = text_of(signed_in("mei").get(f"/loans/{loans[0].pk}/"))
    assert "Why 46 days late?" in page
    # two instalments of 1,000 + 10 are due since 1 February and 1 March
    sum_line = page.split('<dl class="dh-sum">')[1].split("</dl>")[0]
    amounts = re.findall(r'([\d,]+)<span class="c">\.(\d\d)', sum_line)
    fen = [int((whole + cents).replace(",", "")) for whole, cents in amounts]
    assert fen[0] == sum(fen[1:]) and fen[1:3] == [200_000, 2_000]
    assert "Oldest unpaid instalment" in page and "46 days" in page
    assert page.count("data-line") >= 8
    assert page.count('<li data-m="') == 24


def test_the_loan_page_of_a_past_day(book: Book, loans: list[Loan]) -> None:
    address = f"/loans/{loans[0].pk}/?as_of=2026-02-10"
    page = text_of(signed_in("mei").get(address))
    assert "Why 9 days late?" in page and "As of the latest day" in page


def test_a_single_hit_opens_the_loan(book: Book, loans: list[Loan]) -> None:
    response = signed_in("arun").get("/search/?q=S1")
    assert response.headers["Location"] == f"/loans/{loans[2].pk}/"
    assert "Nothing found" in text_of(signed_in("mei").get("/search/?q=S1"))


def test_asking_for_a_day_end(book: Book) -> None:
    assert signed_in("mei").post("/day-end/ask/", {"kind": "next"}).status_code == 403
    assert signed_in("sam").post("/day-end/ask/", {"kind": "next"}).status_code == 403
    assert dayend.waiting() is None
    arun = signed_in("arun")
    assert arun.post("/day-end/ask/", {"kind": "next"}).status_code == 302
    waiting = dayend.waiting()
    assert waiting is not None and waiting.as_of == TODAY
    assert "The worker closes the day" in text_of(arun.get("/day-end/"))
    again = {"kind": "again", "as_of": "2026-03-25", "reason": "late facts"}
    refused = arun.post("/day-end/ask/", again, follow=True)
    assert "has not been closed" in text_of(refused)


def test_before_the_first_closed_day_pages_say_what_to_do(cast: Cast) -> None:
    ports.bind_book(Book({}))
    for address in ("/", "/ledger/"):
        page = text_of(signed_in("arun").get(address))
        assert "No day has been closed yet" in page
    assert "No day-end has run yet" in text_of(signed_in("arun").get("/day-end/"))
    ports.unbind_book()


def test_sign_in_goes_on_to_the_page_asked_for(book: Book) -> None:
    client = Client()
    wrong = client.post("/sign-in/", {"username": "mei", "password": "no"})
    assert wrong.status_code == 422 and 'role="alert"' in text_of(wrong)
    form = {"username": "mei", "password": "correct-horse-9", "next": "/ledger/"}
    assert client.post("/sign-in/", form).headers["Location"] == "/ledger/"
    assert client.get("/ledger/").status_code == 200
    client.post("/sign-out/")
    assert client.get("/ledger/").status_code == 302


def test_sign_in_never_leads_to_another_site(cast: Cast) -> None:
    form = {"username": "mei", "password": "correct-horse-9"}
    response = Client().post("/sign-in/", form | {"next": "https://evil.example/"})
    assert response.headers["Location"] == "/"


def test_the_language_is_kept_with_the_person(book: Book) -> None:
    client = signed_in("mei", language="zh-hans")
    response = client.post("/language/", {"language": "en", "next": "/ledger/"})
    assert response.headers["Location"] == "/ledger/"
    assert response.cookies["django_language"].value == "en"
    assert User.objects.get(username="mei").language == "en"


def test_nothing_at_an_address(cast: Cast) -> None:
    response = signed_in("mei").get("/nowhere/")
    assert response.status_code == 404
    assert "Nothing at this address" in text_of(response)


CUSTOMERS = b"customer_id,kind,name\nC1,person,Wang\nC2,person,Li\n"
BROKEN = b"customer_id,kind,name\nC1,person,Wang\nC2,nobody,Li\n"


def upload(content: bytes, *, step: str = "apply") -> dict[str, object]:
    return {
        "files": SimpleUploadedFile("customers.csv", content),
        "source": "core",
        "step": step,
    }


@pytest.fixture
def admin(cast: Cast) -> Client:
    """An administrator, who may take files in."""
    people.create_user(
        username="ada", password=PASSWORD, role="admin", by="test", at=AT
    )
    return signed_in("ada")


def test_files_by_hand(admin: Client) -> None:
    planned = text_of(admin.post("/intake/", upload(CUSTOMERS, step="plan")))
    assert "only a plan" in planned and not Customer.objects.exists()
    assert "Taken in" in text_of(admin.post("/intake/", upload(CUSTOMERS)))
    assert Customer.objects.count() == 2
    again = text_of(admin.post("/intake/", upload(CUSTOMERS)))
    assert "Known, nothing changed" in again and Customer.objects.count() == 2


def test_a_broken_file_gets_its_rows_back(admin: Client) -> None:
    page = text_of(admin.post("/intake/", upload(BROKEN)))
    assert "Refused" in page and "nobody" in page
    assert not Customer.objects.exists()
    address = re.search(r'href="(/intake/\d+/errors/\w+/)"', page)
    assert address is not None
    rows = b"".join(admin.get(address[1]).streaming_content)
    assert b"C2" in rows and b"C1" not in rows


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"source": ""}, "Name the system that sends"),
        ({"files": SimpleUploadedFile("a.exe", b"x")}, "is not CSV"),
        ({"mapping": "/etc/passwd.yaml"}, "Not taken in"),
    ],
)
def test_a_form_that_cannot_be_used_says_why(
    admin: Client, wrong: dict[str, object], told: str
) -> None:
    response = admin.post("/intake/", upload(CUSTOMERS) | wrong)
    assert response.status_code == 422 and told in text_of(response)


def test_only_an_administrator_takes_files_in(book: Book) -> None:
    for who in ("mei", "arun", "sam"):
        assert signed_in(who).post("/intake/", upload(CUSTOMERS)).status_code == 403


def test_collection_cost_appears_with_the_costs_table(
    admin: Client, book: Book
) -> None:
    shown = text_of(admin.get("/"))
    assert "Needs costs of collection" in shown
    costs = (
        b"kind,amount,period_start,period_end,branch\n"
        b"calls,30.00,2026-02-01,2026-02-28,north\n"
        b"calls,6.00,2026-02-01,2026-02-28,south\n"
        b"calls,99.00,2024-02-01,2024-02-28,south\n"
    )
    form = upload(costs) | {"files": SimpleUploadedFile("costs.csv", costs)}
    assert "Taken in" in text_of(admin.post("/intake/", form))
    # 36.00 of the last year over four loans of 3,000.00
    assert "0.30</span><small>%" in text_of(admin.get("/"))
    assert "0.33</span><small>%" in text_of(signed_in("mei").get("/"))  # 30 / 9,000
