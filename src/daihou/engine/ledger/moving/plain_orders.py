"""The older orders of allocation: one list of components, or due before early."""

from daihou.engine.ledger.moving.allocation import put
from daihou.engine.ledger.moving.state import Entry, Row, State


def allocate_plainly(state: State, entry: Entry, amount: int) -> int:
    """Spread `amount` by the plan's named strategy; return what nobody owed."""
    if ";" not in state.terms.strategy:
        order = state.terms.strategy.split(",")
        for row in state.rows:
            for component in order:
                amount -= put(state, entry, row, amount, component)
        return amount
    due, early = (
        part.split(":")[1].split(",") for part in state.terms.strategy.split(";")
    )
    return _due_first(state, entry, amount, (due, early))


def _due_first(
    state: State, entry: Entry, amount: int, orders: tuple[list[str], list[str]]
) -> int:
    """Pay what is due, with charges due by then, before anything early."""
    due, early = orders
    past = [row for row in state.rows if row.due <= entry.on]
    later = state.rows[len(past) :]
    for row in past:
        for component in due:
            amount -= put(state, entry, row, amount, component)
    for row in later:
        for component in ("penalty", "fee"):
            owed = min(amount, _charges_due(state, entry, row, component))
            amount -= put(state, entry, row, owed, component)
    for row in later:
        for component in early:
            amount -= put(state, entry, row, amount, component)
    return amount


def _charges_due(state: State, entry: Entry, row: Row, component: str) -> int:
    """Return what is left of the charges of a later row that are due by now."""
    return sum(
        charge.left
        for charge in state.charges
        if charge.active
        and charge.component == component
        and charge.due is not None
        and charge.due <= entry.on
        and state.covers(row, charge.due)
    )
