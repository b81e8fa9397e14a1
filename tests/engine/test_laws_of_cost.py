"""What is true of every loan's cost: the cap, waivers, rates, memo, money in advance."""

import math
from dataclasses import replace
from datetime import date
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from daihou.engine.basics.dates import DAY
from daihou.engine.ledger.fixed.settle import settle
from daihou.engine.ledger.values import Loan, LoanState, Payment, RateStep
from daihou.engine.rulebook.policy import Advance, Component, Policy
from tests.engine.loans import AHEAD, DAYS, EARLIEST, days, loans, policies

LAST = DAYS[-1]


# Each day of the past reads the same later.
LASTING = loans(versions=False, reversals=False, closed=False)


def thirty(day: date) -> int:
    """Number a day as if every month had thirty."""
    return (day.year * 12 + day.month) * 30 + min(day.day, 30)


def allowance(loan: Loan, policy: Policy, on: date) -> int:
    """Return the most all cost may be by a day, from what each day-end says."""
    cap = [each for each in policy.cost_caps if each.begins_on <= loan.disbursed_on][-1]
    count = thirty if policy.day_count == "30/360" else date.toordinal
    total, day = Decimal(0), loan.disbursed_on
    while day < on:
        outstanding = settle(loan, policy, as_of=day).outstanding_principal
        total += outstanding * (count(day + DAY) - count(day))
        day += DAY
    return math.floor(total * cap.annual_rate / cap.days_in_year)


def cost(state: LoanState) -> tuple[int, int]:
    """Return what a loan has cost and what it still claims beside principal."""
    paid = claimed = 0
    for each in state.demands:
        for part in Component:
            accruing = part in (Component.PENALTY, Component.COMPOUND)
            due = each.due_on <= state.as_of and part is not Component.PRINCIPAL
            if accruing or due:
                paid += each.paid[part]
                claimed += each.unpaid[part]
    above = state.over_cap[Component.FEE] + state.over_cap[Component.INTEREST]
    return paid, claimed - above


def capped(policy: Policy) -> bool:
    """Tell whether a cap holds for loans paid out on the first day."""
    return any(each.begins_on <= DAYS[0] for each in policy.cost_caps)


@given(LASTING, policies().filter(capped), days)
def test_law_6_the_cost_claimed_never_exceeds_the_cap(
    loan: Loan, policy: Policy, on: date
) -> None:
    state = settle(loan, policy, as_of=on)
    paid, claimed = cost(state)
    assert claimed >= 0
    assert paid + claimed <= max(allowance(loan, policy, on), paid)


@given(LASTING, policies().filter(capped), days)
def test_law_6_nothing_within_the_cap_is_cut(
    loan: Loan, policy: Policy, on: date
) -> None:
    """What the contract asks at a rate within the cap's is claimed to the last cent."""
    loan = replace(loan, waivers=(), penalty_rate_nano=9 * 10**9, rate_steps=())
    state = settle(loan, policy, as_of=on)
    if any(state.over_cap.values()):
        assert sum(cost(state)) >= allowance(loan, policy, on)


@given(LASTING, policies(rules=False, advances=AHEAD), days)
def test_a_cap_never_makes_a_loan_dearer_or_later(
    loan: Loan, policy: Policy, on: date
) -> None:
    free = settle(loan, replace(policy, cost_caps=()), as_of=on)
    state = settle(loan, policy, as_of=on)
    assert state.claimable <= free.claimable
    assert state.dpd <= free.dpd


@given(LASTING, policies(rules=False, advances=AHEAD, anchors=EARLIEST), days)
def test_giving_up_never_makes_a_loan_dearer_or_later(
    loan: Loan, policy: Policy, on: date
) -> None:
    kept = settle(replace(loan, waivers=()), policy, as_of=on)
    state = settle(loan, policy, as_of=on)
    assert state.claimable <= kept.claimable
    assert state.dpd <= kept.dpd


@given(LASTING, policies(), days)
def test_non_accrual_begins_above_the_limit_and_ends_with_nothing_late(
    loan: Loan, policy: Policy, on: date
) -> None:
    since = None
    for day in DAYS[: DAYS.index(on) + 1]:
        state = settle(loan, policy, as_of=day)
        if not state.late_instalments:
            since = None
        elif since is None and policy.non_accrual_after is not None:
            since = day if state.dpd > policy.non_accrual_after else None
    assert state.non_accrual_since == since
    kept = {part: state.overdue[part] if since else 0 for part in state.memo}
    assert kept == state.memo


@given(LASTING, policies(), days)
def test_a_step_to_the_rate_in_force_changes_nothing(
    loan: Loan, policy: Policy, on: date
) -> None:
    known = [each for each in loan.rate_steps if each.begins_on <= on]
    rate = known[-1].penalty_rate_nano if known else loan.penalty_rate_nano
    steps = (*known, RateStep(on, rate), *loan.rate_steps[len(known) :])
    again = settle(replace(loan, rate_steps=steps), policy, as_of=LAST)
    assert again == settle(loan, policy, as_of=LAST)


@given(
    loans(versions=False, most_payments=0, waived=False, closed=False),
    policies(advances=(Advance.LAST, Advance.EVEN)),
    st.integers(1, 9),
)
def test_money_in_advance_goes_to_the_last_or_to_all_alike(
    loan: Loan, policy: Policy, amount: int
) -> None:
    on = DAYS[0] - DAY  # nothing is due
    loan = replace(loan, disbursed_on=on, payments=(Payment(1, on, amount),))
    state = settle(loan, policy, as_of=on)
    whole = sum(sum(each.unpaid.values()) for each in state.demands) + (
        amount - state.unapplied_credit
    )
    assert state.unapplied_credit == max(0, amount - whole)
    pool = min(amount, whole)
    for each in reversed(state.demands):
        paid, left = sum(each.paid.values()), sum(each.unpaid.values())
        if policy.advance is Advance.LAST:
            assert paid == min(pool, paid + left)
            pool -= paid
        else:
            assert abs(paid * whole - pool * (paid + left)) < max(whole, 1)
