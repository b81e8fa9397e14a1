"""The desk: a case, the gate, an outcome that can be undone, the next case."""

import json
from datetime import timedelta
from typing import Any

import pytest

from daihou.rooms.casework import door
from daihou.rooms.casework.actions import desk as acting
from daihou.rooms.casework.models import Draft
from daihou.rooms.casework.models.promises import Promise
from daihou.rooms.casework.models.work import Result
from daihou.rooms.contact.models import Attempt, Decision
from daihou.rooms.people import door as people
from tests.rooms import desking
from tests.rooms.caseworking import queue
from tests.rooms.cast import TODAY, Cast, pay
from tests.rooms.desking import SECOND, called, desk_of, give, outcome
from tests.rooms.promising import NOON, Worked, deed, late_case
from tests.rooms.test_pages import signed_in


@pytest.fixture
def now(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Noon of the open day; called with another instant, that one from then on."""
    return desking.clock_at_noon(monkeypatch)


@pytest.fixture
def worked(cast: Cast, now: Any) -> Worked:
    """One late case that is Mei's."""
    return desking.a_case()


def test_the_desk_shows_the_case_and_everything_a_call_needs(worked: Worked) -> None:
    page = desk_of(signed_in("mei"))
    assert page.list.left == 1 and page.list.groups[0].code == "new"
    case = page.case
    assert case.number == worked.case.number
    assert case.gate.word == "You may contact" and case.gate.counts
    assert case.owed.total == sum(part.amount for part in case.owed.parts) > 0
    assert [each.key for each in case.bar] == list("CSPLWHDE")
    assert [each.digit for each in case.out.keys] == list("1234567890")
    assert not case.out.may_save and "C or S" in case.out.why_not
    assert case.next.title and case.next.because


def test_no_number_is_ever_in_the_page(worked: Worked) -> None:
    client = signed_in("mei")
    whole = f"1380001{worked.loan.pk:04d}"
    assert called(client, worked)
    text = client.get("/desk/").content.decode()
    assert whole not in text and f"138****{worked.loan.pk:04d}" in text


def test_the_gate_is_asked_before_and_its_answer_is_in_the_band(worked: Worked) -> None:
    client = signed_in("mei")
    decision = called(client, worked)
    row = Decision.objects.get(pk=decision)
    assert (row.verdict, row.asked_by, row.channel) == ("allow", "mei", "call")
    page = desk_of(client)
    assert page.case.gate.decision_id == decision and page.case.out.may_save
    assert "good until 12:15" in client.get("/desk/").content.decode()


def test_at_night_the_buttons_are_off_and_say_why(worked: Worked, now: Any) -> None:
    now(NOON + timedelta(hours=11))  # 23:00
    client = signed_in("mei")
    case = desk_of(client).case
    call = case.bar[0]
    assert call.off and call.small and case.gate.word == "Later"
    answer = client.post(f"/desk/{case.number}/ask/", {"channel": "call"})
    page = answer.context["page"]
    assert page.notes[0].kind == "warn" and not page.case.out.may_save
    assert Decision.objects.get().verdict == "defer"


def test_a_promise_is_saved_undone_and_saved_again(worked: Worked, now: Any) -> None:
    client, number = signed_in("mei"), worked.case.number
    decision = called(client, worked)
    due = (TODAY + timedelta(days=2)).isoformat()
    given = outcome(worked, decision, "PTP", amount="1,010.00", due_on=due)
    saved = client.post(f"/desk/{number}/save/", given)
    assert saved.status_code == 200
    page = saved.context["page"]
    assert page.saved.seconds == 10 and number in page.saved.text
    assert page.list.left == 0  # it is out of the list at once
    assert not Result.objects.exists() and not Promise.objects.exists()
    back = client.post(f"/desk/{number}/undo/").context["page"]
    assert back.case.number == number and back.saved is None
    assert back.case.out.code == "PTP" and back.case.out.amount == "1,010.00"
    client.post(f"/desk/{number}/save/", given)
    now(NOON + 9 * SECOND)
    assert client.post("/desk/keep/").json() == {"problems": []}
    assert not Result.objects.exists()
    now(NOON + 10 * SECOND)
    assert client.post("/desk/keep/").json() == {"problems": []}
    promise, result = Promise.objects.get(), Result.objects.get()
    assert (promise.amount, promise.due_on) == (101_000, TODAY + timedelta(days=2))
    assert (result.code, result.decision_id, result.by) == ("PTP", decision, "mei")
    assert Attempt.objects.get().decision_id == decision
    assert not Draft.objects.exists()
    late = client.post(f"/desk/{number}/undo/").context["page"]
    assert "written already" in late.notes[0].text


def test_the_rounds_write_what_a_browser_left_behind(worked: Worked, now: Any) -> None:
    client = signed_in("mei")
    given = outcome(worked, called(client, worked), "NO_ANSWER")
    client.post(f"/desk/{worked.case.number}/save/", given)
    acting.keep_all_due(at=NOON + 5 * SECOND)
    assert not Result.objects.exists()
    acting.keep_all_due(at=NOON + 11 * SECOND)
    acting.keep_all_due(at=NOON + 12 * SECOND)
    assert Result.objects.get().by == "mei"


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"code": ""}, "Choose what came of it"),
        ({"code": "BROKEN"}, "Choose what came of it"),
        ({"decision": ""}, "C or S asks the gate"),
        ({"amount": "many"}, "is no amount"),
        ({"amount": "-5"}, "above zero"),
        ({"due_on": ""}, "an amount and a date"),
        ({"due_on": "soon"}, "is no date"),
        ({"due_on": "2027-01-01"}, "days away"),
        ({"version": 99}, "Somebody acted"),
    ],
)
def test_what_is_wrong_is_said_and_what_was_typed_stays(
    worked: Worked, change: dict[str, Any], words: str
) -> None:
    client = signed_in("mei")
    decision = called(client, worked)
    due = (TODAY + timedelta(days=2)).isoformat()
    given = outcome(worked, decision, "PTP", amount="10.00", due_on=due) | change
    answer = client.post(f"/desk/{worked.case.number}/save/", given)
    assert answer.status_code == 422
    page = answer.context["page"]
    assert words in page.case.out.problem and page.case.out.note == "x"
    assert not Draft.objects.filter(due_at__isnull=False).exists()


