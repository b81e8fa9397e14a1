"""The periods of a plan and what each costs, as exact shares of the balance."""

from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import NamedTuple

from daihou.engine.basics import dates, rounding
from daihou.engine.ledger.errors import TermsError
from daihou.engine.ledger.schedule.due import (
    all_due,
    first_is_whole,
    moved,
    whole_start,
)
from daihou.engine.ledger.terms import (
    Applies,
    FirstPeriod,
    GraceInterest,
    InterestTo,
    Keeps,
    LevelBy,
    LoanTerms,
    RateChange,
)

# An exact share: numerator, denominator.
Share = tuple[int, int]
MOST_PERIODS = 1200


class Inflow(NamedTuple):
    """Principal paid out inside a period, and its interest share up to its end."""

    on: date
    amount: int
    share: Share


class Period(NamedTuple):
    """One period: its share of a year, and its interest share of the opening balance.

    `rate` is the yearly rate at its end. `fresh`: the rate changed here and the
    instalment is solved anew; `keeps`: it changed and leaves the instalment alone.
    """

    due_on: date
    year: Share
    rate: Share
    share: Share
    inflows: tuple[Inflow, ...] = ()
    fresh: bool = False
    keeps: bool = False

    def paid_out(self) -> int:
        """Return what was paid out inside the period, in minor units."""
        return sum(inflow.amount for inflow in self.inflows)

    def interest(self, balance: int, mode: str) -> int:
        """Return its interest on an opening balance, rounded once."""
        part, year = self.share
        if not self.inflows:
            return rounding.divide(balance * part, year, rounding=mode)
        exact = self.exact(balance).as_integer_ratio()
        return rounding.divide(*exact, rounding=mode)

    def exact(self, balance: int) -> Fraction:
        """Return its interest on an opening balance, in minor units, not rounded."""
        part, year = self.share
        return Fraction(balance * part, year) + sum(
            Fraction(inflow.amount * inflow.share[0], inflow.share[1])
            for inflow in self.inflows
        )


@dataclass(frozen=True, slots=True)
class Layout:
    """The whole periods of a plan, and what stands before them.

    `before` are the days before the first whole period, where they are asked for
    apart; `short` is the first period by its own days where that is less than whole.
    """

    periods: list[Period]
    before: Period | None = None
    short: Period | None = None


class Effective(NamedTuple):
    """A rate change and the day it counts from."""

    on: date
    rate: Share
    keeps: str
    change: RateChange


def lay_out(terms: LoanTerms, closed: frozenset[date]) -> Layout:
    """Return the periods of a plan that has been checked."""
    keeps = any(change.keeps == Keeps.INSTALMENT for change in terms.rate_changes)
    count = MOST_PERIODS if keeps else terms.periods
    begin = terms.disbursed_on
    agreed = [on for on, _ in zip(all_due(terms), range(count), strict=False)]
    due = [moved(on, terms.holidays, closed) for on in agreed]
    ends = due if terms.interest_to == InterestTo.MOVED else agreed
    if due[0] <= begin:
        raise TermsError("holidays_first", value=due[0], disbursed_on=begin)
    whole = first_is_whole(terms)
    apart = terms.first_period != FirstPeriod.IN_INSTALMENT and not whole
    if terms.tranches and terms.tranches[-1].on >= ends[terms.periods - 1]:
        late = terms.tranches[-1].on
        raise TermsError("tranches_late", on=late, last=ends[terms.periods - 1])
    shifted = {end for end, on in zip(ends, agreed, strict=True) if end != on}
    counter = _Counter(terms, ends, shifted)
    if not apart or terms.method == "bullet" and whole_start(terms) < begin:
        return Layout(counter.run(begin, due, whole=whole))
    start = whole_start(terms)
    periods = counter.run(start, due, whole=True)
    if start < begin:
        short = counter.period(begin, ends[0], due[0], whole=False)
        return Layout(periods, short=short)
    asked = moved(start, terms.holidays, closed)
    return Layout(periods, before=counter.period(begin, start, asked, whole=False))


