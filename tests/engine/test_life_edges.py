"""Lives in which something happens on the very day it begins to count."""

from datetime import date
from decimal import Decimal

import pytest

from daihou.engine.ledger.life.compare import Treatment, compare, to_pay, yearly_cost
from daihou.engine.ledger.life.difference import difference
from daihou.engine.ledger.life.errors import LifeError
from daihou.engine.ledger.life.events import Event, check_count
from daihou.engine.ledger.life.front import dpd_path, settle_life, unfold
from daihou.engine.ledger.life.restructuring import Coming, Left, rows_of, same_dates
from daihou.engine.ledger.values import Demand, Loan, RateStep, Row
from tests.engine.lives import instant
from tests.engine.test_life import MARCH, PAYMENT, PAYMENT_2, contract, happens

FEB_10 = date(2026, 2, 10)  # the first instalment: 200.00 and 12.00 of interest
FEB_11 = date(2026, 2, 11)
MAR_10 = date(2026, 3, 10)
APR_10 = date(2026, 4, 10)
MAY_1 = date(2026, 5, 1)


def after(*events: Event, on: date = FEB_10) -> Loan:
    """Return the facts of six months of equal principal after these events."""
    return unfold(contract(), events, as_of=on)


def test_what_falls_due_that_day_is_paid_at_once() -> None:
    rows = to_pay(settle_life(contract(), [], as_of=FEB_10))
    assert rows[0] == Row(0, FEB_10, 20_000, 1_200)
    assert [each.seq for each in rows] == [0, 2, 3, 4, 5, 6]


def test_money_due_at_once_with_nothing_after_it_has_no_yearly_cost() -> None:
    flows = [(FEB_10, 100), (MAR_10, 0)]
    assert yearly_cost(100, flows, on=FEB_10) is None


def test_the_lowest_yearly_cost_is_found_where_two_years_bring_a_ten_thousandth() -> (
    None
):
    flows = [(date(2028, 2, 10), 1)]  # 730 days: 0.01 x 0.01
    assert yearly_cost(10_000, flows, on=FEB_10) == Decimal("-0.99")


def test_two_treatments_that_both_end_are_compared_in_rate_and_last_day() -> None:
    longer = Treatment("longer", (happens("extension", 8, APR_10, periods=6),))
    spread = Treatment("spread", (happens("re_amortise", 9, APR_10),))
    found = compare(
        *(contract(), [PAYMENT], longer, spread),
        as_of=APR_10,
        discount_rate=Decimal("0.10"),
    )
    assert [each.code for each in found.lines] == [
        *("compare_total", "compare_cost", "compare_given_up", "compare_value"),
        *("compare_rate", "compare_last", "compare_dpd"),
    ]


def test_what_is_recorded_at_the_moment_asked_for_is_known() -> None:
    found = difference(
        contract(),
        [PAYMENT, PAYMENT_2],
        as_of=MAR_10,
        known_at=instant(FEB_10),
        known_now=instant(MAR_10),
    )
    arrived = [each for each in found.lines if each.code == "diff_arrived_amount"]
    assert [each.params["event"] for each in arrived] == [2]
    assert (found.before.state.dpd, found.after.state.dpd) == (0, 0)
    owed = (found.before.state.outstanding_principal, 80_000)
    assert owed == (100_000, found.after.state.outstanding_principal)


def test_the_most_periods_are_not_too_many() -> None:
    event = happens("extension", 2, MARCH, periods=6)
    check_count(event, "periods", 6, high=6)
    with pytest.raises(LifeError):
        check_count(event, "periods", 7, high=6)


