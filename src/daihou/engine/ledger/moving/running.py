"""Interest by the day on what is lent and not yet due: period after period."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, fields
from datetime import date
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise

from daihou.engine.basics import dates
from daihou.engine.basics.rounding import divide
from daihou.engine.ledger.errors import LoanError
from daihou.engine.ledger.schedule import annuity, due_dates, schedule
from daihou.engine.ledger.values import LoanTerms, Row
from daihou.engine.rulebook.policy import Advance

# Conventions of a schedule that a running balance does not follow.
_FIXED_ONLY = (
    *("grace_interest", "down_payment_minor", "down_payment_share", "first_period"),
    *("tranches", "rate_changes"),
)
METHODS = ("equal_instalment", "equal_principal", "interest_only", "bullet")


@dataclass(frozen=True, slots=True)
class Early:
    """Money that came on a day beyond all that was due; minor units."""

    on: date
    amount: int


@dataclass(frozen=True, slots=True)
class Line:
    """A row of the plan, or an early demand inside its period."""

    seq: int
    due_on: date
    principal: int
    interest: int
    early: bool = False


@dataclass(frozen=True, slots=True)
class Walked:
    """The lines in order of their days, and interest run up but not yet demanded."""

    lines: tuple[Line, ...]
    accrued: int


@dataclass(frozen=True, slots=True)
class Period:
    """A repayment period: its days and the share of a year they count for."""

    seq: int
    begins: date
    due: date
    share: Fraction


@dataclass(frozen=True, slots=True)
class Plan:
    """What was agreed: periods, what each pays, and the rate of every night.

    `pays` is the whole instalment of each `level` period, the principal of others.
    """

    terms: LoanTerms
    periods: tuple[Period, ...]
    pays: tuple[int, ...]
    level: tuple[bool, ...]
    rates: tuple[tuple[date, Decimal], ...]
    free: tuple[tuple[date, date], ...]

    @classmethod
    def of(
        cls,
        terms: LoanTerms,
        *,
        rates: tuple[tuple[date, Decimal], ...],
        free: tuple[tuple[date, date], ...],
    ) -> "Plan":
        """Lay out the plan of the contract."""
        if terms.method not in METHODS:
            raise LoanError(
                "running_method", method=terms.method, known=", ".join(METHODS)
            )
        for each in fields(terms):
            if each.name in _FIXED_ONLY and getattr(terms, each.name) != each.default:
                raise LoanError("running_terms", field=each.name)
        begins, periods = terms.disbursed_on, []
        for seq, due in enumerate(due_dates(terms), 1):
            periods.append(Period(seq, begins, due, _whole(terms, begins, due)))
            begins = due
        rows = {row.due_on: row for row in schedule(terms)}
        is_level = terms.method == "equal_instalment"
        pays, level = [], []
        for period in periods:  # a bullet, or a plan paid off early, lacks rows
            row = rows.get(period.due, Row(period.seq, period.due, 0, 0))
            level.append(is_level and row.principal > 0)
            pays.append(row.principal + (row.interest if level[-1] else 0))
        return cls(
            *(terms, tuple(periods), tuple(pays), tuple(level)),
            rates=tuple(sorted(rates)),
            free=free,
        )

    def rate(self, on: date) -> Decimal:
        """Return the yearly share in force for the night after a day."""
        known = [rate for since, rate in self.rates if since <= on]
        return known[-1] if known else self.terms.annual_rate

    def interest(
        self, period: Period, balance: int, begin: date, end: date
    ) -> Fraction:
        """Return the exact interest on a balance over days inside a period."""
        days = {begin, end, *(since for since, _ in self.rates)}
        days |= {day for pair in self.free for day in pair}
        cuts = sorted(day for day in days if begin <= day <= end)
        total = Fraction(0)
        for one, two in pairwise(cuts):
            if not any(since <= one < till for since, till in self.free):
                share = _part(self.terms, period, one, two)
                total += balance * Fraction(self.rate(one)) * share
        return total


def _whole(terms: LoanTerms, begins: date, due: date) -> Fraction:
    """Return the share of a year a period counts for, as the schedule counts it."""
    first = begins == terms.disbursed_on
    whole = dates.add_period(terms.disbursed_on, terms.every, terms.period_unit)
    part, year = dates.period_share(
        *(begins, due, terms.day_count),
        unit=terms.period_unit,
        every=terms.every,
        regular=not first or whole == terms.first_due_on,
    )
    return Fraction(part, year)


def _part(terms: LoanTerms, period: Period, begin: date, end: date) -> Fraction:
    """Return the share of a year of some days of a period; its days add up to it."""
    if terms.day_count.startswith("ACT"):
        return Fraction(*dates.year_share(begin, end, terms.day_count))
    days = Fraction((end - begin).days, (period.due - period.begins).days)
    return period.share * days


@dataclass(slots=True)
class _Walk:
    """How far the plan has been lived."""

    plan: Plan
    advance: Advance
    pays: list[int]
    balance: int
    level_at: Decimal  # the rate its instalments are for
    run: Fraction = Fraction(0)  # interest since the last row, exact
    asked: int = 0  # of it, demanded with early money
    lines: list[Line] = field(default_factory=list)

    @property
    def accrued(self) -> int:
        """Interest run up and not yet demanded, rounded once from its sum."""
        mode = self.plan.terms.rounding
        rounded = divide(self.run.numerator, self.run.denominator, rounding=mode)
        return rounded - self.asked


def walk(
    plan: Plan, early: Sequence[Early], *, as_of: date, advance: Advance
) -> Walked:
    """Live the plan with the early money that came; see `front.run_on_balance`."""
    terms = plan.terms
    walk_ = _Walk(
        *(plan, advance, list(plan.pays), terms.principal_minor, terms.annual_rate)
    )
    accrued = 0
    for place, period in enumerate(plan.periods):
        _level_anew(walk_, place)
        day = period.begins
        for money in _within(early, period):
            _run(walk_, period, day, money.on)
            day = money.on
            _take(walk_, place, money)
        if day <= as_of < period.due:
            ahead = plan.interest(period, walk_.balance, day, as_of)
            kept, walk_.run = walk_.run, walk_.run + ahead
            accrued, walk_.run = walk_.accrued, kept
        _run(walk_, period, day, period.due)
        _fall_due(walk_, place)
    return Walked(tuple(walk_.lines), accrued)


def _within(early: Sequence[Early], period: Period) -> Iterator[Early]:
    return (each for each in early if period.begins <= each.on < period.due)


def _run(walk_: _Walk, period: Period, begin: date, end: date) -> None:
    walk_.run += walk_.plan.interest(period, walk_.balance, begin, end)


def _level_anew(walk_: _Walk, place: int) -> None:
    """Work the instalment out again where the rate is no longer that it is for."""
    plan, periods = walk_.plan, walk_.plan.periods[place:]
    rate = plan.rate(periods[0].begins)
    if not plan.level[place] or rate == walk_.level_at:
        return
    walk_.level_at = rate
    shares = [(Fraction(rate) * each.share).as_integer_ratio() for each in periods]
    level = annuity(
        *(walk_.balance, shares),
        mode=plan.terms.rounding,
        balloon=min(plan.terms.balloon_minor, walk_.balance),
        multiple_of=plan.terms.multiple_of,
    )
    walk_.pays[place:] = [level] * len(periods)


def _take(walk_: _Walk, place: int, money: Early) -> None:
    """Make early money a demand of its day, and plan the rest anew."""
    before, interest = walk_.balance, min(money.amount, walk_.accrued)
    principal = min(money.amount - interest, before)
    if interest or principal:
        seq = walk_.plan.periods[place].seq
        walk_.lines.append(Line(seq, money.on, principal, interest, early=True))
    walk_.asked += interest
    walk_.balance -= principal
    if walk_.advance is Advance.EVEN and before:
        mode = walk_.plan.terms.rounding
        walk_.pays[place:] = [
            divide(each * walk_.balance, before, rounding=mode)
            for each in walk_.pays[place:]
        ]
    elif walk_.advance is Advance.NEXT:
        for at in range(place, len(walk_.pays)):
            part = min(principal, walk_.pays[at])
            walk_.pays[at] -= part
            principal -= part


def _fall_due(walk_: _Walk, place: int) -> None:
    """Ask for what the period pays; the last one asks for all that is left."""
    plan, period = walk_.plan, walk_.plan.periods[place]
    last = place == len(plan.periods) - 1
    if plan.terms.method == "bullet" and not last:
        return  # interest runs on to the end
    interest = walk_.accrued
    pays = walk_.pays[place]
    if plan.level[place]:
        pays = max(0, pays - interest - walk_.asked)
    principal = walk_.balance if last else min(pays, walk_.balance)
    if principal or interest:
        walk_.lines.append(Line(period.seq, period.due, principal, interest))
    walk_.balance -= principal
    walk_.run, walk_.asked = Fraction(0), 0
