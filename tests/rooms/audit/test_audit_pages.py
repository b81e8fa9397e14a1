"""The explorer: who may look, what is found, pages, and what is taken out."""

import csv
import html
import re
from datetime import timedelta
from io import StringIO

import pytest
from django.db import transaction
from django.test import Client

from daihou.config import wiring
from daihou.rooms.audit import door as audit
from daihou.rooms.dayend import door as dayend
from daihou.rooms.people.models import User
from tests.rooms.cast import AT, PASSWORD, TODAY, Cast, make_loan, pay

LINK = r'<td><a href="/audit/\?subject_type=thing&amp;subject_id=(\d+)"'


@pytest.fixture
def sam(client: Client, cast: Cast) -> Client:
    """The auditor, signed in."""
    User.objects.filter(username="sam").update(role_id="auditor")
    assert client.login(username="sam", password=PASSWORD)
    return client


def write(number: int = 1, **more: object) -> None:
    with transaction.atomic():
        audit.record_many(
            audit.NewEvent(
                **{
                    "type": "thing.done",
                    "subject_type": "thing",
                    "subject_id": n,
                    "by": "arun",
                    "at": AT,
                    "business_date": TODAY,
                }
                | more
            )
            for n in range(number)
        )


def shown(page: Client, **asked: object) -> list[str]:
    """The subjects of the lines of a page."""
    text = page.get("/audit/", {"subject_type": "thing", **asked}).content.decode()
    return re.findall(LINK, text)


@pytest.mark.parametrize("address", ["/audit/", "/audit/export/"])
def test_who_does_not_audit_is_refused(
    client: Client, cast: Cast, address: str
) -> None:
    assert client.get(address).status_code == 302
    client.login(username="mei", password=PASSWORD)
    assert client.get(address).status_code == 403
    assert "/audit/" not in client.get("/search/").content.decode()


def test_events_are_found_by_person_subject_type_and_time(sam: Client) -> None:
    write(2)
    write(by="mei", type="other.done", subject_id=7)
    write(by="mei", on_behalf_of="bola", subject_id=8, at=AT + timedelta(days=3))
    assert sorted(shown(sam)) == ["0", "1", "7", "8"]
    assert sorted(shown(sam, person="arun")) == ["0", "1"]
    assert shown(sam, person="bola") == ["8"]
    assert shown(sam, type="other.done") == ["7"]
    assert shown(sam, type="other.") == ["7"]
    assert shown(sam, subject_id="1") == ["1"]
    assert shown(sam, since="2026-03-23") == ["8"]
    assert sorted(shown(sam, until="2026-03-20")) == ["0", "1", "7"]
    assert shown(sam, since="2026-03-21", until="2026-03-22") == []
    assert "/audit/" in sam.get("/search/").content.decode()


def test_pages_follow_one_another_without_gap_or_overlap(sam: Client) -> None:
    write(120)
    address, seen = "/audit/?subject_type=thing", []
    while address:
        text = sam.get(address).content.decode()
        seen += re.findall(LINK, text)
        older = re.search(r'rel="next" href="([^"]+)"', text)
        address = html.unescape(older[1]) if older else ""
    assert len(seen) == 120 and set(seen) == {str(n) for n in range(120)}


def test_what_changed_is_shown_and_never_run(sam: Client) -> None:
    write(before={"phone": "<b>1"}, after={"phone": "2"}, reason="<script>x")
    text = sam.get("/audit/").content.decode()
    assert "<del>&lt;b&gt;1</del>" in text and "<ins>2</ins>" in text
    assert "&lt;script&gt;x" in text


@pytest.mark.parametrize(
    "query",
    ["before=x", "before=" + "9" * 40, "since=2026-02-31", "until=9999-12-31", "a=%00"],
)
def test_odd_addresses_do_no_harm(sam: Client, query: str) -> None:
    assert sam.get(f"/audit/?{query}&person=%00mei").status_code == 200


def test_an_export_is_a_sheet_that_runs_nothing_and_leaves_an_event(
    sam: Client,
) -> None:
    write(3, reason="=HYPERLINK(1)")
    response = sam.get("/audit/export/?subject_type=thing")
    text = b"".join(response.streaming_content).decode("utf-8-sig")
    first, head, *rows = csv.reader(StringIO(text))
    assert first[0].startswith("# ") and " sam" in first[0]
    assert len(rows) == 3
    assert {row[head.index("reason")] for row in rows} == {"'=HYPERLINK(1)"}
    (entry,) = audit.latest(type="audit.exported")
    assert (entry.by, entry.payload["rows"]) == ("sam", 3)


def test_the_page_of_a_loan_tells_its_story(client: Client, cast: Cast) -> None:
    wiring.bind()
    dayend.set_business_date(on=TODAY, by="test", at=AT)
    loan = make_loan("N1")
    pay(loan, "P1", by=cast.arun)
    client.login(username="mei", password=PASSWORD)
    text = client.get(f"/loans/{loan.pk}/").content.decode()
    assert "payment.received" in text and "arun" in text