def test_who_came_by_themselves_needs_no_leave(worked: Worked, now: Any) -> None:
    client = signed_in("mei")
    given = outcome(worked, 0, "PAID_CLAIM", came="1")
    client.post(f"/desk/{worked.case.number}/save/", given)
    acting.keep_due(at=NOON + 10 * SECOND)
    result = Result.objects.get()
    assert (result.action, result.decision_id) == ("INBOUND", None)


def test_somebody_acted_first_and_the_other_is_told(worked: Worked, now: Any) -> None:
    client = signed_in("mei")
    given = outcome(worked, called(client, worked), "NEGO")
    client.post(f"/desk/{worked.case.number}/save/", given)
    give(worked, "su")  # the supervisor takes it within the ten seconds
    now(NOON + 10 * SECOND)
    told = client.post("/desk/keep/").json()["problems"]
    assert len(told) == 1 and worked.case.number in told[0]
    assert not Result.objects.exists()
    draft = Draft.objects.get()
    assert draft.due_at is None and draft.problem
    assert desk_of(client).notes[0].kind == "bad"  # nothing is lost in silence


def test_a_draft_survives_and_is_sealed(worked: Worked) -> None:
    client, number = signed_in("mei"), worked.case.number
    typed = {"code": "NEGO", "note": "gets paid on the 5th", "amount": ""}
    assert client.post(f"/desk/{number}/draft/", typed).status_code == 204
    assert "gets paid" not in Draft.objects.get().content
    out = desk_of(signed_in("mei")).case.out
    assert (out.code, out.note) == ("NEGO", "gets paid on the 5th")
    assert desk_of(signed_in("su"), f"?case={number}").case.out.note == ""


def test_a_payment_is_heard_and_who_else_is_here(worked: Worked, now: Any) -> None:
    client, number = signed_in("mei"), worked.case.number
    sent = {"since": NOON.isoformat(), "version": worked.case.version}
    quiet = client.post(f"/desk/{number}/pulse/", sent).json()
    assert quiet["paid"] == "" and quiet["presence"] == "Only you are here"
    signed_in("su").post(f"/desk/{number}/pulse/", sent)
    now(NOON + 7 * SECOND)
    pay(worked.loan, "P-1", amount=50_000, at=NOON + 4 * SECOND)
    told = client.post(f"/desk/{number}/pulse/", sent).json()
    assert "¥500.00 arrived 3 seconds ago" in told["paid"]
    assert told["presence"] == "su is on this case"


