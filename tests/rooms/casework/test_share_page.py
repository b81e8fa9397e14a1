"""How a queue was shared out: shown, tried without changing anything, carried out."""

from decimal import Decimal
from typing import Any

import pytest

from daihou.rooms.casework import door
from daihou.rooms.casework.models import Batch, Case, Queue
from daihou.rooms.people import actions as people_actions
from daihou.rooms.people import door as people
from tests.rooms import desking
from tests.rooms.caseworking import (
    deed,
    late_loan,
    make_login,
    opened,
    queue,
    supervisor,
)
from tests.rooms.cast import AT, TODAY, Cast
from tests.rooms.test_pages import signed_in


@pytest.fixture
def boss(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> people.Person:
    """Who oversees the north; Li works there beside Mei; four late cases wait."""
    from daihou.rooms.dayend import door as dayend

    desking.clock_at_noon(monkeypatch)
    dayend.set_business_date(on=TODAY, by="test", at=AT)
    made = supervisor()
    make_login("li", "collector")
    for place, amount in enumerate((900_00, 100_00, 300_00, 200_00)):
        case = opened(late_loan(f"L{place}"), made)
        Case.objects.filter(pk=case.id).update(
            overdue_total=amount, expected_value=amount // 4
        )
    queue(Case.objects.first().queue)
    return made


def address(end: str = "") -> str:
    return f"/cases/queues/{Queue.objects.get().code}/share{end}/"


def page_of(answer: Any) -> Any:
    assert answer.status_code == 200
    return answer.context["page"]


def hands() -> list[str]:
    return sorted(Case.objects.values_list("collector", flat=True))


def test_nothing_is_shared_out_yet(boss: people.Person) -> None:
    answer = signed_in("su").get(address())
    assert page_of(answer).told is None
    assert "not shared out yet" in answer.content.decode()


def test_what_it_would_do_is_what_it_does_and_only_once(boss: people.Person) -> None:
    client = signed_in("su")
    shown = page_of(client.post(address("-out")))
    assert hands() == [""] * 4 and not Batch.objects.exists()
    assert {(each.name, each.new) for each in shown.plan.shares} == {
        ("mei", 2),
        ("li", 2),
    }
    client.post(address("-out"), {"key": shown.key})
    client.post(address("-out"), {"key": shown.key})
    assert hands() == ["li", "li", "mei", "mei"] and Batch.objects.count() == 1
    told = page_of(client.get(address())).told
    assert told.shares == shown.plan.shares and told.even == shown.plan.even
    assert told.moved == 4 and told.seed == Batch.objects.get().seed


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_the_page_says_how_much_how_hard_and_how_even(
    boss: people.Person, language: str
) -> None:
    done = door.distribute(Queue.objects.get().code, deed=deed(boss), seed=3)
    answer = signed_in("su", language=language).get(address())
    told = page_of(answer).told
    assert told.whole.new == 4 and told.whole.amount == 1500_00
    assert told.whole.value == 375_00 and told.whole.chance == Decimal("0.25")
    assert [each.gini for each in told.even] == [
        f"0.{each:03d}"
        for each in (done.uneven_cases, done.uneven_amount, done.uneven_value)
    ]
    assert done.uneven_cases == 0 and done.uneven_amount > 0
    text = answer.content.decode()
    assert "25.00" in text


def test_of_other_units_only_how_many_is_told(boss: people.Person, cast: Cast) -> None:
    supervisor("south_boss", "south")
    door.distribute(Queue.objects.get().code, deed=deed(boss))
    seen = page_of(signed_in("south_boss").get(address()))
    assert seen.told is None and not seen.batches
    kept = Batch.objects.get()
    kept.report["got"].append({**kept.report["got"][0], "login": "bola"})
    Batch.objects.update(report=kept.report)
    told = page_of(signed_in("south_boss").get(address())).told
    assert [each.name for each in told.shares] == ["bola"] and told.others == 2


def test_the_preview_tells_no_more_of_other_units(
    boss: people.Person, cast: Cast
) -> None:
    house = people.Deed(people.process("test"), AT)
    people_actions.save_unit(
        code="region", name="region", kind="branch", parent="", new=True, deed=house
    )
    people_actions.save_unit(code="north", name="north", parent="region", deed=house)
    make_login("wang", "collector", "region")
    Case.objects.update(collector="wang", assignment="collector")
    Case.objects.filter(overdue_total=900_00).update(collector="", assignment="pool")
    plan = page_of(signed_in("su").post(address("-out"))).plan
    assert {each.name for each in plan.shares} == {"mei", "li"} and plan.others == 1
    assert plan.whole.cases <= 1  # three are in the hands of who is not told
    make_login("chief", "supervisor", "region")
    whole = page_of(signed_in("chief").post(address("-out"))).plan
    assert {each.name for each in whole.shares} == {"mei", "li", "wang"}
    assert whole.others == 0


def test_an_older_one_is_chosen_and_one_taken_back_says_so(
    boss: people.Person,
) -> None:
    code = Queue.objects.get().code
    first = door.distribute(code, deed=deed(boss))
    door.undo_batch(first.batch_id, deed=deed(boss))
    second = door.distribute(code, deed=deed(boss), seed=5, key="again")
    client = signed_in("su")
    assert page_of(client.get(address())).told.id == second.batch_id
    told = page_of(client.get(f"{address()}?batch={first.batch_id}")).told
    assert told.id == first.batch_id and told.undone


def test_who_may_not_and_what_is_not_there(boss: people.Person) -> None:
    assert signed_in("mei").get(address()).status_code == 403
    assert signed_in("mei").post(address("-out")).status_code == 403
    assert signed_in("su").get("/cases/queues/none/share/").status_code == 404
    assert signed_in("su").post("/cases/queues/none/share-out/").status_code == 404
    assert hands() == [""] * 4
    shown = page_of(signed_in("su").post(address("-out"), {"key": "page:x:y"}))
    assert shown.plan.moved == 4 and hands() == [""] * 4