@pytest.mark.parametrize(
    ("first", "days"),
    [(14, {14: 0, 15: 5}), (15, {15: 5}), (13, {13: 0, 14: 0, 15: 5})],
)
def test_a_day_before_a_reversal_stays_as_it_was(
    first: int, days: dict[int, int]
) -> None:
    events = [PAYMENT, happens("reversal", 2, date(2026, 2, 15), of=1)]
    path = dpd_path(
        *(contract(), events),
        first=date(2026, 2, first),
        last=date(2026, 2, 15),
    )
    assert path == {date(2026, 2, day): dpd for day, dpd in days.items()}


def test_of_several_ids_the_one_used_twice_is_named() -> None:
    events = [happens("write_off", number, MARCH) for number in (5, 7, 7)]
    with pytest.raises(LifeError, match="Event id 7 "):
        unfold(contract(), events, as_of=MARCH)


def test_rows_that_begin_that_day_can_be_made_anew() -> None:
    rows = (
        Demand(1, 1, date(2026, 6, 10), 120_000, 0, ends_on=MAY_1),
        Demand(2, 1, date(2026, 7, 10), 120_000, 0, begins_on=MAY_1),
    )
    extended = happens("extension", 3, MAY_1, periods=1)
    loan = unfold(contract(demands=rows), [extended], as_of=MAY_1)
    assert [each.principal for each in loan.demands[2:]] == [60_000, 60_000]


@pytest.mark.parametrize(("on", "fees"), [(FEB_10, []), (FEB_11, [2_120])])
def test_a_share_of_what_is_overdue_leaves_out_what_falls_due_that_day(
    on: date, fees: list[int]
) -> None:
    share = Decimal("0.1")
    charge = happens("charge", 2, on, share=share, base="overdue")
    assert [each.fee for each in after(charge, on=on).demands[6:]] == fees


@pytest.mark.parametrize(
    ("amount", "given_up"),
    [(None, [(1, 1_200)]), (1_500, [(1, 1_200), (2, 300)])],
)
def test_a_waiver_takes_what_is_due_unless_an_amount_reaches_further(
    amount: int | None, given_up: list[tuple[int, int]]
) -> None:
    waiver = happens("waiver", 2, FEB_10, component="interest", amount=amount)
    found = [(each.demand_id, each.amount) for each in after(waiver).waivers]
    assert found == given_up


def test_a_penalty_adjusted_by_nothing_stays() -> None:
    assert after(happens("penalty_adjustment", 2, FEB_10, amount=0)) == after()


def test_a_prepayment_of_just_what_is_due_leaves_the_plan() -> None:
    exact = happens("prepayment", 2, FEB_10, amount=21_200)
    life = settle_life(contract(), [exact], as_of=FEB_10)
    assert (life.story, len(life.loan.demands)) == ((), 6)


@pytest.mark.parametrize(
    ("from_on", "fee", "carried"), [(MARCH, 50, 250), (MAY_1, 0, 0)]
)
def test_fees_and_earned_interest_go_with_a_plan_that_begins_that_day(
    from_on: date, fee: int, carried: int
) -> None:
    coming = Coming(3, Row(3, date(2026, 5, 10), 20_000, 800, 50), MAR_10)
    left = Left(MARCH, Row(0, MARCH, 0, 0), (coming,), 250, 3)
    deal = same_dates(left)
    (made,) = rows_of(left, contract().terms, deal, balance=20_000, from_on=from_on)
    assert (made.row.fee, made.carried) == (fee, carried)


def test_penalty_stands_still_in_a_pause_and_runs_again_from_its_end() -> None:
    pause = happens("interest_pause", 2, MARCH, until=APR_10, penalty=True)
    steps = after(pause, on=MARCH).rate_steps
    # Half as much again as 12 % a year.
    assert steps == (RateStep(MARCH, 0), RateStep(APR_10, 180_000_000))


def test_another_rate_brings_its_penalty_rate_from_its_own_day() -> None:
    change = happens("rate_change", 2, MARCH, annual_rate=Decimal("0.10"))
    steps = after(change, on=MARCH).rate_steps
    assert steps == (RateStep(MARCH, 150_000_000),)