def test_one_in_other_hands_can_be_taken_over(worked: Worked) -> None:
    case = worked.case
    client = signed_in("mei")
    given = outcome(worked, called(client, worked), "NEGO")
    door.take(case.pk, deed=deed(worked.boss))
    refused = client.post(f"/desk/{case.number}/save/", given)
    assert refused.status_code == 422
    client.post(f"/desk/{case.number}/over/")
    assert worked.case.taken_by == "mei"
    given["version"] = worked.case.version
    assert client.post(f"/desk/{case.number}/save/", given).status_code == 200


def test_hold_escalate_and_disagree(worked: Worked) -> None:
    client, number = signed_in("mei"), worked.case.number
    wrong = client.post(f"/desk/{number}/disagree/", {"reason": " "}).context["page"]
    assert wrong.notes[0].kind == "bad"
    for address, sent in (
        ("disagree", {"reason": "she is at work, call 13800010001"}),
        ("escalate", {"kind": "review", "reason": "wants a manager"}),
    ):
        sent["version"] = worked.case.version
        page = client.post(f"/desk/{number}/{address}/", sent).context["page"]
        assert page.notes[0].kind == "good", page.notes
    story = client.get(f"/cases/{number}/").content.decode()
    assert "13800010001" not in story and "she is at work" in story
    until = (TODAY + timedelta(days=3)).isoformat()
    held = {"kind": "manual", "reason": "in hospital", "until": until}
    held["version"] = str(worked.case.version)
    assert client.post(f"/desk/{number}/hold/", held).status_code == 302
    assert worked.case.held and desk_of(client).case is None
    page = desk_of(client, f"?case={number}")
    assert page.case.bar[0].off and not page.case.out.may_save


def test_terms_are_reckoned_to_the_cent(worked: Worked) -> None:
    client, number = signed_in("mei"), worked.case.number
    for query, rows in (("amount=1000&months=3", 3), ("months=99", 12), ("", 1)):
        terms = client.get(f"/desk/{number}/terms/?{query}").context["terms"]
        assert len(terms.rows) == rows
        assert sum(row.amount for row in terms.rows) == terms.total
    wrong = client.get(f"/desk/{number}/terms/?amount=x").context["terms"]
    assert "is no amount" in wrong.problem


def test_take_next_gives_the_pool_and_says_when_there_is_none(worked: Worked) -> None:
    client = signed_in("mei")
    other = late_case("L2", boss=worked.boss)
    queue(other.case.queue)
    give(worked, "su")
    page = client.post("/desk/take/").context["page"]
    assert page.case.number == other.case.number
    assert other.case.collector == "mei"
    give(other, "su")
    empty = client.post("/desk/take/").context["page"]
    assert "Nobody in your queues" in empty.notes[0].text


def test_the_other_branch_and_other_roles_see_nothing(worked: Worked) -> None:
    number = worked.case.number
    bola = signed_in("bola")
    assert bola.get(f"/desk/?case={number}").status_code == 404
    assert bola.get(f"/cases/{number}/").status_code == 404
    assert bola.get("/cases/").context["page"].rows == []
    for address in ("ask", "save", "undo", "draft", "pulse", "hold", "escalate"):
        assert bola.post(f"/desk/{number}/{address}/").status_code in (200, 404, 422)
    assert not Draft.objects.exists() and not Decision.objects.exists()
    for address in ("/desk/", "/desk/day/", "/floor/", "/floor/bulletin/"):
        assert signed_in("sam").get(address).status_code == 403
    assert signed_in("mei").get("/floor/").status_code == 403


def test_the_outcome_of_a_draft_reads_as_it_was_written() -> None:
    told = acting.Outcome(code="PTP", version=3, amount=5, due_on=TODAY, note="x")
    content = json.loads(acting.outcome_json(told, {"code": "PTP"}))
    assert acting._outcome_of(content) == told
    assert people.Permission.WORK_CASES in set(people.Permission)
