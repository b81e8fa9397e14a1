"""The instalment of a moving plan: worked out anew whenever the balance changes."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from itertools import pairwise

from daihou.engine.basics.dates import DAY
from daihou.engine.basics.rounding import divide
from daihou.engine.ledger.moving.factors import set_factors
from daihou.engine.ledger.moving.stretches import ZERO, Period, Stretches
from daihou.engine.ledger.moving.terms import EXACT, cents


def disburse(plan: Stretches, on: date, amount: int) -> None:
    """Pay out `amount` on a day and work out the instalments from then on."""
    terms, first = plan.terms, not any(_disbursed(each) for each in plan.periods)
    if not terms.daily and not terms.partial_periods:
        later = next((each for each in plan.periods if each.due > on), None)
        on = later.begins if later else on
    period = plan.change(on, disbursed=amount)
    if period is None:
        return
    since = _from_due(plan, period, on)
    if first:
        _renew(plan, since, alone=True)
        return
    _renew(plan, since, alone=False)


def change_rate(plan: Stretches, on: date, yearly_percent: Decimal) -> None:
    """Charge another rate from a day on (its interest from the day itself)."""
    since = on - DAY
    plan.rates.append((since, yearly_percent))
    plan.rates.sort(key=lambda each: each[0])
    plan.touch()
    period = plan.change(since)
    if period is not None:
        _renew(plan, _from_due(plan, period, since), alone=True)


def extend(plan: Stretches, on: date, spans: Sequence[tuple[date, date]]) -> None:
    """Add periods after the last one and spread what is left over all from a day."""
    for begins, due in spans:
        plan.periods.append(Stretches(plan.terms, [Period(begins, due)]).periods[0])
    period = plan.change(on - DAY)
    if period is not None:
        _renew(plan, _from_due(plan, period, on - DAY), alone=True)


def pause(plan: Stretches, first: date, last: date) -> None:
    """Charge no interest for the days from `first` to `last`, both included.

    A day's interest is that of the night before it: the stretch begins a day early.
    """
    plan.pause(first, last)
    set_factors(plan)
    settle_last(plan, first)


def _disbursed(period: Period) -> int:
    return sum(each.disbursed for each in period.stretches)


def _from_due(plan: Stretches, period: Period, on: date) -> date:
    """Return the due date of the first period a change on a day can touch."""
    if period.due == on and period is not plan.periods[-1]:
        return plan.periods[plan.periods.index(period) + 1].due
    return period.due


def _renew(plan: Stretches, since: date, *, alone: bool) -> None:
    """Work out factors and instalments of the periods due on or after a day.

    `alone`: on the plan as it stands; otherwise as if all had been paid as planned,
    so that earlier payments do not lower the instalment.
    """
    periods = [each for each in plan.periods if each.due >= since]
    set_factors(plan, periods)
    if plan.terms.flat:
        _flat(plan, periods)
        return
    if alone or plan.is_copy:
        _level(plan, periods)
    else:
        twin = plan.unpaid_copy()
        _renew(twin, since, alone=True)
        for period, other in zip(plan.periods, twin.periods, strict=True):
            if period.due >= since:
                period.instalment, period.agreed = other.instalment, other.agreed
    plan.touch()
    settle_last(plan, since)
    if alone or plan.is_copy:
        even_out(plan, periods)


def _level(plan: Stretches, periods: Sequence[Period]) -> None:
    """Give the periods one instalment that pays off what is owed at their beginning."""
    balance = Decimal(_balance_before(plan, periods[0]))
    growth, sums = Decimal(1), Decimal(1)
    for place, period in enumerate(periods):
        factor = 1 + sum((each.factor for each in period.stretches), ZERO)
        growth = EXACT.multiply(growth, factor)
        if place:
            sums = EXACT.add(Decimal(1), EXACT.multiply(sums, factor))
    exact = EXACT.divide(EXACT.multiply(growth, balance), sums)
    level = plan.terms.in_multiples(cents(exact))
    if plan.terms.fixed_instalment:
        level = plan.terms.fixed_instalment
    for period in periods:
        if level >= period.paid:
            period.instalment = period.agreed = level
    plan.touch()


def _balance_before(plan: Stretches, period: Period) -> int:
    plan.work_out()
    place = plan.periods.index(period)
    before = plan.periods[place - 1].balance_after if place else 0
    return before + _disbursed(period)


def _flat(plan: Stretches, periods: Sequence[Period]) -> None:
    """Spread what is owed and its flat interest evenly; the last takes the rest."""
    plan.work_out()
    place = plan.periods.index(periods[0])
    owed = _balance_before(plan, periods[0])
    if place:
        before = plan.periods[place - 1]
        owed = before.balance_after + _disbursed(periods[0])
    total = owed + sum(_own_interest(plan, each) for each in periods)
    part = plan.terms.in_multiples(divide(total, len(periods)))
    for period in periods:
        period.instalment = part
    periods[-1].instalment += total - part * len(periods)
    over = 0
    for period in periods:
        more = max(0, period.paid - period.whole)
        over += more
        period.instalment += more
        period.agreed = period.instalment
    for period in reversed(periods):
        least = max(_own_interest(plan, period), period.paid - period.credited)
        part = min(over, max(0, period.instalment - least))
        over -= part
        period.instalment -= part
    plan.touch()


def _own_interest(plan: Stretches, period: Period) -> int:
    return cents(sum(plan._parts(period), ZERO))


def settle_last(plan: Stretches, till: date) -> None:
    """Let the last unpaid instalment take what is left, no more and no less."""
    for _ in range(len(plan.periods) + 2):
        last = _trim(plan)
        if last is None:
            return
        last.brought_forward = 0
        for period in plan.periods:
            period.moved_up = False
        plan.touch()
        plan.work_out()
        disbursed = sum(_disbursed(each) for each in plan.periods)
        credited = sum(each.credited_principal for each in plan.periods)
        interest = sum(each.interest for each in plan.periods)
        wholes = sum(each.whole for each in plan.periods)
        last.instalment += disbursed + credited + interest - wholes
        plan.touch()
        more = max(0, last.paid - last.credited - last.instalment)
        last.instalment += more
        bring_forward(plan, last, till)
        if not more:
            return


def _trim(plan: Stretches) -> Period | None:
    """Take off what no longer can be owed; return the last unpaid period."""
    due, paid, _, _ = plan.totals()
    left = due - paid
    for period in plan.periods:
        plan.work_out()
        over = max(0, period.open_principal - left)
        if over:
            period.instalment -= over
            least = period.paid - period.credited
            period.instalment = max(period.instalment, least, 0)
            plan.touch()
    plan.work_out()
    unpaid = [each for each in plan.periods if not each.fully_paid]
    if unpaid:
        return unpaid[-1]
    return None if paid else plan.periods[-1]


def bring_forward(plan: Stretches, last: Period, till: date) -> None:
    """Charge on `last` the interest accrued after it that no instalment has room for."""
    twin, after = as_accrued(plan, till), plan.periods.index(last) + 1
    for period in reversed(twin.periods[after:]):
        if period.unrecognised > 0:
            last.brought_forward = period.unrecognised
            for each in plan.periods[after:]:
                each.moved_up = True
            plan.touch()
            return


def as_accrued(plan: Stretches, till: date) -> Stretches:
    """Return a copy that charges interest to a day and none after it."""
    twin = plan.copy()
    for period in twin.periods:
        for stretch in period.stretches:
            stretch.ends = max(stretch.begins, min(stretch.ends, till))
    set_factors(twin)
    return twin.work_out()


def even_out(plan: Stretches, periods: Sequence[Period]) -> None:
    """Move the instalment of the plan's last `periods` while that evens it out."""
    for _ in range(0 if plan.terms.fixed_instalment else plan.terms.levelling_rounds):
        plan.work_out()
        found = _difference(periods)
        if found is None:
            return
        level, difference = found
        counted = sum(1 for each in periods if level >= each.paid)
        if abs(difference) <= len(periods) // 2:
            return
        moved = plan.terms.in_multiples(level + divide(difference, counted))
        if moved == level:
            return
        twin = plan.copy()
        others = twin.periods[-len(periods) :]
        for period, other in zip(periods, others, strict=True):
            if moved >= period.paid:
                other.instalment = other.agreed = moved
        twin.touch()
        settle_last(twin, periods[0].due)
        better = _difference(twin.work_out().periods)
        if better is not None and abs(better[1]) >= abs(difference):
            return
        for period, other in zip(periods, others, strict=True):
            period.instalment = period.agreed = other.instalment
        plan.touch()


def _difference(periods: Sequence[Period]) -> tuple[int, int] | None:
    """Return an instalment and how far the one after it, the last, differs."""
    for before, last in reversed(list(pairwise(periods))):
        if not last.fully_paid and not before.fully_paid:
            return before.instalment, last.instalment - before.instalment
    return None
