"""The pages of approvals: who opens what, what stands on them, what a form does."""

import re
from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from daihou.rooms.approvals import queries
from daihou.rooms.approvals.models import Delegation, Proposal
from daihou.rooms.audit import door as audit
from daihou.rooms.people import door as people
from tests.rooms.approving import KIND, Shelves, decide, login, propose, shelves
from tests.rooms.cast import AT, Cast
from tests.rooms.test_pages import signed_in, text_of

LANGUAGES = ("en", "zh-hans")


@pytest.fixture
def shelf() -> Iterator[Shelves]:
    """The shelves of a test."""
    with shelves() as kept:
        yield kept


@pytest.fixture
def ada(cast: Cast) -> people.Person:
    """The administrator."""
    return login("ada", "admin")


def text_at(client: Client, address: str, status: int = 200) -> str:
    response = client.get(address)
    assert response.status_code == status, response
    return text_of(response)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_page_opens_in_both_languages(
    cast: Cast, shelf: Shelves, ada: people.Person, language: str
) -> None:
    asked = propose(cast.mei)
    for who in ("mei", "arun", "sam", "ada"):
        client = signed_in(who, language=language)
        for address in (
            "/approvals/",
            "/approvals/?tab=mine",
            "/approvals/?tab=decided",
            "/approvals/?tab=rubbish&before=x",
            "/approvals/away/",
        ):
            page = text_at(client, address)
            assert "<script>" not in page and " onclick=" not in page
    for who in ("mei", "arun"):
        page = text_at(signed_in(who, language=language), f"/approvals/{asked.id}/")
        chinese = bool(re.search(r"[一-鿿]", page.split("<main")[1]))
        assert chinese == (language == "zh-hans")
    text_at(signed_in("ada", language=language), "/approvals/levels/")
    for who in ("mei", "arun", "sam"):
        text_at(signed_in(who, language=language), "/approvals/levels/", 403)


def test_the_inbox_has_what_waits_for_the_reader_and_says_when_nothing_does(
    cast: Cast, shelf: Shelves
) -> None:
    asked = propose(cast.mei)
    link = f'href="/approvals/{asked.id}/"'
    assert link in text_at(signed_in("arun"), "/approvals/")
    mine = text_at(signed_in("mei"), "/approvals/")
    assert link not in mine and "Nothing waits for you" in mine
    assert link in text_at(signed_in("mei"), "/approvals/?tab=mine")
    decide(cast.arun, asked.id)
    assert "Nothing waits for you" in text_at(signed_in("arun"), "/approvals/")
    assert link in text_at(signed_in("arun"), "/approvals/?tab=decided")


def test_only_who_reads_the_log_has_the_tab_of_everything(
    cast: Cast, shelf: Shelves
) -> None:
    asked, link = propose(cast.mei), 'href="/approvals/?tab=all"'
    login("audra", "auditor")
    page = text_at(signed_in("audra"), "/approvals/?tab=all")
    assert link in page and f"/approvals/{asked.id}/" in page
    page = text_at(signed_in("bola"), "/approvals/?tab=all")
    assert link not in page and f"/approvals/{asked.id}/" not in page


def test_a_long_list_is_paged_without_gap_or_overlap(
    cast: Cast, shelf: Shelves
) -> None:
    for number in range(60):
        shelf.held[f"north-{number}"] = {"limit": "1"}
    made = {propose(cast.mei, f"north-{number}").id for number in range(60)}
    address, seen = "/approvals/?tab=mine", []
    while address:
        page = text_at(signed_in("mei"), address)
        seen += [
            int(key)
            for key in re.findall(r'<tr[^>]*>\s*<td><a href="/approvals/(\d+)/', page)
        ]
        older = re.search(r'rel="next" data-page-next href="([^"]+)"', page)
        address = older[1].replace("&amp;", "&") if older else ""
    assert len(seen) == 60 and set(seen) == made


def test_a_proposal_shows_the_difference_masked_and_who_decides(
    cast: Cast, shelf: Shelves
) -> None:
    asked = propose(cast.mei, after={"phone": "13899990000", "limit": "15"})
    page = text_at(signed_in("arun"), f"/approvals/{asked.id}/")
    assert "138****0000" in page and "13899990000" not in page
    assert "<del>10</del>" in page and "<ins>15</ins>" in page
    assert "seen at the visit" in page and "waits for: arun" in page
    assert 'value="approve"' in page
    own = text_at(signed_in("mei"), f"/approvals/{asked.id}/")
    assert 'value="approve"' not in own and "Nobody decides their own" in own
    assert "Take it back" in own


