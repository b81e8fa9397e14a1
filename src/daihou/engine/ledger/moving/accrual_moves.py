"""Payments on a plan whose interest follows the balance: day by day, not by plan."""

from datetime import date

from daihou.engine.ledger.moving.factors import set_factors
from daihou.engine.ledger.moving.instalments import (
    as_accrued,
    bring_forward,
    settle_last,
)
from daihou.engine.ledger.moving.stretches import Period, Stretch, Stretches


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
    period.paid_principal += amount
    plan.touch()
    since = min(due, on)
    correct(plan, since, -amount)
    plan.work_out()
    period.instalment = max(period.instalment, period.paid - period.credited)
    plan.touch()
    settle_last(plan, since)


def pay_interest(plan: Stretches, due: date, on: date, amount: int) -> None:
    """Pay interest of the period due on `due`."""
    period = plan.by_due(due)
    if period is None:
        return
    plan.work_out()
    unpaid = [each for each in plan.periods if not each.fully_paid]
    if unpaid and unpaid[-1] is period:
        bring_forward(plan, period, on)
    period.paid_interest += amount
    plan.touch()
    settle_last(plan, on)


def credit(plan: Stretches, on: date, *, principal: int = 0, interest: int = 0) -> None:
    """Give back principal or interest already paid: it is owed again from a day on."""
    found = plan.change(on, correction=principal)
    if found is None:
        return
    here = next((each for each in plan.periods if on < each.due), plan.periods[-1])
    stretches = [each for each in here.stretches if each.begins == on]
    if stretches:
        stretches[-1].credited_principal += principal
        stretches[-1].credited_interest += interest
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
    here = twin.find(on)
    if here is None:
        return twin.work_out()
    _cut_off(here, on)
    later = twin.periods[twin.periods.index(here) + 1 :]
    given_back = [_given_back_first(period) for period in later[:1]]
    for period in later:
        period.stretches = given_back
        given_back = []
    twin.touch()
    set_factors(twin)
    settle_last(twin, on)
    return twin.work_out()


def _given_back_first(period: Period) -> Stretch:
    """Return what was given back as a period began, without a day of it."""
    first = period.stretches[0]
    return Stretch(
        *(first.begins, first.begins),
        credited_principal=first.credited_principal,
        credited_interest=first.credited_interest,
    )


def _cut_off(period: Period, on: date) -> None:
    for place, stretch in enumerate(period.stretches):
        if on <= stretch.ends:
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
    owed, paid, _, _ = twin.totals()
    if on <= period.begins:
        period.instalment = period.agreed
        twin.touch()
        twin.work_out()
        over = period.open_principal - (owed - paid)
        period.instalment -= max(0, over)
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
    here = plan.find(on)
    assert here is not None, on
    changed, overdue, total = False, 0, 0
    for period in late:
        if overdue:
            changed |= _carry(plan, on, period, (overdue, total), to_due_date)
        plan.work_out()
        overdue = period.open_principal
        total += overdue
    changed |= _carry(plan, on, here, (overdue, total), to_due_date)
    plan.overdue_on = max(on, plan.overdue_on or on)
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
    correct(plan, max(period.begins, plan.overdue_on or period.begins), one)
    if on <= period.due:
        till = period.due if to_due_date else on
        correct(plan, till, -total)
        plan.overdue_on = till
    return True
