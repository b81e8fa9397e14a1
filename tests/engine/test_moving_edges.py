"""Small plans worked by hand, on the days where one comparison decides."""

from datetime import date
from decimal import Decimal

import pytest

from daihou.engine.ledger.moving import answers
from daihou.engine.ledger.moving.account import PlanAccount
from daihou.engine.ledger.moving.charges import assess
from daihou.engine.ledger.moving.state import Charge
from daihou.engine.ledger.moving.terms import (
    Future,
    Order,
    PlanTerms,
    Recalculation,
    Timing,
)

START = date(2024, 1, 1)
FEB, MAR, APR = date(2024, 2, 1), date(2024, 3, 1), date(2024, 4, 1)
COMPONENTS = ("penalty", "fee", "interest", "principal")


def order(*timings: Timing, future: Future = Future.NEXT) -> Order:
    return Order(
        tuple((timing, each) for timing in timings for each in COMPONENTS), future
    )


def opened(*, paid_out: int = 90_000, **given: object) -> PlanAccount:
    """Open a loan of three months without interest: 30,000 on the first of each."""
    known: dict[str, object] = {
        "principal": 90_000,
        "yearly_percent": Decimal(0),
        "start_on": START,
        "periods": 3,
        "days_in_year": "360",
        "days_in_month": "30",
        "orders": {"default": order(*Timing)},
    }
    account = PlanAccount(PlanTerms(**known | given))  # type: ignore[arg-type]
    account.disburse(START, paid_out, today=START)
    return account


def paid(account: PlanAccount) -> list[int]:
    return [row.total_paid for row in account.state.rows]


def charge(account: PlanAccount, **given: object) -> Charge:
    known: dict[str, object] = {
        "number": account.next_seq(),
        "name": "fee",
        "penalty": False,
        "when": "specified_due_date",
        "calculation": "flat",
        "rate": Decimal(10),
        "submitted_on": START,
        "seq": account.next_seq(),
    }
    return Charge(**known | given)  # type: ignore[arg-type]


# Where early money goes


@pytest.mark.parametrize(
    ("future", "where"),
    [
        (Future.NEXT, [30_000, 10_000, 0]),
        (Future.LAST, [0, 10_000, 30_000]),
        (Future.EVEN, [13_333, 13_333, 13_334]),
        (Future.CURRENT_THEN_LAST, [30_000, 0, 10_000]),
    ],
)
def test_early_money_goes_where_its_order_says(future, where):
    account = opened(orders={"default": order(*Timing, future=future)})
    account.post("repayment", date(2024, 1, 10), 40_000, today=date(2024, 1, 10))
    assert paid(account) == where


def test_two_cents_over_three_rows_are_a_cent_for_each_of_the_first():
    account = opened(orders={"default": order(*Timing, future=Future.EVEN)})
    account.post("repayment", date(2024, 1, 10), 2, today=date(2024, 1, 10))
    assert paid(account) == [1, 1, 0]


def test_what_is_due_today_is_not_early():
    account = opened(orders={"default": order(Timing.IN_ADVANCE)})
    account.post("repayment", FEB, 5_000, today=FEB)
    assert paid(account) == [0, 5_000, 0]


def test_what_is_due_today_is_not_past_due():
    account = opened(orders={"default": order(Timing.PAST_DUE)})
    account.post("repayment", FEB, 5_000, today=FEB)
    assert (paid(account), account.state.over) == ([0, 0, 0], 5_000)


def test_by_component_the_rows_take_turns():
    account = opened(vertical=True)
    for due in (FEB, MAR):
        account.charge(charge(account, due=due), today=START)
    account.post("repayment", MAR, 31_500, today=MAR)
    rows = account.state.rows
    # Past due fee and principal, then the fee of today, then its principal.
    assert [row.paid["fee"] for row in rows] == [1_000, 500, 0]
    assert [row.paid["principal"] for row in rows] == [30_000, 0, 0]


# Charges


@pytest.mark.parametrize(
    ("due", "row"), [(START, 0), (FEB, 0), (date(2024, 2, 2), 1), (APR, 2)]
)
def test_a_charge_is_part_of_the_row_it_falls_due_in(due, row):
    account = opened()
    account.charge(charge(account, due=due), today=START)
    fees = [each.owed["fee"] for each in account.state.rows]
    assert fees == [1_000 if place == row else 0 for place in range(3)]


def test_a_charge_after_the_last_row_makes_its_own():
    account = opened()
    account.charge(charge(account, due=date(2024, 4, 2)), today=START)
    last = account.state.rows[-1]
    assert (last.additional, last.due) == (True, date(2024, 4, 2))
    assert (last.begins, last.owed["fee"]) == (APR, 1_000)


