"""Call-backs: drawn by a lot anybody can reckon again, told once and by somebody else."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection

from daihou.rooms.audit.models import Event
from daihou.rooms.people import door as people
from daihou.rooms.reporting.models import Callback
from daihou.rooms.reporting.queries.callbacks import Talk, drawn, number_in_lot
from tests.rooms import desking
from tests.rooms.cast import TODAY, Cast
from tests.rooms.promising import NOON, Worked, late_case, recorded
from tests.rooms.reporting.test_reports import english

pytestmark = pytest.mark.django_db


@pytest.fixture
def talked(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> Worked:
    """Mei talked with a customer of the north at noon."""
    from daihou.rooms.dayend import door as dayend

    desking.clock_at_noon(monkeypatch)
    dayend.set_business_date(on=TODAY, by="test", at=NOON)
    worked = late_case()
    recorded(cast.mei, worked, "NEGO")
    return worked


def draw(name: str, **more: str) -> Any:
    sent = {"day": TODAY.isoformat(), "count": "5"} | more
    return english(name).post("/callbacks/draw/", sent, follow=True)


def tell(name: str, **more: str) -> Any:
    sent = {"result": "confirmed", "satisfied": "4", "note": "all well"} | more
    number = Callback.objects.get().pk
    return english(name).post(f"/callbacks/{number}/", sent, follow=True)


def test_a_lot_takes_each_hand_in_turn_and_can_be_reckoned_again() -> None:
    talks = [
        Talk(n, n, n, hand, number_in_lot(TODAY, n))
        for n, hand in enumerate("aaaaaaaabbc", start=1)
    ]
    first = drawn(talks, 3)
    assert {talk.hand for talk in first} == {"a", "b", "c"}
    assert [talk.id for talk in first] == [talk.id for talk in drawn(talks[::-1], 3)]
    mine = [talk for talk in talks if talk.hand == "a"]
    smallest = min(mine, key=lambda talk: talk.draw)
    assert smallest in first
    assert number_in_lot(TODAY, 1) != number_in_lot(TODAY + timedelta(days=1), 1)
    assert len(drawn(talks, 50)) == len(talks)


def test_a_talk_is_drawn_once_told_once_and_its_note_is_sealed(talked: Worked) -> None:
    draw("su")
    draw("su")
    row = Callback.objects.get()
    assert (row.hand, row.of_day) == ("mei", TODAY)
    assert row.draw == number_in_lot(TODAY, row.result_id)
    page = english("su").get("/callbacks/").context["page"]
    assert [each.line.number for each in page.waiting] == [talked.case.number]
    tell("su")
    page = english("su").get("/callbacks/").context["page"]
    assert not page.waiting and page.told[0].line.note == "all well"
    assert (page.hands[0].one.told, page.hands[0].satisfaction) == (1, "–")
    with connection.cursor() as cursor:
        cursor.execute("select note from reporting_callback")
        assert "well" not in cursor.fetchone()[0]
    again = tell("su", result="differs")
    assert "already" in again.content.decode()
    assert Callback.objects.get().result == "confirmed"
    kinds = set(Event.objects.values_list("type", flat=True))
    assert {"callbacks.drawn", "callback.told"} <= kinds


def test_who_held_the_talk_does_not_ask_and_others_see_nothing(
    talked: Worked, cast: Cast
) -> None:
    recorded(talked.boss, talked, "NEGO", at=NOON + timedelta(hours=3))
    draw("su")
    own = Callback.objects.get(hand="su")
    answer = english("su").post(f"/callbacks/{own.pk}/", {"result": "confirmed"})
    assert answer.status_code == 403
    people.create_user(
        username="far",
        password="correct horse battery",
        role="supervisor",
        branch="south",
        by="t",
        at=NOON,
    )
    far = english("far")
    assert not far.get("/callbacks/").context["page"].waiting
    assert far.post(f"/callbacks/{own.pk}/", {"result": "confirmed"}).status_code == 404
    assert english("mei").get("/callbacks/").status_code == 403


@pytest.mark.parametrize(
    ("wish", "said"),
    [
        ({"count": "0"}, "Draw 1 to 50"),
        ({"count": "51"}, "Draw 1 to 50"),
        ({"count": "x"}, "Draw 1 to 50"),
        ({"day": "never"}, "Write a date"),
        ({"day": "2099-01-01"}, "Choose a day"),
    ],
)
def test_what_cannot_be_drawn_is_said(
    talked: Worked, wish: dict[str, str], said: str
) -> None:
    assert said in draw("su", **wish).content.decode()
    assert not Callback.objects.exists()


def test_what_was_heard_is_of_the_list(talked: Worked) -> None:
    draw("su")
    assert "Choose what was heard" in tell("su", result="fine").content.decode()
    assert "1 to 5" in tell("su", satisfied="9").content.decode()
    assert Callback.objects.get().result == ""
