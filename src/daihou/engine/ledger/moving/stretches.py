"""Interest of a moving plan: periods cut into stretches of days with one balance."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from daihou.engine.basics.dates import DAY
from daihou.engine.ledger.moving.terms import EXACT, PlanTerms, cents

ZERO = Decimal(0)


@dataclass(slots=True)
class Stretch:
    """Days of one period with the same balance; changes fall on its last day."""

    begins: date
    ends: date
    factor: Decimal = ZERO  # of the stretch, for the instalment
    factor_to_due: Decimal = ZERO  # from its beginning to the due date
    disbursed: int = 0
    correction: int = 0
    credited_principal: int = 0
    credited_interest: int = 0
    paused: bool = False
    balance: int = 0

    @property
    def days(self) -> int:
        """Days of the stretch."""
        return (self.ends - self.begins).days

    def copy(self) -> "Stretch":
        """Return a copy that may be changed."""
        return Stretch(
            *(self.begins, self.ends, self.factor, self.factor_to_due),
            *(self.disbursed, self.correction, self.credited_principal),
            *(self.credited_interest, self.paused, self.balance),
        )


@dataclass(slots=True)
class Period:
    """One repayment period: its instalment, what was paid of it, its stretches."""

    begins: date
    due: date
    instalment: int = 0
    agreed: int = 0  # the instalment before payments changed it
    paid_principal: int = 0
    paid_interest: int = 0
    brought_forward: int = 0  # interest of later days that belongs here
    moved_up: bool = False  # its own interest was brought forward
    total_disbursed: int = 0
    stretches: list[Stretch] = field(default_factory=list)
    # Worked out by Stretches.work_out:
    accrued: int = 0
    interest: int = 0
    principal: int = 0
    balance_after: int = 0

    def copy(self) -> "Period":
        """Return a copy that may be changed."""
        return Period(
            *(self.begins, self.due, self.instalment, self.agreed),
            *(self.paid_principal, self.paid_interest, self.brought_forward),
            *(self.moved_up, self.total_disbursed),
            [each.copy() for each in self.stretches],
            *(self.accrued, self.interest, self.principal, self.balance_after),
        )

    @property
    def credited_principal(self) -> int:
        """Principal given back into this period."""
        return max(0, sum(each.credited_principal for each in self.stretches))

    @property
    def credited_interest(self) -> int:
        """Interest given back into this period."""
        return max(0, sum(each.credited_interest for each in self.stretches))

    @property
    def credited(self) -> int:
        """Everything given back into this period."""
        return self.credited_principal + self.credited_interest

    @property
    def whole(self) -> int:
        """The instalment with what was credited and brought forward."""
        return self.instalment + self.credited + self.brought_forward

    @property
    def paid(self) -> int:
        """Principal and interest paid."""
        return self.paid_principal + self.paid_interest

    @property
    def fully_paid(self) -> bool:
        """Tell whether the whole instalment is paid."""
        return self.whole == self.paid

    @property
    def open_principal(self) -> int:
        """Principal due and unpaid."""
        return max(0, self.principal - self.paid_principal)

    @property
    def unrecognised(self) -> int:
        """Interest accrued that the instalment has no room for."""
        return self.accrued - self.interest


class Stretches:
    """All periods of a plan, with the rates and changes that act on them."""

    def __init__(self, terms: PlanTerms, periods: list[Period]) -> None:
        """Start from bare periods: one stretch each."""
        self.terms = terms
        self.periods = periods
        self.rates: list[tuple[date, Decimal]] = []
        self.overdue_on: date | None = None
        self.is_copy = False
        self._fresh = False
        for period in periods:
            if not period.stretches:
                period.stretches = [Stretch(period.begins, period.due)]

    def copy(self) -> "Stretches":
        """Return a copy to try things on."""
        twin = Stretches(self.terms, [each.copy() for each in self.periods])
        twin.rates = list(self.rates)
        twin._fresh = self._fresh
        return twin

    def unpaid_copy(self) -> "Stretches":
        """Return a copy as if everything had been paid as planned."""
        twin = self.copy()
        twin.is_copy = True
        for period in twin.periods:
            period.paid_principal = period.paid_interest = 0
            period.brought_forward = 0
            for stretch in period.stretches:
                stretch.correction = 0
        twin.touch()
        return twin

    @property
    def maturity(self) -> date:
        """The last due date."""
        return self.periods[-1].due

    def touch(self) -> None:
        """Say that something changed."""
        self._fresh = False

    def yearly_percent(self, on: date) -> Decimal:
        """Return the rate in force on a day."""
        for since, rate in reversed(self.rates):
            if since <= on:
                return rate
        return self.terms.yearly_percent

    def work_out(self) -> "Stretches":
        """Work out balances, interest and principal of every period, in order."""
        if self._fresh:
            return self
        balance, late = 0, 0
        for period in self.periods:
            for stretch in period.stretches:
                stretch.balance = balance
                balance += stretch.disbursed + stretch.correction
            self._split(period, late)
            late = period.accrued - period.interest
            balance += period.paid_principal - period.principal
            period.balance_after = max(0, balance)
        self._fresh = True
        return self

    def _split(self, period: Period, late: int) -> None:
        own = 0 if period.moved_up else cents(sum(self._parts(period), ZERO))
        period.accrued = max(0, own + period.brought_forward + late)
        whole = period.whole
        room = max(0, whole - period.accrued)
        if period.paid_principal > room:
            due = period.paid_interest
        else:
            due = max(min(period.accrued, whole), period.paid_interest)
        period.interest = due
        period.principal = max(0, whole - due, period.paid_principal)

    def _parts(self, period: Period) -> Iterator[Decimal]:
        for stretch in period.stretches:
            yield Decimal(stretch.credited_interest)
            to_due = (period.due - stretch.begins).days
            if to_due <= 0 or stretch.paused:
                continue
            base = self._flat_base(period, stretch) if self.terms.flat else None
            balance = Decimal(stretch.balance if base is None else base)
            whole = EXACT.multiply(balance, stretch.factor_to_due)
            yield EXACT.multiply(
                EXACT.divide(whole, Decimal(to_due)), Decimal(stretch.days)
            )

    def _flat_base(self, period: Period, stretch: Stretch) -> int:
        """Flat interest is on all that was paid out before the stretch."""
        total = 0
        for each in self.periods:
            for part in each.stretches:
                if part is stretch:
                    return total
                total += part.disbursed
        return total

    def find(self, on: date) -> Period | None:
        """Return the period a day belongs to (first day of the first one too)."""
        return next((p for p in self.periods if p.begins <= on <= p.due), None)

    def by_due(self, due: date) -> Period | None:
        """Return the period that ends on a due date."""
        return next((each for each in self.periods if each.due == due), None)

    def change(
        self, on: date, *, disbursed: int = 0, correction: int = 0
    ) -> Period | None:
        """Change the balance from a day on, cutting a stretch in two if needed."""
        period = self.find(on)
        if period is None:
            return None
        place = self._place(period, on)
        if place is None:
            place = self._cut(period, on)
        stretch = period.stretches[place]
        stretch.disbursed += disbursed
        stretch.correction += correction
        self.touch()
        return period

    def _place(self, period: Period, on: date) -> int | None:
        if period is self.periods[-1] and on == period.due:
            last = len(period.stretches) - 1
            return last if period.stretches[last].days == 0 else None
        for place, stretch in enumerate(period.stretches):
            if stretch.ends == on:
                return place
        return None

    def _cut(self, period: Period, on: date) -> int:
        place = next(n for n, s in enumerate(period.stretches) if on <= s.ends)
        stretch = period.stretches[place]
        split = min(max(on, stretch.begins), stretch.ends)
        rest = Stretch(split, stretch.ends, paused=stretch.paused)
        stretch.ends = split
        # What changes on the last day of a stretch stays on that day.
        rest.disbursed, stretch.disbursed = stretch.disbursed, 0
        rest.correction, stretch.correction = stretch.correction, 0
        period.stretches.insert(place + 1, rest)
        self.touch()
        return place

    def pause(self, first: date, last: date) -> None:
        """Let no interest run from the day before `first` to `last`.

        A pause that begins on the day after a period does leaves that first day.
        """
        begin = first - DAY
        if any(each.begins == begin for each in self.periods):
            begin = first
        for day in (begin, last):
            found = self.find(day)
            if found and not any(each.ends == day for each in found.stretches):
                self._cut(found, day)
        for period in self.periods:
            for stretch in period.stretches:
                if begin <= stretch.begins and stretch.ends <= last:
                    stretch.paused = True
        self.touch()

    def totals(self) -> tuple[int, int, int, int]:
        """Return due and paid principal, due and paid interest, over all periods."""
        self.work_out()
        return (
            sum(each.principal for each in self.periods),
            sum(each.paid_principal for each in self.periods),
            sum(each.interest for each in self.periods),
            sum(each.paid_interest for each in self.periods),
        )
