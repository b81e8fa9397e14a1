"""Where money goes on a moving plan: by timing, by component, early money last."""

from datetime import date
from itertools import groupby

from daihou.engine.basics.rounding import divide
from daihou.engine.ledger.moving.accrual_moves import (
    due_amounts,
    pay_interest,
    pay_principal,
)
from daihou.engine.ledger.moving.state import Charge, Entry, Row, State
from daihou.engine.ledger.moving.terms import COMPONENTS, Future, Order, Timing

DEFAULT = "default"


def order_for(state: State, kind: str) -> Order:
    """Return where money of one kind goes: its own order or the default one."""
    orders = state.terms.orders
    return orders.get(kind) or orders[DEFAULT]


def allocate(
    state: State, entry: Entry, amount: int, *, order: Order | None = None
) -> int:
    """Spread `amount` over what is owed; return what nobody owed."""
    order = order or order_for(state, entry.kind)
    if state.terms.vertical:
        for step in order.steps:
            amount = _vertically(state, entry, amount, step, order.future)
        return amount
    for timing, group in groupby(order.steps, key=lambda step: step[0]):
        steps = [component for _, component in group]
        amount = _horizontally(state, entry, amount, (timing, steps), order.future)
    return amount


def _candidates(
    state: State, on: date, timing: Timing, future: Future, component: str | None
) -> list[Row]:
    """Return the rows that take money next, at one timing."""

    def wants(row: Row) -> bool:
        return row.left(component) > 0 if component else row.open

    rows = [row for row in state.rows if wants(row)]
    if timing is Timing.PAST_DUE:
        return [row for row in rows if row.due < on][:1]
    if timing is Timing.DUE:
        return [row for row in rows if row.due == on][:1]
    early = [row for row in rows if row.due > on]
    if future is Future.EVEN:
        return early
    if future is Future.NEXT:
        return early[:1]
    if future is Future.CURRENT_THEN_LAST:
        current = [row for row in early if row.begins <= on]
        if current:
            return current
    return early[-1:]


def _follows(state: State) -> bool:
    """Tell whether interest follows the balance at this moment of the replay."""
    terms = state.terms
    return (
        terms.recalculates
        and terms.bears_interest
        and state.plan is not None
        and not state.charged_off
        and not state.terminated
    )


def _horizontally(
    state: State,
    entry: Entry,
    amount: int,
    steps: tuple[Timing, list[str]],
    future: Future,
) -> int:
    timing, components = steps
    for _ in range(100 * (len(state.rows) + 1)):
        if not (amount and any(row.open for row in state.rows)):
            break
        rows = _candidates(state, entry.on, timing, future, None)
        if not rows:
            break
        before = amount
        for component in components:
            amount -= _share(state, entry, amount, rows, (timing, component))
        if amount == before:
            break
    return amount


def _vertically(
    state: State,
    entry: Entry,
    amount: int,
    step: tuple[Timing, str],
    future: Future,
) -> int:
    for _ in range(100 * (len(state.rows) + 1)):
        rows = _candidates(state, entry.on, step[0], future, step[1])
        taken = _share(state, entry, amount, rows, step) if rows and amount else 0
        amount -= taken
        if not taken:
            break
    return amount


def _share(
    state: State,
    entry: Entry,
    amount: int,
    rows: list[Row],
    step: tuple[Timing, str],
) -> int:
    """Give each row an even share of the amount, the last one what is left of it."""
    part = divide(amount, len(rows))
    rest = amount - part * len(rows)
    if part + rest < 0:
        part = amount // len(rows)
        rest = amount - part * len(rows)
    taken = 0
    for place, row in enumerate(rows):
        share = part + (rest if place == len(rows) - 1 else 0)
        taken += take(state, entry, row, min(share, amount - taken), step)
    return taken


def take(
    state: State, entry: Entry, row: Row, amount: int, step: tuple[Timing, str]
) -> int:
    """Pay one component of one row; the plan learns of it where interest follows."""
    timing, component = step
    plan = state.plan
    if not _follows(state) or plan is None:
        return put(state, entry, row, amount, component)
    if row.down_payment or row.due > plan.maturity or plan.by_due(row.due) is None:
        return put(state, entry, row, amount, component)
    on = entry.on
    if timing is Timing.IN_ADVANCE:
        on = _pay_day(state, entry, row)
        principal, interest = due_amounts(plan, row.due, on)
        if component == "interest":
            row.owed["interest"] = interest
        elif component == "principal":
            row.owed["principal"] = principal
    part = put(state, entry, row, amount, component)
    if component == "principal":
        pay_principal(plan, row.due, on, part)
    elif component == "interest":
        pay_interest(plan, row.due, on, part)
    else:
        return part
    read_rows(state, entry.on)
    return part


def _pay_day(state: State, entry: Entry, row: Row) -> date:
    recalculation = state.terms.recalculation
    assert recalculation is not None
    runs_on = recalculation.to_due_date(closing=state.closing)
    if runs_on and row.begins < entry.on:
        return row.due
    return entry.on


def put(state: State, entry: Entry, row: Row, amount: int, component: str) -> int:
    """Pay one component of one row and the charges behind it."""
    part = row.pay(component, amount, entry.on)
    if part:
        entry.parts[component] += part
        entry.shares.append((row, component, part))
        if component in ("fee", "penalty"):
            _pay_charges(state, row, component, part)
    return part


def _pay_charges(state: State, row: Row, component: str, amount: int) -> None:
    for charge in charges_of(state, row):
        if charge.component != component:
            continue
        if charge.parts:
            open_part = charge.parts[row.due] - charge.parts_paid.get(row.due, 0)
            part = min(amount, open_part)
            charge.parts_paid[row.due] = charge.parts_paid.get(row.due, 0) + part
        else:
            part = min(amount, charge.left)
        charge.paid += part
        amount -= part


def charges_of(state: State, row: Row) -> list[Charge]:
    """Return the charges that are part of a row, earliest first."""
    found = []
    for charge in state.charges:
        if not charge.active or charge.at_once:
            continue
        if charge.parts:
            if row.due in charge.parts:
                found.append(charge)
        elif charge.due is not None and state.covers(row, charge.due):
            found.append(charge)
    return sorted(found, key=lambda each: (each.effective_on, each.number))


def read_rows(state: State, on: date) -> None:
    """Write the plan's principal and interest into the rows."""
    assert state.plan is not None
    state.plan.work_out()
    for period in state.plan.periods:
        row = next(
            (r for r in state.rows if r.due == period.due and not r.down_payment),
            None,
        )
        if row is not None:
            row.owed["principal"] = period.principal
            row.owed["interest"] = period.interest
            row.credited["principal"] = period.credited_principal
            row.credited["interest"] = period.credited_interest
            row.check(on)


def use_overpayment(state: State, entry: Entry) -> None:
    """Let money held over pay what a disbursement or chargeback made owed."""
    if state.over <= 0:
        return
    if entry.kind in ("disbursement", "chargeback"):
        entry.over = min(entry.amount, state.over)
    order = state.terms.orders[DEFAULT]
    shadow = Entry(entry.number, entry.seq, entry.kind, entry.on, entry.amount)
    state.over = allocate(state, shadow, state.over, order=order)
    entry.shares = shadow.shares
    entry.details["from_over"] = {each: shadow.parts[each] for each in COMPONENTS}
