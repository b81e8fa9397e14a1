"""Which loans were given an extension: told from how they paid, by a stated rule."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from daihou.config.real_data.opening import arrears
from daihou.config.real_data.source import Month, SourceLoan

WAVE = (date(2020, 3, 1), date(2020, 9, 1))  # the deferrals of spring 2020
FOLLOWED_BY = 3  # months that must be paid again
LONGEST = 6  # months


@dataclass(frozen=True, slots=True)
class Extension:
    """Due dates from month `first` on moved by `months`."""

    first: int
    months: int


def _runs(months: tuple[Month, ...]) -> Iterator[tuple[int, int]]:
    """First month and length of every run of unpaid months with a balance."""
    first = None
    for month in (*months, Month(len(months) + 1, None, None, None)):
        unpaid = month.paid == 0 and month.balance is not None and month.balance > 0
        if unpaid and first is None:
            first = month.number
        if not unpaid and first is not None:
            yield first, month.number - first
            first = None


def _resumed(loan: SourceLoan, first: int, length: int) -> bool:
    """Regular payments follow, the skipped instalments are not among them, and no
    principal was collected meanwhile."""
    months = loan.months
    after = months[first + length - 1 : first + length - 1 + FOLLOWED_BY]
    if len(after) < FOLLOWED_BY or any(not month.paid for month in after):
        return False
    paid = 2 * sum(month.paid or 0 for month in after)
    regular = 2 * FOLLOWED_BY * loan.instalment
    caught_up = regular + 2 * length * loan.instalment - loan.instalment
    held = {month.balance for month in months[first - 1 : first + length - 1]}
    before = months[first - 2].balance if first > 1 else loan.closing
    return regular - loan.instalment <= paid < caught_up and held == {before}


def _late_without(loan: SourceLoan, run: Extension, granted: int) -> bool:
    """Whether the loan would owe more than half an instalment after the run."""
    paid = sum(month.paid or 0 for month in loan.months[: run.first - 1])
    due = (run.first + run.months - 1 - granted) * loan.instalment
    return 2 * (arrears(loan) + due - paid) > loan.instalment


def extensions(
    loan: SourceLoan, *, window: tuple[date, date] | None = WAVE
) -> tuple[Extension, ...]:
    """The extensions of one loan whose unpaid months lie inside `window`
    (half-open; None: any time).

    An unpaid run of one to six months counts as one when each of the three months
    after it was paid, their total is at least two and a half instalments, and less
    than would have made up the skipped ones but half of one; the balance stood
    still during the run; and without an extension more than half an instalment
    would have been owed at the end of it (who has paid ahead needs none).
    """
    found: list[Extension] = []
    for first, length in _runs(loan.months):
        begins, ends = loan.month_start(first), loan.month_start(first + length)
        inside = window is None or (window[0] <= begins and ends <= window[1])
        if not inside or length > LONGEST or not _resumed(loan, first, length):
            continue
        run = Extension(first, length)
        if _late_without(loan, run, sum(earlier.months for earlier in found)):
            found.append(run)
    return tuple(found)
