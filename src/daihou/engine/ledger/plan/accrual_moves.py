"""Payments on a plan whose interest follows the balance: day by day, not by plan."""

from datetime import date

from daihou.engine.ledger.plan.factors import set_factors
from daihou.engine.ledger.plan.instalments import (
    as_accrued,
    bring_forward,
    settle_last,
)
from daihou.engine.ledger.plan.stretches import Period, Stretches


def correct(plan: Stretches, on: date, amount: int) -> None:
    """Change the balance from a day on without changing the instalment."""
    period = plan.change(on, correction=amount)
    if period is None:
        return
    set_factors(plan, [period])
    settle_last(plan, on)


def pay_principal(plan: Stretches, due: date, on: date, amount: int) -> None:
    """Pay principal of the period due on `due`; interest falls from then on."""
    period = plan.by_due(due)
    if amount <= 0 or period is None:
        return
    owed, paid, _, _ = plan.totals()
    credited = sum(each.credited_principal for each in plan.periods)
    part = owed - paid if paid + amount > owed + credited else amount
    period.paid_principal += part
    plan.touch()
    since = min(due, on)
    correct(plan, since, -amount)
    plan.work_out()
    several = sum(1 for each in plan.periods if not each.fully_paid) > 1
    if several and on < period.begins:
        agreed = period.paid == period.agreed + period.credited
        if period.paid > period.whole or agreed:
            period.instalment = period.paid - period.credited
            plan.touch()
    settle_last(plan, since)


def pay_interest(plan: Stretches, due: date, on: date, amount: int) -> None:
    """Pay interest of the period due on `due`."""
    period = plan.by_due(due)
    if period is None:
        return
    last = _open_before_end(plan, on)
    if last is not None and last is period:
        bring_forward(plan, last, on)
    _, _, owed, paid = plan.totals()
    period.paid_interest += owed - paid if paid + amount > owed else amount
    plan.touch()
    settle_last(plan, on)


def _open_before_end(plan: Stretches, on: date) -> Period | None:
    plan.work_out()
    unpaid = [each for each in plan.periods if not each.fully_paid]
    if not unpaid or unpaid[-1] is plan.periods[-1] or on < unpaid[-1].due:
        return None
    return unpaid[-1]


def credit(plan: Stretches, on: date, *, principal: int = 0, interest: int = 0) -> None:
    """Give back principal or interest already paid: it is owed again from a day on."""
    found = plan.change(on, correction=principal)
    if found is None:
        return
    for place, period in enumerate(plan.periods):
        last = place == len(plan.periods) - 1
        if period.begins <= on and (on < period.due or (last and on == period.due)):
            stretches = [each for each in period.stretches if each.begins == on]
            if stretches:
                stretches[-1].credited_principal += principal
                stretches[-1].credited_interest += interest
            break
    plan.touch()
    set_factors(plan, [found])
    settle_last(plan, on)


def up_to(plan: Stretches, on: date) -> Stretches:
    """Return a copy cut off at a day: nothing accrues after it."""
    twin = plan.copy()
    if on < twin.periods[0].begins:
        for period in twin.periods:
            period.stretches = []
        twin.touch()
        return twin.work_out()
    if on >= twin.maturity:
        return twin.work_out()
    here = twin.find(on)
    place = twin.periods.index(here) if here else -1
    for number, period in enumerate(twin.periods):
        if period.due <= on:
            continue
        if number == place:
            _cut_off(period, on)
        elif number == place + 1 and _credited_first(period):
            period.stretches[0].ends = period.stretches[0].begins
            del period.stretches[1:]
        else:
            period.stretches = []
    twin.touch()
    set_factors(twin)
    settle_last(twin, on)
    return twin.work_out()


def _credited_first(period: Period) -> bool:
    first = period.stretches[0]
    return first.credited_interest > 0 or first.credited_principal > 0


def _cut_off(period: Period, on: date) -> None:
    for place, stretch in enumerate(period.stretches):
        inside = stretch.begins < on <= stretch.ends
        if inside or (on == period.begins and stretch.begins == on):
            stretch.ends = on
            if place + 1 < len(period.stretches):
                after = period.stretches[place + 1]
                stretch.credited_principal += after.credited_principal
                stretch.credited_interest += after.credited_interest
            del period.stretches[place + 1 :]
            return


def due_amounts(plan: Stretches, due: date, on: date) -> tuple[int, int]:
    """Return the most principal and interest a period can be asked for on a day."""
    twin = up_to(plan, on)
    period = twin.by_due(due)
    assert period is not None, due
    unpaid = sum(1 for each in twin.periods if not each.fully_paid)
    owed, paid, _, _ = twin.totals()
    if on <= period.begins:
        if unpaid > 1:
            period.instalment = period.agreed
            twin.touch()
            twin.work_out()
            over = period.open_principal - (owed - paid)
            period.instalment -= max(0, over)
        elif period.fully_paid and unpaid == 1:
            most = owed - paid + period.paid_principal + period.interest
            period.instalment = min(period.agreed, most)
        twin.touch()
        twin.work_out()
    return period.principal, period.interest


def interest_till(plan: Stretches, due: date, on: date, *, credited: bool) -> int:
    """Return the interest a period has accrued by a day."""
    period = up_to(plan, on).by_due(due)
    if period is None:
        return 0
    return period.accrued - (0 if credited else period.credited_interest)


def outstanding_on(plan: Stretches, on: date) -> tuple[int, int]:
    """Return principal and interest that would close the loan on a day."""
    twin = as_accrued(plan, on)
    settle_last(twin, on)
    owed, paid, interest, interest_paid = twin.totals()
    return max(0, owed - paid), max(0, interest - interest_paid)


def catch_up(plan: Stretches, on: date, *, to_due_date: bool) -> bool:
    """Let interest run on overdue principal up to a day; tell whether it changed."""
    on = min(on, plan.maturity)
    late = [each for each in plan.periods if on > each.due]
    if not late:
        return False
    last = plan.periods[-1]
    here = plan.find(on) or last
    changed, overdue, total = False, 0, 0
    for period in late:
        if overdue:
            changed |= _carry(plan, on, period, (overdue, total), to_due_date)
        plan.work_out()
        overdue = period.open_principal
        total += overdue
    if here is not last or on <= last.due:
        changed |= _carry(plan, on, here, (overdue, total), to_due_date)
    if total > 0 and (plan.overdue_on is None or plan.overdue_on < on):
        plan.overdue_on = on
    return changed


def _carry(
    plan: Stretches,
    on: date,
    period: Period,
    overdue: tuple[int, int],
    to_due_date: bool,  # noqa: FBT001
) -> bool:
    """Add overdue principal to the balance of a period, up to a day of it."""
    one, total = overdue
    if on == plan.overdue_on or not (one or total):
        return False
    fresh = plan.overdue_on is None or period.begins > plan.overdue_on
    since = period.begins if fresh else plan.overdue_on
    assert since is not None
    correct(plan, since, one)
    if period.begins < on <= period.due:
        till = period.due if to_due_date else on
        correct(plan, till, -total)
        plan.overdue_on = till
    return True
