"""A plan that moves: worked examples a lender can follow, and what always holds."""

from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from daihou.engine.ledger.moving import answers
from daihou.engine.ledger.moving.account import PlanAccount
from daihou.engine.ledger.moving.terms import Order, PlanTerms, Recalculation, Timing

START = date(2024, 1, 1)
STEPS = tuple(
    (timing, each)
    for timing in Timing
    for each in ("penalty", "fee", "interest", "principal")
)


def terms(**given_: object) -> PlanTerms:
    known: dict[str, object] = {
        "principal": 120_000,
        "yearly_percent": Decimal(12),
        "start_on": START,
        "periods": 3,
        "days_in_year": "360",
        "days_in_month": "30",
        "orders": {"default": Order(STEPS)},
    }
    return PlanTerms(**known | given_)  # type: ignore[arg-type]


def paid_out(**given_: object) -> PlanAccount:
    account = PlanAccount(terms(**given_))
    account.disburse(START, 120_000, today=START)
    return account


def rows(account: PlanAccount) -> list[tuple[int, int]]:
    return [(r.owed["principal"], r.owed["interest"]) for r in account.state.rows]


def test_three_equal_instalments_at_one_percent_a_month():
    # 120,000 x 1.01^3 / (1 + 1.01 + 1.01^2) = 40,802.65...
    account = paid_out()
    assert rows(account) == [(39_603, 1_200), (39_999, 804), (40_398, 404)]


def test_paying_early_saves_interest_only_where_it_follows_the_balance():
    mid = date(2024, 1, 16)
    fixed = paid_out()
    moving = paid_out(recalculation=Recalculation())
    for account in (fixed, moving):
        account.post("repayment", mid, 60_000, today=mid)
    fixed_interest = sum(interest for _, interest in rows(fixed))
    moving_interest = sum(interest for _, interest in rows(moving))
    assert fixed_interest == 2_408
    assert moving_interest < fixed_interest


def test_paying_late_costs_interest_only_where_it_follows_the_balance():
    late = date(2024, 2, 16)
    fixed = paid_out()
    moving = paid_out(recalculation=Recalculation())
    for account in (fixed, moving):
        account.day_end(late - timedelta(days=1))
    assert rows(fixed)[1] == (39_999, 804)
    assert rows(moving)[1][1] > 804


def test_payoff_in_the_middle_of_a_period_asks_for_the_days_used():
    account = paid_out(recalculation=Recalculation())
    on = date(2024, 1, 16)  # 15 of 31 days of 1,200
    assert answers.payoff(account.state, on) == 120_000 + 581
    account.post("repayment", on, 120_581, today=on)
    assert account.status == "closed_obligations_met"
    assert account.state.over == 0


@pytest.mark.parametrize("advance", ["reduce_emi_amount", "reschedule_next_repayments"])
def test_early_money_saves_interest_in_a_plan_of_one_rate_a_period(advance):
    account = paid_out(
        progressive=False,
        strategy="penalty,fee,interest,principal",
        recalculation=Recalculation(advance=advance),
    )
    before = sum(interest for _, interest in rows(account))
    on = date(2024, 1, 11)  # 10 of 31 days at the whole balance, 21 at half of it
    account.post("repayment", on, 60_000, today=on)
    daily = Decimal("0.12") / 365
    first = round(120_000 * daily * 10) + round(60_000 * daily * 21)
    assert rows(account)[0][1] == first
    assert sum(interest for _, interest in rows(account)) < before
    assert sum(principal for principal, _ in rows(account)) == 120_000


def test_a_pause_charges_nothing_for_its_days():
    account = paid_out(recalculation=Recalculation())
    account.vary("pause", date(2024, 2, 11), date(2024, 2, 20), today=START)
    # 10 of 29 days of the second month's 803.97 are free
    assert rows(account)[1][1] == round(Decimal("803.97") * 19 / 29)


def test_a_period_over_new_year_counts_each_year_by_its_own_days():
    start = date(2023, 12, 12)
    account = PlanAccount(
        terms(start_on=start, days_in_year="actual", days_in_month="actual")
    )
    account.disburse(start, 1_000_000, today=start)
    share = Fraction(19, 365) + Fraction(12, 366)  # to 31 December, and after it
    assert rows(account)[0][1] == round(1_000_000 * Fraction(12, 100) * share)


