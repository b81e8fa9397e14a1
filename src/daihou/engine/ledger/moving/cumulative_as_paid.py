"""Schedules of one rate a period whose interest still follows what was really paid."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from itertools import pairwise

from daihou.engine.basics.rounding import divide
from daihou.engine.ledger.moving.cumulative import level_at, period_rate
from daihou.engine.ledger.moving.state import Row
from daihou.engine.ledger.moving.terms import PlanTerms

Money = Sequence[tuple[date, int]]


@dataclass(slots=True)
class _Walk:
    """How far the rows are worked out: what is owed, late and paid ahead."""

    terms: PlanTerms
    today: date
    level: int
    balance: int = 0
    late_interest: int = 0
    late_principal: int = 0
    ahead: int = 0


def follow(
    terms: PlanTerms, rows: Sequence[Row], disbursed: Money, paid: Money, today: date
) -> None:
    """Work the rows out again for what was paid when, up to `today`.

    Early money lowers the balance from its day. What is late bears interest in the
    period `today` lies in: to that day, or to the period's end where the rest is
    the repayment period.
    """
    net = sorted((on, amount - terms.down_payment(amount)) for on, amount in disbursed)
    total = sum(amount for _, amount in net)
    walk = _Walk(terms, today, level_at(terms, total, len(rows)))
    waiting, money = list(net), sorted(paid)
    for number, row in enumerate(rows, 1):
        last = number == len(rows)
        inside = [each for each in waiting if each[0] <= row.due or last]
        waiting = [each for each in waiting if each not in inside]
        mine = [each for each in money if each[0] <= row.due or last]
        money = [each for each in money if each not in mine]
        over = _row(walk, row, inside, mine, left=len(rows) - number)
        if over and not last:
            money.insert(0, (row.due, over))


def _row(walk: _Walk, row: Row, added: Money, money: Money, *, left: int) -> int:
    """Work out one row; return the money that is left for the next."""
    changes: list[tuple[date, int, int]] = [(on, sum_, 0) for on, sum_ in added]
    early = 0
    for on, amount in money:
        part = min(amount, walk.late_interest)
        walk.late_interest -= part
        amount -= part
        part = min(amount, walk.late_principal)
        walk.late_principal -= part
        early += amount - part
        changes.append((on, -(amount - part), -part))
    late = walk.late_principal - sum(change for _, _, change in changes)
    interest = _interest(walk, row, changes, late)
    walk.balance += sum(amount for _, amount in added)
    recalculation = walk.terms.recalculation
    assert recalculation is not None
    ahead = recalculation.advance == "reschedule_next_repayments"
    whole = max(interest, walk.level - walk.ahead)
    whole = max(whole, early)
    rest = interest + walk.balance
    whole = min(whole, rest) if left else rest
    if ahead:
        walk.ahead += whole - walk.level
    row.owed["interest"], row.owed["principal"] = interest, whole - interest
    walk.balance -= whole - interest
    if early > walk.level and left and not ahead:
        walk.level = level_at(walk.terms, walk.balance, left)
    taken = min(early, whole)
    walk.late_interest += max(0, interest - taken)
    walk.late_principal += whole - interest - max(0, taken - interest)
    return early - taken


def _interest(
    walk: _Walk, row: Row, changes: Sequence[tuple[date, int, int]], late: int
) -> int:
    """Add up the interest of stretches of days with one balance, each rounded."""
    recalculation = walk.terms.recalculation
    counts = row.begins < walk.today and (walk.today <= row.due)
    daily = recalculation is not None and recalculation.rest == "daily"
    late_till = min(walk.today, row.due) if daily else row.due
    late = late if counts else 0
    days = {row.begins, row.due, *(on for on, _, _ in changes)}
    if late:
        days.add(late_till)
    cuts = sorted(day for day in days if row.begins <= day <= row.due)
    total, balance = 0, walk.balance
    rate = _rate(walk.terms, row)
    for begin, end in pairwise(cuts):
        for on, change, late_change in changes:
            if max(on, row.begins) == begin:
                balance += change
                late += late_change if counts else 0
        owed = max(0, balance) + (late if begin < late_till else 0)
        exact = owed * rate * (end - begin).days
        total += divide(exact.numerator, exact.denominator)
    return total


def _rate(terms: PlanTerms, row: Row) -> Fraction:
    """Return the rate of one day of a row."""
    if terms.daily:
        return Fraction(terms.yearly_percent) / 36500
    return period_rate(terms) / max(1, (row.due - row.begins).days)
