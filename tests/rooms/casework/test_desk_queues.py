"""Queues and seats on their page: what a supervisor changes, and what is refused."""

from typing import Any

import pytest

from daihou.rooms.casework.models import Queue, Seat
from daihou.rooms.casework.states import PRECEDENCE
from tests.rooms import desking
from tests.rooms.caseworking import queue
from tests.rooms.cast import Cast
from tests.rooms.promising import Worked
from tests.rooms.test_pages import signed_in

URL = "/cases/queues/"


@pytest.fixture
def worked(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> Worked:
    """One late case that is Mei's, in a queue that there is."""
    desking.clock_at_noon(monkeypatch)
    made = desking.a_case()
    queue(made.case.queue)
    return made


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_both_lists_with_what_they_hold(worked: Worked, language: str) -> None:
    page = signed_in("su", language=language).get(URL).context["page"]
    counts = {each.line.code: each.line.cases for each in page.queues}
    assert counts[worked.case.queue] == 1
    held = {each.login: each.cases for each in page.seats}
    assert held["mei"] == 1 and "bola" not in held  # she works in the south
    assert signed_in("mei").get(URL).status_code == 403
    assert signed_in("mei").post(f"{URL}x/").status_code == 403


def test_a_queue_is_worked_as_it_is_said(worked: Worked) -> None:
    boss, code = signed_in("su"), worked.case.queue
    said = {"order": "dpd", "taking": "next", "most": "40"}
    assert boss.post(f"{URL}{code}/", said).status_code == 302
    row = Queue.objects.get(pk=code)
    assert (row.order, row.taking, row.most_cases, row.auto) == (
        "dpd",
        "next",
        40,
        False,
    )
    for wrong in ({"order": "x"}, {"most": "9" * 30}, {"most": "-1"}, {"most": "a"}):
        told = boss.post(f"{URL}{code}/", said | wrong, follow=True)
        assert [*told.context["messages"]][-1].level_tag == "error"
    assert Queue.objects.get(pk=code).order == "dpd"
    assert boss.post(f"{URL}none/", said).status_code == 404


def test_a_seat_says_what_somebody_takes(worked: Worked) -> None:
    boss = signed_in("su")
    Seat.objects.create(username="mei", most_amount=500)
    said: dict[str, Any] = {"skills": "law, 谈判，law", "languages": "en", "most": "7"}
    boss.post("/cases/seats/mei/", said)
    row = Seat.objects.get(pk="mei")
    assert (row.skills, row.languages, row.most_cases) == (["law", "谈判"], ["en"], 7)
    assert row.most_amount == 500 and not row.away
    boss.post("/cases/seats/mei/", said | {"languages": "x" * 21})
    assert Seat.objects.get(pk="mei").languages == ["en"]
    assert boss.post("/cases/seats/bola/", said).status_code == 404


def test_who_goes_away_and_comes_back(worked: Worked) -> None:
    boss = signed_in("su")
    boss.post("/cases/seats/mei/", {"absent": "1"})
    assert Seat.objects.get(pk="mei").away
    seats = boss.get(URL).context["page"].seats
    assert {each.login: each.away for each in seats}["mei"]
    boss.post("/cases/seats/mei/", {"absent": "0"})
    assert not Seat.objects.get(pk="mei").away


def test_what_counts_first_is_printed(worked: Worked) -> None:
    page = signed_in("su", language="en").get(URL)
    shown = [word for word, _because in page.context["page"].precedence]
    assert len(shown) == len(set(shown)) == len(PRECEDENCE) - 1
    text = page.content.decode()
    assert text.index("ends the claim") < text.index("goes to nobody else")


def test_most_new_cases_a_day_are_said_with_the_seat(worked: Worked) -> None:
    boss = signed_in("su")
    boss.post("/cases/seats/mei/", {"most": "7", "a_day": "3"})
    row = Seat.objects.get(pk="mei")
    assert (row.most_cases, row.most_a_day) == (7, 3)
    boss.post("/cases/seats/mei/", {"most": "7"})
    assert Seat.objects.get(pk="mei").most_a_day is None


def test_units_may_have_days_of_their_own(worked: Worked) -> None:
    boss, code = signed_in("su"), worked.case.queue
    said = {
        "order": "dpd",
        "taking": "next",
        "most": "",
        "team_days": "north 3，south 0",
    }
    assert boss.post(f"{URL}{code}/", said).status_code == 302
    assert Queue.objects.get(pk=code).team_days == {"north": 3, "south": 0}
    (line,) = boss.get(URL).context["page"].queues
    assert line.team_days == "north 3, south 0"
    for wrong in ("nowhere 3", "north", "north x", "north 366", "north -1"):
        told = boss.post(f"{URL}{code}/", said | {"team_days": wrong}, follow=True)
        assert [*told.context["messages"]][-1].level_tag == "error"
    assert Queue.objects.get(pk=code).team_days == {"north": 3, "south": 0}
    boss.post(f"{URL}{code}/", said | {"team_days": ""})
    assert Queue.objects.get(pk=code).team_days == {}