@pytest.mark.parametrize(
    ("calculation", "amount"),
    [
        ("percent_amount", 9_000),
        ("percent_interest", 180),
        ("percent_amount_plus_interest", 9_180),
    ],
)
def test_a_percent_charge_of_money_only_expected_is_worked_out_on_the_plan(
    calculation, amount
):
    account = opened(yearly_percent=Decimal(12))
    account.restart()
    account.expect([(START, 90_000)])
    interest = sum(row.owed["interest"] for row in account.state.rows)
    assert interest == 1_806
    given = charge(account, when="disbursement", calculation=calculation)
    assess(account.state, given)
    assert given.amount == round(
        {"percent_amount": 90_000, "percent_interest": interest}.get(
            calculation, 90_000 + interest
        )
        / 10
    )
    assert abs(given.amount - amount) <= 1


def test_instalment_fees_of_a_share_of_each_instalment():
    account = opened()
    fee = charge(account, when="installment", calculation="percent_amount")
    account.charge(fee, today=START)
    assert [row.owed["fee"] for row in account.state.rows] == [3_000] * 3
    account.post("repayment", FEB, 33_000, today=FEB)
    assert (fee.paid, fee.left) == (3_000, 6_000)
    account.waive(fee, FEB, today=FEB)
    assert [row.waived["fee"] for row in account.state.rows] == [0, 3_000, 3_000]
    assert account.outstanding == 60_000


def test_each_tranche_pays_its_own_charge_once():
    account = opened(paid_out=60_000, several_disbursements=True)
    account.restart()
    fee = charge(account, when="tranche_disbursement", calculation="flat")
    account.state.charges.append(fee)
    ten = date(2024, 1, 10)
    for _ in range(2):
        account.disburse(START, 60_000, today=START)
        account.disburse(ten, 30_000, today=ten)
        taken = [each for each in account.state.charges if each.active]
        assert [(each.due, each.paid) for each in taken] == [
            (START, 1_000),
            (ten, 1_000),
        ]
        account.restart()  # both wait for their days again
        assert [each.paid for each in taken] == [0, 0]


def test_expected_money_leaves_no_trace_of_itself():
    account = opened()
    account.restart()
    account.expect([(START, 60_000), (FEB, 30_000)])
    assert [row.owed["principal"] for row in account.state.rows] == [
        20_000,
        35_000,
        35_000,
    ]
    assert account.state.entries == []
    assert all(row.met_on is None for row in account.state.rows)


@pytest.mark.parametrize(
    ("on", "row"), [(date(2024, 1, 20), 0), (FEB, 1), (date(2024, 3, 31), 2), (APR, 2)]
)
def test_a_fee_charged_back_is_owed_again_in_the_period_of_that_day(on, row):
    account = opened(chargeback_order=("fee", "principal"))
    account.charge(charge(account, due=FEB), today=START)
    money = account.post("repayment", START, 31_000, today=START)
    assert account.state.rows[0].paid == {
        **dict.fromkeys(COMPONENTS, 0),
        "fee": 1_000,
        "principal": 30_000,
    }
    account.post("chargeback", on, 400, today=on, of=money)
    account.post("chargeback", on, 700, today=on, of=money)
    again = [each.credited["fee"] for each in account.state.rows]
    assert again == [1_000 if place == row else 0 for place in range(3)]
    assert sum(each.credited["principal"] for each in account.state.rows) == 100
    assert account.outstanding == 60_000 + 1_100


def test_money_paid_twice_is_held_until_something_is_owed():
    account = opened()
    account.post("repayment", FEB, 90_500, today=FEB)
    assert (account.status, account.state.over) == ("overpaid", 500)
    account.post("credit_balance_refund", FEB, 200, today=FEB)
    assert account.state.over == 300
    account.charge(charge(account, due=MAR, rate=Decimal(1)), today=FEB)
    assert account.state.over == 200
    account.post("credit_balance_refund", MAR, 250, today=MAR)
    assert (account.state.over, account.outstanding) == (0, 50)


# The end of a loan


@pytest.mark.parametrize(
    ("kind", "ended"),
    [("charge_off", (True, False)), ("contract_termination", (False, True))],
)
def test_how_a_loan_ended_is_known(kind, ended):
    account = opened()
    account.close(kind, date(2024, 1, 20), today=date(2024, 1, 20))
    state = account.state
    assert (state.charged_off, state.terminated) == ended
    assert (account.charged_off_on is not None) == ended[0]


@pytest.mark.parametrize(
    ("on", "dues", "first"),
    [
        (date(2024, 1, 20), [date(2024, 1, 20)], 90_000),
        (FEB, [FEB], 90_000),
        (date(2024, 2, 2), [FEB, date(2024, 2, 2)], 30_000),
        (APR, [FEB, MAR, APR], 30_000),
    ],
)
def test_a_terminated_contract_is_due_that_day(on, dues, first):
    account = opened()
    account.close("contract_termination", on, today=on)
    rows = account.state.rows
    assert [row.due for row in rows] == dues
    assert rows[0].owed["principal"] == first
    assert account.outstanding == 90_000


