"""Fees and penalty charges: how much, and on which row."""

from decimal import Decimal

from daihou.engine.basics.rounding import divide
from daihou.engine.ledger.moving.state import Charge, Row, State


def percent(amount: int, rate: Decimal) -> int:
    """Return `rate` percent of an amount in minor units, rounded half to even."""
    part, whole = (rate / 100).as_integer_ratio()
    return divide(amount * part, whole)


def basis(state: State, charge: Charge, row: Row | None = None) -> int:
    """Return what a percent charge is worked out on."""
    rows = [row] if row is not None else state.rows
    principal = sum(each.owed["principal"] for each in rows)
    interest = sum(each.owed["interest"] for each in rows)
    if charge.calculation == "percent_interest":
        return interest
    if charge.calculation == "percent_amount_plus_interest":
        return principal + interest
    return principal


def assess(state: State, charge: Charge, *, disbursed: int = 0) -> None:
    """Work out the amount of a charge."""
    if charge.when == "installment":
        charge.parts = {
            row.due: _one(state, charge, row)
            if row.due not in charge.parts or row.open
            else charge.parts[row.due]
            for row in state.normal
        }
        charge.amount = sum(charge.parts.values())
        return
    if charge.calculation == "flat":
        charge.amount = int(charge.rate * 100)
    elif charge.calculation == "percent_disbursement":
        charge.amount = percent(disbursed, charge.rate)
    elif charge.when == "disbursement":
        charge.amount = percent(basis(state, charge), charge.rate)
    else:
        charge.amount = percent(_whole(state, charge), charge.rate)


def _one(state: State, charge: Charge, row: Row) -> int:
    if charge.calculation == "flat":
        return int(charge.rate * 100)
    return percent(basis(state, charge, row), charge.rate)


def _whole(state: State, charge: Charge) -> int:
    disbursed = sum(each.amount for each in state.live("disbursement"))
    if charge.calculation == "percent_amount":
        return disbursed
    interest = sum(row.owed["interest"] for row in state.rows)
    if charge.calculation == "percent_interest":
        return interest
    return disbursed + interest


def put_on_rows(state: State, charge: Charge) -> None:
    """Add a charge to the row it falls due in; a later one makes its own row."""
    if charge.parts:
        waived = charge.waived
        for row in reversed(state.normal):
            part = charge.parts.get(row.due, 0)
            row.owed[charge.component] += part
            given_up = min(part, waived)
            row.waived[charge.component] += given_up
            waived -= given_up
            row.met_on = None if row.open else row.met_on
        return
    if charge.due is None:
        return
    found = next((r for r in state.rows if state.covers(r, charge.due)), None)
    row = found or state.extra_row(charge.due)
    row.owed[charge.component] += charge.amount
    row.waived[charge.component] += charge.waived
    if row.open:
        row.met_on = None
    else:
        row.check(charge.due)
