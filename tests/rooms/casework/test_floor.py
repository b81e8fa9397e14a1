"""The floor, the day, the list of cases and one case: figures, moves, alarms."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from daihou.rooms.casework.actions import desk as acting
from daihou.rooms.casework.models import Case
from tests.rooms import desking
from tests.rooms.cast import TODAY, Cast
from tests.rooms.desking import SECOND, called, give, outcome
from tests.rooms.promising import NOON, Worked, late_case
from tests.rooms.test_pages import signed_in


@pytest.fixture
def now(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Noon of the open day; called with another instant, that one from then on."""
    return desking.clock_at_noon(monkeypatch)


@pytest.fixture
def worked(cast: Cast, now: Any) -> Worked:
    """One late case that is Mei's."""
    return desking.a_case()


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_day_case_list_floor_bulletin_agenda(worked: Worked, language: str) -> None:
    mei, boss = signed_in("mei"), signed_in("su", language=language)
    given = outcome(worked, called(mei, worked), "NEGO")
    mei.post(f"/desk/{worked.case.number}/save/", given)
    acting.keep_due(at=NOON + 10 * SECOND)
    number = worked.case.number
    for address in ("/floor/", "/floor/bulletin/", "/floor/agenda/", "/cases/"):
        assert boss.get(address).status_code == 200
    floor = boss.get("/floor/").context["page"]
    assert floor.totals.open == 1 and floor.totals.worked == 1
    assert {row.login: row.count.worked for row in floor.people}["mei"] == 1
    assert boss.get("/floor/", headers={"HX-Request": "true"}).status_code == 200
    assert [row.case.number for row in boss.get("/cases/").context["page"].rows] == [
        number
    ]
    for query in ("state=held", "collector=-", "bucket=M7", "text=nobody", "page=x"):
        assert boss.get(f"/cases/?{query}").status_code == 200
    assert not boss.get("/cases/?queue=none").context["page"].rows
    page = boss.get(f"/cases/{number}/").context["page"]
    assert len(page.axes) == 8
    assert [each.kind for each in page.stream].count("contact") == 1
    only = boss.get(f"/cases/{number}/?kind=payment").context["page"]
    assert not only.stream
    day = mei.get("/desk/day/").context["page"]
    assert {each.label: each.now for each in day.figures}["Cases worked"] == 1


def test_moving_shows_first_and_can_be_undone(worked: Worked, cast: Cast) -> None:
    boss = signed_in("su")
    wish = {"source": "mei", "target": "su", "count": "5", "queue": ""}
    plan = boss.post("/floor/move/", wish).context["plan"]
    assert plan.said == "Moves 1 case" and plan.ids == (worked.case.pk,)
    assert worked.case.collector == "mei"
    boss.post("/floor/move/", {"ids": plan.id_text, "target": "su"})
    assert worked.case.collector == "su"
    undo = boss.get("/floor/").context["page"].undo
    assert len(undo) == 2 and "to undo" in undo[0].text
    boss.post(f"/floor/undo/{undo[0].id}/")
    assert worked.case.collector == "mei"
    assert boss.post("/floor/move/", {"source": "mei"}).status_code == 302


def test_what_nobody_follows_raises_an_alarm(worked: Worked, now: Any) -> None:
    boss, number = signed_in("su"), worked.case.number
    assert not boss.get("/floor/").context["page"].alarms
    sent = {"kind": "review", "reason": "x", "version": worked.case.version}
    signed_in("mei").post(f"/desk/{number}/escalate/", sent)
    now(NOON + timedelta(days=6))
    alarms = signed_in("su").get("/floor/").context["page"].alarms
    assert [each.kind for each in alarms] == [
        "for_supervisor",
        "late_item",
        "untouched",
    ]
    assert all(each.cases[0][0] == number for each in alarms)
    assert "without any action" in alarms[2].text


