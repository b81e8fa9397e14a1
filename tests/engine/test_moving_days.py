"""Days and cents at which a moving plan goes one way or the other, worked by hand."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from itertools import pairwise

import pytest

from daihou.engine.basics.line import Line
from daihou.engine.delinquency.dpd import late_spans
from daihou.engine.delinquency.pauses import PauseAction, as_they_ran
from daihou.engine.delinquency.phrases import say
from daihou.engine.ledger.moving.account import PlanAccount
from daihou.engine.ledger.moving.accrual_moves import credit
from daihou.engine.ledger.moving.front import run_on_balance, settle_running
from daihou.engine.ledger.moving.instalments import disburse, even_out, extend
from daihou.engine.ledger.moving.state import Row
from daihou.engine.ledger.moving.stretches import Period, Stretches
from daihou.engine.ledger.moving.terms import PlanTerms
from daihou.engine.rulebook.policy import DpdMethod
from tests.engine.running import POLICY, TERMS, lines, loan
from tests.engine.test_moving_edges import opened

START = date(2024, 1, 1)
FEB, MAR, APR, MAY = (date(2024, month, 1) for month in (2, 3, 4, 5))
TEN = date(2024, 1, 10)


def principals(account: PlanAccount) -> list[int]:
    return [row.owed["principal"] for row in account.state.rows]


def agreed(*instalments: int, paid: int) -> Stretches:
    """Return a plan without interest whose first instalment is paid with `paid`."""
    terms = PlanTerms(
        *(sum(instalments), Decimal(0), START, len(instalments)),
        unit="days",
        levelling_rounds=1,
    )
    days = [START.replace(day=1 + place) for place in range(len(instalments) + 1)]
    plan = Stretches(terms, [Period(*pair) for pair in pairwise(days)])
    disburse(plan, START, sum(instalments))
    for period, instalment in zip(plan.periods, instalments, strict=True):
        period.instalment = instalment
    plan.periods[0].paid_principal = paid
    plan.touch()
    return plan


def instalments(plan: Stretches) -> list[int]:
    return [period.instalment for period in plan.periods]


# The instalment is evened out


@pytest.mark.parametrize(
    ("before", "paid", "after"),
    [
        # Two cents over four instalments are let be, half of their number.
        ([50_000, 20_000, 20_000, 20_002], 50_000, [50_000, 20_000, 20_000, 20_002]),
        # Three cents are spread over the three that are not paid.
        ([50_000, 20_000, 20_000, 20_003], 50_000, [50_000, 20_001, 20_001, 20_001]),
        # One paid as much as the others are: it counts among them, 8 / 4 each.
        ([20_000, 20_000, 20_000, 20_008], 20_000, [20_002] * 4),
        # Moved to what is paid of the first, that would be settled; 8 is more than 6.
        (
            *([20_010, 20_000, 20_000, 20_006], 20_002),
            [20_010, 20_000, 20_000, 20_006],
        ),
    ],
)
def test_the_instalment_moves_towards_the_last_if_that_evens_it_out(
    before, paid, after
):
    plan = agreed(*before, paid=paid)
    even_out(plan, plan.periods)
    assert instalments(plan) == after


def test_instalments_before_those_evened_out_stay():
    plan = agreed(20_000, 20_000, 20_000, 20_010, paid=0)
    even_out(plan, plan.periods[1:])  # 10 / 3 is 3
    assert instalments(plan) == [20_000, 20_003, 20_003, 20_004]


def test_an_extended_plan_is_spread_anew_with_what_is_paid_of_its_instalments():
    plan = agreed(30_000, 30_000, paid=20_000)
    extend(plan, date(2024, 1, 2), [(date(2024, 1, 3), date(2024, 1, 4))])
    assert instalments(plan) == [20_000] * 3


# Early money that is given back


def test_money_given_back_and_paid_again_came_early_on_its_first_day():
    again = date(2024, 1, 21)
    paid = loan(
        *((START, 180_000), (again, -40_000), (again, 40_000), (again, 1_200)),
        (date(2024, 1, 25), -40_000),
    )
    state = settle_running(paid, TERMS, POLICY, as_of=date(2024, 1, 25))
    running = run_on_balance(paid, TERMS, POLICY, as_of=date(2024, 1, 25))
    # The last 40,000 are 1,200 of the 21st and 38,800 of the first day, so 218,800
    # is owed and costs 2,260.93 in 31 days.
    assert lines(running.loan)[:2] == [(START, 141_200, 0), (FEB, 0, 2_261)]
    assert (state.dpd, state.outstanding_principal) == (0, 218_800)


def test_early_money_given_back_bit_by_bit_leaves_the_plan_as_it_was():
    back = ((date(2024, 1, 21), -700), (date(2024, 1, 24), -180_500))
    paid = loan((START, 181_200), *back)
    running = run_on_balance(paid, TERMS, POLICY, as_of=date(2024, 1, 24))
    assert lines(running.loan) == [
        (FEB, 0, 3_720),
        (MAR, 0, 3_480),
        (APR, 360_000, 3_720),
    ]


# What happens on a due date


def test_money_paid_out_on_the_last_due_date_is_due_that_day():
    account = opened(paid_out=60_000, several_disbursements=True)
    account.disburse(APR, 30_000, today=APR)
    assert principals(account) == [20_000, 20_000, 50_000]


def test_a_rate_that_changes_on_a_due_date_counts_for_its_night():
    account = opened(yearly_percent=Decimal(12), levelling_rounds=0)
    account.vary("new_rate", FEB, Decimal(24), today=FEB)
    # 30 of 31 nights at 1 % a month of 90,000, and one at 2 %.
    assert account.state.rows[0].owed["interest"] == 929


@pytest.mark.parametrize(
    ("start", "begins"), [(date(2024, 2, 29), FEB), (MAR, FEB), (MAY, APR)]
)
def test_the_first_re_aged_row_begins_where_the_one_before_it_is_due(start, begins):
    account = opened()
    on = date(2024, 2, 5)
    details = {"every": 1, "unit": "months", "start": start, "installments": 2}
    account.reshape("reage", on, details, today=on)
    again = [row for row in account.state.rows if row.re_aged]
    assert [row.owed["principal"] for row in again] == [45_000, 45_000]
    assert (again[0].begins, again[0].due) == (begins, start)
    # Emptied rows from the start day on are gone.
    empty = [row.due for row in account.state.rows if not row.re_aged]
    assert empty == [due for due in (FEB, MAR, APR) if due < start]


def test_an_instalment_due_the_day_it_is_re_amortised_is_spread():
    account = opened()
    account.reshape("reamortize", FEB, {}, today=FEB)
    assert principals(account) == [0, 45_000, 45_000]


def test_money_paid_out_after_a_new_plan_is_due_after_its_day():
    account = opened(several_disbursements=True)
    account.reshape("reamortize", FEB, {}, today=FEB)
    account.disburse(MAR, 10_000, today=MAR)
    assert principals(account) == [0, 45_000, 55_000]


@pytest.mark.parametrize("times", [1, 2])
def test_what_is_given_back_on_the_last_due_date_is_kept_on_that_day(times):
    plan = agreed(30_000, 30_000, paid=30_000)
    last = plan.periods[-1]
    for _ in range(times):
        credit(plan, last.due, principal=1_000)
    assert last.credited_principal == 1_000 * times
    assert [(each.begins, each.ends) for each in last.stretches] == [
        (last.begins, last.due),
        (last.due, last.due),
    ]


def test_a_pause_from_the_second_day_of_a_period_spares_its_first_night():
    account = opened(yearly_percent=Decimal(12), levelling_rounds=0)
    second = date(2024, 2, 2)
    account.vary("pause", second, date(2024, 2, 12), today=second)
    rows = account.state.rows
    # 29 nights of February cost 603; ten of them are free.
    assert [row.owed["interest"] for row in rows[:2]] == [900, 395]


@pytest.mark.parametrize(("on", "early", "late"), [(TEN, 0, 3), (FEB, 4, 3)])
def test_money_taken_back_on_the_due_date_was_neither_early_nor_late(on, early, late):
    row = Row(START, FEB)
    row.owed["principal"] = 10
    row.pay("principal", 4, TEN)
    row.pay("principal", 3, MAR)
    row.unpay("principal", 4, on)
    assert (row.early, row.late) == (early, late)


# Days past due


def spans(*unpaid: tuple[date, int]) -> Sequence[tuple[date, date]]:
    return late_spans(
        START, unpaid, owed=100, method=DpdMethod(id="contract"), until=MAR
    )


def test_late_days_in_a_row_are_one_span_and_others_two():
    day = [date(2024, 1, number) for number in range(1, 10)]
    assert spans((day[0], 100), (day[4], 50)) == ((day[1], MAR),)
    assert spans((day[0], 100), (day[4], 0), (day[6], 50)) == (
        (day[1], day[3]),
        (day[6], MAR),
    )


@pytest.mark.parametrize(("on", "till"), [(TEN, TEN), (FEB, FEB), (MAR, FEB)])
def test_a_pause_is_never_made_longer_by_its_end(on, till):
    ran = as_they_ran([PauseAction(START, FEB), PauseAction(on)])
    assert ran == [(START, till)]


@pytest.mark.parametrize(
    ("count", "said"),
    [
        (4, "2 (Jan) + 2 (Feb) + 2 (Mar) + 2 (Apr)"),
        (5, "2 (Jan) + … + 2 (May)"),
    ],
)
def test_days_are_said_month_by_month_up_to_four(count, said):
    months = tuple((date(2024, number, 1), 2) for number in range(1, count + 1))
    params = {"first": START, "last": MAY, "dpd": 2 * count, "months": months}
    line = Line("result", params | {"bucket": "M1", "low": 1, "high": 30})
    assert say(line, "en").note == f"{said} → M1 (1–30)"
