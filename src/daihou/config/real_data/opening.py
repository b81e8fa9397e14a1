"""Where a seasoned loan stood when its first month was published."""

import calendar
from datetime import date, timedelta
from decimal import Decimal, localcontext

from daihou.config.real_data.source import SourceLoan

USUAL_DAY = 15  # the files give months, not days: the middle of the month
LAST_DAY = 28  # a due day every month has


def due_day(loan: SourceLoan) -> int:
    """The day of the month on which instalments are due.

    A loan late in month 0 tells it (the period's end less its days past due); for
    the others, and for days only some months have, it is a convention.
    """
    if loan.days_late == 0:
        return USUAL_DAY
    return min(oldest_due_on(loan).day, LAST_DAY)


def oldest_due_on(loan: SourceLoan) -> date:
    """The due date of the oldest unpaid instalment at the end of month 0."""
    return loan.ends_on - timedelta(days=loan.days_late)


def due_on(loan: SourceLoan, month: int) -> date:
    """The due date in month `month` of the loan."""
    return loan.month_start(month).replace(day=due_day(loan))


def month_end(loan: SourceLoan, month: int) -> date:
    """The last day of month `month`."""
    first = loan.month_start(month)
    return first.replace(day=calendar.monthrange(first.year, first.month)[1])


def contract_balance(loan: SourceLoan) -> int:
    """What would be owed after month 0 had every instalment come as agreed, in cents."""
    if loan.rate == 0:
        return loan.instalment * loan.remaining
    with localcontext() as context:
        context.prec = 40
        monthly = loan.rate / 12
        share = 1 - (1 + monthly) ** -loan.remaining
        return int((loan.instalment * share / monthly).to_integral_value())


def arrears(loan: SourceLoan) -> int:
    """What was due and unpaid after month 0, in cents; negative: paid ahead.

    The amount due next says it: more than one instalment is arrears, less is paid
    ahead. Where nothing is due next, the whole instalments ahead are counted by how
    far the balance is below the contract's, one at least.
    """
    if loan.next_due > 0 or loan.instalment <= 0:
        return loan.next_due - loan.instalment
    ahead = (contract_balance(loan) - loan.closing) // loan.instalment
    return -loan.instalment * max(1, ahead)


def yearly(balance: int, rate: Decimal, months: int) -> int:
    """Interest on `balance` for some months, 30/360, rounded half even, in cents."""
    return int((balance * rate * months / 12).to_integral_value())
