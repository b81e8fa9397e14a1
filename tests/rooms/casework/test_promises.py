"""Promises: taken within the policy, judged by the money that came, kept with verdicts."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import DatabaseError, transaction
from django.db.models import Sum

from daihou.kit.refusal import Conflict, NotAllowed, NotFound, Refused
from daihou.rooms.audit.models import Event
from daihou.rooms.casework.actions import judging, watching
from daihou.rooms.casework.actions.common import CaseHasMoved
from daihou.rooms.casework.actions.promises import (
    PromiseGiven,
    cancel_promise,
    invalidate,
    make_promise,
)
from daihou.rooms.casework.codes import Action
from daihou.rooms.casework.models import (
    Appropriation,
    Case,
    CaseFacts,
    Commitment,
    Promise,
    Result,
    Verdict,
    WorkItem,
)
from daihou.rooms.casework.queries import money
from daihou.rooms.dayend import door as dayend
from daihou.rooms.ledger import door as ledger
from daihou.rooms.people import door as people
from tests.rooms.cast import AT, HAND, TODAY, Cast, pay
from tests.rooms.promising import (
    DAY,
    NOON,
    Worked,
    deed,
    late_case,
    on,
    promised,
)

WORKER = people.process("casework")


@pytest.fixture
def worked(cast: Cast) -> Worked:
    """A late case of the north."""
    return late_case()


def judged(day: int) -> dict[str, int]:
    """The promises judged on a day after today, in its morning."""
    when = deed(WORKER, at=NOON + day * DAY, day=on(day))
    return dict(watching.judge_day(on(day), deed=when, again=True))


def paid(worked: Worked, number: str, amount: int, day: int) -> int:
    posted = pay(
        worked.loan,
        number,
        amount=amount,
        paid_on=on(day),
        business_date=on(day),
        at=NOON + day * DAY + timedelta(hours=1),
    )
    return posted.payment_id


def state(number: int) -> str:
    found: str = Promise.objects.get(pk=number).state
    return found


def facts(worked: Worked) -> tuple[str, int]:
    row = CaseFacts.objects.get(customer_id=worked.loan.customer_id)
    return row.promise_state, row.broken_promises


def test_a_promise_keeps_the_policy_it_was_given_under(
    cast: Cast, worked: Worked
) -> None:
    before = worked.case.version
    number = promised(cast.mei, worked, (3, 100_000))
    row = Promise.objects.get(pk=number)
    assert (row.state, row.amount, row.due_on) == ("active", 100_000, on(3))
    assert (row.rule, row.grace_days, row.tolerance) == ("CN-POL-30", 1, 20)
    assert row.loans == [worked.loan.pk]
    assert (row.taken_by, row.channel, row.overdue_then > 0) == ("mei", "INBOUND", True)
    assert row.watch_until == on(3 + 1 + 30)
    case = worked.case
    assert (case.resolution, case.version > before) == ("promise", True)
    assert case.next_at is not None and case.next_at.date() >= on(4)
    assert facts(worked) == ("live", 0)
    event = Event.objects.get(type="promise.created")
    assert event.payload["promise"] == number
    assert event.subject_id == str(case.pk)


def test_exactly_one_reminder_and_none_for_tomorrow(cast: Cast, worked: Worked) -> None:
    promised(cast.mei, worked, (3, 50_000), (6, 50_000))
    items = WorkItem.objects.filter(kind="promise_due").order_by("part")
    assert [(each.part, each.due_at.date()) for each in items] == [
        (0, on(2)),
        (1, on(5)),
    ]
    twice = WorkItem.objects.get(part=0)
    twice.pk = None
    with pytest.raises(DatabaseError), transaction.atomic():
        twice.save(force_insert=True)
    promised(cast.mei, worked, (1, 50_000))
    assert WorkItem.objects.filter(kind="promise_due", state="open").count() == 0


@pytest.mark.parametrize(
    ("parts", "code"),
    [
        (((15, 100_000),), "promise_far"),
        (((-1, 100_000),), "promise_past"),
        (((2, 0),), "promise_amount"),
        (((2, 999_999_999),), "promise_beyond"),
        (((2, 1), (1, 1)), "promise_order"),
        (((1, 1), (2, 1), (3, 1), (4, 1)), "promise_parts"),
        ((), "promise_nothing"),
    ],
)
def test_beyond_the_policy_it_is_refused_and_nothing_is_written(
    cast: Cast, worked: Worked, parts: tuple[tuple[int, int], ...], code: str
) -> None:
    before = worked.case.version
    with pytest.raises(Refused) as caught:
        promised(cast.mei, worked, *parts)
    assert caught.value.code == code
    assert Promise.objects.count() == 0
    assert worked.case.version == before


def test_a_new_one_replaces_and_a_second_beside_it_is_refused(
    cast: Cast, worked: Worked
) -> None:
    first = promised(cast.mei, worked, (3, 100_000))
    with pytest.raises(Refused) as caught:
        promised(cast.mei, worked, (4, 1_000), replace=False)
    assert caught.value.code == "promise_open"
    second = promised(cast.mei, worked, (5, 90_000))
    assert state(first) == "superseded"
    assert Promise.objects.get(pk=second).replaces_id == first
    live = Commitment.objects.filter(ended_at=None)
    assert [each.reference for each in live] == [f"promise:{second}"]
    assert worked.case.resolution == "promise"


def test_kept_within_seconds_of_the_payment(cast: Cast, worked: Worked) -> None:
    dayend.set_business_date(on=TODAY, by="t", at=AT)
    number = promised(cast.mei, worked, (3, 100_000))
    watching.watch(at=NOON)
    assert state(number) == "active"
    payment = paid(worked, "P1", 98_000, 0)
    watching.watch(at=NOON + timedelta(hours=2))
    row = Promise.objects.get(pk=number)
    assert (row.state, row.appropriated, row.decided_on) == ("kept", 98_000, TODAY)
    taken = Appropriation.objects.get()
    assert (taken.payment_id, taken.amount) == (payment, 98_000)
    assert worked.case.resolution == "none"
    assert worked.case.next_at is None
    assert facts(worked) == ("kept", 0)
    assert Event.objects.filter(type="promise.kept").count() == 1
    watching.watch(at=NOON + timedelta(hours=3))
    assert Verdict.objects.count() == 1


def test_broken_only_after_the_grace_and_then_before_everything(
    cast: Cast, worked: Worked
) -> None:
    number = promised(cast.mei, worked, (3, 100_000))
    assert judged(4) == {}
    assert judged(5) == {"broken": 1}
    assert judged(5) == {}
    assert facts(worked) == ("broken", 1)
    item = WorkItem.objects.get(kind="call")
    assert (item.reason, item.priority) == ("promise_broken", 100)
    result = Result.objects.get()
    assert (result.code, result.by, result.promise_id) == ("BROKEN", "casework", number)
    assert worked.case.next_at is None
    verdict = Verdict.objects.get()
    assert (verdict.before, verdict.after, verdict.because) == (
        "active",
        "broken",
        "day_over",
    )


def test_partly_kept_keeps_its_ratio_and_does_not_count_as_broken(
    cast: Cast, worked: Worked
) -> None:
    number = promised(cast.mei, worked, (2, 100_000))
    paid(worked, "P1", 40_000, 1)
    assert judged(4) == {"partially_kept": 1}
    assert Verdict.objects.get(promise=number).ratio == 400
    assert facts(worked) == ("broken", 0)


def test_a_reversal_is_judged_again_and_both_verdicts_stay(
    cast: Cast, worked: Worked
) -> None:
    number = promised(cast.mei, worked, (2, 100_000))
    payment = paid(worked, "P1", 100_000, 1)
    assert judged(1) == {"kept": 1}
    ledger.posting.reverse_payment(
        payment_id=payment,
        reversed_on=on(4),
        reason="bounced",
        by=HAND,
        at=NOON + 4 * DAY,
        business_date=on(4),
    )
    assert judged(4) == {"broken": 1}
    verdicts = Verdict.objects.filter(promise=number).order_by("pk")
    assert [(each.after, each.because) for each in verdicts] == [
        ("kept", "money"),
        ("broken", "money_back"),
    ]
    assert Appropriation.objects.get().undone_at is not None
    assert Promise.objects.get(pk=number).appropriated == 0


def test_money_booked_late_mends_a_broken_promise(cast: Cast, worked: Worked) -> None:
    number = promised(cast.mei, worked, (2, 100_000))
    judged(4)
    pay(
        worked.loan,
        "late",
        amount=100_000,
        paid_on=on(2),
        business_date=on(5),
        at=NOON + 5 * DAY,
    )
    assert judged(5) == {"kept": 1}
    assert facts(worked) == ("kept", 0)
    last = Verdict.objects.filter(promise=number).order_by("-pk").first()
    assert last is not None and last.because == "late_money"


def test_what_is_no_longer_late_is_not_broken(cast: Cast, worked: Worked) -> None:
    number = promised(cast.mei, worked, (3, 250_000))
    paid(worked, "P1", 210_000, 1)  # more than all that was overdue
    assert judged(1) == {"invalidated": 1}
    assert state(number) == "invalidated"
    assert judged(6) == {}
    assert facts(worked) == ("none", 0)


def test_who_took_it_or_a_supervisor_cancels(cast: Cast, worked: Worked) -> None:
    number = promised(worked.boss, worked, (3, 100_000))
    with pytest.raises(NotAllowed):
        cancel_promise(number, reason="asked to", deed=deed(cast.mei))
    with pytest.raises(NotFound):
        cancel_promise(number, reason="asked to", deed=deed(cast.bola))
    with pytest.raises(Refused):
        cancel_promise(number, reason=" ", deed=deed(worked.boss))
    cancel_promise(number, reason="the customer asked to", deed=deed(worked.boss))
    row = Promise.objects.get(pk=number)
    assert (row.state, row.ended_by) == ("cancelled", "su")
    assert "asked" not in row.end_reason  # sealed
    assert worked.case.next_at is None
    with pytest.raises(Conflict):
        cancel_promise(number, reason="again", deed=deed(worked.boss))
    assert judged(9) == {}


def test_after_three_broken_ones_a_supervisor_takes_the_next(
    cast: Cast, worked: Worked
) -> None:
    for round_ in range(3):
        start = 3 * round_
        promised(
            cast.mei,
            worked,
            (start, 1_000),
            at=NOON + start * DAY,
            day=on(start),
        )
        assert judged(start + 2) == {"broken": 1}
    assert facts(worked) == ("broken", 3)
    late: dict[str, Any] = {"at": NOON + 9 * DAY, "day": on(9)}
    with pytest.raises(Refused) as caught:
        promised(cast.mei, worked, (10, 1_000), **late)
    assert caught.value.code == "promise_broken"
    number = promised(worked.boss, worked, (10, 1_000), **late)
    assert Promise.objects.get(pk=number).broken_before == 3


def test_a_plan_or_a_closing_ends_it_but_what_was_paid_is_kept(
    cast: Cast, worked: Worked
) -> None:
    first = promised(cast.mei, worked, (3, 100_000))
    paid(worked, "P1", 100_000, 0)
    with transaction.atomic():
        assert invalidate([worked.case.pk], because="plan", deed=deed(WORKER)) == 0
    assert state(first) == "kept"
    second = promised(cast.mei, worked, (3, 50_000), at=NOON + timedelta(hours=3))
    with transaction.atomic():
        assert invalidate([worked.case.pk], because="plan", deed=deed(WORKER)) == 1
    assert state(second) == "invalidated"
    assert Event.objects.filter(type="promise.invalidated").count() == 1


def test_who_saw_an_older_case_is_told(cast: Cast, worked: Worked) -> None:
    seen = worked.case.version
    promised(cast.mei, worked, (3, 100_000))
    given = PromiseGiven(parts=[(on(2), 1_000)])
    with pytest.raises(CaseHasMoved):
        make_promise(
            worked.case.pk,
            given=given,
            channel=Action.INBOUND,
            deed=deed(cast.mei),
            version=seen,
        )
    with pytest.raises(NotFound):
        make_promise(
            worked.case.pk,
            given=given,
            channel=Action.INBOUND,
            deed=deed(cast.bola),
        )
    with pytest.raises(NotAllowed):
        make_promise(
            worked.case.pk,
            given=given,
            channel=Action.INBOUND,
            deed=deed(cast.sam),
        )


def test_the_database_keeps_what_was_promised(cast: Cast, worked: Worked) -> None:
    number = promised(cast.mei, worked, (3, 100_000))
    rows = Promise.objects.filter(pk=number)
    for change in (
        {"amount": 1},
        {"due_on": on(9)},
        {"state": "kept"},
        {"state": "cancelled"},
        {"appropriated": 100_001},
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            rows.update(**change)
    with pytest.raises(DatabaseError), transaction.atomic():
        rows.delete()
    judged(9)
    with pytest.raises(DatabaseError), transaction.atomic():
        Verdict.objects.update(after="kept")


def test_two_customers_are_judged_apart_and_no_cent_counts_twice(
    cast: Cast, worked: Worked
) -> None:
    other = late_case("L2", boss=worked.boss)
    mine = promised(cast.mei, worked, (2, 60_000), (4, 60_000))
    theirs = promised(cast.mei, other, (2, 60_000))
    paid(worked, "P1", 100_000, 1)
    found = judging.judge_customers(
        [worked.loan.customer_id, other.loan.customer_id],
        as_of=on(4),
        deed=deed(WORKER, at=NOON + 4 * DAY, day=on(4)),
    )
    assert found == {"broken": 1}
    assert (state(mine), state(theirs)) == ("active", "broken")
    shares = Appropriation.objects.filter(promise=mine).order_by("part")
    assert [each.amount for each in shares] == [60_000, 40_000]
    total = Appropriation.objects.aggregate(total=Sum("amount"))["total"]
    assert total == 100_000


def test_money_since_an_instant_is_told_for_the_desk(
    cast: Cast, worked: Worked
) -> None:
    payment = paid(worked, "P1", 100_000, 0)
    scope = cast.mei.scope
    case = worked.case.pk
    found = money.payments_since(case, NOON, scope=scope)
    assert [(each.payment_id, each.amount) for each in found] == [(payment, 100_000)]
    assert not money.payments_since(case, NOON + timedelta(hours=2), scope=scope)
    with pytest.raises(NotFound):
        money.payments_since(case, NOON, scope=cast.bola.scope)


def test_a_held_case_takes_no_promise(cast: Cast, worked: Worked) -> None:
    Case.objects.filter(pk=worked.case.pk).update(held=True)
    with pytest.raises(Refused) as caught:
        promised(cast.mei, worked, (3, 100_000))
    assert caught.value.code == "promise_held"
    Case.objects.filter(pk=worked.case.pk).update(held=False)