def test_the_values_are_shown_whole_to_the_decider_for_a_reason_and_recorded(
    cast: Cast, shelf: Shelves
) -> None:
    asked = propose(cast.mei, after={"phone": "13899990000"})
    address = f"/approvals/{asked.id}/reveal/"
    refused = text_of(signed_in("arun").post(address, {"reason": " "}))
    assert "13899990000" not in refused and "138****0000" in refused
    assert audit.latest(type="approval.revealed") == ()
    response = signed_in("arun").post(address, {"reason": "to call back"})
    assert "13899990000" in text_of(response)
    assert response.headers["Cache-Control"] == "no-store"
    assert f'hx-get="/approvals/{asked.id}/difference/"' in text_of(response)
    assert 'hx-trigger="load delay:60s"' in text_of(response)
    told = audit.latest(type="approval.revealed")
    assert {(entry.by, entry.reason) for entry in told} == {("arun", "to call back")}
    again = text_at(signed_in("arun"), f"/approvals/{asked.id}/difference/")
    assert "13899990000" not in again
    for who in ("mei", "sam", "bola"):
        response = signed_in(who).post(address, {"reason": "curious"})
        assert response.status_code in (403, 404)
        assert "13899990000" not in text_of(response)


def test_values_are_not_shown_again_and_again(cast: Cast, shelf: Shelves) -> None:
    asked = propose(cast.mei, after={"phone": "13899990000"})
    client, address = signed_in("arun"), f"/approvals/{asked.id}/reveal/"
    for _time in range(20):
        assert "13899990000" in text_of(client.post(address, {"reason": "x"}))
    assert "13899990000" not in text_of(client.post(address, {"reason": "x"}))


def test_a_decision_from_the_page(cast: Cast, shelf: Shelves) -> None:
    asked = propose(cast.mei)
    address = f"/approvals/{asked.id}/decide/"
    client = signed_in("arun")
    response = client.post(address, {"verdict": "refuse", "level": 1}, follow=True)
    assert "Say why you refuse" in text_of(response)
    response = client.post(address, {"verdict": "maybe", "level": 1}, follow=True)
    assert "Nothing was decided" in text_of(response)
    response = client.post(address, {"verdict": "approve", "level": 2}, follow=True)
    assert "was decided meanwhile" in text_of(response)
    assert Proposal.objects.get(pk=asked.id).state == "open"
    response = client.post(address, {"verdict": "approve", "level": 1})
    assert response.headers["Location"] == "/approvals/"
    assert shelf.held["north-1"]["limit"] == "15"
    response = client.post(address, {"verdict": "approve", "level": 1}, follow=True)
    assert "has decided it already" in text_of(response)


def test_several_are_looked_at_together_and_approved_one_by_one(
    cast: Cast, shelf: Shelves
) -> None:
    first, second = propose(cast.mei), propose(cast.mei, "north-2")
    own = propose(cast.arun, "south-1")
    shelf.held["north-3"] = {"limit": "1"}
    stale = propose(cast.mei, "north-3")
    shelf.held["north-3"] = {"limit": "2"}
    client = signed_in("arun")
    ids = [each.id for each in (first, second, own, stale)]
    page = text_of(client.get("/approvals/together/", {"id": [*ids, "x", 10**30]}))
    assert "2 proposals can be approved" in page and "2 are left out" in page
    assert "Nobody decides their own" in page and "Approve 2" in page
    sent = re.findall(r'name="id" value="([\d.]+)"', page)
    assert sent == [f"{first.id}.1", f"{second.id}.1"]
    wish = {"id": [*sent, f"{own.id}.1", f"{stale.id}.1"], "note": "seen"}
    page = text_of(client.post("/approvals/together/", wish, follow=True))
    assert "2 approved." in page and "Changed since it was proposed" in page
    assert shelf.done == [("north-1", "arun"), ("north-2", "arun")]
    states = [Proposal.objects.get(pk=key).state for key in ids]
    assert states == ["approved", "approved", "open", "overtaken"]
    empty = text_of(client.get("/approvals/together/"))
    assert "Nothing is chosen" in empty


def test_the_proposer_is_refused_by_the_address_too(cast: Cast, shelf: Shelves) -> None:
    asked = propose(cast.arun)
    wish = {"verdict": "approve", "level": 1}
    response = signed_in("arun").post(f"/approvals/{asked.id}/decide/", wish)
    assert response.status_code == 403
    for who, status in (("mei", 403), ("bola", 404)):
        response = signed_in(who).post(f"/approvals/{asked.id}/decide/", wish)
        assert response.status_code == status
    assert shelf.done == []


