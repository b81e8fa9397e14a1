"""The pages and the API of clocks: what they show, to whom, in both languages."""

import io
import json
import zipfile
from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from daihou.config import clock as wall
from daihou.kit import legal_clocks
from daihou.rooms.clocks import actions
from daihou.rooms.clocks.models import Clock, ClockEvent
from daihou.rooms.dayend import door as dayend
from daihou.rooms.gateway import door as gateway
from daihou.rooms.ledger.models import Loan
from daihou.rooms.people import door as people
from tests.rooms import clocking
from tests.rooms.cast import make_cast
from tests.rooms.clocking import AS_OF, AT, OPEN
from tests.rooms.test_pages import signed_in

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def claim(settings: Any) -> Iterator[Loan]:
    """A late claim of the north with a guarantor, one of the south; looked at."""
    settings.LICENCE = "bank"
    make_cast()
    clocking.bind()
    dayend.set_business_date(on=OPEN, by="test", at=AT)
    loan = clocking.a_claim("N-1", date(2024, 1, 31))
    clocking.guarantee(loan, "连带责任保证")
    clocking.a_claim("S-1", date(2025, 1, 31), branch="south")
    actions.look_through(AS_OF, positions="p", at=AT)
    yield loan
    legal_clocks.unbind_reckoner()


def english(name: str) -> Client:
    client = signed_in(name)
    client.cookies["django_language"] = "en"
    return client


def limitation(loan: Loan) -> Clock:
    found: Clock = Clock.objects.get(loan_id=loan.pk, kind="limitation")
    return found


def test_the_list_is_ordered_by_days_left_and_of_the_branch(claim: Loan) -> None:
    page = english("mei").get("/clocks/").context["page"]
    assert [each.line.kind for each in page.lines] == ["guarantee", "limitation"]
    assert [each.days for each in page.lines] == [
        (date(2024, 7, 31) - OPEN).days,
        (date(2027, 1, 31) - OPEN).days,
    ]
    south = english("bola").get("/clocks/").context["page"]
    assert {each.number for each in south.lines} == {"S-1"}
    text = english("mei").get("/clocks/").content.decode()
    assert "CN-LIM-01" in text and "71" in text and "Limitation" in text
    chinese = signed_in("mei")
    chinese.cookies["django_language"] = "zh-hans"
    assert "诉讼时效" in chinese.get("/clocks/").content.decode()


def test_the_list_narrows_and_says_when_nothing_fits(claim: Loan) -> None:
    client = english("mei")
    for query, many in (
        ("kind=limitation", 1),
        ("state=expired", 1),
        ("within=90", 1),
        ("within=30", 0),
        ("group=court", 0),
        ("text=N-1", 2),
        ("text=S-1", 0),
        ("step=90", 1),
        ("branch=south", 0),
        ("state=closed", 0),
        ("kind=%00&state=x&within=x&step=x&page=x&group=x", 2),
    ):
        answer = client.get(f"/clocks/?{query}")
        assert answer.status_code == 200
        assert len(answer.context["page"].lines) == many, query
    empty = client.get("/clocks/?within=7").content
    assert b"No clock here" in empty


def test_a_long_list_sends_no_more_statements_than_a_short_one(claim: Loan) -> None:
    client = english("arun")

    def sent(address: str) -> int:
        client.get(address)
        with CaptureQueriesContext(connection) as captured:
            assert client.get(address).status_code == 200
        return len(captured)

    addresses = ("/clocks/", f"/clocks/{limitation(claim).pk}/", f"/loans/{claim.pk}/")
    before = [sent(address) for address in addresses]
    for number in range(12):
        clocking.a_claim(f"M-{number}", date(2025, 3, 31))
    for day in range(1, 9):
        clocking.pay(claim, date(2025, 1, day), "柜面")
    actions.look_through(AS_OF, positions="q", at=AT)
    assert [sent(address) for address in addresses] == before


def test_before_anything_the_page_says_so(db: None) -> None:
    make_cast()
    assert b"have not been looked at yet" in english("mei").get("/clocks/").content


def test_another_country_is_told_that_none_is_kept(db: None, settings: Any) -> None:
    settings.JURISDICTION, settings.LICENCE = "us", "creditor"
    make_cast()
    assert b"No clock is kept here" in english("mei").get("/clocks/").content


def test_saved_views_and_the_sheet(claim: Loan) -> None:
    client = english("arun")
    saved = client.post(
        "/views/save/",
        {"list": "clocks", "name": "soon", "query": "kind=limitation&within=90"},
    )
    assert saved.status_code == 302
    assert "soon" in client.get("/clocks/").content.decode()
    answer = client.get("/clocks/export/?kind=limitation")
    with zipfile.ZipFile(io.BytesIO(answer.content)) as book:
        texts = book.read("xl/sharedStrings.xml").decode()
    assert "N-1" in texts and "S-1" in texts and "arun" in texts
    assert english("mei").get("/clocks/export/").status_code == 403


