"""Early payment default 首逾: the first instalments that were not paid in time."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction


@dataclass(frozen=True, slots=True)
class Instalment:
    """One instalment of a loan; `settled_on` None: not paid in full yet."""

    loan: str
    number: int
    due_on: date
    settled_on: date | None


@dataclass(frozen=True, slots=True)
class Defaults:
    """Loans that defaulted, of those for which it can be known."""

    matured: int
    defaulted: int

    @property
    def rate(self) -> Fraction | None:
        """The share; None where nothing has matured."""
        return Fraction(self.defaulted, self.matured) if self.matured else None


def payment_default(
    instalments: Iterable[Instalment],
    *,
    as_of: date,
    days: int,
    number: int = 1,
    pure: bool = True,
) -> Defaults:
    """FPD-n (number 1), SPD (2), TPD (3) ...: n or more days late on an instalment.

    The day after the due date is day 1, so an instalment is n days late if it is not
    settled by the end of the day before due + n. Only loans whose instalment fell due
    at least n days before the end of `as_of` are in the denominator. `pure` leaves
    out loans that were already n days late on an earlier instalment; else they count
    like any other.
    """
    assert days >= 1, days
    assert number >= 1, number
    loans: dict[str, dict[int, Instalment]] = defaultdict(dict)
    for each in instalments:
        assert each.number not in loans[each.loan], "an instalment is there twice"
        loans[each.loan][each.number] = each
    matured = defaulted = 0
    for rows in loans.values():
        asked = rows.get(number)
        if asked is None or as_of < asked.due_on + timedelta(days):
            continue
        earlier = [row for row in rows.values() if row.number < number]
        if pure and any(_is_late(row, days) for row in earlier):
            continue
        matured += 1
        defaulted += _is_late(asked, days)
    return Defaults(matured, defaulted)


def _is_late(row: Instalment, days: int) -> bool:
    return row.settled_on is None or row.settled_on >= row.due_on + timedelta(days)