@pytest.mark.parametrize(
    ("on", "interest"),
    [
        (date(2024, 1, 16), [435, 0, 0]),  # 15 of 31 days of 900
        (FEB, [900, 0, 0]),
        (date(2024, 2, 16), [900, 311, 0]),  # 15 of 29 days of 603 minus rounding
    ],
)
def test_a_charge_off_without_interest_stops_it_on_its_day(on, interest):
    account = opened(
        yearly_percent=Decimal(12), charge_off="zero_interest", levelling_rounds=0
    )
    account.close("charge_off", on, today=on)
    found = [row.owed["interest"] for row in account.state.rows]
    assert [abs(a - b) <= 1 for a, b in zip(found, interest, strict=True)] == [True] * 3
    assert sum(row.owed["principal"] for row in account.state.rows) == 90_000


def test_a_write_off_gives_up_everything_and_books_no_income():
    account = opened(yearly_percent=Decimal(12))
    account.post("write_off", FEB, 0, today=FEB)
    assert (account.outstanding, account.status) == (0, "closed_written_off")
    assert not list(account.state.live("accrual"))


# Income


def test_a_day_end_books_each_day_and_the_end_books_the_rest():
    account = opened(yearly_percent=Decimal(12), recalculation=Recalculation())
    account.day_end(date(2024, 1, 11))  # 10 of 31 days of 900
    booked = [(e.on, e.amount) for e in account.state.live("accrual")]
    assert booked == [(date(2024, 1, 11), 290)]
    on = date(2024, 1, 16)
    owed = answers.payoff(account.state, on)
    assert owed == 90_000 + 435
    account.post("repayment", on, owed, today=on)
    booked = [(e.on, e.amount) for e in account.state.live("accrual")]
    assert booked == [(date(2024, 1, 11), 290), (on, 145)]
    assert account.closed_on == on


def test_money_that_came_too_late_to_end_it_earlier_ends_it_on_its_own_day():
    account = opened(recalculation=None)
    account.post("repayment", date(2024, 1, 20), 50_000, today=date(2024, 1, 20))
    account.post("repayment", date(2024, 1, 10), 40_000, today=date(2024, 1, 25))
    assert account.status == "closed_obligations_met"
    assert account.closed_on == date(2024, 1, 10)


def test_an_instalment_paid_early_goes_on_earning_to_its_due_date():
    account = opened(yearly_percent=Decimal(12), recalculation=Recalculation())
    on = date(2024, 1, 16)
    account.post("repayment", on, account.state.rows[0].outstanding, today=on)
    account.day_end(date(2024, 1, 31))
    before = sum(e.amount for e in account.state.live("accrual"))
    account.day_end(FEB)
    after = sum(e.amount for e in account.state.live("accrual"))
    assert 0 < after - before < 30
    assert not list(account.state.live("accrual_adjustment"))


def activity(account: PlanAccount) -> list[tuple[date, int]]:
    return [(e.on, e.amount) for e in account.state.live("accrual_activity")]


def test_what_instalments_earned_is_said_on_due_dates_and_once_at_the_end():
    account = opened(yearly_percent=Decimal(12), recalculation=Recalculation())
    account.posts_activity = True
    account.day_end(FEB)
    assert activity(account) == [(FEB, 900)]
    account.post("repayment", FEB, account.state.rows[0].outstanding, today=FEB)
    on = date(2024, 2, 16)
    entry = account.post("repayment", on, answers.payoff(account.state, on), today=on)
    rest = entry.parts["interest"]
    assert activity(account) == [(FEB, 900), (on, rest)]
    account.reverse(entry, today=on)
    assert activity(account) == [(FEB, 900)]
    again = account.post("repayment", on, entry.amount, today=on)
    account.reverse(again, today=date(2024, 4, 10))  # it should long have been paid
    assert [on for on, _ in activity(account)] == [FEB, MAR, APR]


# Interest that is given back


def test_the_interest_of_returned_goods_is_given_back_and_follows_what_changes():
    account = opened(
        yearly_percent=Decimal(12),
        recalculation=Recalculation(),
        refunds_interest=frozenset({"payout_refund"}),
    )
    on = date(2024, 1, 16)
    back = account.post("payout_refund", on, 45_000, today=on)
    account.refund_interest(back, today=on)
    (refund,) = account.state.live("interest_refund")
    assert refund.amount == 435 - 218  # 15 of 31 days of 900, and of 450
    account.post("repayment", date(2024, 1, 6), 60_000, today=on)
    # 5 days of 900 and 10 of 300; without the goods 5 days of 450, then nothing.
    (refund,) = account.state.live("interest_refund")
    assert refund.amount == 242 - 73
    account.reverse(back, today=on)
    assert not list(account.state.live("interest_refund"))