@pytest.mark.parametrize(
    ("language", "words"), [("en", "2027"), ("zh-hans", "诉讼时效")]
)
def test_one_clock_tells_why_with_rule_and_version(
    claim: Loan, language: str, words: str
) -> None:
    client = signed_in("arun")
    client.cookies["django_language"] = language
    address = f"/clocks/{limitation(claim).pk}/"
    text = client.get(address).content.decode()
    assert words in text and 'href="/law/rules/CN-LIM-01/"' in text
    panel = client.get(f"/loans/{claim.pk}/").content.decode()
    assert f'href="{address}"' in panel
    assert english("bola").get(address).status_code == 404


def test_events_by_form(claim: Loan) -> None:
    clock = limitation(claim)
    address = f"/clocks/{clock.pk}/events/"
    good = {
        "kind": "demand",
        "happened_on": "2026-10-01",
        "evidence": "receipt 7",
        "evidence_kind": "message_arrived",
        "arrived": "1",
    }
    for name in ("mei", "sam"):
        assert english(name).post(address, good).status_code == 403
    client = english("arun")
    for wrong in (
        {"kind": "nonsense"},
        {"happened_on": "soon"},
        {"happened_on": "2030-01-01"},
        {"evidence": " "},
        {"evidence_kind": ""},
        {"until": "2026-01-01"},
    ):
        answer = client.post(address, good | wrong)
        assert answer.status_code == 400, wrong
        assert b"Nothing was kept" in answer.content
    assert client.post(address, good).status_code == 302
    clock.refresh_from_db()
    assert clock.ends_on == date(2029, 10, 1) and clock.told
    text = client.get(f"/clocks/{clock.pk}/").content.decode()
    assert "receipt 7" in text
    event = ClockEvent.objects.get()
    strike = f"/clocks/events/{event.pk}/strike/"
    assert (
        client.post(strike, {"because": "wrong", "clock": clock.pk}).status_code == 302
    )
    clock.refresh_from_db()
    assert clock.ends_on == date(2027, 1, 31)
    assert "struck by arun" in client.get(f"/clocks/{clock.pk}/").content.decode()


def test_clocks_are_started_and_taken_off_by_form(claim: Loan) -> None:
    client = english("arun")
    address = f"/clocks/loans/{claim.pk}/new/"
    assert client.get(address).status_code == 200
    good = {"kind": "foreclosed", "begins_on": "2026-03-01", "evidence": "deed"}
    assert client.post(address, good).status_code == 400  # which asset?
    made = client.post(address, good | {"asset": "real_estate"})
    assert made.status_code == 302
    clock = Clock.objects.get(kind="foreclosed")
    assert clock.ends_on == date(2028, 3, 1) and clock.branch == "north"
    close = f"/clocks/{clock.pk}/close/"
    assert client.post(close, {"because": " "}).status_code == 400
    assert client.post(close, {"because": "entered twice"}).status_code == 302
    assert "entered twice" in client.get(f"/clocks/{clock.pk}/").content.decode()
    assert client.post(close, {"because": "again"}).status_code == 400
    assert client.get("/clocks/new/").status_code == 200
    wrong = {"kind": "blame", "begins_on": "2026-03-01", "evidence": "x", "name": "y"}
    assert client.post("/clocks/new/", wrong).status_code == 400  # of a loan


def program() -> Client:
    """A program of Arun's that reads and tells."""
    _line, secret = gateway.make_token(
        username="arun",
        name="clocks",
        scopes=(gateway.ApiScope.CLOCKS_READ, gateway.ApiScope.CLOCKS_WRITE),
        days=9,
        by=people.process("test"),
        at=wall.now(),
    )
    return Client(
        headers={"authorization": f"Bearer {secret}", "accept-language": "en"}
    )


def test_programs_read_and_tell(claim: Loan) -> None:
    client = program()
    found = client.get("/api/v1/clocks?kind=limitation").json()["items"]
    assert [each["loan_id"] for each in found][:1] == [claim.pk]
    clock = found[0]["id"]
    why = client.get(f"/api/v1/clocks/{clock}").json()
    assert why["ends_on"] == "2027-01-31" and why["decision"]["path"]
    body = {
        "kind": "repayment_plan",
        "happened_on": "2026-11-01",
        "evidence": "signed plan",
    }
    for key, dry in (("a", "?dry_run=true"), ("b", "")):
        answer = client.post(
            f"/api/v1/clocks/{clock}/events{dry}",
            data=json.dumps(body),
            content_type="application/json",
            headers={"idempotency-key": key},
        )
        assert answer.status_code == 200, answer.content
    assert ClockEvent.objects.count() == 1
    heard = client.get(f"/api/v1/clocks/{clock}").json()["heard"]
    assert [each["counts"] for each in heard] == [True]
    body = {
        "kind": "enforcement",
        "begins_on": "2026-11-02",
        "evidence": "judgment 12",
        "loan": str(claim.pk),
    }
    made = client.post(
        "/api/v1/clocks",
        data=json.dumps(body),
        content_type="application/json",
        headers={"idempotency-key": "c"},
    )
    assert made.status_code == 200, made.content
    assert Clock.objects.get(pk=made.json()["id"]).ends_on == date(2028, 11, 2)
