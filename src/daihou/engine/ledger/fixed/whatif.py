"""What would change: a trial payment, a payoff on a date, waiting; nothing is kept."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from types import MappingProxyType

from daihou.engine.basics.dates import DAY, year_share
from daihou.engine.basics.line import Line
from daihou.engine.basics.money import NANO, Money
from daihou.engine.basics.rounding import divide
from daihou.engine.delinquency.buckets import bucket
from daihou.engine.ledger.errors import LoanError
from daihou.engine.ledger.fixed.accruals import penalty_rates
from daihou.engine.ledger.fixed.cap import cap_of
from daihou.engine.ledger.fixed.replay import Calendar, kept_by_us, replay
from daihou.engine.ledger.fixed.settle import settle
from daihou.engine.ledger.fixed.standing import CLOSED
from daihou.engine.ledger.values import (
    Allocation,
    DemandState,
    Loan,
    LoanState,
    Payment,
)
from daihou.engine.rulebook.policy import Component, Direction, Policy

HORIZON = timedelta(days=400)


@dataclass(frozen=True, slots=True)
class Preview:
    """A trial payment: the loan before and after, and where each cent went."""

    before: LoanState
    after: LoanState
    allocations: tuple[Allocation, ...]
    split: Mapping[str, int]  # by Component value
    held: int  # minor units kept as credit


@dataclass(frozen=True, slots=True)
class Payoff:
    """What closes a loan on a day, in minor units."""

    on: date
    principal: int
    due: int  # interest, fee, penalty, compound due, unpaid, not above the cost cap
    running_interest: int  # of the period that has begun, not yet due
    credit: int

    @property
    def total(self) -> int:
        """What is to be paid, held money taken off."""
        return self.principal + self.due + self.running_interest - self.credit


def preview(
    loan: Loan,
    policy: Policy,
    amount: int,
    *,
    on: date,
    calendar: Calendar | None = None,
) -> Preview:
    """Return what a payment of `amount` minor units on a day would do that day.

    Raises LoanError for an amount of zero or less, and in mirror mode, where a
    core system decides.
    """
    if amount <= 0:
        raise LoanError("amount", amount=amount)
    if not kept_by_us(loan, policy, as_of=on):
        raise LoanError("mirror", product=policy.product)
    before = settle(loan, policy, as_of=on, calendar=calendar)
    return _tried(loan, policy, amount, before=before, calendar=calendar)


def _tried(
    loan: Loan,
    policy: Policy,
    amount: int,
    *,
    before: LoanState,
    calendar: Calendar | None,
) -> Preview:
    """Return what a payment does on the day of the state it meets."""
    on = before.as_of
    trial = Payment(
        1 + max((each.payment_id for each in loan.payments), default=0), on, amount
    )
    paid = replace(loan, payments=(*loan.payments, trial))
    after = settle(paid, policy, as_of=on, calendar=calendar)
    own = tuple(
        each for each in after.allocations if each.payment_id == trial.payment_id
    )
    split = {component.value: 0 for component in Component}
    for each in own:
        split[each.component] += each.amount
    held = amount - sum(split.values())
    return Preview(before, after, own, MappingProxyType(split), held)


def payoff(
    loan: Loan,
    policy: Policy,
    *,
    on: date,
    calendar: Calendar | None = None,
    state: LoanState | None = None,
) -> Payoff:
    """Return what closes the loan at the end of `on`.

    All principal, what is due and unpaid and may be claimed, and the interest of the
    running period by its share of days (the product's day count), rounded once.
    Fees and interest above the cost cap (CN-INT-02) are left out, yet stay owed by
    the rows and money goes to them first: give them up (a waiver of `over_cap`) that
    day, and the payoff settles the loan. `state` is that of `on`, where it is known
    already. Raises LoanError before the payout.
    """
    state = _state(loan, policy, on, calendar, known=state)
    return payoff_of(state, running_interest=_running_interest(loan, state, policy))


def _state(
    loan: Loan,
    policy: Policy,
    on: date,
    calendar: Calendar | None,
    *,
    known: LoanState | None,
) -> LoanState:
    if known is None:
        return settle(loan, policy, as_of=on, calendar=calendar)
    assert (known.loan_id, known.as_of) == (loan.loan_id, on), (known.as_of, on)
    return known


def payoff_of(state: LoanState, *, running_interest: int) -> Payoff:
    """Return what closes a loan in this state, given what its running period earned.

    Interest not yet due is asked for as far as the cost cap has room for it.
    """
    if state.status in CLOSED:
        return Payoff(state.as_of, 0, 0, 0, state.unapplied_credit)
    principal, room = state.outstanding_principal, state.cap_room
    return Payoff(
        on=state.as_of,
        principal=principal,
        due=state.claimable - principal,
        running_interest=(
            running_interest if room is None else min(running_interest, room)
        ),
        credit=state.unapplied_credit,
    )


def _running_interest(loan: Loan, state: LoanState, policy: Policy) -> int:
    instalments = [each for each in state.demands if each.demand.seq > 0]
    # A due date moved past closed days has not passed before the day it moved to.
    passed = [each.demand.due_on for each in instalments if each.due_on <= state.as_of]
    coming = [each for each in instalments if each.due_on > state.as_of]
    if not coming:
        return 0
    begin = max(passed, default=loan.disbursed_on)
    running = min(coming, key=lambda each: each.demand.due_on)
    end = running.demand.due_on
    day_count = "ACT/365F" if policy.day_count == "period" else policy.day_count
    gone, _ = year_share(begin, state.as_of, day_count)
    whole, _ = year_share(begin, end, day_count)
    earned = divide(
        running.demand.interest * min(gone, whole),
        max(whole, 1),
        rounding=policy.rounding,
    )
    paid = running.paid[Component.INTEREST] + running.waived[Component.INTEREST]
    return max(0, min(earned, running.demand.interest) - paid)


def cost_of_a_day(loan: Loan, policy: Policy, state: LoanState) -> int:
    """Return about how many minor units of penalty one more late day adds.

    At the rate of that day, the cap on the rate considered, that on all cost not.
    """
    terms, overdue = policy.penalty, state.overdue
    base = overdue[Component.PRINCIPAL] if terms.on_principal else 0
    base += overdue[Component.INTEREST] if terms.on_interest else 0
    rates = penalty_rates(loan, policy, cap=cap_of(loan, policy))
    rate = next(
        each.claimed for each in rates if each.after <= state.as_of < each.until
    )
    return divide(base * rate, NANO * terms.days_in_year)


def what_would_change(
    loan: Loan,
    policy: Policy,
    *,
    as_of: date,
    calendar: Calendar | None = None,
    state: LoanState | None = None,
) -> tuple[Line, ...]:
    """Return what clears the oldest demand, what clears all, and what waiting does.

    Amounts are the least that reach the aim on `as_of`; what a payment leads to is
    read from a trial of it, not assumed. `state` is that of `as_of`, where it is
    known already.
    """
    state = _state(loan, policy, as_of, calendar, known=state)
    late = [each for each in state.demands if each.late]
    lines: list[Line] = []
    if late and kept_by_us(loan, policy, as_of=as_of):
        if len(late) > 1:
            amount = _to_clear(loan, policy, state, late[:1], calendar)
            after = _tried(loan, policy, amount, before=state, calendar=calendar).after
            lines.append(
                _change("change_pay_oldest", loan, state, after, amount=amount)
            )
        amount = _to_clear(loan, policy, state, late, calendar)
        after = _tried(loan, policy, amount, before=state, calendar=calendar).after
        lines.append(_change("change_pay_all", loan, state, after, amount=amount))
    waiting = _waiting(loan, policy, state, calendar)
    return (*lines, waiting) if waiting else tuple(lines)


def _change(
    code: str, loan: Loan, before: LoanState, after: LoanState, *, amount: int
) -> Line:
    first_late = next(each.demand for each in before.demands if each.late)
    params = {
        "amount": Money(loan.currency, amount),
        "seq": first_late.seq,
        "dpd": after.dpd,
        "bucket": after.bucket,
        "from": before.bucket,
    }
    return Line(code, params, after.dpd)


def _to_clear(
    loan: Loan,
    policy: Policy,
    state: LoanState,
    wanted: list[DemandState],
    calendar: Calendar | None,
) -> int:
    """Return the least payment that leaves nothing of these due demands unpaid."""
    ids = {each.demand.demand_id for each in wanted}
    due = [each for each in state.demands if each.due_on <= state.as_of]
    if policy.direction is Direction.HORIZONTAL:
        last = max(
            place for place, each in enumerate(due) if each.demand.demand_id in ids
        )
        return sum(sum(each.unpaid.values()) for each in due[: last + 1])
    low, high = 1, sum(sum(each.unpaid.values()) for each in due)
    while low < high:  # by component: the least amount is found by trial
        middle = (low + high) // 2
        after = _tried(loan, policy, middle, before=state, calendar=calendar).after
        if any(
            sum(each.unpaid.values())
            for each in after.demands
            if each.demand.demand_id in ids
        ):
            low = middle + 1
        else:
            high = middle
    return low


def _waiting(
    loan: Loan, policy: Policy, state: LoanState, calendar: Calendar | None
) -> Line | None:
    """Return the day on which paying nothing leads to another bucket, and which."""
    if state.status in ("settled", "transferred"):
        return None
    alone = _as_known(loan, state.as_of)
    end = state.as_of + HORIZON
    own = kept_by_us(loan, policy, as_of=state.as_of)
    book = replay(alone, policy, as_of=end, calendar=calendar) if own else None
    day = state.as_of + DAY
    while day <= end:
        seen = book or replay(alone, policy, as_of=day, calendar=calendar)
        dpd = seen.dpd(day)
        name = bucket(dpd, policy.bucket_set)
        if name != state.bucket:
            params = {"on": day, "dpd": dpd, "bucket": name, "from": state.bucket}
            return Line("change_wait", params, day)
        day += DAY
    return None


def _as_known(loan: Loan, as_of: date) -> Loan:
    """Return the loan with the facts in force on `as_of`, as if they stayed so."""
    return replace(
        loan,
        demands=tuple(
            replace(each, ends_on=None)
            for each in loan.demands
            if each.begins_on <= as_of and not (each.ends_on and each.ends_on <= as_of)
        ),
        payments=tuple(
            replace(each, ends_on=None)
            for each in loan.payments
            if each.paid_on <= as_of and not (each.ends_on and each.ends_on <= as_of)
        ),
        waivers=tuple(
            replace(each, ends_on=None)
            for each in loan.waivers
            if each.on <= as_of and not (each.ends_on and each.ends_on <= as_of)
        ),
    )
