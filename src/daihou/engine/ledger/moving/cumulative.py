"""Schedules worked out once, period by period, from one rate a period."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from fractions import Fraction

from daihou.engine.basics.rounding import divide
from daihou.engine.ledger.moving.state import Row
from daihou.engine.ledger.moving.terms import EXACT, PlanTerms, cents

_A_YEAR = {"months": 12, "weeks": 52, "days": 365}


@dataclass(frozen=True, slots=True)
class Changes:
    """Periods added and periods free of principal, by the due date they begin at."""

    extra: Mapping[date, int] = field(default_factory=dict)
    grace: Mapping[date, int] = field(default_factory=dict)


NO_CHANGES = Changes()


def cumulative_rows(
    terms: PlanTerms,
    dates: Sequence[tuple[date, date]],
    disbursed: Sequence[tuple[date, int]],
    changes: Changes = NO_CHANGES,
) -> list[Row]:
    """Return the rows of a plan for what was disbursed when; down payments first."""
    down = terms.down_payment_percent is not None
    rows = [Row(on, on, down_payment=True) for on, _ in disbursed if down]
    for row, (_, amount) in zip(rows, disbursed, strict=False):
        row.owed["principal"] = terms.down_payment(amount)
    net = [(on, amount - terms.down_payment(amount)) for on, amount in disbursed]
    normal = [Row(begins, due) for begins, due in dates]
    if terms.flat:
        _flat(terms, normal, disbursed, net)
    else:
        _declining(terms, normal, net, changes)
    return sorted([*rows, *normal], key=lambda row: (row.due, not row.down_payment))


def _flat(
    terms: PlanTerms,
    rows: list[Row],
    gross: Sequence[tuple[date, int]],
    net: Sequence[tuple[date, int]],
) -> None:
    count = len(rows)
    total = sum(amount for _, amount in gross)
    owed = sum(amount for _, amount in net)
    rate = period_rate(terms)
    whole = Fraction(total) * rate * count
    interest_left = divide(whole.numerator, whole.denominator)
    each_interest = divide((whole / count).numerator, (whole / count).denominator)
    level = divide(owed, count) + each_interest
    part = terms.in_multiples(level) - each_interest
    left = owed
    for number, row in enumerate(rows, 1):
        last = number == count
        row.owed["principal"] = left if last else min(part, left)
        row.owed["interest"] = interest_left if last else each_interest
        left -= row.owed["principal"]
        interest_left -= row.owed["interest"]


def period_rate(terms: PlanTerms) -> Fraction:
    """Return the rate of one whole period."""
    return Fraction(terms.yearly_percent) * terms.every / 100 / _A_YEAR[terms.unit]


def level_instalment(terms: PlanTerms, balance: int, periods: int) -> int:
    """Return the instalment that pays off `balance` at the rate of one period."""
    rate = period_rate(terms)
    if terms.recalculates and terms.daily and terms.unit == "months":
        rate = Fraction(terms.yearly_percent) * 30 * terms.every / 36500
    if not rate:
        return terms.in_multiples(divide(balance, periods))
    growth = Decimal(1)
    factor = 1 + EXACT.divide(Decimal(rate.numerator), Decimal(rate.denominator))
    for _ in range(periods):
        growth = EXACT.multiply(growth, factor)
    exact = EXACT.divide(
        EXACT.multiply(EXACT.multiply(Decimal(balance), factor - 1), growth),
        growth - 1,
    )
    return terms.in_multiples(cents(exact))


def _declining(
    terms: PlanTerms,
    rows: list[Row],
    net: Sequence[tuple[date, int]],
    changes: Changes,
) -> None:
    """Each period's interest is on the balance at its days."""
    waiting = sorted(net)
    total = sum(amount for _, amount in net)
    extra = sum(changes.extra.values()) + sum(changes.grace.values())
    level = level_at(terms, total, len(rows) - terms.grace_principal - extra)
    balance = carried = free = 0
    for number, row in enumerate(rows, 1):
        last = number == len(rows)
        added = [each for each in waiting if each[0] <= row.due or last]
        waiting = [each for each in waiting if each not in added]
        before, balance = balance, balance + sum(amount for _, amount in added)
        if row.due in changes.extra:
            level = level_at(terms, balance, len(rows) - number + 1)
        free = max(free - 1, changes.grace.get(row.due, 0))
        interest = carried + _interest(terms, row, before, added)
        carried = interest if number <= terms.grace_interest else 0
        row.owed["interest"] = interest = interest - carried
        if last:
            part = balance
        elif free or number <= terms.grace_principal:
            part = 0
        else:
            part = min(level if terms.equal_principal else level - interest, balance)
        row.owed["principal"] = max(0, part) if not last else part
        balance -= row.owed["principal"]


def level_at(terms: PlanTerms, balance: int, periods: int) -> int:
    """Return what one period pays: a part of the principal, or an instalment."""
    if terms.equal_principal:
        return divide(balance, periods)
    if terms.fixed_instalment:
        return terms.fixed_instalment
    return level_instalment(terms, balance, periods)


def _interest(
    terms: PlanTerms, row: Row, before: int, added: Sequence[tuple[date, int]]
) -> int:
    days = (row.due - row.begins).days
    share = Fraction(0)
    for on, amount in [(row.begins, before), *added]:
        part = Fraction((row.due - max(on, row.begins)).days, days or 1)
        if not terms.daily and not terms.partial_periods:
            part = Fraction(1)
        share += amount * part
    rate = (
        Fraction(terms.yearly_percent) / 100 * Fraction(days, 365)
        if terms.daily
        else period_rate(terms)
    )
    exact = share * rate
    return divide(exact.numerator, exact.denominator)
