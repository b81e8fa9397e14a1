"""A new plan for an old debt: re-age 重整账龄, re-amortise 重新摊还."""

from datetime import date
from typing import cast

from daihou.engine.basics.dates import add_period
from daihou.engine.basics.rounding import divide
from daihou.engine.ledger.moving.state import Entry, Row, State, nothing


def re_age(state: State, entry: Entry) -> None:
    """Move the unpaid principal of every row into new rows from a start day."""
    details = entry.details
    count = cast(int, details["installments"])
    every, unit = cast(int, details["every"]), str(details["unit"])
    first = cast(date, details["start"])
    entry.parts.update(nothing())
    total = 0
    for row in state.rows:
        left = row.left("principal")
        row.owed["principal"] -= left
        total += left
        row.check(entry.on)
    entry.parts["principal"] = entry.amount = total
    last_due = max((r.due for r in state.rows if r.due < first), default=first)
    _drop_after(state, first)
    part = state.terms.in_multiples(divide(total, count))
    begins = last_due
    for number in range(count):
        due = add_period(first, number * every, unit)
        row = Row(begins, due, re_aged=True)
        row.owed["principal"] = part if number < count - 1 else total
        total -= row.owed["principal"]
        state.rows.append(row)
        begins = due
    state.reshaped = True
    state.sort()


def _drop_after(state: State, first: date) -> None:
    state.rows = [
        row for row in state.rows if row.due < first or row.total or row.total_paid
    ]


def re_amortise(state: State, entry: Entry) -> None:
    """Spread overdue principal evenly over the instalments to come."""
    past = [row for row in state.rows if row.due <= entry.on]
    later = [
        row
        for row in state.rows
        if row.due > entry.on
        and not (row.additional or row.down_payment or row.re_aged)
    ]
    entry.parts.update(nothing())
    total = 0
    for row in past:
        left = row.owed["principal"] - row.paid["principal"]
        total += left
        row.owed["principal"] -= left
        row.check(entry.on)
    entry.parts["principal"] = entry.amount = total
    if not later:
        return
    part = state.terms.in_multiples(divide(total, len(later)))
    for row in later:
        share = total if row is later[-1] else part
        row.owed["principal"] += share
        total -= share
        row.check(entry.on)
    state.reshaped = True
