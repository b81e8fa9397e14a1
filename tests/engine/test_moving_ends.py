"""How a loan ends before or on its last day, worked by hand."""

from datetime import date
from decimal import Decimal

import pytest

from daihou.engine.ledger.moving import answers
from daihou.engine.ledger.moving.terms import Future, Timing
from tests.engine.small_plans import (
    APR,
    BY_THE_DAY,
    FEB,
    MAR,
    START,
    TWELVE,
    fee,
    opened,
    order,
    owed,
    paid,
)

LATEST_FIRST = {"default": order(*Timing, future=Future.LAST)}
HALF = date(2024, 1, 16)  # 15 of 31 days


def test_a_loan_written_off_ended_on_that_day_not_on_the_day_it_was_recorded():
    account = opened()
    account.post("write_off", FEB, 0, today=date(2024, 2, 10))
    assert account.closed_on == FEB


def test_income_booked_by_the_day_of_the_end_stays_booked():
    account = opened(yearly_percent=TWELVE, recalculation=BY_THE_DAY)
    account.day_end(HALF)
    account.close("charge_off", HALF, today=HALF)
    booked = [e for e in account.state.entries if e.kind == "accrual"]
    assert [(e.on, e.amount, e.live) for e in booked] == [(HALF, 435, True)]


def test_what_was_said_at_an_end_taken_back_stays_with_the_instalment_of_that_day():
    account = opened(yearly_percent=TWELVE, recalculation=BY_THE_DAY)
    account.posts_activity = True
    amount = answers.payoff(account.state, FEB)
    money = account.post("repayment", FEB, amount, today=FEB)
    (said,) = account.state.live("accrual_activity")
    account.reverse(money, today=date(2024, 4, 10))
    assert (said.live, said.on, said.details["due"]) == (True, FEB, FEB)


@pytest.mark.parametrize(
    ("kind", "interest"),
    # 15 of 31 days of 9.00; 4.00 of it had been paid, later 6.00.
    [("charge_off", 435), ("contract_termination", 435)],
)
def test_interest_paid_before_the_end_counts_towards_what_had_run_up(kind, interest):
    for early, expected in ((400, interest), (600, 600)):
        account = opened(yearly_percent=TWELVE, charge_off="zero_interest")
        account.post("repayment", START, early, today=START)
        account.close(kind, HALF, today=HALF)
        assert owed(account, "interest")[0] == expected
        assert account.outstanding == 90_000 + expected - early


def test_a_charge_off_on_a_due_date_leaves_the_interest_due_that_day():
    account = opened(
        yearly_percent=TWELVE,
        charge_off="zero_interest",
        down_payment_percent=Decimal(20),
    )
    account.close("charge_off", START, today=START)
    assert owed(account, "interest") == [0, 0, 0, 0]
    assert owed(account, "principal") == [18_000, 24_482, 24_482, 23_036]


def test_interest_charged_back_on_the_day_of_the_charge_off_stays_interest():
    account = opened(
        yearly_percent=TWELVE,
        recalculation=BY_THE_DAY,
        charge_off="zero_interest",
        chargeback_order=("interest", "principal"),
    )
    money = account.post("repayment", FEB, 30_602, today=FEB)
    account.post("chargeback", FEB, 300, today=FEB, of=money)
    account.close("charge_off", FEB, today=FEB)
    assert owed(account, "interest") == [900, 300, 0]
    assert account.outstanding == 90_000 + 900 + 300 - 30_602


def test_a_down_payment_of_the_day_of_the_end_stays_by_itself():
    account = opened(down_payment_percent=Decimal(20))
    account.close("contract_termination", START, today=START)
    assert [row.due for row in account.state.rows] == [START, START]
    assert owed(account, "principal") == [18_000, 72_000]


@pytest.mark.parametrize("on", [START, date(2024, 1, 10), HALF])
def test_money_for_later_instalments_counts_when_the_contract_ends(on):
    account = opened(orders=LATEST_FIRST)
    account.post("repayment", on, 40_000, today=on)
    assert paid(account, "principal") == [0, 10_000, 30_000]
    account.close("contract_termination", HALF, today=HALF)
    assert paid(account, "principal") == [40_000]
    assert account.outstanding == 50_000


def test_money_of_the_first_day_pays_no_interest_that_ran_up_later():
    account = opened(
        yearly_percent=TWELVE, recalculation=BY_THE_DAY, orders=LATEST_FIRST
    )
    account.post("repayment", START, 30_000, today=START)
    account.close("contract_termination", HALF, today=HALF)
    assert paid(account, "interest") == [0]
    assert owed(account, "interest") == [290]  # 15 of 31 days of 6.00
    assert account.outstanding == 60_000 + 290


def test_a_fee_given_up_is_not_owed_again_when_the_contract_ends():
    account = opened()
    kept, waived = (fee(account, due=due) for due in (date(2024, 2, 20), MAR))
    for each in (kept, waived):
        account.charge(each, today=START)
    account.waive(waived, START, today=START)
    account.close("contract_termination", HALF, today=HALF)
    assert owed(account, "fee") == [0, 1_000]
    assert account.outstanding == 91_000


@pytest.mark.parametrize("on", [FEB, APR])
def test_a_contract_ended_on_a_due_date_owes_what_it_owed(on):
    account = opened(yearly_percent=TWELVE)
    account.post("repayment", START, 500, today=START)
    before = sum(r.outstanding for r in account.state.rows if r.due <= on)
    later = sum(r.left("principal") for r in account.state.rows if r.due > on)
    account.close("contract_termination", on, today=on)
    assert account.outstanding == before + later
