"""Money that goes back: chargebacks, refunds of credit, refunds of payments."""

from datetime import date

from daihou.engine.ledger.moving.accrual_moves import credit, pay_principal
from daihou.engine.ledger.moving.allocation import (
    order_for,
    read_rows,
    use_overpayment,
)
from daihou.engine.ledger.moving.state import Entry, Row, State, nothing
from daihou.engine.ledger.moving.terms import Timing


def charge_back(state: State, entry: Entry) -> None:
    """Owe again what a payment had paid; by component where the contract says so."""
    entry.parts.update(nothing())
    if state.terms.recalculates and state.plan is not None:
        _charge_back_on_plan(state, entry)
        return
    if not state.terms.chargeback_order:
        held = min(entry.amount, state.over)
        entry.over = held
        state.over -= held
        entry.parts["principal"] = entry.amount - held
        if entry.amount > held:
            _owe_again(state, entry, {"principal": entry.amount}, repaid=held)
        return
    entry.over = min(entry.amount, state.over)
    entry.parts.update(_split(state, entry))
    _owe_again(state, entry, entry.parts)
    use_overpayment(state, entry)


def _charge_back_on_plan(state: State, entry: Entry) -> None:
    plan = state.plan
    assert plan is not None
    entry.over = state.over
    if state.terms.chargeback_order:
        entry.parts.update(_split(state, entry))
    else:
        entry.parts["principal"] = entry.amount
    if entry.on <= plan.maturity:
        if entry.parts["principal"]:
            credit(plan, entry.on, principal=entry.parts["principal"])
        if entry.parts["interest"]:
            credit(plan, entry.on, interest=entry.parts["interest"])
        read_rows(state, entry.on)
        row = _row_of(state, entry.on)
        charges = {each: entry.parts[each] for each in ("fee", "penalty")}
        _add(row, charges, entry.on)
    else:
        row = state.extra_row(entry.on)
        _add(row, entry.parts, entry.on)
    use_overpayment(state, entry)


def _row_of(state: State, on: date) -> Row:
    """Return the row of the period that runs on a day, at the end the last one."""
    rows = [row for row in state.rows if not row.down_payment]
    return next((row for row in rows if on < row.due), rows[-1])


def _add(row: Row, parts: dict[str, int], on: date) -> None:
    for component, amount in parts.items():
        row.owed[component] += amount
        row.credited[component] += amount
    row.check(on)


def _split(state: State, entry: Entry) -> dict[str, int]:
    """Split a chargeback over the components its payment had paid, in order."""
    source = entry.of
    assert source is not None, "a chargeback has a payment"
    left = dict(source.parts)
    earlier = [
        each
        for each in state.live("chargeback")
        if each.of is source and (each.on, each.seq) < (entry.on, entry.seq)
    ]
    for each in [*earlier, entry]:
        amount, parts = each.amount, nothing()
        for component in state.terms.chargeback_order:
            parts[component] = min(amount, left[component])
            amount -= parts[component]
        for component, part in parts.items():
            left[component] -= part
    return parts


def _owe_again(
    state: State, entry: Entry, parts: dict[str, int], *, repaid: int = 0
) -> None:
    """Add what is owed again to the next row; what was held pays part of it."""
    state.sort()
    for row in state.rows:
        if row.additional or row.due > entry.on:
            break
    else:
        last = state.rows[-1]
        row = last if last.due == entry.on else state.extra_row(entry.on)
    if row.additional:
        row.due = max(row.due, entry.on)
    _add(row, parts, entry.on)
    if repaid:
        row.pay("principal", repaid, entry.on)


def refund_credit(state: State, entry: Entry) -> None:
    """Pay out money held over; what is paid out beyond it is owed again."""
    entry.parts.update(nothing())
    held = min(entry.amount, max(0, state.over))
    rest = entry.amount - held
    entry.over = held
    state.over -= held
    entry.parts["principal"] = rest
    if rest <= 0:
        return
    plan = state.plan
    if not state.terms.recalculates or plan is None or entry.on > plan.maturity:
        _owe_again(state, entry, {"principal": entry.amount}, repaid=held)
        return
    credit(plan, entry.on, principal=entry.amount)
    read_rows(state, entry.on)
    if held:
        row = _row_of(state, entry.on)
        pay_principal(plan, row.due, entry.on, held)
        read_rows(state, entry.on)
        row.pay("principal", held, entry.on)


def refund(state: State, entry: Entry) -> None:
    """Give back money of an active loan: the newest allocations are undone."""
    entry.parts.update(nothing())
    if state.terms.progressive:
        steps = [
            component
            for timing, component in reversed(order_for(state, "default").steps)
            if timing is Timing.IN_ADVANCE
        ]
    else:
        steps = ["principal", "interest", "fee", "penalty"]
    left = entry.amount
    for row in reversed(state.rows):
        for component in steps:
            part = row.unpay(component, left, entry.on)
            entry.parts[component] += part
            left -= part
