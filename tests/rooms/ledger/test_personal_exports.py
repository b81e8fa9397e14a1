"""What leaves the house: names masked, every page marked, canaries told of."""

import csv
import io
from collections.abc import Iterator
from datetime import date
from typing import Any
from zipfile import ZipFile

import pytest
import xlsxwriter
from django.http import HttpResponse
from django.test import Client

from daihou.kit import ports, secret
from daihou.kit.watermark import Mark
from daihou.rooms.audit import door as audit
from daihou.rooms.dayend import door as dayend
from daihou.rooms.ledger import door as ledger
from daihou.rooms.ledger.actions import canaries
from daihou.rooms.ledger.models import Loan
from daihou.rooms.notices import door as notices
from daihou.rooms.people import door as people
from daihou.rooms.people.models import RoleGrant, User
from tests.rooms.book import Book, position, positions
from tests.rooms.cast import AT, PASSWORD, TODAY, Cast, make_loan

pytestmark = pytest.mark.django_db
NAME = "欧阳小明"


@pytest.fixture
def loan(cast: Cast) -> Iterator[Loan]:
    """One late loan in a book with one closed day."""
    made = make_loan("N1", name=NAME)
    ports.bind_book(Book({date(2026, 3, 19): positions(position(made.pk, dpd=46))}))
    dayend.set_business_date(on=TODAY, by="test", at=AT)
    yield made
    ports.unbind_book()


def signed_in(username: str) -> Client:
    client = Client()
    client.force_login(User.objects.get(username=username))
    client.cookies["django_language"] = "en"
    return client


def text_of(response: HttpResponse) -> str:
    """Everything readable in a workbook."""
    assert response.status_code == 200, response
    with ZipFile(io.BytesIO(response.content)) as folder:
        return "\n".join(folder.read(name).decode() for name in folder.namelist())


def test_an_export_masks_names_and_says_whose_it_is(loan: Loan) -> None:
    response = signed_in("arun").get(
        "/ledger/export/", headers={"X-Request-ID": "request-4711"}
    )
    text = text_of(response)
    assert NAME not in text and "欧***" in text
    marks = text.count("Taken out by arun")
    assert marks >= 3  # below the rows, in the foot of the pages, in the properties
    assert "request-4711" in text and "do not pass it on" in text
    assert 'name="Watermark"' in text
    (told,) = audit.timeline(subject_type="ledger", subject_id="2026-03-19", limit=1)
    assert told.request_id == "request-4711" and "names" not in told.payload


def test_names_whole_need_a_permission_and_a_second_person(
    loan: Loan, cast: Cast
) -> None:
    address = "/ledger/export/?names=whole"
    asked = signed_in("arun").get(address)
    assert asked.status_code == 302 and "/ledger/export/ask/" in asked.url
    assert "names=whole" in asked.url
    assert signed_in("arun").get(asked.url).status_code == 403
    RoleGrant.objects.create(
        code="both",
        name="both",
        permissions=["view_loans", "export_ledger", "export_personal"],
        reach="all",
    )
    people.create_user(
        username="zhou",
        password=PASSWORD,
        role="risk",
        branch=None,
        by="test",
        at=AT,
    )
    User.objects.filter(username="zhou").update(role_id="both")
    zhou = signed_in("zhou")
    page = zhou.get(zhou.get(address).url)
    assert page.status_code == 200
    made = zhou.post(
        "/ledger/export/ask/",
        {"conditions": "names=whole&as_of=2026-03-19", "reason": "the court asked"},
    )
    number = made.url.rstrip("/").rpartition("/")[2]
    taken = zhou.post(f"/ledger/export/{number}/", follow=True)
    assert NAME not in taken.content.decode("utf-8", "replace")  # nobody said yes
    people.create_user(
        username="lin",
        password=PASSWORD,
        role="compliance",
        branch=None,
        by="test",
        at=AT,
    )
    verdict = {"verdict": "approve", "level": "1"}
    signed_in("lin").post(f"/approvals/{number}/decide/", verdict)
    assert NAME in text_of(zhou.post(f"/ledger/export/{number}/"))
    (told,) = audit.timeline(subject_type="ledger", subject_id="2026-03-19", limit=1)
    assert told.payload["names"] == "whole" and told.by == "zhou"


def test_a_canary_in_an_export_is_told_at_once(loan: Loan, cast: Cast) -> None:
    zhou = people.create_user(
        username="zhou",
        password=PASSWORD,
        role="compliance",
        branch=None,
        by="test",
        at=AT,
    )
    setting = ledger.personal.Doing(by=zhou, at=AT, business_date=TODAY)
    canaries.set_canary(number="C-N1", note="watched", doing=setting)
    text_of(signed_in("arun").get("/ledger/export/"))
    (line,) = notices.notices_of("zhou", limit=10)
    assert "arun" in str(line) and "C-N1" in str(line)
    told = audit.timeline(subject_type="canary", subject_id=loan.customer_id)
    assert told[0].payload == {"how": "export"}


def test_the_sheet_of_the_log_is_marked(cast: Cast) -> None:
    people.create_user(
        username="ling",
        password=PASSWORD,
        role="auditor",
        branch=None,
        by="test",
        at=AT,
    )
    response: Any = signed_in("ling").get("/audit/export/")
    lines = b"".join(response).decode("utf-8-sig").splitlines()
    (first,) = next(csv.reader([lines[0]]))
    assert first.startswith("# 导出人 ling; ")


def test_a_mark_stands_on_every_sheet() -> None:
    mark = Mark(by="r&d", at=AT, request_id="r1", rows=1_200)
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True}) as book:
        book.add_worksheet("a")
        book.add_worksheet("b")
        mark.into_workbook(book)
    with ZipFile(buffer) as folder:
        sheets = [folder.read(f"xl/worksheets/sheet{n}.xml").decode() for n in (1, 2)]
        assert folder.read("docProps/core.xml").count(b"r&amp;d") >= 2
    for sheet in sheets:
        foot = sheet.split("<oddFooter>")[1].split("</oddFooter>")[0]
        # One ampersand of the name is two in a page foot; and each is escaped.
        assert foot.startswith("&amp;L") and "r&amp;&amp;d" in foot
    assert "1,200" in mark.line and "r1" in mark.line


def test_lists_searches_and_exports_open_no_value(
    loan: Loan, monkeypatch: pytest.MonkeyPatch
) -> None:
    customer = loan.customer
    sealed = ledger.personal.id_columns("11010519491231002X")
    for name, value in sealed.items():
        setattr(customer, name, value)
    customer.save()

    def never(sealed: str, *, about: str = "") -> str:
        raise AssertionError("a list opens nothing")

    monkeypatch.setattr(secret, "open", never)
    arun = signed_in("arun")
    for address in (
        "/",
        "/ledger/",
        "/ledger/export/",
        "/search/?q=N",
        "/search/?q=002X",
        "/search/suggest/?q=002X",
        "/search/suggest/?q=11010519491231002x",
    ):
        response = arun.get(address)
        assert response.status_code in (200, 302), address
        assert sealed["id_no"].encode() not in response.content
    assert arun.get("/search/?q=002X").url == f"/loans/{loan.pk}/"