def test_bulk_is_shown_before_it_is_done(worked: Worked) -> None:
    boss, case = signed_in("su"), worked.case
    shown = boss.post("/cases/bulk/", {"case": [case.pk], "action": "hold"})
    assert not shown.context["plan"].ready
    hold = {
        "case": [case.pk],
        "action": "hold",
        "kind": "technical",
        "reason": "the core system is wrong",
        "until": (TODAY + timedelta(days=2)).isoformat(),
    }
    assert boss.post("/cases/bulk/", hold).context["plan"].ready
    assert not worked.case.held
    boss.post("/cases/bulk/", hold | {"sure": "1"})
    assert worked.case.held
    give = {"case": [case.pk], "action": "assign", "collector": "su"}
    plan = boss.post("/cases/bulk/", give).context["plan"]
    assert plan.rows[0].stays and not plan.moving
    nothing = boss.post("/cases/bulk/", {"action": "assign"})
    assert nothing.status_code == 302


def test_assign_and_close_from_the_page(worked: Worked) -> None:
    boss, number = signed_in("su"), worked.case.number
    sent = {"collector": "su", "version": worked.case.version}
    boss.post(f"/cases/{number}/assign/", sent)
    assert worked.case.collector == "su"
    sent = {"code": "PAID_FULL", "reason": "x", "version": worked.case.version}
    boss.post(f"/cases/{number}/close/", sent)
    assert worked.case.lifecycle == "open"  # nothing was paid
    sent["code"] = "WITHDRAWN"
    boss.post(f"/cases/{number}/close/", sent)
    assert worked.case.close_code == "WITHDRAWN"


def test_many_cases_cost_as_many_statements_as_one(worked: Worked) -> None:
    mei, boss = signed_in("mei"), signed_in("su")
    pages = {
        "/desk/": mei,
        "/desk/day/": mei,
        "/cases/": boss,
        "/floor/": boss,
        "/floor/agenda/": boss,
        f"/cases/{worked.case.number}/": boss,
    }

    def asked() -> dict[str, int]:
        found = {}
        for address, client in pages.items():
            client.get(address)
            with CaptureQueriesContext(connection) as captured:
                assert client.get(address).status_code == 200
            found[address] = len(captured)
        return found

    once = asked()
    for place in range(4):
        give(late_case(f"M{place}", boss=worked.boss), "mei")
    assert asked() == once
    assert once["/desk/"] <= 40, once


@pytest.mark.parametrize(
    ("wish", "field"),
    [
        ({"source": "mei", "target": "su", "count": "0"}, "“How many”: “0”"),
        ({"source": "mei", "target": "su", "count": "-1"}, "“How many”: “-1”"),
        ({"source": "mei", "target": "su", "count": "abc"}, "“How many”: “abc”"),
        ({"source": "mei", "target": "", "count": "5"}, "“To”: say who"),
        ({"source": "mei", "target": "mei", "count": "5"}, "“To”: they are with"),
    ],
)
def test_a_move_that_cannot_be_names_the_field(
    worked: Worked, wish: dict[str, str], field: str
) -> None:
    boss = signed_in("su", language="en")
    answer = boss.post("/floor/move/", {"queue": "", **wish}, follow=True)
    (told,) = answer.context["messages"]
    assert str(told).startswith(field)


def test_cases_of_nobody_are_no_alarm_and_it_is_said_so(worked: Worked) -> None:
    boss = signed_in("su", language="en")
    for address in ("/floor/", "/floor/bulletin/", "/floor/agenda/"):
        page = boss.get(address).content.decode()
        assert "Nothing was left too long." in page
        assert "not given to anybody yet" not in page
    Case.objects.filter(pk=worked.case.pk).update(
        collector="", team="", assignment="pool"
    )
    for address in ("/floor/", "/floor/bulletin/", "/floor/agenda/"):
        answer = boss.get(address)
        assert answer.context["page"].totals.free == 1
        assert "One case is not given to anybody yet" in answer.content.decode()
