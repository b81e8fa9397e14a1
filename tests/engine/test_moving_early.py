"""Early money, interest that follows it and money that goes back, worked by hand."""

from datetime import date
from decimal import Decimal

import pytest

from daihou.engine.ledger.moving import answers
from daihou.engine.ledger.moving.accrual_moves import credit, interest_till
from daihou.engine.ledger.moving.charges import assess
from daihou.engine.ledger.moving.terms import Future, Order, Recalculation, Timing
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

TO_THE_DUE_DATE = Recalculation(
    rest="same_as_repayment", preclose="till_rest_frequency_date"
)


def test_the_next_instalment_is_prepaid_whole_on_the_day_it_begins():
    account = opened(
        yearly_percent=TWELVE,
        recalculation=BY_THE_DAY,
        periods=2,
        orders={"default": order(Timing.IN_ADVANCE, future=Future.LAST)},
    )
    # Instalments of 456.76; without interest to come the last would be 452.24.
    assert owed(account, "principal") == [44_776, 45_224]
    account.post("repayment", FEB, 45_500, today=FEB)
    assert paid(account, "principal") == [0, 45_500]
    assert owed(account, "principal") == [44_500, 45_500]


def test_interest_to_the_due_date_is_not_asked_for_on_the_day_a_period_begins():
    account = opened(yearly_percent=TWELVE, recalculation=TO_THE_DUE_DATE)
    account.post("repayment", FEB, 60_000, today=FEB)
    # 297.02 and 9.00 were due; all the rest lowers the principal.
    assert paid(account, "interest") == [900, 0, 0]
    assert paid(account, "principal") == [29_702, 60_000 - 30_602, 0]


def test_closing_on_the_first_day_costs_nothing_and_a_day_later_a_month():
    account = opened(yearly_percent=TWELVE, recalculation=TO_THE_DUE_DATE)
    assert answers.payoff(account.state, START) == 90_000
    assert answers.payoff(account.state, date(2024, 1, 2)) == 90_900


def test_interest_by_a_day_knows_nothing_of_what_was_given_back_later():
    account = opened(yearly_percent=TWELVE, recalculation=BY_THE_DAY)
    plan, six = account.state.plan, date(2024, 1, 6)
    assert plan is not None
    plan.change(six, correction=-30_000)
    credit(plan, date(2024, 1, 11), interest=300)
    # 5 of 31 days of 9.00, then 5 of 6.00.
    assert interest_till(plan, FEB, six, credited=True) == 145
    assert interest_till(plan, FEB, date(2024, 1, 11), credited=True) == 242 + 300


# Fees of the money paid out


def test_each_tranche_keeps_the_percent_fee_of_its_own_amount():
    account = opened(paid_out=60_000, several_disbursements=True)
    account.restart()
    agreed = fee(
        account,
        when="tranche_disbursement",
        calculation="percent_disbursement",
        rate=Decimal(1),
    )
    account.state.charges.append(agreed)
    ten = date(2024, 1, 10)
    for _ in range(2):
        account.disburse(START, 60_000, today=START)
        account.disburse(ten, 30_000, today=ten)
        taken = [each for each in account.state.charges if each.active]
        assert [(each.due, each.paid) for each in taken] == [(START, 600), (ten, 300)]
        account.restart()


def test_a_tranche_pays_nothing_where_no_money_is_held():
    account = opened(several_disbursements=True)
    entry = account.disburse(FEB, 10_000, today=FEB)
    assert "from_over" not in entry.details
    account.post("repayment", FEB, 100_300, today=FEB)
    entry = account.disburse(FEB, 1_000, today=FEB)
    assert entry.details["from_over"] == {
        "principal": 300,
        "interest": 0,
        "fee": 0,
        "penalty": 0,
    }


@pytest.mark.parametrize(
    ("recalculation", "first"),
    # A third of 900.00; where interest follows, 31 days of 100.00 (1.02) are in it.
    [(None, 30_000), (BY_THE_DAY, 30_000 - 102)],
)
def test_a_tranche_paid_out_on_a_due_date_counts_in_the_instalment_of_that_day(
    recalculation, first
):
    account = opened(
        paid_out=10_000,
        several_disbursements=True,
        yearly_percent=TWELVE,
        equal_principal=True,
        progressive=False,
        recalculation=recalculation,
        strategy="penalty,fee,interest,principal",
    )
    account.disburse(FEB, 80_000, today=FEB)
    assert owed(account, "principal")[0] == first
    assert owed(account, "interest")[0] == 102


# Money that goes back


@pytest.mark.parametrize(
    ("on", "row"), [(date(2024, 1, 20), 0), (FEB, 1), (date(2024, 3, 31), 2), (APR, 2)]
)
def test_a_fee_charged_back_follows_the_period_where_interest_does_too(on, row):
    account = opened(recalculation=BY_THE_DAY, chargeback_order=("fee", "principal"))
    account.charge(fee(account, due=FEB), today=START)
    money = account.post("repayment", START, 31_000, today=START)
    account.post("chargeback", on, 1_100, today=on, of=money)
    again = [each.credited["fee"] for each in account.state.rows]
    assert again == [1_000 if place == row else 0 for place in range(3)]
    again = [each.credited["principal"] for each in account.state.rows]
    assert again == [100 if place == row else 0 for place in range(3)]
    assert account.outstanding == 60_000 + 1_100


def test_credit_paid_out_too_high_on_the_last_day_stays_owed_on_the_plan():
    account = opened(recalculation=BY_THE_DAY, yearly_percent=TWELVE)
    account.post("repayment", APR, answers.payoff(account.state, APR), today=APR)
    account.post("credit_balance_refund", APR, 250, today=APR)
    assert account.outstanding == 250
    account.post("repayment", APR, 100, today=APR)
    assert account.outstanding == 150


def test_a_refund_takes_back_early_money_in_the_reverse_of_its_order():
    steps = (
        *((Timing.PAST_DUE, each) for each in ("fee", "principal")),
        *((Timing.IN_ADVANCE, each) for each in ("principal", "fee")),
    )
    account = opened(orders={"default": Order(tuple(steps))})
    account.charge(fee(account, due=FEB), today=START)
    account.post("repayment", START, 31_000, today=START)
    account.post("refund", START, 1_500, today=START)
    assert paid(account, "fee") == [0, 0, 0]
    assert paid(account, "principal") == [29_500, 0, 0]


def test_a_settled_instalment_keeps_its_fee_when_fees_are_worked_out_again():
    account = opened()
    each = fee(account, when="installment", calculation="percent_amount")
    account.charge(each, today=START)
    assert each.parts == {FEB: 3_000, MAR: 3_000, APR: 3_000}
    account.post("repayment", FEB, 33_000, today=FEB)
    each.rate = Decimal(20)
    assess(account.state, each)
    # A tenth was charged of what is settled; a fifth is of what is not.
    assert each.parts == {FEB: 3_000, MAR: 6_000, APR: 6_000}
