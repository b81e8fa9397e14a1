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


def _unpaid(loan: SourceLoan, window: tuple[date, date] | None) -> list[int]:
    """The months inside the window in which a loan with a balance paid nothing."""
    return [
        month.number
        for month in loan.months
        if month.paid == 0
        and month.balance is not None
        and month.balance > 0
        and (window is None or window[0] <= loan.month_start(month.number) < window[1])
    ]


def _spells(unpaid: list[int]) -> Iterator[list[int]]:
    """Unpaid months that lie close: fewer than three paid ones between two."""
    spell: list[int] = []
    for number in unpaid:
        if spell and number - spell[-1] > FOLLOWED_BY:
            yield spell
            spell = []
        spell.append(number)
    if spell:
        yield spell


def _skipped(loan: SourceLoan, first: int, last: int) -> int:
    """Instalments not paid from one month to another, to the nearest whole one."""
    paid = sum(month.paid or 0 for month in loan.months[first - 1 : last])
    missing = (last - first + 1) * loan.instalment - paid
    return (2 * missing + loan.instalment) // (2 * loan.instalment)


def _resumed(loan: SourceLoan, last: int, skipped: int) -> bool:
    """Regular payments follow, and the skipped instalments are not among them."""
    after = loan.months[last : last + FOLLOWED_BY]
    if len(after) < FOLLOWED_BY or any(not month.paid for month in after):
        return False
    paid = 2 * sum(month.paid or 0 for month in after)
    regular = 2 * FOLLOWED_BY * loan.instalment
    caught_up = regular + 2 * skipped * loan.instalment - loan.instalment
    return regular - loan.instalment <= paid < caught_up


def _held(loan: SourceLoan, spell: list[int]) -> bool:
    """The balance stood still in every unpaid month."""
    months: tuple[Month, ...] = loan.with_month_0()
    return all(months[n].balance == months[n - 1].balance for n in spell)


def _late_without(loan: SourceLoan, last: int, granted: int) -> bool:
    """Whether the loan would owe more than half an instalment after the spell."""
    paid = sum(month.paid or 0 for month in loan.months[:last])
    due = (last - granted) * loan.instalment
    return 2 * (arrears(loan) + due - paid) > loan.instalment


def extensions(
    loan: SourceLoan, *, window: tuple[date, date] | None = WAVE
) -> tuple[Extension, ...]:
    """The extensions of one loan, told from its unpaid months inside `window`
    (half-open; None: at any time).

    Unpaid months with fewer than three paid ones between are one spell. A spell of
    at most six months counts as an extension by as many months as instalments were
    skipped in it when each of the three months after was paid, their total is at
    least two and a half instalments and less than would have made up the skipped
    ones but half of one; the balance stood still in the unpaid months; and without
    an extension more than half an instalment would have been owed at the end (who
    has paid ahead needs none).
    """
    if loan.instalment <= 0:
        return ()
    found: list[Extension] = []
    for spell in _spells(_unpaid(loan, window)):
        first, last = spell[0], spell[-1]
        skipped = _skipped(loan, first, last)
        if last - first >= LONGEST:
            continue
        granted = sum(earlier.months for earlier in found)
        if (
            _resumed(loan, last, skipped)
            and _held(loan, spell)
            and _late_without(loan, last, granted)
        ):
            found.append(Extension(first, skipped))
    return tuple(found)
