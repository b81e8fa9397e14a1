"""What the office asks of the months of the book, without knowing how they are kept."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from fractions import Fraction
from typing import Protocol

from daihou.engine.metrics.matrix import RollMatrix


class Cut(StrEnum):
    """What a figure may be broken down by."""

    PRODUCT = "product"
    BRANCH = "branch"
    OFFICER = "officer"
    CHANNEL = "channel"
    REGION = "region"
    STRATEGY = "strategy"
    COHORT = "cohort"  # month of disbursement, YYYY-MM
    BUCKET = "bucket"
    CLASS = "asset_class"
    # Of the work alone; which metric knows which: `kit.portfolio_cuts`.
    COLLECTOR = "collector"  # who took the promise, made the contact or had the case
    TEAM = "team"  # that had the case first, after a loan joined it
    HALF = "half"  # of the months of placement: the earlier or the later ones
    MEANS = "means"  # the channel of the contact, not of the loan
    SIZE = "size"  # of what was promised
    REASON = "reason"  # the customer gave for being late
    AGE = "age"  # of a promise: days up to its date; of a plan: which instalment
    HOUR = "hour"  # of the day of a contact, in the lender's time
    RE_AGED = "re_aged"  # whether a plan makes the loan count as not late


class Axis(StrEnum):
    """What the points of a series stand on."""

    MONTH = "month"  # YYYY-MM
    AGE = "age"  # months on book, or months since placement or cure


@dataclass(frozen=True, slots=True)
class Sight:
    """Loans that may be counted: branch, product and officer; None: all of its kind."""

    branches: frozenset[str] | None = None
    products: frozenset[str] | None = None
    officers: frozenset[str] | None = None


# Several ways to see: a loan seen by any of them is counted, once. The whole book:
EVERYTHING = (Sight(),)


@dataclass(frozen=True, slots=True)
class Asked:
    """One question: a metric of the dictionary, for whom, broken down how.

    `since` and `until` are months YYYY-MM ("" the first and the last there is), of
    observation for a series by month, of disbursement for one by age and for first
    payments. A curve by age of a cut other than the cohort pools the cohorts from
    `since` to `until`, as far as all of them have come; "" then: those seen from the
    start that have twelve months behind them, or half of what there is. `only` keeps
    the values named of a cut. Money is of one currency. A figure of the book is told
    as it was known at the end of the month `known_at` ("" the last there is).
    """

    metric: str
    by: Cut | None = None
    since: str = ""
    until: str = ""
    only: Mapping[Cut, frozenset[str]] = field(default_factory=dict)
    currency: str = "CNY"
    sight: Sequence[Sight] = EVERYTHING
    known_at: str = ""


def said(asked: Asked) -> str:
    """A question as one text, whatever the order of its sets."""
    only = sorted((cut.value, sorted(words)) for cut, words in asked.only.items())
    sights = sorted(
        repr(
            [
                None if words is None else sorted(words)
                for words in (each.branches, each.products, each.officers)
            ]
        )
        for each in asked.sight
    )
    plain = (asked.metric, asked.by, asked.since, asked.until, asked.currency)
    return repr((plain, only, sights))


@dataclass(frozen=True, slots=True)
class Month:
    """One month that can be asked for; its last closed day stands for it."""

    name: str  # YYYY-MM
    as_of: date
    loans: int
    fingerprint: str
    complete: bool  # False: the month still runs


@dataclass(frozen=True, slots=True)
class Point:
    """Part and whole of one cell: minor units, or a count.

    `at` is a month or an age as the axis says. `known` is False where the cell cannot
    be known yet: it is shown blank, never as nothing. `low` and `high` hold the true
    share in 95 of 100 cases, for figures made of a sample that small.
    """

    key: str  # value of the cut; "" without one
    at: str
    part: int
    whole: int
    known: bool = True
    low: Fraction | None = None
    high: Fraction | None = None

    @property
    def value(self) -> Fraction | None:
        """The exact share; None where it is not known or there is nothing to divide by."""
        return Fraction(self.part, self.whole) if self.known and self.whole else None


@dataclass(frozen=True, slots=True)
class Series:
    """The answer: every point of every key, in order of key and place on the axis.

    The same book, law of counting and question give the same `fingerprint`.
    """

    metric: str
    axis: Axis
    points: Sequence[Point]
    as_of: date
    fingerprint: str


class Portfolio(Protocol):
    """Months of the book; questions raise LookupError for what is not there."""

    def due(self) -> Sequence[str]:
        """Months whose last closed day is not counted yet, or was closed anew."""

    def count(self, month: str) -> Month:
        """Count a month again; the same closed days give the same fingerprint."""

    def fill(self) -> str:
        """Make what a counted month lacks of an older version; its name, "" if none does.

        Who asks first would wait for it otherwise.
        """

    def months(self) -> Sequence[Month]:
        """Every counted month, the earliest first."""

    def values(self, cut: Cut, *, sight: Sequence[Sight]) -> Sequence[str]:
        """What stands in a cut, among the loans that may be counted, in order."""

    def series(self, asked: Asked) -> Series:
        """The figure of a metric by month or by age, as its definition says."""

    def matrix(self, asked: Asked, *, of: Cut, month: str, amount: bool) -> RollMatrix:
        """Where the loans of the month before stand at the end of `month`.

        With `asked.since` (a month) where those of the end of that month stand. The
        amount of a row is the opening balance; of the new what was paid out, of those
        off the book already what was lost. `of` is `Cut.BUCKET` or `Cut.CLASS`;
        states are those of the ladder or the classes and paid, closed, written_off,
        transferred, new and missing.
        """

    def loans(
        self, asked: Asked, *, at: str, key: str = "", most: int = 200
    ) -> Sequence[int]:
        """Our numbers of the loans in the numerator of one cell, the largest first."""


_portfolio: list[Portfolio] = []


def bind_portfolio(reader: Portfolio) -> None:
    """Say who counts the months; `config.wiring` does, and tests."""
    _portfolio[:] = [reader]


def portfolio() -> Portfolio:
    """The counter of months."""
    assert _portfolio, "no Portfolio is bound; config.wiring.start() binds one"
    return _portfolio[0]


def unbind_portfolio() -> None:
    """Take it away again: the end of a test."""
    _portfolio.clear()
