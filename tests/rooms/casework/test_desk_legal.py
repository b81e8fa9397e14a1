"""A case for the legal officer: prepared once, then with them, not on the desk daily."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone

from daihou.rooms.casework import door
from daihou.rooms.casework.actions import items, queueing
from daihou.rooms.casework.codes import ItemKind, ItemState
from daihou.rooms.casework.models import Case
from daihou.rooms.casework.models.work import WorkItem
from daihou.rooms.casework.queries import desk, legal
from daihou.rooms.casework.queries.policy import policy
from daihou.rooms.people import door as people
from tests.rooms import desking
from tests.rooms.cast import TODAY, Cast
from tests.rooms.desking import desk_of
from tests.rooms.promising import NOON, Worked, deed
from tests.rooms.test_pages import signed_in

DAY = timedelta(days=1)


@pytest.fixture
def now(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Noon of the open day; called with another instant, that one from then on."""
    return desking.clock_at_noon(monkeypatch)


@pytest.fixture
def worked(cast: Cast, now: Any) -> Worked:
    """One late case that is Mei's, and that the strategy hands to the legal officer."""
    made = desking.a_case()
    queueing.keep_queues(TODAY)
    Case.objects.filter(pk=made.case.pk).update(action="legal_review")
    return made


def hand_up(worked: Worked) -> WorkItem:
    """Mei prepared it and escalates it from the desk."""
    page = desk_of(signed_in("mei"))
    assert page.case.next.act == "escalate"
    answer = signed_in("mei").post(
        f"/desk/{worked.case.number}/escalate/",
        {"kind": "other", "reason": "ready", "version": page.case.version},
    )
    assert answer.status_code == 200
    made: WorkItem = WorkItem.objects.get()
    return made


def is_offered(worked: Worked, at: datetime) -> bool:
    """Whether the desk gives Mei the case at an instant; its list must say the same."""
    mei = people.person("mei", at=at)
    today = timezone.localdate(at)
    taken = door.take_next(deed=deed(mei, at=at, day=today))
    Case.objects.update(taken_by="", taken_until=None)
    midnight = timezone.localtime(at).replace(hour=0, minute=0)
    listed = desk.worklist(
        "mei", scope=mei.scope, today=today, at=at, midnight=midnight
    )
    in_list = [row.number for row in listed] == [worked.case.number]
    assert (taken is not None) == in_list
    return in_list


def test_it_is_offered_once_and_not_again_the_next_morning(worked: Worked) -> None:
    assert is_offered(worked, NOON)
    hand_up(worked)
    assert not is_offered(worked, NOON)
    assert not is_offered(worked, NOON + DAY)
    assert not is_offered(worked, NOON + 40 * DAY)  # nobody answered: the floor says so


def test_after_the_legal_officer_looked_it_rests_for_the_days_of_the_policy(
    worked: Worked,
) -> None:
    item = hand_up(worked)
    items.end_item(item.pk, done=ItemState.DONE, deed=deed(worked.boss))
    days = policy().legal_days
    assert not is_offered(worked, NOON + (days - 1) * DAY)
    assert is_offered(worked, NOON + days * DAY)
    wait = legal.wait_of(worked.case.pk, action="legal_review", at=NOON)
    assert wait == legal.Wait(NOON + days * DAY)


def test_what_was_not_needed_comes_back_at_once(worked: Worked) -> None:
    item = hand_up(worked)
    items.end_item(item.pk, done=ItemState.DISMISSED, deed=deed(worked.boss))
    assert is_offered(worked, NOON)


def test_another_word_of_the_strategy_ends_the_wait(worked: Worked) -> None:
    hand_up(worked)
    Case.objects.update(action="call")
    assert is_offered(worked, NOON + DAY)
    assert legal.wait_of(worked.case.pk, action="call", at=NOON) is None


def test_a_time_that_was_agreed_comes_all_the_same(worked: Worked) -> None:
    hand_up(worked)
    Case.objects.update(next_at=NOON + DAY)
    assert not is_offered(worked, NOON)
    mei = people.person("mei", at=NOON + DAY)
    assert door.take_next(deed=deed(mei, at=NOON + DAY))


def test_any_other_review_leaves_the_case_on_the_desk(worked: Worked) -> None:
    Case.objects.update(action="call")
    items.add_item(
        worked.case.pk,
        kind=ItemKind.REVIEW,
        due_at=NOON,
        for_supervisor=True,
        deed=deed(worked.boss),
    )
    assert is_offered(worked, NOON)


def test_the_desk_says_who_has_it_and_until_when(worked: Worked) -> None:
    item = hand_up(worked)
    query = f"?case={worked.case.number}"
    page = desk_of(signed_in("mei"), query)
    assert page.case.next.title == "Wait for the legal officer"
    assert page.case.next.act == ""
    assert "nobody answered" in page.case.next.because
    items.end_item(item.pk, done=ItemState.DONE, deed=deed(worked.boss))
    page = desk_of(signed_in("mei"), query)
    assert "comes back" in page.case.next.because
    assert TODAY < timezone.localdate(NOON + policy().legal_days * DAY)
