"""What a promise has to be: of the promised day, enough to wait for, said in full."""

from datetime import timedelta
from typing import Any

import pytest

from daihou.rooms.casework import door
from daihou.rooms.casework.models import CaseFacts
from daihou.rooms.casework.models.promises import Promise
from daihou.rooms.casework.models.work import Result
from tests.rooms.caseworking import queue
from tests.rooms.cast import TODAY, Cast, pay
from tests.rooms.desking import (
    SECOND,
    a_case,
    called,
    clock_at_noon,
    desk_of,
    outcome,
)
from tests.rooms.promising import NOON, Worked, deed, on, promised
from tests.rooms.test_pages import signed_in


@pytest.fixture
def now(monkeypatch: pytest.MonkeyPatch) -> Any:
    """The clock stands at noon of the open day."""
    return clock_at_noon(monkeypatch)


@pytest.fixture
def worked(cast: Cast, now: Any) -> Worked:
    """One late case that is Mei's."""
    return a_case()


def test_the_figures_say_on_which_day_they_stand(worked: Worked) -> None:
    owed = desk_of(signed_in("mei"), f"?case={worked.case.number}").case.owed
    assert owed.stands == "as of the close of 19 Mar 2026"


def test_what_clears_on_the_promised_day_is_more_than_today(worked: Worked) -> None:
    client, number = signed_in("mei"), worked.case.number
    today = client.get(f"/desk/{number}/due/?on={TODAY}").json()
    later = client.get(f"/desk/{number}/due/?on={on(3)}").json()
    assert float(later["amount"]) > float(today["amount"]) > 2_020
    assert later["amount"].replace(".", "") in later["said"].replace(".", "").replace(
        ",", ""
    )
    over = client.get(f"/desk/{number}/due/?on={on(-9)}").json()
    assert over["amount"] == today["amount"]
    assert client.get(f"/desk/{number}/due/?on=x").json()["amount"] == ""


def test_a_promise_kept_to_the_fen_leaves_nothing_late(worked: Worked) -> None:
    client, number = signed_in("mei"), worked.case.number
    told = client.get(f"/desk/{number}/due/?on={on(3)}").json()
    fen = round(float(told["amount"]) * 100)
    done = pay(
        worked.loan,
        "P-9",
        amount=fen,
        paid_on=on(3),
        business_date=on(3),
        at=NOON + timedelta(days=3),
    )
    assert done.after.overdue_total == 0


def test_too_little_is_recorded_and_stops_nothing(cast: Cast, worked: Worked) -> None:
    queue(worked.case.queue)
    small = Promise.objects.get(pk=promised(cast.mei, worked, (3, 10_000)))
    case = worked.case
    assert (small.pauses, small.state) == (False, "active")
    assert (case.next_at, case.resolution) == (None, "none")
    facts = CaseFacts.objects.get(customer_id=case.customer_id)
    assert facts.promise_state == "none"
    page = desk_of(signed_in("mei"), f"?case={case.number}").case
    assert "Wait for" not in page.next.title
    taken = door.take_next(deed=deed(cast.mei))
    assert taken is not None and taken.case.number == case.number


def test_a_fifth_of_what_is_overdue_is_waited_for(cast: Cast, worked: Worked) -> None:
    least = -(-worked.case.overdue_total // 5)
    below = Promise.objects.get(pk=promised(cast.mei, worked, (3, least - 1)))
    assert not below.pauses
    enough = Promise.objects.get(pk=promised(cast.mei, worked, (3, least)))
    assert enough.pauses
    assert worked.case.next_at is not None
    again = Promise.objects.get(pk=promised(cast.mei, worked, (3, 100)))
    assert (again.pauses, worked.case.next_at) == (False, None)


def test_the_desk_says_before_what_is_too_little(worked: Worked) -> None:
    out = desk_of(signed_in("mei"), f"?case={worked.case.number}").case.out
    assert float(out.least) * 5 == pytest.approx(float(out.amount_default), abs=0.05)
    said = [check.text for check in out.checks]
    assert any("collection goes on" in each for each in said), said


@pytest.mark.parametrize(
    ("code", "note", "words"),
    [
        ("DISPUTE", "The borrower disputes: ", "what is disputed"),
        ("DISPUTE", "本人有争议：", "what is disputed"),
        ("REFUSE", "The borrower does not want to pay. Reason: ", "why they refuse"),
        ("REFUSE", "本人拒绝还款。原因：\n[Script: a, b]", "why they refuse"),
        ("REFUSE", "", "why they refuse"),
        ("COMPLAINT", "The borrower complains: ", "not finished"),
    ],
)
def test_a_sentence_that_stops_before_the_reason_is_not_saved(
    worked: Worked, code: str, note: str, words: str
) -> None:
    client = signed_in("mei")
    decision = called(client, worked)
    sent = outcome(worked, decision, code, note=note)
    answer = client.post(f"/desk/{worked.case.number}/save/", sent)
    assert answer.status_code == 422
    assert answer.context["page"].case.out.problem.startswith("Note: ")
    assert words in answer.context["page"].case.out.problem
    assert not worked.case.held


def test_with_the_reason_it_is(worked: Worked, now: Any) -> None:
    client = signed_in("mei")
    decision = called(client, worked)
    note = "The borrower disputes: the fee of 3 March"
    sent = outcome(worked, decision, "DISPUTE", note=note)
    number = worked.case.number
    assert client.post(f"/desk/{number}/save/", sent).status_code == 200
    now(NOON + 11 * SECOND)
    client.post("/desk/keep/")
    assert Result.objects.get(code="DISPUTE").case.number == number