def test_what_changed_since_is_marked_and_cannot_be_approved(
    cast: Cast, shelf: Shelves
) -> None:
    asked = propose(cast.mei)
    shelf.held["north-1"]["limit"] = "12"
    page = text_at(signed_in("arun"), f"/approvals/{asked.id}/")
    assert "now 12" in page and "has changed since" in page
    assert re.search(r'value="approve" disabled', page)


def test_what_people_write_is_never_run(cast: Cast, shelf: Shelves) -> None:
    asked = propose(cast.mei, after={"limit": "<script>x"}, title="<b>t")
    address = f"/approvals/{asked.id}/comment/"
    response = signed_in("arun").post(address, {"text": "<img src=x>"}, follow=True)
    page = text_of(response)
    assert "<script>x" not in page and "<img src=x>" not in page and "<b>t" not in page
    assert "&lt;img src=x&gt;" in page


def test_taking_back_from_the_page(cast: Cast, shelf: Shelves) -> None:
    asked = propose(cast.mei)
    address = f"/approvals/{asked.id}/withdraw/"
    assert signed_in("arun").post(address).status_code == 403
    page = text_of(signed_in("mei").post(address, follow=True))
    assert "Taken back" in page and shelf.done == []


def test_a_table_of_levels_from_the_page(
    cast: Cast, shelf: Shelves, ada: people.Person
) -> None:
    client, cora = signed_in("ada"), login("cora", "compliance")
    page = text_at(client, f"/approvals/levels/?kind={KIND}&currency=CNY")
    assert 'name="least"' in page
    today = timezone.localdate().isoformat()
    wish = {
        "kind": KIND,
        "currency": "CNY",
        "from_on": today,
        "reason": "board of March",
        "step": ["1", "2", ""],
        "least": ["", "10,000.00", ""],
        "below": ["", "", ""],
        "role": ["supervisor", "risk", ""],
    }
    bad = client.post(
        "/approvals/levels/", wish | {"least": ["", "x", ""]}, follow=True
    )
    assert "is no amount" in text_of(bad)
    bad = client.post("/approvals/levels/", wish | {"kind": "x\r\ny"}, follow=True)
    assert "There is no kind" in text_of(bad)
    bad = client.post("/approvals/levels/", wish | {"from_on": "soon"}, follow=True)
    assert "could not be read" in text_of(bad)
    response = client.post("/approvals/levels/", wish, follow=True)
    page = text_of(response)
    assert "level 2, from CNY 10,000.00 on: Risk officer" in page
    (asked,) = queries.waiting(cora, at=AT + timedelta(days=9_999))
    decide(cora, asked.id)
    (table,) = queries.levels_of()
    assert [(row.step, row.least, row.role) for row in table.rows] == [
        (1, 0, "supervisor"),
        (2, 1_000_000, "risk"),
    ]
    page = text_at(client, "/approvals/levels/")
    assert "CNY 10,000.00" in page and "Supervisor" in page


def test_a_deputy_from_the_page(cast: Cast, shelf: Shelves) -> None:
    client = signed_in("arun")
    today = timezone.localdate()
    wish = {"deputy": "mei", "from_on": today, "last_on": today}
    assert "Kept" in text_of(client.post("/approvals/away/", wish, follow=True))
    (made,) = Delegation.objects.all()
    assert (made.principal, made.until_on) == ("arun", today + timedelta(days=1))
    page = text_at(client, "/approvals/away/")
    assert "In force" in page and "End it" in page
    page = text_of(client.post("/approvals/away/", {"deputy": "mei"}, follow=True))
    assert "Nothing was changed" in page
    assert "Ended." in text_of(
        client.post(f"/approvals/away/{made.pk}/end/", follow=True)
    )
    assert signed_in("bola").post(f"/approvals/away/{made.pk}/end/").status_code == 404
    assert "Nobody decides for anybody" in text_at(
        signed_in("bola"), "/approvals/away/"
    )


def test_the_number_of_statements_does_not_grow_with_the_inbox(
    cast: Cast, shelf: Shelves
) -> None:
    def count() -> int:
        with CaptureQueriesContext(connection) as captured:
            text_at(signed_in("arun"), "/approvals/")
        return len(captured)

    propose(cast.mei)
    one = count()
    for number in range(10, 20):
        shelf.held[f"north-{number}"] = {"limit": "1"}
        propose(cast.mei, f"north-{number}")
    assert count() == one
