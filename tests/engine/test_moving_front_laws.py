"""What is true of every loan with interest by the day on the balance owed."""

from dataclasses import replace
from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from daihou.engine.ledger.moving.front import run_on_balance, settle_running
from daihou.engine.ledger.schedule import schedule
from daihou.engine.rulebook.policy import Advance
from tests.engine.running import POLICY, START, TERMS, lines, loan

CONTRACTS = st.builds(
    replace,
    st.just(TERMS),
    method=st.sampled_from(
        ["equal_instalment", "equal_principal", "interest_only", "bullet"]
    ),
    day_count=st.sampled_from(["ACT/360", "ACT/365F", "ACT/ACT", "30/360", "period"]),
    first_due_on=st.sampled_from([date(2024, 2, 1), date(2024, 2, 29)]),
    periods=st.integers(1, 4),
)
MONEY = st.lists(
    st.tuples(
        st.integers(0, 130).map(lambda days: START + timedelta(days=days)),
        st.sampled_from([1, 3_720, 50_000, 120_000, 400_000]),
    ),
    max_size=4,
)
WAYS = st.sampled_from([Advance.NEXT, Advance.LAST, Advance.EVEN])


@given(CONTRACTS)
def test_without_early_money_it_is_the_schedule(terms):
    running = run_on_balance(loan(), terms, POLICY, as_of=START)
    rows = [(row.due_on, row.principal, row.interest) for row in schedule(terms)]
    assert lines(running.loan) == rows


@given(CONTRACTS, MONEY, WAYS, st.integers(0, 150))
def test_no_cent_is_made_or_lost_and_early_money_never_makes_it_late(
    terms, money, advance, days
):
    as_of = START + timedelta(days=days)
    policy = replace(POLICY, advance=advance)
    paid = loan(*money)
    running = run_on_balance(paid, terms, policy, as_of=as_of)
    state = settle_running(paid, terms, policy, as_of=as_of)
    assert sum(each.principal for each in running.loan.demands) == 360_000
    assert running.accrued >= 0
    allocated = sum(each.amount for each in state.allocations)
    assert allocated + state.unapplied_credit == sum(
        amount for on, amount in money if on <= as_of
    )
    early = [each for each in state.demands if each.demand.demand_id % 1_000]
    assert not any(sum(each.unpaid.values()) for each in early)
    interest = sum(each.interest for each in running.loan.demands)
    assert interest <= sum(row.interest for row in schedule(terms)) + len(money)


@given(CONTRACTS, WAYS, st.integers(0, 90), st.integers(1, 350_000))
def test_what_is_asked_on_a_day_pays_off_the_loan_that_day(
    terms, advance, days, amount
):
    on, policy = START + timedelta(days=days), replace(POLICY, advance=advance)
    first = (START + timedelta(days=5), amount)
    known = run_on_balance(loan(first), terms, policy, as_of=on)
    state = settle_running(loan(first), terms, policy, as_of=on)
    asked = state.outstanding_total + known.accrued - state.unapplied_credit
    if days < 5 or asked <= 0:
        return
    closed = loan(first, (on, asked))
    after = settle_running(closed, terms, policy, as_of=on)
    assert (after.status, after.unapplied_credit) == ("settled", 0)
    assert after.outstanding_total == 0
