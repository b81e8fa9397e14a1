"""What came of working a case: one transaction with everything that follows from it."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import DatabaseError, transaction

from daihou.kit.refusal import Conflict, NotAllowed, NotFound, Refused
from daihou.kit.wording import RefusedWords
from daihou.rooms.casework import codes, sealing
from daihou.rooms.casework.actions.common import CaseHasMoved
from daihou.rooms.casework.actions.items import add_item, end_item
from daihou.rooms.casework.actions.promises import PromiseGiven
from daihou.rooms.casework.actions.results import record_result
from daihou.rooms.casework.codes import Action, ItemKind, ItemState
from daihou.rooms.casework.models import (
    Case,
    CaseFacts,
    Hold,
    Promise,
    Result,
    WorkItem,
)
from daihou.rooms.contact.models import Attempt, Decision, PersonFlag
from daihou.rooms.contact.states import Result as ContactResult
from tests.rooms.cast import TODAY, Cast
from tests.rooms.promising import (
    DAY,
    NOON,
    Worked,
    allowed,
    deed,
    late_case,
    on,
    recorded,
)

HOUR = timedelta(hours=1)


@pytest.fixture
def worked(cast: Cast) -> Worked:
    """A late case of the north."""
    return late_case()


def given(days: int, amount: int) -> PromiseGiven:
    return PromiseGiven(parts=[(on(days), amount)])


def test_the_codes_of_casework_are_those_of_contact_and_two_of_the_house() -> None:
    own = {each.code for each in codes.CODES if each.own}
    assert {each.code for each in codes.CODES} - own == set(ContactResult)
    assert own == {"BROKEN", "AGENCY_RET"}
    assert "".join(each.key for each in codes.TEN) == "1234567890"
    assert len(codes.BY_CODE) == len(codes.CODES)


def test_a_promise_by_call_is_one_deed(cast: Cast, worked: Worked) -> None:
    before = worked.case
    made = recorded(
        cast.mei, worked, "PTP", promise=given(3, 100_000), note="发工资后还"
    )
    attempt = Attempt.objects.get(pk=made.attempt_id)
    assert (attempt.result, attempt.conversation) == ("PTP", True)
    result = Result.objects.get(pk=made.result_id)
    assert (result.action, result.code, result.by) == ("CALL", "PTP", "mei")
    assert (result.promise_id, result.dpd) == (made.promise_id, before.dpd)
    assert "发工资" not in result.note
    assert sealing.opened(result.note, about=sealing.NOTE) == "发工资后还"
    case = worked.case
    assert (case.last_worked_by, case.last_worked_at) == ("mei", NOON)
    assert case.version == made.version > before.version
    assert case.next_at == made.next_at
    assert case.next_at is not None and case.next_at > NOON + 4 * DAY
    facts = CaseFacts.objects.get(customer_id=worked.loan.customer_id)
    assert (facts.promise_state, facts.last_contact_on) == ("live", TODAY)


def test_nothing_is_half_done_when_the_promise_is_refused(
    cast: Cast, worked: Worked
) -> None:
    before = worked.case.version
    decision = allowed(cast.mei, worked)
    with pytest.raises(Refused) as caught:
        recorded(
            cast.mei,
            worked,
            "PTP",
            decision_id=decision,
            promise=given(99, 100_000),
        )
    assert caught.value.code == "promise_far"
    assert Attempt.objects.count() == Result.objects.count() == 0
    assert Promise.objects.count() == 0
    assert Decision.objects.get(pk=decision).state == "open"
    assert worked.case.version == before


def test_nothing_goes_out_without_an_answer_of_the_gate(
    cast: Cast, worked: Worked
) -> None:
    with pytest.raises(Refused) as caught:
        recorded(cast.mei, worked, "NEGO", decision_id=None)
    assert caught.value.code == "result_without_leave"
    with pytest.raises(Refused):
        recorded(cast.mei, worked, "NEGO", decision_id=None, action=Action.CALL)
    made = recorded(cast.mei, worked, "NEGO", decision_id=None, action=Action.INBOUND)
    assert made.attempt_id is None
    assert Result.objects.get().action == "INBOUND"


def test_an_answer_about_somebody_else_does_not_do(cast: Cast, worked: Worked) -> None:
    other = late_case("L2", boss=worked.boss)
    with pytest.raises(Refused) as caught:
        recorded(cast.mei, worked, "NEGO", decision_id=allowed(cast.mei, other))
    assert caught.value.code == "decision_other_case"


@pytest.mark.parametrize(
    ("code", "after", "item"),
    [
        ("PAID_CLAIM", DAY, "verify_payment"),
        ("NEGO", 2 * DAY, "call"),
        ("LEFT_MSG", DAY, "call"),
        ("NO_ANSWER", 3 * HOUR, ""),
        ("BUSY", 2 * HOUR, ""),
        ("OFF", DAY, ""),
        ("REFUSE", None, ""),
    ],
)
def test_what_follows_by_default(
    cast: Cast, worked: Worked, code: str, after: timedelta | None, item: str
) -> None:
    made = recorded(cast.mei, worked, code)
    assert made.next_at == (None if after is None else NOON + after)
    assert worked.case.next_at == made.next_at
    found = WorkItem.objects.filter(case=worked.case, state="open")
    assert [each.kind for each in found] == ([item] if item else [])
    if item:
        assert found[0].due_at == made.next_at


def test_a_call_back_needs_its_time_and_is_done_by_the_next_talk(
    cast: Cast, worked: Worked
) -> None:
    with pytest.raises(Refused) as caught:
        recorded(cast.mei, worked, "CALLBACK")
    assert caught.value.code == "result_when"
    later = NOON + 3 * HOUR
    first = recorded(cast.mei, worked, "CALLBACK", follow_up_at=later)
    item = WorkItem.objects.get(pk=first.item_id)
    assert (item.kind, item.due_at) == ("callback", later)
    recorded(cast.mei, worked, "NO_ANSWER", at=later)
    item.refresh_from_db()
    assert item.state == "open"
    recorded(cast.mei, worked, "REFUSE", at=later + HOUR)
    item.refresh_from_db()
    assert (item.state, item.outcome, item.done_by) == ("done", "refuse", "mei")
    with pytest.raises(Refused) as caught:
        recorded(cast.mei, worked, "NEGO", at=NOON + DAY, follow_up_at=NOON)
    assert caught.value.code == "result_follow_up"


@pytest.mark.parametrize(
    ("code", "hold", "whose"),
    [
        ("DISPUTE", "dispute", "boss"),
        ("COMPLAINT", "complaint", "boss"),
        ("HARDSHIP", "hardship", "mei"),
        ("DECEASED", "deceased", "boss"),
        ("BANKRUPT", "bankruptcy", "boss"),
        ("ID_FRAUD", "fraud", "boss"),
        ("JAILED", "legal", "boss"),
    ],
)
def test_what_is_said_of_the_person_holds_the_case_and_contact(
    cast: Cast, worked: Worked, code: str, hold: str, whose: str
) -> None:
    if codes.BY_CODE[code].needs_note:
        with pytest.raises(Refused) as caught:
            recorded(cast.mei, worked, code)
        assert caught.value.code == "result_note"
        Decision.objects.filter(state="open").update(state="void")
    made = recorded(cast.mei, worked, code, note="说账不对")
    found = Hold.objects.get(pk=made.hold_id)
    assert (found.kind, found.released_at) == (hold, None)
    assert worked.case.held
    item = WorkItem.objects.get(pk=made.item_id)
    assert item.for_supervisor is (whose == "boss")
    flags = PersonFlag.objects.filter(customer_id=worked.loan.customer_id)
    assert flags.filter(lifted_at=None).exists()
    with pytest.raises(Refused):
        recorded(
            cast.mei,
            worked,
            "PTP",
            promise=given(1, 1_000),
            decision_id=None,
            action=Action.INBOUND,
        )


def test_who_calls_and_wants_no_contact_is_left_alone(
    cast: Cast, worked: Worked
) -> None:
    recorded(
        cast.mei,
        worked,
        "CEASE",
        decision_id=None,
        action=Action.INBOUND,
        note="请不要再联系",
    )
    flag = PersonFlag.objects.get()
    assert (flag.kind, flag.raised_by) == ("cease", "mei")


def test_refused_words_are_not_kept(cast: Cast, worked: Worked) -> None:
    with pytest.raises(RefusedWords):
        recorded(cast.mei, worked, "REFUSE", note="告诉他要去他单位张贴大字报")
    assert Result.objects.count() == 0


def test_scope_rights_versions_and_hands(cast: Cast, worked: Worked) -> None:
    decision = allowed(cast.mei, worked)
    more: dict[str, Any] = {"decision_id": None, "action": Action.INBOUND}
    with pytest.raises(NotFound):
        recorded(cast.bola, worked, "NEGO", **more)
    with pytest.raises(NotAllowed):
        recorded(cast.sam, worked, "NEGO", **more)
    with pytest.raises(Refused) as caught:
        recorded(cast.mei, worked, "BROKEN", **more)
    assert caught.value.code == "result_unknown"
    seen = worked.case.version
    recorded(cast.mei, worked, "NEGO", decision_id=decision)
    with pytest.raises(CaseHasMoved):
        recorded(cast.mei, worked, "NEGO", version=seen, **more)
    Case.objects.filter(pk=worked.case.pk).update(
        taken_by="li", taken_until=NOON + HOUR
    )
    with pytest.raises(CaseHasMoved) as caught_taken:
        recorded(cast.mei, worked, "NEGO", **more)
    assert caught_taken.value.code == "case_taken"
    recorded(worked.boss, worked, "NEGO", **more)
    assert worked.case.taken_by == "li"


def test_what_was_recorded_stays(cast: Cast, worked: Worked) -> None:
    recorded(cast.mei, worked, "NEGO")
    for change in ({"code": "PTP"}, {"by": "arun"}, {"action": "SMS"}):
        with pytest.raises(DatabaseError), transaction.atomic():
            Result.objects.update(**change)
    with pytest.raises(DatabaseError), transaction.atomic():
        Result.objects.all().delete()
    with pytest.raises(DatabaseError), transaction.atomic():
        WorkItem.objects.update(reason="another")


def test_things_to_do_are_done_once(cast: Cast, worked: Worked) -> None:
    later = NOON + DAY
    case = worked.case.pk
    item = add_item(case, kind=ItemKind.REVIEW, due_at=later, deed=deed(cast.mei))
    same = add_item(case, kind=ItemKind.REVIEW, due_at=later + DAY, deed=deed(cast.mei))
    assert item == same
    with pytest.raises(Refused) as caught:
        add_item(case, kind=ItemKind.PROMISE_DUE, due_at=later, deed=deed(cast.mei))
    assert caught.value.code == "item_kind"
    with pytest.raises(Refused):
        add_item(case, kind=ItemKind.CALL, due_at=NOON - DAY, deed=deed(cast.mei))
    far = NOON + 91 * DAY
    with pytest.raises(Refused) as caught:
        add_item(case, kind=ItemKind.CALL, due_at=far, deed=deed(cast.mei))
    assert caught.value.code == "item_far"
    end_item(item, done=ItemState.DONE, deed=deed(cast.mei))
    with pytest.raises(Conflict):
        end_item(item, done=ItemState.DISMISSED, deed=deed(cast.mei))
    upward = add_item(
        case,
        kind=ItemKind.MANUAL,
        due_at=later,
        deed=deed(cast.mei),
        for_supervisor=True,
    )
    with pytest.raises(NotAllowed):
        end_item(upward, done=ItemState.DONE, deed=deed(cast.mei))
    with pytest.raises(NotFound):
        end_item(upward, done=ItemState.DONE, deed=deed(cast.bola))
    end_item(upward, done=ItemState.DONE, deed=deed(worked.boss))


def test_an_item_named_is_answered_by_the_result(cast: Cast, worked: Worked) -> None:
    case = worked.case.pk
    item = add_item(
        case, kind=ItemKind.VERIFY_PAYMENT, due_at=NOON, deed=deed(cast.mei)
    )
    more: dict[str, Any] = {
        "decision_id": None,
        "action": Action.REVIEW,
        "item_id": item,
    }
    recorded(cast.mei, worked, "REFUSE", **more)
    assert WorkItem.objects.get(pk=item).outcome == "refuse"
    assert Result.objects.get().settled_id == item
    with pytest.raises(Conflict):
        recorded(cast.mei, worked, "REFUSE", **more)


def test_the_same_contact_is_recorded_once(cast: Cast, worked: Worked) -> None:
    decision = allowed(cast.mei, worked)
    recorded(cast.mei, worked, "NEGO", decision_id=decision)
    with pytest.raises(Conflict):
        record_result(
            case_id=worked.case.pk,
            version=worked.case.version,
            code="NEGO",
            decision_id=decision,
            deed=deed(cast.mei),
        )
