"""A loan repaid whenever its borrower likes: interest to that day, worked by hand."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest

from daihou.engine.ledger.errors import LoanError
from daihou.engine.ledger.moving import answers
from daihou.engine.ledger.moving.account import PlanAccount
from daihou.engine.ledger.moving.front import run_on_balance, settle_running
from daihou.engine.ledger.moving.terms import (
    Order,
    PlanTerms,
    Recalculation,
    Timing,
)
from daihou.engine.ledger.schedule import schedule
from daihou.engine.ledger.terms import RateChange, Tranche
from daihou.engine.ledger.values import Demand, Payment
from daihou.engine.rulebook.policy import Advance, PenaltyTerms
from tests.engine.running import POLICY, START, TERMS, lines, loan

STEPS = tuple(
    (timing, each)
    for timing in Timing
    for each in ("penalty", "fee", "interest", "principal")
)


def test_nobody_pays_early_and_the_rows_are_those_of_the_schedule():
    running = run_on_balance(loan(), TERMS, POLICY, as_of=START)
    assert lines(running.loan) == [
        (date(2024, 2, 1), 0, 3_720),
        (date(2024, 3, 1), 0, 3_480),
        (date(2024, 4, 1), 360_000, 3_720),
    ]
    assert running.accrued == 0


def test_half_paid_back_after_ten_days():
    # Ten days cost 1,200; the money pays them first, then principal: 180,000 is left,
    # which costs 60 a day for the 21 days to the due date.
    paid = (date(2024, 1, 11), 181_200)
    running = run_on_balance(loan(paid), TERMS, POLICY, as_of=date(2024, 1, 15))
    assert lines(running.loan) == [
        (date(2024, 1, 11), 180_000, 1_200),
        (date(2024, 2, 1), 0, 1_260),
        (date(2024, 3, 1), 0, 1_740),
        (date(2024, 4, 1), 180_000, 1_860),
    ]
    assert running.accrued == 4 * 60
    state = settle_running(loan(paid), TERMS, POLICY, as_of=date(2024, 1, 15))
    assert (state.dpd, state.status) == (0, "active")
    assert state.outstanding_principal == 180_000
    assert state.unapplied_credit == 0


@pytest.mark.parametrize(
    ("amount", "status", "credit"),
    [(361_199, "active", 0), (361_200, "settled", 0), (361_205, "settled", 5)],
)
def test_paid_off_in_ten_days_costs_ten_days(amount, status, credit):
    paid = loan((date(2024, 1, 11), amount))
    state = settle_running(paid, TERMS, POLICY, as_of=date(2024, 1, 11))
    assert (state.status, state.unapplied_credit) == (status, credit)
    assert state.outstanding_principal == 361_200 - min(amount, 361_200)


def test_paid_on_the_due_date_is_not_early():
    paid = (date(2024, 2, 1), 3_720)
    running = run_on_balance(loan(paid), TERMS, POLICY, as_of=date(2024, 2, 1))
    assert lines(running.loan)[0] == (date(2024, 2, 1), 0, 3_720)
    assert lines(running.loan)[1] == (date(2024, 3, 1), 0, 3_480)
    assert running.accrued == 0


def test_more_than_is_due_on_the_due_date_begins_the_next_period():
    paid = (date(2024, 2, 1), 3_720 + 180_000)
    running = run_on_balance(loan(paid), TERMS, POLICY, as_of=date(2024, 2, 1))
    assert lines(running.loan)[:3] == [
        (date(2024, 2, 1), 0, 3_720),
        (date(2024, 2, 1), 180_000, 0),
        (date(2024, 3, 1), 0, 1_740),
    ]


def test_what_is_overdue_is_paid_before_anything_early():
    penalty = PenaltyTerms(multiplier=Decimal("1.5"), on_interest=True)
    policy = replace(POLICY, penalty=penalty)
    late = loan((date(2024, 2, 11), 100_000), penalty_rate_nano=180_000_000)
    on = date(2024, 2, 11)  # ten days after 3,720 fell due: 18.6 of compound interest
    running = run_on_balance(late, TERMS, policy, as_of=on)
    assert lines(running.loan)[1] == (on, 100_000 - 3_720 - 19 - 1_200, 1_200)
    state = settle_running(late, TERMS, policy, as_of=on)
    assert (state.dpd, state.overdue_total, state.unapplied_credit) == (0, 0, 0)


def test_less_than_what_is_due_saves_nothing():
    part = loan((date(2024, 2, 11), 3_719))
    state = settle_running(part, TERMS, POLICY, as_of=date(2024, 2, 11))
    assert (state.dpd, state.overdue_total) == (10, 1)
    assert state.outstanding_principal == 360_000


def test_a_charge_that_is_due_comes_before_early_money():
    charge = Demand(7, 0, date(2024, 1, 5), 0, 0, fee=500)
    paid = loan((date(2024, 1, 11), 1_700), demands=(charge,))
    running = run_on_balance(paid, TERMS, POLICY, as_of=date(2024, 1, 11))
    assert lines(running.loan)[:2] == [
        (date(2024, 1, 5), 0, 0),
        (date(2024, 1, 11), 0, 1_200),
    ]


EQUAL = replace(TERMS, method="equal_principal")


@pytest.mark.parametrize(
    ("advance", "left"),
    [
        (Advance.NEXT, [0, 120_000, 120_000]),  # the next one is paid already
        (Advance.LAST, [120_000, 120_000]),  # a shorter term
        (Advance.EVEN, [80_000, 80_000, 80_000]),  # smaller instalments
    ],
)
def test_what_early_money_makes_smaller(advance, left):
    policy = replace(POLICY, advance=advance)
    paid = loan((START + timedelta(days=10), 121_200))
    running = run_on_balance(paid, EQUAL, policy, as_of=START + timedelta(days=10))
    assert [each.principal for each in running.loan.demands] == [120_000, *left]
    costs = [each.interest for each in running.loan.demands]
    assert costs[:2] == [1_200, 21 * 80]


def test_held_money_saves_nothing():
    policy = replace(POLICY, advance=Advance.HOLD)
    paid = loan((date(2024, 1, 11), 200_000))
    state = settle_running(paid, TERMS, policy, as_of=date(2024, 2, 1))
    assert state.outstanding_principal == 360_000
    assert state.unapplied_credit == 200_000 - 3_720


def test_a_new_rate_counts_from_its_night():
    rates = ((date(2024, 1, 11), Decimal("0.06")),)
    running = run_on_balance(loan(), TERMS, POLICY, as_of=START, rates=rates)
    assert lines(running.loan)[0][2] == 10 * 120 + 21 * 60
    assert lines(running.loan)[1][2] == 29 * 60


def test_a_new_rate_makes_level_instalments_level_again():
    level = replace(TERMS, method="equal_instalment", day_count="30/360")
    rates = ((date(2024, 2, 1), Decimal(0)),)
    running = run_on_balance(loan(), level, POLICY, as_of=START, rates=rates)
    first, *rest = running.loan.demands
    assert (first.principal, first.interest) == (118_808, 3_600)
    assert [each.principal for each in rest] == [120_596, 120_596]
    assert [each.interest for each in rest] == [0, 0]


def test_no_interest_runs_in_a_pause():
    free = ((date(2024, 1, 11), date(2024, 1, 21)),)  # ten nights
    running = run_on_balance(loan(), TERMS, POLICY, as_of=date(2024, 1, 22), free=free)
    assert lines(running.loan)[0][2] == 21 * 120
    assert running.accrued == 11 * 120


def test_a_bullet_asks_for_its_interest_at_the_end():
    bullet = replace(TERMS, method="bullet")
    running = run_on_balance(loan(), bullet, POLICY, as_of=date(2024, 2, 10))
    assert lines(running.loan) == [(date(2024, 4, 1), 360_000, 91 * 120)]
    assert running.accrued == 40 * 120
    paid = loan((date(2024, 2, 10), 40 * 120 + 180_000))
    running = run_on_balance(paid, bullet, POLICY, as_of=date(2024, 2, 10))
    assert lines(running.loan) == [
        (date(2024, 2, 10), 180_000, 4_800),
        (date(2024, 4, 1), 180_000, 51 * 60),
    ]
    assert running.accrued == 0


def test_a_payment_taken_back_was_never_early():
    paid = loan()
    gone = replace(
        paid, payments=(Payment(1, date(2024, 1, 11), 181_200, date(2024, 1, 20)),)
    )
    before = run_on_balance(gone, TERMS, POLICY, as_of=date(2024, 1, 19))
    assert lines(before.loan)[0] == (date(2024, 1, 11), 180_000, 1_200)
    after = run_on_balance(gone, TERMS, POLICY, as_of=date(2024, 1, 20))
    assert (
        after.loan.demands
        == run_on_balance(paid, TERMS, POLICY, as_of=START).loan.demands
    )


def test_early_money_given_back_was_never_early():
    paid = loan((date(2024, 1, 11), 181_200), (date(2024, 1, 20), -80_000))
    running = run_on_balance(paid, TERMS, POLICY, as_of=date(2024, 1, 20))
    assert lines(running.loan)[:2] == [
        (date(2024, 1, 11), 100_000, 1_200),
        (date(2024, 2, 1), 0, 10 * 120 + 21 * 260_000 * 12 // 36_000 - 1_200),
    ]
    state = settle_running(paid, TERMS, POLICY, as_of=date(2024, 1, 20))
    assert (state.dpd, state.outstanding_principal) == (0, 260_000)


def test_grace_on_principal_asks_for_interest_only():
    level = replace(TERMS, method="equal_instalment", periods=4, grace_principal=2)
    paid = loan((date(2024, 1, 11), 61_200))
    policy = replace(POLICY, advance=Advance.LAST)
    running = run_on_balance(paid, level, policy, as_of=date(2024, 1, 11))
    early, *rows = running.loan.demands
    assert (early.principal, early.interest) == (60_000, 1_200)
    assert [row.principal for row in rows[:2]] == [0, 0]
    assert [row.interest for row in rows[:2]] == [21 * 100, 29 * 100]
    assert sum(row.principal for row in rows[2:]) == 300_000


def test_a_balloon_waits_for_the_last_row():
    balloon = replace(TERMS, method="equal_instalment", balloon_minor=200_000)
    plain = run_on_balance(loan(), balloon, POLICY, as_of=START)
    assert lines(plain.loan) == [
        (row.due_on, row.principal, row.interest) for row in schedule(balloon)
    ]
    rates = ((date(2024, 2, 1), Decimal(0)),)
    cheap = run_on_balance(loan(), balloon, POLICY, as_of=START, rates=rates)
    first, second, third = cheap.loan.demands
    left = 360_000 - first.principal - 200_000
    assert (second.principal, third.principal) == (
        left // 2,
        200_000 + left - left // 2,
    )


def test_a_stated_instalment_may_end_the_plan_before_its_term():
    stated = replace(
        TERMS,
        method="equal_instalment",
        periods=6,
        instalment_minor=150_000,
        last_row="when_paid",
    )
    running = run_on_balance(loan(), stated, POLICY, as_of=START)
    assert lines(running.loan) == [
        (row.due_on, row.principal, row.interest) for row in schedule(stated)
    ]
    assert len(running.loan.demands) == 3


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("grace_interest", 1),
        ("down_payment_minor", 100),
        ("down_payment_share", Decimal("0.1")),
        ("first_period", "own_row"),
        ("tranches", (Tranche(date(2024, 1, 20), 10),)),
        ("rate_changes", (RateChange(date(2024, 1, 20), Decimal(0)),)),
    ],
)
def test_what_a_running_balance_cannot_follow_is_refused(field, value):
    with pytest.raises(LoanError, match=field):
        run_on_balance(loan(), replace(TERMS, **{field: value}), POLICY, as_of=START)


def test_flat_interest_follows_no_balance():
    with pytest.raises(LoanError, match="flat"):
        run_on_balance(loan(), replace(TERMS, method="flat"), POLICY, as_of=START)


@pytest.mark.parametrize(
    ("as_of", "days"), [(date(2024, 1, 31), 30), (date(2024, 2, 1), 31)]
)
def test_the_interest_of_a_bullet_runs_on_over_the_turn_of_a_period(as_of, days):
    bullet = replace(TERMS, method="bullet")
    running = run_on_balance(loan(), bullet, POLICY, as_of=as_of)
    assert running.accrued == 120 * days


@pytest.mark.parametrize("days", [1, 10, 30])
def test_the_plan_that_follows_a_balance_asks_for_the_same(days):
    """Early money by the conventions of the other plan: the same first interest."""
    plan = PlanTerms(
        principal=360_000,
        yearly_percent=Decimal(12),
        start_on=START,
        periods=3,
        days_in_year="360",
        levelling_rounds=0,
        recalculation=Recalculation(on_past_due=False),
        orders={"default": Order(STEPS)},
    )
    on = START + timedelta(days=days)
    account = PlanAccount(plan)
    account.disburse(START, 360_000, today=START)
    level = replace(TERMS, method="equal_instalment")
    asked = 120 * days
    entry = account.post("repayment", on, asked + 60_000, today=on)
    running = run_on_balance(loan((on, asked + 60_000)), level, POLICY, as_of=on)
    early, first = running.loan.demands[:2]
    assert (entry.parts["interest"], entry.parts["principal"]) == (
        early.interest,
        early.principal,
    )
    assert answers.payoff(account.state, on) == 300_000
    later = START + timedelta(days=31)
    assert answers.payoff(account.state, later) == 300_000 + first.interest