@pytest.mark.parametrize(
    ("day", "early", "late"), [(31, 40_803, 0), (32, 0, 0), (33, 0, 40_803)]
)
def test_on_the_due_date_money_is_neither_early_nor_late(day, early, late):
    account = paid_out()
    on = START + timedelta(days=day - 1)  # the first instalment is due on day 32
    account.post("repayment", on, 40_803, today=on)
    row = account.state.rows[0]
    assert (row.early, row.late, row.met_on) == (early, late, on)


def test_a_new_rate_holds_from_its_day():
    account = paid_out()
    account.vary("new_rate", date(2024, 2, 2), Decimal(0), today=START)
    assert rows(account)[0] == (39_603, 1_200)
    assert [interest for _, interest in rows(account)[1:]] == [0, 0]
    assert sum(principal for principal, _ in rows(account)) == 120_000


def test_charged_off_without_interest_owes_what_was_earned_till_then():
    account = paid_out(recalculation=Recalculation(), charge_off="zero_interest")
    on = date(2024, 2, 16)
    entry = account.close("charge_off", on, today=on)
    assert sum(principal for principal, _ in rows(account)) == 120_000
    assert [interest for _, interest in rows(account)][2] == 0
    assert entry.amount == account.outstanding


def test_re_aged_rows_hold_all_that_was_unpaid():
    account = paid_out(yearly_percent=Decimal(0))
    on = date(2024, 2, 20)
    details = {
        "every": 1,
        "unit": "months",
        "start": date(2024, 3, 10),
        "installments": 4,
    }
    account.reshape("reage", on, details, today=on)
    again = [row for row in account.state.rows if row.re_aged]
    assert [row.owed["principal"] for row in again] == [30_000] * 4
    assert account.outstanding == 120_000
    account.undo("reage", today=on)
    assert rows(account) == [(40_000, 0)] * 3


@pytest.mark.parametrize("recalculation", [None, Recalculation()])
def test_a_reversed_payment_leaves_no_trace(recalculation):
    untouched = paid_out(recalculation=recalculation)
    account = paid_out(recalculation=recalculation)
    on = date(2024, 1, 20)
    entry = account.post("repayment", on, 50_000, today=on)
    account.reverse(entry, today=on)
    assert rows(account) == rows(untouched)
    assert account.outstanding == untouched.outstanding


days = st.integers(0, 100)


KINDS = (
    {},
    {"recalculation": Recalculation()},
    {"progressive": False, "strategy": "penalty,fee,interest,principal"},
    {
        "progressive": False,
        "strategy": "penalty,fee,interest,principal",
        "recalculation": Recalculation(advance="reschedule_next_repayments"),
    },
)


@given(
    st.lists(st.tuples(days, st.integers(1, 90_000)), max_size=4),
    st.sampled_from(KINDS),
)
def test_no_cent_is_made_or_lost(moves, kind):
    account = paid_out(**kind)
    for day, amount in sorted(moves):
        on = START + timedelta(days=day)
        entry = account.post("repayment", on, amount, today=on)
        assert sum(entry.parts.values()) + entry.over == amount
    placed = sum(row.total_paid for row in account.state.rows)
    assert placed + account.state.over == sum(amount for _, amount in moves)
    assert sum(principal for principal, _ in rows(account)) == 120_000
    assert all(row.left(each) >= 0 for row in account.state.rows for each in row.owed)


@given(st.lists(st.tuples(days, st.integers(1, 90_000)), max_size=4), st.randoms())
def test_the_order_of_arrival_does_not_matter(moves, random):
    last = START + timedelta(days=120)
    dated = [(START + timedelta(days=day), amount) for day, amount in moves]
    if len({on for on, _ in dated}) < len(dated):
        return  # of one day, the first come is the first served
    accounts = []
    for order in (sorted(dated), random.sample(dated, len(dated))):
        account = paid_out()
        for on, amount in order:
            account.post("repayment", on, amount, today=last)
        accounts.append(account)
    assert rows(accounts[0]) == rows(accounts[1])
    paid = [[dict(row.paid) for row in each.state.rows] for each in accounts]
    assert paid[0] == paid[1]
