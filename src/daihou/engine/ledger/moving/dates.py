"""The due dates of a plan: regular periods, moved ones, extra ones, a fixed length."""

from collections.abc import Mapping
from datetime import date

from daihou.engine.basics.dates import add_period
from daihou.engine.ledger.moving.terms import PlanTerms


def spans(
    terms: PlanTerms,
    start: date,
    *,
    moved: Mapping[date, date] | None = None,
    extra: int = 0,
) -> list[tuple[date, date]]:
    """Return (begins, due) of every period from `start`.

    `moved` sends a due date to a new one; the dates after it keep their distance
    from the new one. `extra` periods are added at the end.
    """
    moved, found = moved or {}, []
    seed, count, begins = start, 0, start
    total = terms.periods + extra
    for number in range(1, total + 1):
        count += 1
        due = add_period(seed, count * terms.every, terms.unit)
        if number == total and terms.fixed_length:
            due = add_period(start, terms.fixed_length, terms.unit)
        if due in moved:
            due = moved[due]
            seed, count = due, 0
        found.append((begins, due))
        begins = due
    return found
