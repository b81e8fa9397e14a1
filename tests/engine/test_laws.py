"""What is true of every loan under every policy, after every event and every day."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

from hypothesis import assume, given
from hypothesis import strategies as st

from daihou.engine.basics.dates import DAY
from daihou.engine.delinquency.phrases import say
from daihou.engine.delinquency.words import CHINESE
from daihou.engine.ledger.fixed.account import LATE_MAKING, Account
from daihou.engine.ledger.fixed.allocation import Replay
from daihou.engine.ledger.fixed.history import history, strip, worst_by_month
from daihou.engine.ledger.fixed.settle import settle
from daihou.engine.ledger.fixed.whatif import payoff, preview, what_would_change
from daihou.engine.ledger.values import Loan, LoanState, Payment
from daihou.engine.rulebook.policy import (
    Component,
    Direction,
    Mode,
    Policy,
)
from tests.engine.loans import (
    AHEAD,
    DAYS,
    EARLIEST,
    FIRST_OR_LAST,
    days,
    loans,
    policies,
)

LAST = DAYS[-1]


def in_force(loan: Loan, as_of: date) -> list[Payment]:
    """Return the payments that count on a day."""
    return [
        each
        for each in loan.payments
        if each.paid_on <= as_of and not (each.ends_on and each.ends_on <= as_of)
    ]


def one_way(policy: Policy) -> Policy:
    """Take the tolerance away where money is allocated by component.

    Money that came before a due date has gone to the older demand alone, money on
    that date goes to the interest of both: which remainder then lies within a
    tolerance may differ, so law 3 does not hold for that mixture.
    """
    if policy.direction is Direction.HORIZONTAL:
        return policy
    none = replace(policy.dpd, tolerance_minor=0, tolerance_share=Decimal(0))
    return replace(policy, dpd=none)


@given(loans(), policies(), days)
def test_law_1_no_cent_is_made_or_lost(loan: Loan, policy: Policy, on: date) -> None:
    state = settle(loan, policy, as_of=on)
    paid = sum(each.amount for each in in_force(loan, on))
    placed = sum(each.amount for each in state.allocations)
    assert paid == placed + state.unapplied_credit
    for each in state.demands:
        for component, amount in each.paid.items():
            assert amount == sum(
                own.amount
                for own in state.allocations
                if (own.demand_id, own.component) == (each.demand.demand_id, component)
            )


@given(loans(waived=False), policies(), days)
def test_a_demand_is_settled_on_the_day_of_its_last_cent(
    loan: Loan, policy: Policy, on: date
) -> None:
    state = settle(loan, policy, as_of=on)
    for each in state.demands:
        touched = [
            own.on
            for own in state.allocations
            if own.demand_id == each.demand.demand_id
        ]
        if any(each.unpaid.values()):
            assert each.settled_on is None
        else:
            assert each.settled_on == max(touched, default=each.demand.due_on)


@given(loans(refunds=False), policies(), days)
def test_law_1_each_payment_is_accounted_for(
    loan: Loan, policy: Policy, on: date
) -> None:
    state = settle(loan, policy, as_of=on)
    for payment in in_force(loan, on):
        placed = sum(
            each.amount
            for each in state.allocations
            if each.payment_id == payment.payment_id
        )
        assert 0 <= placed <= payment.amount


@given(loans(), policies(), days)
def test_law_2_nothing_outstanding_is_below_zero(
    loan: Loan, policy: Policy, on: date
) -> None:
    state = settle(loan, policy, as_of=on)
    for each in state.demands:
        assert min(*each.unpaid.values(), *each.waived.values()) >= 0
        for part in LATE_MAKING:
            due = getattr(each.demand, part)
            assert due == each.paid[part] + each.waived[part] + each.unpaid[part]
    assert min(state.overdue.values()) >= 0
    assert 0 <= state.outstanding_principal <= state.outstanding_total
    overdue_other = state.overdue_total - state.overdue["principal"]
    assert overdue_other <= state.outstanding_total - state.outstanding_principal
    assert (state.next_due_on is None) == (state.next_due_amount == 0)


@given(
    loans(refunds=False, pauses=False),
    policies(anchors=EARLIEST, advances=FIRST_OR_LAST, rules=False).map(one_way),
    days,
    st.integers(1, 3),
    st.data(),
)
def test_law_3_paying_more_never_makes_it_later(
    loan: Loan, policy: Policy, on: date, extra: int, data: st.DataObject
) -> None:
    added = Payment(9, data.draw(days), extra)
    more = replace(loan, payments=(*loan.payments, added))
    before, after = (settle(each, policy, as_of=on) for each in (loan, more))
    assert after.dpd <= before.dpd
    assert after.worst_dpd <= before.worst_dpd
    assert after.outstanding_total <= before.outstanding_total


@given(
    # A waiver gives up what is owed by its day: money before it may pay just that.
    loans(refunds=False, reversals=False, waived=False),
    policies(anchors=EARLIEST, advances=AHEAD, rules=False).map(one_way),
    days,
    st.integers(1, 5),
)
def test_law_3_paying_earlier_never_makes_it_later(
    loan: Loan, policy: Policy, on: date, earlier: int
) -> None:
    assume(loan.payments)
    first, *others = loan.payments
    sooner = replace(first, paid_on=first.paid_on - timedelta(days=earlier))
    moved = replace(loan, payments=(sooner, *others))
    before, after = (settle(each, policy, as_of=on) for each in (loan, moved))
    assert after.dpd <= before.dpd


@given(
    loans(versions=False, most_payments=1, pauses=False, closed=False),
    policies(anchors=EARLIEST),
    st.sampled_from(DAYS[5:]),
)
def test_law_4_an_untouched_late_loan_ages_one_day_a_day(
    loan: Loan, policy: Policy, on: date
) -> None:
    known = tuple(replace(each, ends_on=None) for each in in_force(loan, on))
    given_up = tuple(
        replace(each, ends_on=None)
        for each in loan.waivers
        if each.on <= on and not (each.ends_on and each.ends_on <= on)
    )
    untouched = replace(loan, payments=known, waivers=given_up)
    today = settle(untouched, policy, as_of=on)
    assume(today.dpd > 0 and today.unapplied_credit <= 0)
    tomorrow = settle(untouched, policy, as_of=on + DAY)
    assert tomorrow.dpd == today.dpd + 1
    if not policy.cost_caps:  # what falls due may leave less room for penalties
        assert tomorrow.overdue_total >= today.overdue_total
    assert tomorrow.worst_dpd >= today.worst_dpd


@given(loans(), policies(), days, st.data())
def test_law_5_any_order_of_arrival_gives_the_same(
    loan: Loan, policy: Policy, on: date, data: st.DataObject
) -> None:
    other = replace(
        loan,
        demands=tuple(data.draw(st.permutations(loan.demands))),
        payments=tuple(data.draw(st.permutations(loan.payments))),
        waivers=tuple(data.draw(st.permutations(loan.waivers))),
        rate_steps=tuple(data.draw(st.permutations(loan.rate_steps))),
    )
    assert plain(settle(other, policy, as_of=on)) == plain(
        settle(loan, policy, as_of=on)
    )


@given(loans(versions=False, reversals=False), policies())
def test_law_5_day_by_day_equals_in_one_go(loan: Loan, policy: Policy) -> None:
    """Stopping at every day-end moves no cent and rounds nothing twice."""
    daily = Replay(
        [Account(each, each.due_on) for each in loan.demands],
        loan,
        policy,
    )
    loan = replace(
        loan, waivers=tuple(replace(each, ends_on=None) for each in loan.waivers)
    )
    for day in DAYS:
        for waiver in loan.waivers:
            if waiver.on == day:
                daily.waive(waiver)
        for payment in loan.payments:
            if payment.paid_on == day:
                daily.post(payment.payment_id, payment.amount, on=day)
        daily.run(day)
    state = settle(loan, policy, as_of=LAST)
    assert daily.credit == state.unapplied_credit
    assert tuple(daily.allocations) == state.allocations
    left = [dict(each.left) for each in daily.accounts]
    assert left == [dict(each.unpaid) for each in state.demands]


@given(loans(), policies())
def test_history_is_what_each_day_said(loan: Loan, policy: Policy) -> None:
    seen = history(loan, policy, first=DAYS[0], last=LAST)
    assert seen == {on: settle(loan, policy, as_of=on).dpd for on in DAYS}


@given(loans(), policies())
def test_the_strip_shows_the_worst_day_of_each_month(
    loan: Loan, policy: Policy
) -> None:
    worst = worst_by_month(history(loan, policy, first=DAYS[0], last=LAST))
    shown = {
        month: dpd
        for month, dpd in strip(loan, policy, as_of=LAST, months=3)
        if dpd is not None and month in worst
    }
    assert shown == worst


@given(loans(reversals=False, versions=False, closed=False), policies())
def test_worst_and_times_late_are_counted_over_every_day_end(
    loan: Loan, policy: Policy
) -> None:
    states = [settle(loan, policy, as_of=on) for on in DAYS]
    late = {
        each.demand.demand_id for state in states for each in state.demands if each.late
    }
    assert states[-1].worst_dpd == max(state.dpd for state in states)
    assert states[-1].times_late == len(late)


@given(loans(), policies(mode=Mode.MIRROR), days)
def test_a_mirrored_ledger_ignores_payments(
    loan: Loan, policy: Policy, on: date
) -> None:
    if loan.status == "written_off":  # from that day on it is ours
        loan = replace(loan, status="active", status_on=None)
    silent = replace(loan, payments=())
    state = settle(loan, policy, as_of=on)
    assert plain(state) == plain(settle(silent, policy, as_of=on))
    assert state.overdue["penalty"] == state.overdue["compound"] == 0
    assert (state.times_late, state.worst_dpd) == (state.late_instalments, state.dpd)


@given(loans(), policies(mode=Mode.MIRROR), days, days, st.integers(1, 3))
def test_a_mirrored_loan_written_off_takes_money_from_then_on(
    loan: Loan, policy: Policy, written_off_on: date, on: date, amount: int
) -> None:
    loan = replace(loan, status="written_off", status_on=written_off_on)
    state = settle(loan, policy, as_of=max(on, written_off_on))
    trial = preview(loan, policy, amount, on=state.as_of)
    assert sum(trial.split.values()) + trial.held == amount
    before = replace(loan, payments=())
    known = settle(replace(before, status="active"), policy, as_of=written_off_on)
    taken_over = settle(before, policy, as_of=written_off_on)
    assert (taken_over.dpd, taken_over.overdue_total) == (
        known.dpd,
        known.overdue_total,
    )


@given(loans(), policies(), days, st.integers(1, 6))
def test_a_trial_payment_places_every_cent(
    loan: Loan, policy: Policy, on: date, amount: int
) -> None:
    trial = preview(loan, policy, amount, on=on)
    assert sum(trial.split.values()) + trial.held == amount
    assert trial.before == settle(loan, policy, as_of=on)


@given(loans(closed=False), policies(), days)
def test_what_clears_all_clears_all(loan: Loan, policy: Policy, on: date) -> None:
    lines = {each.code: each for each in what_would_change(loan, policy, as_of=on)}
    late = settle(loan, policy, as_of=on).late_instalments
    assert ("change_pay_all" in lines) == (late > 0)
    if late:
        assert lines["change_pay_all"].value == 0


@given(loans(closed=False, refunds=False), policies(), days)
def test_paying_the_payoff_leaves_no_principal_due(
    loan: Loan, policy: Policy, on: date
) -> None:
    quote = payoff(loan, policy, on=on)
    state = settle(loan, policy, as_of=on)
    assert quote.total == (
        state.claimable + quote.running_interest - state.unapplied_credit
    )
    assert quote.running_interest >= 0


@given(loans(), policies(), days)
def test_every_step_is_said_in_both_languages(
    loan: Loan, policy: Policy, on: date
) -> None:
    steps = settle(loan, policy, as_of=on).derivation
    assert steps
    for line in (*steps, *what_would_change(loan, policy, as_of=on)):
        assert line.code in CHINESE
        for language in ("zh-hans", "en"):
            assert "{" not in str(say(line, language))


@given(loans(closed=False), policies(), days)
def test_the_last_step_is_the_figure(loan: Loan, policy: Policy, on: date) -> None:
    state = settle(loan, policy, as_of=on)
    assert state.derivation[-1].value == state.dpd
    if state.late_instalments:
        beside = {"waived", "moved", "over_cap", "non_accrual"}
        steps = [each for each in state.derivation if each.code not in beside]
        assert len(steps) == 9


def plain(state: LoanState) -> dict[str, object]:
    """Return a state as values that compare, demands by their id."""
    return {
        name: getattr(state, name) for name in LoanState.__slots__ if name != "demands"
    } | {
        "demands": {
            each.demand.demand_id: (
                [each.paid[part] for part in Component],
                [each.waived[part] for part in Component],
                [each.unpaid[part] for part in Component],
                each.late,
                each.settled_on,
            )
            for each in state.demands
        }
    }
