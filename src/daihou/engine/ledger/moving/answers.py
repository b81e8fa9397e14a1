"""Questions to a moving plan that change nothing: payoff, interest due, refunds."""

from dataclasses import replace
from datetime import date

from daihou.engine.ledger.moving import accruals
from daihou.engine.ledger.moving.accrual_moves import due_amounts, outstanding_on
from daihou.engine.ledger.moving.processing import replay, run_on
from daihou.engine.ledger.moving.state import MEMO, Entry, State


def payoff(state: State, on: date) -> int:
    """Return what closes the loan on a day, in minor units."""
    recalculation = state.terms.recalculation
    if recalculation is None or not state.terms.bears_interest or state.plan is None:
        return sum(row.outstanding for row in state.rows)
    charges = sum(row.left(each) for row in state.rows for each in ("fee", "penalty"))
    twin = run_on(state, on, closing=True)
    assert twin is not None
    till = on
    if recalculation.to_due_date(closing=True):
        here = twin.find(on)
        till = here.due if here is not None and on > here.begins else on
    other = sum(
        row.left(each)
        for row in state.rows
        for each in ("principal", "interest")
        if row.down_payment or twin.by_due(row.due) is None
    )
    return sum(outstanding_on(twin, till)) + charges + other


def interest_due_by(state: State, on: date) -> int:
    """Return unpaid interest earned by a day."""
    total = 0
    for row in state.rows:
        earned = accruals.earned_of(state, row, on, by_submission=False)
        total += max(0, earned["interest"] - row.paid["interest"])
    return total


def due_by(state: State, due: date) -> int:
    """Return what is unpaid of the rows due on a day."""
    return sum(row.outstanding for row in state.rows if row.due == due)


def interest_to_refund(state: State, refund: Entry) -> int:
    """Return the interest that falls away had the refunded money not been lent.

    Nothing once interest that does not follow the balance was fixed by a charge-off.
    """
    if state.charged_off and not state.terms.recalculates:
        return 0
    before = _interest_without(state, refund, counted=False)
    after = _interest_without(state, refund, counted=True)
    return before - after


def _interest_without(state: State, refund: Entry, *, counted: bool) -> int:
    """Return interest due by the refund's day had refunded money not been lent."""
    on = _last_day_of_interest(state, refund.on)
    twin = State(state.terms, state.start, variations=state.variations)
    back = 0
    for entry in state.live():
        if entry.kind in MEMO or entry.kind in ("charge_off", "interest_refund"):
            continue
        if (entry.on, entry.seq) > (refund.on, refund.seq):
            continue
        if entry.kind in state.terms.refunds_interest:
            if counted or entry is not refund:
                back += entry.amount
            continue
        copy = replace(entry, parts=dict(entry.parts), shares=[], details={})
        twin.entries.append(copy)
    for entry in twin.entries:
        if entry.kind == "disbursement":
            part = min(back, entry.amount)
            entry.amount -= part
            back -= part
    replay(twin, on)
    plan = twin.plan
    if plan is None:
        return 0
    return sum(due_amounts(plan, each.due, on)[1] for each in plan.periods)


def _last_day_of_interest(state: State, on: date) -> date:
    """Return a day, or the earlier one on which interest ended for good."""
    ends = [each.on for each in state.live("contract_termination")]
    if state.terms.charge_off != "regular":
        ends += [each.on for each in state.live("charge_off")]
    return min([on, *ends])
