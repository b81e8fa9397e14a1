"""Relief in the office: asked for, decided by others, posted, lapsed and taken back."""

from datetime import timedelta

import pytest

from daihou.kit.refusal import Conflict, NotAllowed, NotFound, Refused
from daihou.rooms.ledger import door as ledger
from daihou.rooms.ledger.models import Demand, Loan, Position, Waiver
from daihou.rooms.people import door as people
from daihou.rooms.relief import actions, queries
from daihou.rooms.relief.actions import WaiverWish
from daihou.rooms.relief.models import Instalment, PoolUse, Relief
from tests.rooms.cast import AT, HAND, TODAY, Cast, pay
from tests.rooms.relieving import (
    Deciders,
    agreed,
    decide,
    deed,
    judge,
    late_loan,
    make_deciders,
    plan,
)

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def deciders(cast: Cast) -> Deciders:
    """The levels of the policy."""
    return make_deciders()


def owed(loan: Loan) -> dict[str, int]:
    """What is owed of each component today."""
    found = actions.standing(loan.pk, on=TODAY, scope=HAND.scope)
    return dict(found.owed)


def penalty_of(loan: Loan) -> int:
    return owed(loan)["penalty"]


def test_a_little_penalty_is_granted_at_once_and_posted(cast: Cast) -> None:
    loan = late_loan()
    before = owed(loan)
    wish = WaiverWish(parts={"penalty": 100}, difficulty="none")
    line = actions.ask_waiver(loan.pk, wish, deed=deed(cast.mei))
    assert (line.state, line.verdict, line.decided_by) == ("applied", "auto", "")
    assert owed(loan) == before | {"penalty": before["penalty"] - 100}
    assert Position.objects.get(pk=loan.pk).overdue_penalty == before["penalty"] - 100
    assert PoolUse.objects.get(username="mei").used == 100


def test_a_pool_that_is_spent_sends_the_next_to_a_person(cast: Cast) -> None:
    loan = late_loan()
    PoolUse.objects.create(
        day=TODAY, username="mei", currency="CNY", used=300_000, most=300_000
    )
    wish = WaiverWish(parts={"penalty": 100}, difficulty="none")
    line = actions.ask_waiver(loan.pk, wish, deed=deed(cast.mei))
    assert (line.state, line.levels) == ("pending", ("supervisor",))
    assert Waiver.objects.count() == 0


