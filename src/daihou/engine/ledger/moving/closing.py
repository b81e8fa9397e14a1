"""The end of a loan that is not paid: charge-off, termination, write-off."""

from datetime import date
from fractions import Fraction

from daihou.engine.basics.rounding import divide
from daihou.engine.ledger.moving.accrual_moves import interest_till
from daihou.engine.ledger.moving.accruals import earned_interest
from daihou.engine.ledger.moving.allocation import allocate
from daihou.engine.ledger.moving.state import MONEY_IN, Entry, Row, State, nothing
from daihou.engine.ledger.moving.terms import COMPONENTS


def close(state: State, entry: Entry) -> None:
    """Charge a loan off or end its contract; the entry says what was then owed."""
    entry.parts.update(nothing())
    entry.details["earned"] = earned_interest(state, entry.on)
    if any(row.open for row in state.rows):
        ends = entry.kind == "contract_termination"
        if ends or state.terms.charge_off == "accelerate_maturity":
            _accelerate(state, entry)
        elif state.terms.charge_off == "zero_interest":
            _no_more_interest(state, entry.on)
        for component in COMPONENTS:
            entry.parts[component] = sum(row.left(component) for row in state.rows)
    entry.amount = sum(entry.parts.values())
    if entry.kind == "charge_off":
        state.charged_off = True
    else:
        state.terminated = True


def write_off(state: State, entry: Entry) -> None:
    """Give up all that is owed."""
    entry.parts.update(nothing())
    state.charged_off = True
    for row in state.rows:
        for component in COMPONENTS:
            left = row.left(component)
            entry.parts[component] += left
            row.waived[component] += left
        row.check(entry.on)
    entry.amount = sum(entry.parts.values())


def _follows(state: State) -> bool:
    terms = state.terms
    return terms.recalculates and terms.bears_interest and state.plan is not None


def _run_up(state: State, row: Row, on: date) -> int:
    """Return the interest of a row that has run up by a day of it."""
    if _follows(state):
        assert state.plan is not None
        return interest_till(state.plan, row.due, on, credited=True)
    whole = row.owed["interest"]
    exact = Fraction(whole * (on - row.begins).days, (row.due - row.begins).days)
    by_now = divide(exact.numerator, exact.denominator)
    return max(by_now, whole - row.left("interest"))


def _no_more_interest(state: State, on: date) -> None:
    """Interest stops on a day; instalments stay, all of them principal from then."""
    for row in state.rows:
        if row.begins <= on < row.due:
            new = _run_up(state, row, on)
            row.owed["principal"] += row.owed["interest"] - new
            row.owed["interest"] = new
    for row in state.rows:
        if row.begins > on and row.open:
            left = max(0, row.left("interest"))
            row.owed["principal"] += left
            row.owed["interest"] -= left
    _fit_principal(state, on)


def _fit_principal(state: State, on: date) -> None:
    """Take what is too much off the last instalments."""
    disbursed = sum(each.amount for each in state.live("disbursement"))
    rows = [row for row in state.rows if not row.additional]
    over = disbursed - sum(row.owed["principal"] for row in rows)
    for row in reversed(rows[1:]):
        if over == 0:
            break
        if not row.open:
            continue
        old = row.owed["principal"]
        row.owed["principal"] = max(0, old + over)
        row.check(on)
        over -= row.owed["principal"] - old


def _accelerate(state: State, entry: Entry) -> None:
    """Bring everything owed forward to a day; the rows after it go."""
    on = entry.on
    here = next(
        (row for row in state.rows if not row.down_payment and on <= row.due), None
    )
    if here is None:
        return
    if here.open:
        here.owed["interest"] = _run_up(state, here, on)
    later = [row for row in state.rows if row.due > on and row is not here]
    gone = {id(row) for row in later}
    moved = _take_out(state, entry, gone)
    due, here.due = here.due, on
    here.owed["principal"] += sum(row.owed["principal"] for row in later)
    state.rows = [row for row in state.rows if id(row) not in gone]
    here.met_on = None
    here.check(on)
    _charges_after(state, later, here)
    for each in moved:
        whole = here.owed["interest"]
        here.owed["interest"] = _interest_by(state, here, due, each.on)
        each.over = allocate(state, each, each.amount)
        here.owed["interest"] = whole
        state.over += each.over
        each.replayed = True
    here.check(on)


def _interest_by(state: State, row: Row, due: date, on: date) -> int:
    """Return the interest that money of a day can pay: what had run up by it."""
    whole = row.owed["interest"]
    if not _follows(state):
        return whole
    assert state.plan is not None
    run_up = interest_till(state.plan, due, on, credited=True)
    return max(min(whole, run_up), row.paid["interest"])


def _take_out(state: State, entry: Entry, gone: set[int]) -> list[Entry]:
    """Take payments that went to rows now gone off all rows; return them."""
    found = []
    state.terminated = True  # from here on the plan is not followed
    for each in state.done:
        if each.kind not in MONEY_IN or not each.live:
            continue
        if not any(id(row) in gone for row, _, _ in each.shares):
            continue
        for row, component, amount in each.shares:
            row.unpay(component, amount, each.on)
        state.over -= each.over
        each.shares = []
        each.parts.update(nothing())
        found.append(each)
    return found


def _charges_after(state: State, later: list[Row], here: Row) -> None:
    """Keep charges of rows that are gone in a row of their own."""
    dues = [c.due for c in state.charges if c.active and c.due]
    sums = {
        each: sum(r.owed[each] - r.waived[each] for r in later)
        for each in ("fee", "penalty")
    }
    if not any(sums.values()) or not dues:
        return
    row = Row(here.due, max(dues), additional=True)
    row.owed.update(sums)
    state.rows.append(row)
