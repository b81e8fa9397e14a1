"""Collectors and teams beside what the same mix of cases yields on average.

Indirect standardisation: every stratum (how late, how much) has one rate over all hands
together; what somebody brought is divided by what those rates expect of the cases and
the time they had. The interval of a count is Byar's (Breslow & Day, 1987, vol. II).
"""

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

SURE: Final = 1.959963984540054  # of the normal distribution: an interval of 95 %
FEWEST: Final = 30  # cases below which nothing is said of a hand
LEAST: Final = 5  # endings expected below which nothing is said


@dataclass(frozen=True, slots=True)
class Held:
    """A case in one hand: `days` there in the period, what was late when it came.

    `amount` and `cash` in minor units; `stratum` is the kind of case it is. One case
    may be in a hand (a unit) more than once: by `case` it is known as one.
    """

    case: int
    hand: str
    stratum: tuple[str, str]
    days: int
    cured: bool
    amount: int
    cash: int

    def __post_init__(self) -> None:
        """A case was there for a day at least."""
        assert self.days > 0 and self.amount >= 0, self


@dataclass(frozen=True, slots=True)
class Yield:
    """What one stratum brought over all hands: endings and cash, by what was there.

    `cases` are different ones, however many hands had them.
    """

    cases: int
    days: int
    cured: int
    amount_days: int
    cash: int

    @property
    def cured_a_day(self) -> Fraction:
        """Endings of one case in one day."""
        return Fraction(self.cured, self.days) if self.days else Fraction(0)

    @property
    def cash_a_day(self) -> Fraction:
        """Cash of one unit late in one day."""
        return (
            Fraction(self.cash, self.amount_days) if self.amount_days else Fraction(0)
        )


@dataclass(frozen=True, slots=True)
class Adjusted:
    """What a hand brought, and what the average would have brought of the same cases."""

    cases: int
    cured: int
    cured_expected: Fraction
    amount: int
    cash: int
    cash_expected: Fraction

    @property
    def enough(self) -> bool:
        """Whether there is enough to say anything of this hand."""
        return self.cases >= FEWEST and self.cured_expected >= LEAST

    @property
    def ratio(self) -> Fraction | None:
        """Cases ended well over those expected; None where none were."""
        return self.cured / self.cured_expected if self.cured_expected else None

    @property
    def cash_ratio(self) -> Fraction | None:
        """Cash over that expected; None where none was."""
        return self.cash / self.cash_expected if self.cash_expected > 0 else None

    @property
    def interval(self) -> tuple[float, float] | None:
        """Where the ratio lies in 95 of 100 cases; None without anything expected."""
        if not self.cured_expected:
            return None
        low, high = byar(self.cured)
        expected = float(self.cured_expected)
        return low / expected, high / expected


def byar(count: int) -> tuple[float, float]:
    """The interval of 95 % of a Poisson count; nothing counted begins at 0."""
    assert count >= 0, count
    above = count + 1
    low = 0.0
    if count:
        low = count * (1 - 1 / (9 * count) - SURE / (3 * math.sqrt(count))) ** 3
    high = above * (1 - 1 / (9 * above) + SURE / (3 * math.sqrt(above))) ** 3
    return max(0.0, low), high


def yields(rows: Iterable[Held]) -> Mapping[tuple[str, str], Yield]:
    """What each stratum brought, all hands together."""
    sums: dict[tuple[str, str], list[int]] = defaultdict(lambda: [0, 0, 0, 0])
    cases: dict[tuple[str, str], set[int]] = defaultdict(set)
    for row in rows:
        one = sums[row.stratum]
        cases[row.stratum].add(row.case)
        one[0] += row.days
        one[1] += row.cured
        one[2] += row.amount * row.days
        one[3] += row.cash
    return {
        stratum: Yield(len(cases[stratum]), *one)
        for stratum, one in sorted(sums.items())
    }


def adjusted(
    rows: Iterable[Held], known: Mapping[tuple[str, str], Yield]
) -> Mapping[str, Adjusted]:
    """Each hand beside the average of the same cases over the same time.

    Over all hands of which `known` was made, what is expected is what was observed.
    A case that was in a hand more than once is one case, with what was late when it
    came first: `rows` are in order of time.
    """
    mine: dict[str, list[Held]] = defaultdict(list)
    for row in rows:
        mine[row.hand].append(row)
    found = {}
    for hand, held in sorted(mine.items()):
        days: dict[tuple[str, str], list[int]] = defaultdict(lambda: [0, 0])
        late: dict[int, int] = {}
        for row in held:
            late.setdefault(row.case, row.amount)
            days[row.stratum][0] += row.days
            days[row.stratum][1] += row.amount * row.days
        found[hand] = Adjusted(
            cases=len(late),
            cured=sum(row.cured for row in held),
            cured_expected=sum(
                (known[s].cured_a_day * n for s, (n, _) in days.items()), Fraction(0)
            ),
            amount=sum(late.values()),
            cash=sum(row.cash for row in held),
            cash_expected=sum(
                (known[s].cash_a_day * n for s, (_, n) in days.items()), Fraction(0)
            ),
        )
    return found
