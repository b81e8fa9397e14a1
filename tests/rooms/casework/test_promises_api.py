"""Results, promises and things to do over the API; two who act at the same moment."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connections

from daihou.config import clock
from daihou.kit.refusal import Refused
from daihou.rooms.casework.actions import watching
from daihou.rooms.casework.actions.common import CaseHasMoved
from daihou.rooms.casework.actions.items import add_item, end_item
from daihou.rooms.casework.actions.promises import PromiseGiven, cancel_promise
from daihou.rooms.casework.actions.results import record_result
from daihou.rooms.casework.codes import Action, ItemKind, ItemState
from daihou.rooms.casework.models import (
    Appropriation,
    Case,
    Promise,
    Result,
    Verdict,
    WorkItem,
)
from daihou.rooms.dayend import door as dayend
from daihou.rooms.people import door as people
from tests.api.calls import Api, api_of, refused
from tests.rooms.cast import AT, PASSWORD, TODAY, Cast, make_cast, pay
from tests.rooms.promising import NOON, Worked, deed, late_case, on, promised
from tests.rooms.test_concurrency import at_once


@pytest.fixture
def worked(cast: Cast) -> Worked:
    """A late case of the north, whose manager has a program."""
    dayend.set_business_date(on=TODAY, by="test", at=AT)
    boss = people.create_user(
        username="bo",
        password=PASSWORD,
        role="branch_manager",
        branch="north",
        by="t",
        at=AT,
    )
    return late_case(boss=boss)


@pytest.fixture
def api(worked: Worked) -> Api:
    """The program of the branch manager."""
    return api_of("bo")


PTP = {"parts": [{"due_on": on(3).isoformat(), "amount": "1000.00"}]}


def inbound(worked: Worked, code: str, **more: object) -> dict[str, object]:
    """The customer called."""
    usual = {"version": worked.case.version, "code": code, "action": "INBOUND"}
    return {**usual, **more}


def test_a_result_with_a_promise_and_what_it_made(api: Api, worked: Worked) -> None:
    path = f"/cases/{worked.case.pk}/results"
    said = api.post(path, inbound(worked, "PTP", promise=PTP)).json()
    assert said["version"] == worked.case.version
    listed = api.get(path).json()["items"]
    assert [each["promise"] for each in listed] == [said["promise"]]
    assert "note" not in listed[0]
    whole = api.get(f"/promises/{said['promise']}").json()
    assert (whole["amount"], whole["state"], whole["appropriated"]) == (
        "1000.00",
        "active",
        "0.00",
    )
    assert whole["parts"] == [{"due_on": on(3).isoformat(), "amount": "1000.00"}]
    assert [each["id"] for each in api.get("/promises").json()["items"]] == [
        said["promise"]
    ]


def test_tried_only_nothing_is_kept(api: Api, worked: Worked) -> None:
    before = worked.case.version
    path = f"/cases/{worked.case.pk}/results"
    body = inbound(worked, "PTP", promise=PTP)
    said = api.post(path, body, dry_run="true").json()
    assert (said["result"], said["promise"], said["dry_run"]) == (None, None, True)
    assert Result.objects.count() == Promise.objects.count() == 0
    assert worked.case.version == before


def test_an_older_version_is_told_that_the_case_moved(api: Api, worked: Worked) -> None:
    path = f"/cases/{worked.case.pk}/results"
    body = inbound(worked, "NEGO")
    assert api.post(path, body).status_code == 200
    refused(api.post(path, body), 409, "case_has_moved")


def test_beyond_the_policy_the_answer_says_what_is_possible(
    api: Api, worked: Worked
) -> None:
    far = {"parts": [{"due_on": on(40).isoformat(), "amount": "1.00"}]}
    far["version"] = worked.case.version
    answer = api.post(f"/cases/{worked.case.pk}/promises", far)
    refused(answer, 422, "promise_far")


def test_the_portal_takes_a_promise_and_money_keeps_it(
    api: Api, worked: Worked
) -> None:
    body = {**PTP, "version": worked.case.version}
    made = api.post(f"/cases/{worked.case.pk}/promises", body).json()["id"]
    refused(api.post(f"/cases/{worked.case.pk}/promises", body), 409, "case_has_moved")
    row = Promise.objects.get(pk=made)
    assert (row.self_service, row.channel) == (True, "PORTAL")
    later = row.taken_at + timedelta(minutes=1)
    pay(worked.loan, "P1", amount=100_000, at=later)
    watching.judge_day(
        TODAY, deed=deed(people.process("casework"), at=clock.now()), again=True
    )
    whole = api.get(f"/promises/{made}").json()
    assert whole["state"] == "kept"
    assert [each["amount"] for each in whole["taken"]] == ["1000.00"]
    assert [each["after"] for each in whole["verdicts"]] == ["kept"]
    refused(
        api.post(f"/promises/{made}:cancel", {"reason": "late"}), 409, "promise_decided"
    )


@pytest.mark.parametrize("at", ["2026-03-21T12:00:00", "9999-12-31T23:59:00Z"])
def test_an_instant_has_its_offset_and_a_year_one_can_show(
    api: Api, worked: Worked, at: str
) -> None:
    case = worked.case.pk
    body = {"kind": "review", "due_at": at}
    refused(api.post(f"/cases/{case}/work-items", body), 422, "invalid")
    later = inbound(worked, "CALLBACK", follow_up_at=at)
    refused(api.post(f"/cases/{case}/results", later), 422, "invalid")
    assert not WorkItem.objects.exists() and not Result.objects.exists()


def test_a_promise_names_the_version_that_was_seen(api: Api, worked: Worked) -> None:
    refused(api.post(f"/cases/{worked.case.pk}/promises", PTP), 422, "invalid")


def test_things_to_do_are_listed_and_done(api: Api, worked: Worked) -> None:
    body = {"kind": "review", "due_at": (clock.now() + timedelta(days=30)).isoformat()}
    made = api.post(f"/cases/{worked.case.pk}/work-items", body).json()["id"]
    listed = api.get("/work-items", state="open").json()["items"]
    assert [each["id"] for each in listed] == [made]
    assert api.post(f"/work-items/{made}:done", {}).status_code == 200
    refused(api.post(f"/work-items/{made}:dismiss", {}), 409, "item_done")
    assert not api.get("/work-items", state="open").json()["items"]


def _moved(got: list[object]) -> int:
    return sum(1 for each in got if isinstance(each, Refused))


@pytest.mark.django_db(transaction=True)
def test_two_act_on_one_case_and_one_is_told() -> None:
    cast = make_cast()
    worked = late_case()
    case, seen = worked.case.pk, worked.case.version

    def record(who: people.Person, code: str) -> Callable[[], object]:
        given = PromiseGiven(parts=[(on(3), 100_000)]) if code == "PTP" else None
        return lambda: record_result(
            case_id=case,
            version=seen,
            code=code,
            decision_id=None,
            action=Action.INBOUND,
            promise=given,
            deed=deed(who),
        )

    got = at_once(record(cast.mei, "PTP"), record(worked.boss, "NEGO"))
    assert sum(1 for each in got if isinstance(each, CaseHasMoved)) == 1
    assert Result.objects.count() == 1
    assert Promise.objects.count() == Result.objects.filter(code="PTP").count()
    assert Case.objects.get(pk=case).version == seen + 1
    connections.close_all()


@pytest.mark.django_db(transaction=True)
def test_two_promises_at_once_leave_one_standing() -> None:
    cast = make_cast()
    worked = late_case()
    at_once(
        lambda: promised(cast.mei, worked, (3, 100_000)),
        lambda: promised(worked.boss, worked, (4, 90_000)),
    )
    states = sorted(Promise.objects.values_list("state", flat=True))
    assert states == ["active", "superseded"]
    assert WorkItem.objects.filter(kind="promise_due", state="open").count() == 1


@pytest.mark.django_db(transaction=True)
def test_cancelled_and_judged_at_once_it_is_one_of_them() -> None:
    cast = make_cast()
    worked = late_case()
    number = promised(cast.mei, worked, (3, 100_000))
    pay(worked.loan, "P1", amount=100_000, at=NOON + timedelta(hours=1))
    worker = deed(people.process("casework"), at=NOON + timedelta(hours=2))
    got = at_once(
        lambda: cancel_promise(number, reason="asked to", deed=deed(cast.mei)) or 1,
        lambda: watching.judge_day(TODAY, deed=worker, again=True),
    )
    row = Promise.objects.get(pk=number)
    assert row.state == ("kept" if _moved(got) else "cancelled")
    assert Verdict.objects.filter(promise=number).count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_rounds_at_once_judge_once() -> None:
    cast = make_cast()
    worked = late_case()
    promised(cast.mei, worked, (3, 100_000))
    pay(worked.loan, "P1", amount=60_000, at=NOON + timedelta(hours=1))
    worker = deed(people.process("casework"), at=NOON + timedelta(hours=2))
    watching.judge_day(TODAY, deed=worker)
    Appropriation.objects.filter(undone_at=None).update(undone_at=NOON)
    got = at_once(
        *[lambda: watching.judge_day(TODAY, deed=worker, again=True)] * 3,
    )
    assert not _moved(got)
    assert Appropriation.objects.filter(undone_at=None).count() == 1


@pytest.mark.django_db(transaction=True)
def test_one_thing_is_done_by_one() -> None:
    cast = make_cast()
    worked = late_case()
    item = add_item(
        worked.case.pk, kind=ItemKind.REVIEW, due_at=NOON, deed=deed(cast.mei)
    )
    got = at_once(
        *[
            lambda: end_item(item, done=ItemState.DONE, deed=deed(cast.mei)) or 1,
            lambda: (
                end_item(item, done=ItemState.DISMISSED, deed=deed(worked.boss)) or 1
            ),
        ]
    )
    assert _moved(got) == 1
