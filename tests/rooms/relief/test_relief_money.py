"""No more is given up than was approved, and only money after an agreement counts."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from daihou.kit.refusal import NotAllowed, Refused
from daihou.rooms.casework import door as casework
from daihou.rooms.casework.models import Case
from daihou.rooms.grading.models import ClassFact, LoanClass
from daihou.rooms.ledger.actions import standing
from daihou.rooms.ledger.models import Loan, Waiver
from daihou.rooms.people import door as people
from daihou.rooms.relief import actions, queries
from daihou.rooms.relief.actions import SettlementWish, TermsWish, WaiverWish
from tests.rooms.cast import AT, HAND, PASSWORD, TODAY, Cast, pay
from tests.rooms.relieving import (
    Deciders,
    agreed,
    all_decide,
    bounce,
    decide,
    deed,
    found,
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
    found = actions.standing(loan.pk, on=TODAY, scope=HAND.scope)
    return dict(found.owed)


def _offer(loan: Loan, cast: Cast, deciders: Deciders, amount: int) -> queries.Line:
    wish = SettlementWish(parts=((TODAY + 5 * DAY, amount),), difficulty="overdue")
    line = actions.ask_settlement(loan.pk, wish, deed=deed(cast.mei))
    return all_decide(line, deciders)


def _payoff(loan: Loan) -> int:
    return actions.standing(loan.pk, on=TODAY, scope=HAND.scope).payoff


# --- What a frozen penalty needs ------------------------------------------------------


def test_a_frozen_penalty_is_weighed_like_any_that_is_given_up(cast: Cast) -> None:
    loan = late_loan()
    wish = {"total": 202_000, "count": 1}
    plain = plan(loan, cast, **wish)
    frozen = plan(loan, cast, interest_freeze=True, **wish)
    assert (plain.given_up, plain.levels) == (0, ("supervisor",))
    assert frozen.parts["penalty"] > owed(loan)["penalty"] > 0  # and what accrues
    assert frozen.given_up == sum(frozen.parts.values())
    assert frozen.levels == ("supervisor", "branch_manager")
    before, _gone = queries.given_before(loan.pk, on=TODAY, days=90)
    assert before["penalty"] == frozen.parts["penalty"]


def test_a_completed_plan_gives_up_no_more_penalty_than_was_approved(
    cast: Cast, deciders: Deciders
) -> None:
    loan = late_loan()
    line = agreed(loan, cast, deciders, total=202_000, count=1, interest_freeze=True)
    late = TODAY + 300 * DAY
    pay(loan, "P1", amount=202_000, paid_on=late, business_date=late)
    judge(late)
    assert found(line).state == "completed"
    given = sum(row.amount for row in Waiver.objects.filter(component="penalty"))
    assert given == line.parts["penalty"]
    after = actions.standing(loan.pk, on=late, scope=HAND.scope)
    assert after.owed["penalty"] > 0


# --- What is given up is what was approved --------------------------------------------


def test_a_settlement_does_not_give_up_what_bounced_after_it(
    cast: Cast, deciders: Deciders
) -> None:
    loan = late_loan()
    early = pay(loan, "P0", amount=50_000, paid_on=TODAY - DAY)
    amount = _payoff(loan) - 1_500
    offered = _offer(loan, cast, deciders, amount)
    actions.accept(offered.id, evidence="letter 4", deed=deed(cast.mei))
    bounce(early.payment_id)
    pay(loan, "P1", amount=amount)
    judge(TODAY)
    stuck = found(offered)
    assert (stuck.state, stuck.effect["problem"]) == ("accepted", "above_approved")
    assert Waiver.objects.count() == 0
    ended = actions.withdraw(offered.id, deed=deed(cast.mei, reason="decided anew"))
    assert ended.state == "withdrawn"


def test_a_settlement_on_its_last_day_gives_up_what_was_approved(
    cast: Cast, deciders: Deciders
) -> None:
    loan = late_loan()
    amount = _payoff(loan) - 1_500
    offered = _offer(loan, cast, deciders, amount)
    actions.accept(offered.id, evidence="letter 4", deed=deed(cast.mei))
    last = TODAY + 5 * DAY
    pay(loan, "P1", amount=amount, paid_on=last, business_date=last)
    judge(last)
    assert found(offered).state == "applied"
    given = sum(row.amount for row in Waiver.objects.filter(moved=False))
    assert 1_500 < given == offered.given_up


def test_the_money_of_the_morning_is_not_given_up_twice(
    cast: Cast, deciders: Deciders
) -> None:
    loan = late_loan()
    pay(loan, "P0", amount=50_000)
    amount = _payoff(loan) - 1_500
    wish = SettlementWish(parts=((TODAY, amount),), difficulty="overdue")
    line = actions.ask_settlement(loan.pk, wish, deed=deed(cast.mei))
    assert line.given_up == 1_500
    offered = all_decide(line, deciders)
    actions.accept(offered.id, evidence="letter 4", deed=deed(cast.mei))
    pay(loan, "P1", amount=amount)
    judge(TODAY)
    assert found(offered).state == "applied"
    given = Waiver.objects.filter(moved=False)
    assert sum(row.amount for row in given) == 1_500


def _re_amortised(loan: Loan, cast: Cast) -> queries.Line:
    wish = TermsWish(
        kind="re_amortise",
        fields={"penalty": "waive"},
        difficulty="overdue",
        agreed="paper",
    )
    line: queries.Line = actions.ask_change_of_terms(loan.pk, wish, deed=deed(cast.mei))
    return line


def test_terms_decided_late_give_up_no_more_than_was_weighed(
    cast: Cast, deciders: Deciders
) -> None:
    line = _re_amortised(late_loan(), cast)
    assert line.levels == ("supervisor", "branch_manager")
    decide(line, deciders.lead)
    with pytest.raises(Refused) as told:
        decide(line, deciders.head, on=TODAY + 10 * DAY)
    assert told.value.code == "above_approved"
    assert (found(line).state, Waiver.objects.count()) == ("pending", 0)
    done = decide(line, deciders.head, on=TODAY + 6 * DAY)
    assert done.state == "applied"


def test_a_lower_rate_is_weighed_by_the_interest_it_gives_up(cast: Cast) -> None:
    loan = late_loan()
    rate = {"annual_rate": Decimal(0)}
    wish = TermsWish(
        kind="rate_change", fields=rate, difficulty="overdue", agreed="paper"
    )
    line = actions.ask_change_of_terms(loan.pk, wish, deed=deed(cast.mei))
    # The last row is 1,010.00: without interest 1,000.00 or a little more is left.
    assert 0 < line.parts["interest"] <= 1_000
    assert line.given_up == line.parts["interest"]
    assert line.levels == ("supervisor", "branch_manager")


def test_a_longer_term_at_a_lower_rate_is_weighed_against_the_rate(cast: Cast) -> None:
    loan = late_loan()
    fields = {"periods": 24, "annual_rate": Decimal("0.01")}
    wish = TermsWish(
        kind="extension", fields=fields, difficulty="overdue", agreed="paper"
    )
    line = actions.ask_change_of_terms(loan.pk, wish, deed=deed(cast.mei))
    assert line.parts["interest"] > 0
    same = TermsWish(
        kind="extension", fields={"periods": 24}, difficulty="overdue", agreed="paper"
    )
    assert actions.ask_change_of_terms(loan.pk, same, deed=deed(cast.mei)).parts == {}


def test_nothing_is_given_up_in_a_currency_the_policy_has_no_bounds_for(
    cast: Cast,
) -> None:
    loan = late_loan()
    Loan.objects.filter(pk=loan.pk).update(currency="USD")
    wish = WaiverWish(parts={"penalty": 100}, difficulty="none")
    with pytest.raises(Refused) as told:
        actions.ask_waiver(loan.pk, wish, deed=deed(cast.mei))
    assert told.value.code == "relief_beyond"
    assert plan(loan, cast).levels == ("supervisor",)  # nothing is given up


def test_who_asked_first_does_not_decide_the_counter_offer(
    cast: Cast, deciders: Deciders
) -> None:
    other = people.create_user(
        username="lead2",
        password=PASSWORD,
        role="supervisor",
        branch="north",
        by="test",
        at=AT,
    )
    loan = late_loan()
    amount = _payoff(loan) - 1_500
    wish = SettlementWish(parts=((TODAY + 5 * DAY, amount),), difficulty="overdue")
    line = actions.ask_settlement(loan.pk, wish, deed=deed(deciders.lead))
    decide(line, other)
    parts = [(TODAY + 3 * DAY, amount - 500)]
    again = actions.counter(line.id, parts, deed=deed(cast.mei))
    assert (again.state, again.levels) == ("pending", ("supervisor",))
    with pytest.raises(NotAllowed) as told:
        decide(again, deciders.lead)
    assert told.value.code == "own_proposal"
    assert decide(again, other).state == "approved"


# --- What counts ----------------------------------------------------------------------


def test_money_of_the_same_morning_does_not_meet_a_condition(
    cast: Cast, deciders: Deciders
) -> None:
    loan = late_loan()
    pay(loan, "P0", amount=100_000)
    wish = WaiverWish(
        parts={"interest": 500},
        difficulty="overdue",
        receive=50_000,
        until=TODAY + 5 * DAY,
    )
    line = actions.ask_waiver(loan.pk, wish, deed=deed(cast.mei))
    all_decide(line, deciders)
    judge(TODAY)
    waiting = found(line)
    assert (waiting.state, waiting.received) == ("conditional", 0)
    pay(loan, "P1", amount=50_000)
    judge(TODAY)
    assert (found(line).state, found(line).received) == ("applied", 50_000)


def test_money_of_the_same_morning_is_no_first_payment(
    cast: Cast, deciders: Deciders
) -> None:
    loan = late_loan()
    pay(loan, "P0", amount=20_000)
    line = agreed(
        loan, cast, deciders, first_payment=20_000, first_by=TODAY + DAY, total=80_000
    )
    assert line.state == "accepted"
    pay(loan, "P1", amount=20_000)
    judge(TODAY)
    assert found(line).state == "active"


def test_what_is_met_again_counts_from_the_day_it_was_taken_back(
    cast: Cast, deciders: Deciders
) -> None:
    loan = late_loan()
    wish = WaiverWish(
        parts={"interest": 500},
        difficulty="overdue",
        receive=50_000,
        until=TODAY + 5 * DAY,
    )
    line = actions.ask_waiver(loan.pk, wish, deed=deed(cast.mei))
    all_decide(line, deciders)
    paid = pay(loan, "P1", amount=50_000)
    judge(TODAY)
    back = TODAY + 2 * DAY
    bounce(paid.payment_id, on=back)
    judge(back)
    assert found(line).state == "reversed"
    pay(loan, "P2", amount=50_000, paid_on=TODAY + DAY, business_date=back)
    judge(back)
    assert found(line).state == "applied"
    days = Waiver.objects.order_by("pk").values_list("waived_on", "ends_on")
    assert list(days) == [(TODAY, back), (back, None)]


# --- The class and the case -----------------------------------------------------------


def test_the_observation_counts_the_loan_s_own_periods(
    cast: Cast, deciders: Deciders
) -> None:
    dues = (date(2026, 2, 1), date(2027, 2, 1), date(2028, 2, 1))
    loan = late_loan(dues=dues)
    LoanClass.objects.create(
        loan=loan,
        asset_class=2,
        machine_class=2,
        asserted_class=2,
        causes=0,
        stage=2,
        since=TODAY,
        dpd=47,
        arrears=202_000,
        balance=300_000,
        currency="CNY",
    )
    wish = WaiverWish(parts={"interest": 500}, difficulty="overdue")
    line = actions.ask_waiver(loan.pk, wish, deed=deed(cast.mei))
    all_decide(line, deciders)
    fact = ClassFact.objects.get(kind="restructured")
    assert fact.content["period_months"] == 12


def test_a_settlement_of_a_loan_that_is_sold_is_posted_no_more(
    cast: Cast, deciders: Deciders
) -> None:
    loan = late_loan()
    standing.settle_at_once(loan, business_date=TODAY)
    done = casework.Deed(by=HAND, at=AT, business_date=TODAY)
    opened = casework.open_case(loan.customer_id, deed=done)
    amount = _payoff(loan) - 1_500
    offered = _offer(loan, cast, deciders, amount)
    actions.accept(offered.id, evidence="letter 4", deed=deed(cast.mei))
    assert Case.objects.filter(pk=opened.id).exists()
    actions.end_with_cases([opened.id], "SOLD", done)
    pay(loan, "P1", amount=amount)
    judge(TODAY)
    assert (found(offered).state, Waiver.objects.count()) == ("withdrawn", 0)