class _Counter:
    """Counts days and rates of the periods of one plan."""

    def __init__(self, terms: LoanTerms, ends: list[date], shifted: set[date]) -> None:
        self.terms = terms
        self.ends = ends
        self.shifted = shifted
        self.rate = terms.annual_rate.as_integer_ratio()
        self.changes = effective(terms, ends)
        grace = terms.grace_interest
        free = grace and terms.grace_interest_to == GraceInterest.FREE
        self.free_until = ends[grace - 1] if free else date.min

    def run(self, begin: date, due: list[date], *, whole: bool) -> list[Period]:
        """Return one period after another from `begin`."""
        found = []
        for end, on in zip(self.ends, due, strict=True):
            found.append(self.period(begin, end, on, whole=whole))
            begin, whole = end, True
        return found

    def period(self, begin: date, end: date, on: date, *, whole: bool) -> Period:
        """Return the period from `begin` until before `end`, asked for on `on`."""
        terms = self.terms
        shifted = begin in self.shifted or end in self.shifted
        year = dates.period_share(
            begin,
            end,
            terms.day_count,
            unit=terms.period_unit,
            every=terms.every,
            regular=whole and not shifted,
        )
        if end <= self.free_until:
            year = (0, 1)
        if self.changes or terms.tranches:
            return self._with_changes(begin, end, on, year)
        (rate, per), (part, days) = self.rate, year
        return Period(on, year, self.rate, (rate * part, per * days))

    def _with_changes(self, begin: date, end: date, on: date, year: Share) -> Period:
        share = self._share(begin, begin, end, year)
        inflows = tuple(
            Inflow(
                tranche.on,
                tranche.amount_minor,
                self._share(tranche.on, begin, end, year),
            )
            for tranche in self.terms.tranches
            if begin <= tranche.on < end
        )
        here = [each for each in self.changes if begin <= each.on < end]
        known = [each.rate for each in self.changes if each.on < end]
        return Period(
            on,
            year,
            known[-1] if known else self.rate,
            share,
            inflows,
            any(each.keeps == Keeps.TERM for each in here),
            any(each.keeps == Keeps.INSTALMENT for each in here),
        )

    def _share(self, since: date, begin: date, end: date, year: Share) -> Share:
        """Interest on one unit from `since` to the end of the period, all rates."""
        if not year[0]:
            return 0, 1
        inside = [each for each in self.changes if since < each.on < end]
        edges = [since, *(each.on for each in inside), end]
        before = [each.rate for each in self.changes if each.on <= since]
        rates = [before[-1] if before else self.rate, *(each.rate for each in inside)]
        total = sum(
            Fraction(*rate) * self._part(first, last, begin, end, year)
            for rate, first, last in zip(rates, edges, edges[1:], strict=False)
        )
        return Fraction(total).as_integer_ratio()

    def _part(
        self, first: date, last: date, begin: date, end: date, year: Share
    ) -> Fraction:
        """Share of a year of some days of a period; the parts make up the whole.

        By actual days under the ACT counts; under the others the period's own share
        is divided by its actual days.
        """
        if (first, last) == (begin, end):
            return Fraction(*year)
        if self.terms.day_count.startswith("ACT/"):
            return Fraction(*dates.year_share(first, last, self.terms.day_count))
        return Fraction(*year) * Fraction((last - first).days, (end - begin).days)


def effective(terms: LoanTerms, ends: list[date]) -> list[Effective]:
    """Return the rate changes by the day they count from; a later one supersedes."""
    found: list[Effective] = []
    for change in terms.rate_changes:
        on: date | None = change.on
        if change.applies == Applies.NEXT_DUE:
            on = next((end for end in ends if end >= change.on), None)
        if on is None:
            continue
        while found and found[-1].on >= on:
            found.pop()
        rate = change.annual_rate.as_integer_ratio()
        found.append(Effective(on, rate, change.keeps, change))
    return found


def level_shares(terms: LoanTerms, periods: list[Period]) -> list[Share]:
    """Return the shares that the instalment of these periods is solved with.

    The rate known at the end of the first is taken for all after it.
    """
    by_period = terms.level_by == LevelBy.PERIOD
    whole = dates.whole_share(terms.period_unit, terms.every)
    rate, per = periods[0].rate
    shares = []
    for period in periods:
        part, year = whole if by_period and period.year[0] else period.year
        shares.append((rate * part, per * year))
    if not by_period:
        shares[0] = periods[0].share
    return shares
