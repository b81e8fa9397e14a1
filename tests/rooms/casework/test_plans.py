"""The plan of a case: events interrupt it at once, a person pauses and stops it."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client

from daihou.kit import steps
from daihou.kit.refusal import Conflict, NotAllowed, Refused
from daihou.rooms.audit.models import Event
from daihou.rooms.casework import door
from daihou.rooms.casework.actions import journeys
from daihou.rooms.casework.actions import watching as promises
from daihou.rooms.casework.door import CloseCode, HoldKind
from daihou.rooms.casework.models import Case
from daihou.rooms.casework.queries.invariants import broken
from daihou.rooms.contact import door as contact
from daihou.rooms.dayend import door as dayend
from daihou.rooms.strategy import actions
from daihou.rooms.strategy.actions import watching
from daihou.rooms.strategy.models import CustomerStep, Order
from tests.api.calls import api_of, refused
from tests.rooms import strategies as drawn
from tests.rooms.caseworking import deed, make_login
from tests.rooms.cast import AT, PASSWORD, TODAY, Cast, pay
from tests.rooms.promising import NOON, Worked, late_case, promised

DAY = timedelta(days=1)
JOURNEY = {
    "id": "talks",
    "title": {"zh": "沟通", "en": "Talks"},
    "steps": [
        {"id": "sms", "do": "message", "code": "hello"},
        {"id": "rest", "do": "wait", "days": "5"},
        {"id": "talk", "do": "call"},
    ],
    "interrupts": [
        {"event": "payment", "do": "pause", "days": "2"},
        {"event": "promise_broken", "do": "jump", "aim": "talk"},
        {"event": "complaint", "do": "stop"},
    ],
}
HELD = {
    "id": "held",
    "when": {"held": "yes"},
    "then": {
        "segment": "held",
        "queue": "early",
        "action": "pause",
        "open_case": "yes",
    },
    "because": {"zh": "停留中", "en": "on hold"},
}
FACTS = {"dpd": 20, "held": False, "overdue_total": 101_000}


@pytest.fixture
def worked(cast: Cast) -> Iterator[Worked]:
    """A late case on a journey of a strategy in force, after its first message."""
    dayend.set_business_date(on=TODAY, by="test", at=AT)
    made = late_case()
    rita, _rob, cora = drawn.three()
    row = drawn.row("early", ">= 1")
    row["then"]["journey"] = "talks"
    line = drawn.made(rita, HELD, row, journeys=[JOURNEY])
    drawn.decided(cora, drawn.proposed(rita, line), "approve")
    actions.evaluate_due(at=AT)
    drawn.a_run(versions=[line.id])
    customer = made.case.customer_id
    drawn.a_step(
        customer,
        line.id,
        row_id="early",
        segment="late",
        queue="early",
        action="none",
        priority=50,
        journey="talks",
        journey_step="rest",
        journey_since=drawn.LAST - DAY,
        step_since=drawn.LAST,
        next_on=drawn.LAST + 5 * DAY,
    )
    Case.objects.filter(pk=made.case.pk).update(treatment="running", journey="talks")
    steps.bind_step_maker(drawn.Maker(facts_of={customer: FACTS}))
    watching.watch(at=NOON)  # the first look: what was before is not looked at
    yield made
    steps.unbind_step_maker()
    assert broken() == ()


def step(made: Worked) -> CustomerStep:
    found: CustomerStep = CustomerStep.objects.get(pk=made.case.customer_id)
    return found


def case(made: Worked) -> Case:
    found: Case = Case.objects.get(pk=made.case.pk)
    return found


def story(made: Worked, what: str) -> list[Event]:
    rows = Event.objects.filter(type=f"journey.{what}", subject_type="case")
    return list(rows.filter(subject_id=str(made.case.pk)).order_by("id"))


def pause(made: Worked, by: Any = None, **more: Any) -> None:
    wish = {
        "until": TODAY + 3 * DAY,
        "reason": "on holiday",
        "deed": deed(by or made.boss),
    }
    journeys.pause_plan(made.case.pk, **(wish | more))


def test_money_pauses_the_plan_within_a_look_and_once(worked: Worked) -> None:
    pay(worked.loan, "p1", amount=10_000)
    watching.watch(at=NOON)
    assert (step(worked).action, step(worked).action_code) == ("pause", "payment")
    assert (case(worked).treatment, case(worked).action) == ("paused", "pause")
    (told,) = story(worked, "paused")
    assert told.payload["cause"] == "payment"
    assert told.payload["until"] == (TODAY + 2 * DAY).isoformat()
    assert (told.before, told.after) == (
        {"treatment": "running"},
        {"treatment": "paused"},
    )
    watching.watch(at=NOON)
    assert Order.objects.count() == 1
    watching.watch(at=NOON)
    assert len(story(worked, "paused")) == 1


def test_the_pause_of_an_event_ends_by_its_day(worked: Worked) -> None:
    pay(worked.loan, "p1", amount=10_000)
    watching.watch(at=NOON)
    dayend.set_business_date(on=TODAY + 2 * DAY, by="test", at=AT)
    watching.watch(at=NOON)
    assert Order.objects.get().ended_because == "expired"
    assert (step(worked).action, case(worked).treatment) == ("none", "running")
    assert [each.payload["cause"] for each in story(worked, "resumed")] == ["expired"]


def test_a_complaint_stops_it_for_as_long_as_the_case_is_open(worked: Worked) -> None:
    contact.raise_flag(
        worked.case.customer_id,
        kind="complaint",
        evidence="called the hotline",
        until_at=None,
        deed=deed(worked.boss),
    )
    watching.watch(at=NOON)
    assert (step(worked).action, case(worked).treatment) == ("stop", "stopped")
    with pytest.raises(Conflict):
        journeys.stop_plan(worked.case.pk, reason="x", deed=deed(worked.boss))
    door.close_case(
        worked.case.pk,
        code=CloseCode.UNECONOMIC,
        reason="not worth it",
        deed=deed(worked.boss),
    )
    assert Order.objects.get().ended_because == "closed"


def test_a_dispute_asks_the_table_anew_at_once(worked: Worked) -> None:
    maker = steps.step_maker()
    assert isinstance(maker, drawn.Maker)
    maker.facts_of = {worked.case.customer_id: FACTS | {"held": True}}
    door.place_hold(
        worked.case.pk,
        kind=HoldKind.DISPUTE,
        reason="the amount",
        deed=deed(worked.boss),
    )
    watching.watch(at=NOON)
    now = step(worked)
    assert (now.row_id, now.action, now.journey_step) == ("held", "pause", "rest")
    assert case(worked).because == HELD["because"]
    assert [each.payload["cause"] for each in story(worked, "asked_again")] == [
        "dispute"
    ]


def test_a_broken_promise_sends_the_journey_to_the_call(worked: Worked) -> None:
    promised(worked.boss, worked, (1, 50_000))
    watching.watch(at=NOON)
    assert case(worked).treatment == "paused"
    late = TODAY + 20 * DAY
    dayend.set_business_date(on=late, by="test", at=AT)
    promises.judge_day(late, deed=deed(worked.boss, on=late))
    watching.watch(at=NOON)
    assert (step(worked).journey_step, step(worked).action) == ("talk", "call")
    assert (case(worked).action, case(worked).treatment) == ("call", "running")
    (told,) = story(worked, "jumped")
    assert (told.payload["cause"], told.payload["aim"]) == ("promise_broken", "talk")
    watching.watch(at=NOON)
    assert len(story(worked, "jumped")) == 1


def test_who_has_nothing_to_do_any_more_begins_again(worked: Worked) -> None:
    customer = worked.case.customer_id
    contact.raise_flag(
        customer,
        kind="complaint",
        evidence="called the hotline",
        until_at=None,
        deed=deed(worked.boss),
    )
    watching.watch(at=NOON)
    watching.watch(at=NOON)
    assert Order.objects.get().ended_at is None
    CustomerStep.objects.filter(pk=customer).delete()
    watching.watch(at=NOON)
    assert Order.objects.get().ended_because == "left"


def test_paused_by_a_person_and_gone_on_by_itself(worked: Worked) -> None:
    pause(worked)
    assert (case(worked).treatment, case(worked).action) == ("paused", "pause")
    (told,) = story(worked, "paused")
    assert (told.payload["cause"], told.reason) == ("person", "on holiday")
    assert told.actor == worked.boss.username
    with pytest.raises(Conflict):
        pause(worked)
    dayend.set_business_date(on=TODAY + 3 * DAY, by="test", at=AT)
    watching.watch(at=NOON)
    assert case(worked).treatment == "running"
    pause(worked, deed=deed(worked.boss, on=TODAY + 3 * DAY), until=TODAY + 5 * DAY)
    assert case(worked).treatment == "paused"


@pytest.mark.parametrize("until", [TODAY, TODAY - DAY, TODAY + timedelta(days=4_000)])
def test_a_pause_ends_after_today_and_within_the_policy(
    worked: Worked, until: date
) -> None:
    with pytest.raises(Refused):
        pause(worked, until=until)
    assert not Order.objects.exists()


def test_who_may_let_it_go_on_and_who_may_stop_it(worked: Worked, cast: Cast) -> None:
    mei = cast.mei
    with pytest.raises(Conflict):  # nothing is paused
        journeys.resume_plan(worked.case.pk, reason="x", deed=deed(worked.boss))
    pause(worked)
    with pytest.raises(NotAllowed):
        journeys.resume_plan(worked.case.pk, reason="x", deed=deed(mei))
    with pytest.raises(NotAllowed):
        journeys.stop_plan(worked.case.pk, reason="x", deed=deed(mei))
    journeys.resume_plan(worked.case.pk, reason="paid", deed=deed(worked.boss))
    assert case(worked).treatment == "running"
    pause(worked, mei)
    journeys.resume_plan(worked.case.pk, reason="was mine", deed=deed(mei))
    journeys.stop_plan(worked.case.pk, reason="legal has it", deed=deed(worked.boss))
    assert (case(worked).treatment, step(worked).action) == ("stopped", "stop")
    with pytest.raises(Conflict):
        pause(worked, version=1)  # somebody acted since


def test_nobody_of_elsewhere_sees_it(worked: Worked, cast: Cast) -> None:
    bola = replace(worked.boss, scope=cast.bola.scope)
    with pytest.raises(Refused):
        pause(worked, bola)
    assert not Order.objects.exists()


def test_the_page_of_the_case(worked: Worked, client: Client) -> None:
    client.cookies["django_language"] = "en"
    client.login(username=worked.boss.username, password=PASSWORD)
    at = f"/cases/{worked.case.number}/"
    text = client.get(at).content.decode()
    assert "when a payment comes in: pause for 2 days" in text
    given = {"until": (TODAY + 3 * DAY).isoformat(), "reason": "on holiday"}
    client.post(f"{at}plan/pause/", given)
    text = client.get(at).content.decode()
    assert "on holiday" in text and "Let it go on" in text
    client.post(f"{at}plan/resume/", {"reason": "back"})
    assert "let go on by hand" in client.get(at).content.decode()
    client.post(f"{at}plan/stop/", {"reason": "enough"})
    assert "Pause the plan" not in client.get(at).content.decode()
    assert case(worked).treatment == "stopped"
    assert client.post(f"{at}plan/other/", {"reason": "x"}).status_code == 404


def test_over_the_interface(worked: Worked) -> None:
    make_login("chief", "branch_manager")
    api = api_of("chief")
    at = f"/cases/{worked.case.pk}/plan"
    assert api.get(at).json()["step"] == "rest"
    given = {"until": (TODAY + 3 * DAY).isoformat(), "reason": "on holiday"}
    assert api.post(f"{at}:pause", given).status_code == 200
    said = api.get(at).json()
    assert (said["treatment"], said["action"]) == ("paused", "pause")
    assert [each["cause"] for each in said["orders"]] == ["person"]
    refused(api.post(f"{at}:pause", given), 409, "journey_paused")
    assert api.post(f"{at}:resume", {"reason": "back"}).status_code == 200
    assert api.post(f"{at}:stop", {"reason": "enough"}).status_code == 200
    refused(api.post(f"{at}:stop", {"reason": "enough"}), 409, "journey_stopped")