def test_slices_of_a_waiver_are_added_up(cast: Cast) -> None:
    loan = late_loan()
    part = penalty_of(loan) * 3 // 10  # the share that needs nobody
    first = WaiverWish(parts={"penalty": part}, difficulty="none")
    assert actions.ask_waiver(loan.pk, first, deed=deed(cast.mei)).verdict == "auto"
    again = WaiverWish(parts={"penalty": part // 2}, difficulty="none")
    line = actions.ask_waiver(loan.pk, again, deed=deed(cast.mei))
    assert line.state == "pending"


def test_interest_needs_two_people_and_neither_is_the_asker(
    cast: Cast, deciders: Deciders
) -> None:
    loan = late_loan()
    wish = WaiverWish(parts={"interest": 1_000}, difficulty="overdue")
    other = people.create_user(
        username="lead2",
        password="correct-horse-9",
        role="supervisor",
        branch="north",
        by="test",
        at=AT,
    )
    line = actions.ask_waiver(loan.pk, wish, deed=deed(deciders.lead))
    assert line.levels == ("supervisor", "branch_manager")
    with pytest.raises(NotAllowed):
        decide(line, deciders.lead)
    halfway = decide(line, other)
    assert halfway.state == "pending" and owed(loan)["interest"] == 2_000
    done = decide(line, deciders.head)
    assert (done.state, done.decided_by) == ("applied", "head")
    assert owed(loan)["interest"] == 1_000


def test_the_database_refuses_who_decides_their_own(
    cast: Cast, deciders: Deciders
) -> None:
    loan = late_loan()
    wish = WaiverWish(parts={"interest": 1_000}, difficulty="overdue")
    line = actions.ask_waiver(loan.pk, wish, deed=deed(cast.mei))
    with pytest.raises(Exception, match="relief_by_another"):
        Relief.objects.filter(pk=line.id).update(
            state="approved", decided_by="mei", version=99
        )


def test_the_database_refuses_a_move_there_is_not(cast: Cast) -> None:
    loan = late_loan()
    wish = WaiverWish(parts={"penalty": 100}, difficulty="none")
    line = actions.ask_waiver(loan.pk, wish, deed=deed(cast.mei))
    with pytest.raises(Exception, match="does not move from applied to pending"):
        Relief.objects.filter(pk=line.id).update(state="pending", version=99)


def test_more_than_is_owed_or_than_anybody_may_is_refused(cast: Cast) -> None:
    loan = late_loan()
    with pytest.raises(Refused) as told:
        wish = WaiverWish(parts={"interest": 2_001}, difficulty="overdue")
        actions.ask_waiver(loan.pk, wish, deed=deed(cast.mei))
    assert told.value.code == "part_too_large"
    with pytest.raises(Refused) as told:
        wish = WaiverWish(parts={"principal": 1}, difficulty="overdue")
        actions.ask_waiver(loan.pk, wish, deed=deed(cast.mei))
    assert told.value.code == "relief_beyond"
    assert Relief.objects.count() == 0


def test_who_is_overdue_is_in_difficulty(cast: Cast) -> None:
    loan = late_loan()
    with pytest.raises(Refused) as told:
        wish = WaiverWish(parts={"interest": 1_000}, difficulty="none")
        actions.ask_waiver(loan.pk, wish, deed=deed(cast.mei))
    assert told.value.code == "difficulty_overdue"


def test_nobody_asks_for_a_loan_out_of_sight_or_without_the_right(cast: Cast) -> None:
    loan = late_loan()
    wish = WaiverWish(parts={"penalty": 100}, difficulty="none")
    with pytest.raises(NotFound):
        actions.ask_waiver(loan.pk, wish, deed=deed(cast.bola))
    with pytest.raises(NotAllowed):
        actions.ask_waiver(loan.pk, wish, deed=deed(cast.arun))
    line = actions.ask_waiver(loan.pk, wish, deed=deed(cast.mei))
    with pytest.raises(NotFound):
        queries.find(line.id, scope=cast.bola.scope)


def _conditional(cast: Cast, deciders: Deciders, loan: Loan) -> queries.Line:
    wish = WaiverWish(
        parts={"interest": 1_000},
        difficulty="overdue",
        receive=100_000,
        until=TODAY + 5 * DAY,
    )
    line = actions.ask_waiver(loan.pk, wish, deed=deed(cast.mei))
    return decide(line, deciders.lead, deciders.head)


def test_a_condition_met_posts_the_waiver_before_the_money(
    cast: Cast, deciders: Deciders
) -> None:
    loan = late_loan()
    line = _conditional(cast, deciders, loan)
    assert line.state == "conditional" and Waiver.objects.count() == 0
    pay(loan, "P1", amount=40_000)
    judge(TODAY)
    assert queries.find(line.id, scope=HAND.scope).received == 40_000
    pay(loan, "P2", amount=60_000)
    judge(TODAY)
    done = queries.find(line.id, scope=HAND.scope)
    assert (done.state, done.met_on, done.received) == ("applied", TODAY, 100_000)
    assert Waiver.objects.get().amount == 1_000
    judge(TODAY)  # again changes nothing
    assert Waiver.objects.count() == 1


def test_a_condition_not_met_lapses(cast: Cast, deciders: Deciders) -> None:
    loan = late_loan()
    line = _conditional(cast, deciders, loan)
    judge(TODAY + 5 * DAY)
    assert queries.find(line.id, scope=HAND.scope).state == "conditional"
    judge(TODAY + 6 * DAY)
    assert queries.find(line.id, scope=HAND.scope).state == "lapsed"
    assert Waiver.objects.count() == 0


def test_a_payment_taken_back_takes_its_waiver_back(
    cast: Cast, deciders: Deciders
) -> None:
    loan = late_loan()
    before = owed(loan)
    line = _conditional(cast, deciders, loan)
    posted = pay(loan, "P1", amount=100_000)
    judge(TODAY)
    ledger.posting.reverse_payment(
        payment_id=posted.payment_id,
        reversed_on=TODAY,
        reason="bounced",
        by=HAND,
        at=AT,
        business_date=TODAY,
    )
    judge(TODAY)
    found = queries.find(line.id, scope=HAND.scope)
    assert (found.state, found.posted) == ("reversed", False)
    assert owed(loan) == before
    pay(loan, "P2", amount=100_000)
    judge(TODAY)
    assert queries.find(line.id, scope=HAND.scope).state == "applied"
    assert Waiver.objects.filter(ends_on=None).count() == 1


def test_a_refused_request_ends_with_its_proposal(
    cast: Cast, deciders: Deciders
) -> None:
    loan = late_loan()
    wish = WaiverWish(parts={"interest": 1_000}, difficulty="overdue")
    line = actions.ask_waiver(loan.pk, wish, deed=deed(cast.mei))
    found = decide(line, deciders.lead, verdict="refuse")
    assert (found.state, found.decided_by) == ("rejected", "lead")
    assert owed(loan)["interest"] == 2_000


def test_a_plan_runs_is_missed_caught_up_and_completed(
    cast: Cast, deciders: Deciders
) -> None:
    loan = late_loan()
    line = agreed(loan, cast, deciders, total=90_000)
    assert line.state == "active"
    late = TODAY + 11 * DAY  # the first week and three days of grace
    judge(late)
    assert queries.find(line.id, scope=HAND.scope).state == "at_risk"
    assert [row.missed for row in queries.rows_of(line.id)] == [True, False, False]
    pay(loan, "P1", amount=30_000, paid_on=late, business_date=late)
    judge(late)
    assert queries.find(line.id, scope=HAND.scope).state == "active"
    pay(loan, "P2", amount=60_000, paid_on=late, business_date=late)
    judge(late)
    done = queries.find(line.id, scope=HAND.scope)
    assert (done.state, done.received) == ("completed", 90_000)
    assert [row.paid for row in queries.rows_of(line.id)] == [30_000] * 3


def test_a_plan_missed_twice_is_broken(cast: Cast, deciders: Deciders) -> None:
    loan = late_loan()
    line = agreed(loan, cast, deciders)
    judge(TODAY + 11 * DAY)
    judge(TODAY + 18 * DAY)
    found = queries.find(line.id, scope=HAND.scope)
    assert found.state == "defaulted"
    judge(TODAY + 19 * DAY)
    assert queries.find(line.id, scope=HAND.scope).version == found.version


def test_an_offer_nobody_accepts_lapses(cast: Cast, deciders: Deciders) -> None:
    loan = late_loan()
    offered = decide(plan(loan, cast), deciders.lead)
    judge(TODAY + 8 * DAY)
    assert queries.find(offered.id, scope=HAND.scope).state == "lapsed"
    with pytest.raises(Conflict):
        actions.accept(offered.id, evidence="paper", deed=deed(cast.mei))


def test_a_completed_plan_gives_up_the_penalty_it_froze(
    cast: Cast, deciders: Deciders
) -> None:
    loan = late_loan()
    line = agreed(loan, cast, deciders, total=202_000, count=1, interest_freeze=True)
    pay(loan, "P1", amount=202_000)
    judge(TODAY)
    assert queries.find(line.id, scope=HAND.scope).state == "completed"
    found = actions.standing(loan.pk, on=TODAY, scope=HAND.scope)
    assert found.state.overdue_total == 0
    assert {row.component for row in Waiver.objects.all()} <= {"penalty", "compound"}


def test_a_plan_that_re_ages_writes_new_rows_and_lateness_begins_anew(
    cast: Cast, deciders: Deciders
) -> None:
    loan = late_loan()
    assert actions.standing(loan.pk, on=TODAY, scope=HAND.scope).state.dpd == 47
    line = agreed(loan, cast, deciders, re_age=True, count=4, unit="months")
    assert line.posted
    found = actions.standing(loan.pk, on=TODAY, scope=HAND.scope)
    assert found.state.dpd == 0
    rows = Demand.objects.filter(loan=loan, opens_on=TODAY)
    assert sum(row.principal for row in rows) == 300_000
    assert found.state.outstanding_principal == 300_000
    amounts = Instalment.objects.filter(relief_id=line.id).values_list(
        "amount", flat=True
    )
    whole = [row.principal + row.interest + row.fee for row in rows.order_by("due_on")]
    assert sorted(amounts) == sorted(whole)


def test_one_plan_runs_on_a_loan(cast: Cast, deciders: Deciders) -> None:
    loan = late_loan()
    line = agreed(loan, cast, deciders)
    again = decide(plan(loan, cast, replaces=line.id), deciders.lead)
    actions.accept(again.id, evidence="paper 13", deed=deed(cast.mei))
    assert queries.find(line.id, scope=HAND.scope).state == "superseded"
    assert queries.find(again.id, scope=HAND.scope).replans == 1


def test_a_plan_stands_still_and_goes_on(cast: Cast, deciders: Deciders) -> None:
    loan = late_loan()
    line = agreed(loan, cast, deciders)
    actions.suspend(line.id, deed=deed(cast.mei, reason="in dispute"))
    judge(TODAY + 30 * DAY)
    assert queries.find(line.id, scope=HAND.scope).state == "suspended"
    back = actions.resume(line.id, deed=deed(cast.mei, on=TODAY + 30 * DAY))
    assert back.state == "active"
    assert queries.rows_of(line.id)[0].due_on == TODAY + 37 * DAY


def test_an_instalment_is_skipped_once(cast: Cast, deciders: Deciders) -> None:
    loan = late_loan()
    line = agreed(loan, cast, deciders)
    actions.skip(line.id, 2, deed=deed(cast.mei))
    assert [row.due_on - TODAY for row in queries.rows_of(line.id)] == [
        7 * DAY,
        21 * DAY,
        28 * DAY,
    ]
    with pytest.raises(Refused) as told:
        actions.skip(line.id, 3, deed=deed(cast.mei))
    assert told.value.code == "relief_no_skip"
