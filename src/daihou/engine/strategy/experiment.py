"""Who is in which arm, whether the arms are what they should be, and what they came to.

An arm follows from the number of the customer and the salt of the experiment, so it is
the same every night and on every machine. Differences are told with an interval: shares
by Newcombe's method (hybrid score, method 10 of his 1998 paper), amounts by Welch's.
"""

import hashlib
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from statistics import NormalDist
from typing import Final

from daihou.engine.strategy.chances import chi_square_above, student_quantile
from daihou.engine.strategy.strategy import WHOLE, Arm, Experiment

_MASK: Final = (1 << 64) - 1
# Weyl step and multipliers of splitmix64 (Steele, Lea, Flood 2014; public domain).
STEP: Final = 0x9E3779B97F4A7C15
FIRST_MIX: Final = 0xBF58476D1CE4E5B9
SECOND_MIX: Final = 0x94D049BB133111EB
SUSPICIOUS: Final = 0.001  # the usual bound for a mismatch of samples
CONFIDENCE: Final = 0.95
FEWEST: Final = 30  # in an arm; below it a read-out says that it is too early


def seed_of(salt: str) -> int:
    """The 64-bit number that a salt stands for."""
    return int.from_bytes(hashlib.sha256(salt.encode()).digest()[:8], "big")


def place_of(customer_id: int, seed: int) -> int:
    """Where a customer falls among a thousand equal places, 0 to 999."""
    mixed = (customer_id + seed + STEP) & _MASK
    mixed = ((mixed ^ (mixed >> 30)) * FIRST_MIX) & _MASK
    mixed = ((mixed ^ (mixed >> 27)) * SECOND_MIX) & _MASK
    return (mixed ^ (mixed >> 31)) % WHOLE


def arm_of(customer_id: int, experiment: Experiment) -> Arm:
    """The arm of a customer, whichever row the table answers."""
    place = place_of(customer_id, seed_of(experiment.salt))
    for arm, end in zip(experiment.arms, ends(experiment), strict=True):
        if place < end:
            return arm
    raise AssertionError(experiment)


def ends(experiment: Experiment) -> tuple[int, ...]:
    """The place up to which each arm goes; the last one is a thousand."""
    found, total = [], 0
    for arm in experiment.arms:
        total += arm.share
        found.append(total)
    assert total == WHOLE, total
    return tuple(found)


# -- are the samples what they should be -------------------------------------------------


@dataclass(frozen=True, slots=True)
class Mismatch:
    """The check of sample ratios (SRM): `chance` of samples at least this far off.

    `is_suspicious`: customers were lost or added unevenly, and no difference between
    the arms should be believed until it is known why.
    """

    counts: Mapping[str, int]
    expected: Mapping[str, Fraction]
    chi_square: float
    chance: float

    @property
    def is_suspicious(self) -> bool:
        """Whether the samples are further off than chance makes them."""
        return self.chance < SUSPICIOUS


def sample_ratio(experiment: Experiment, counts: Mapping[str, int]) -> Mismatch:
    """Compare the customers of each arm with the shares, by Pearson's chi-square."""
    arms = [each for each in experiment.arms if each.share]
    total = sum(counts.get(each.code, 0) for each in arms)
    expected = {each.code: Fraction(total * each.share, WHOLE) for each in arms}
    if not total:
        return Mismatch(dict(counts), expected, 0.0, 1.0)
    distance = sum(
        (counts.get(code, 0) - aim) ** 2 / aim for code, aim in expected.items()
    )
    chance = chi_square_above(float(distance), len(arms) - 1) if len(arms) > 1 else 1.0
    return Mismatch(dict(counts), expected, float(distance), chance)


# -- what they came to -------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Share:
    """So many of so many; `many` counts the customers of an arm."""

    hits: int
    many: int

    def __post_init__(self) -> None:
        """Refuse what is no share."""
        assert 0 <= self.hits <= self.many, self


@dataclass(frozen=True, slots=True)
class Amounts:
    """Amounts of the customers of an arm: how many, their sum, and that of squares.

    In minor units and their squares, so both sums are exact.
    """

    many: int
    total: int
    squares: int

    @classmethod
    def of(cls, amounts: Sequence[int]) -> "Amounts":
        """Sum amounts up, one a customer; nothing paid is a zero among them."""
        squares = sum(each * each for each in amounts)
        return cls(len(amounts), sum(amounts), squares)

    @property
    def mean(self) -> Fraction:
        """The mean, exact; there must be a customer."""
        return Fraction(self.total, self.many)

    @property
    def variance(self) -> Fraction:
        """The variance of the sample (n - 1), exact; there must be two."""
        return (self.squares - self.many * self.mean**2) / (self.many - 1)


@dataclass(frozen=True, slots=True)
class Difference:
    """An arm less the champion, with its interval; None where it cannot be told.

    Shares as shares of one; amounts in minor units a customer, the interval rounded
    outwards to whole ones. `too_few`: an arm has fewer than `FEWEST` customers.
    """

    low: float | int | None
    middle: float | int | None
    high: float | int | None
    too_few: bool

    @property
    def is_clear(self) -> bool:
        """Whether the interval leaves zero out, and there are enough customers."""
        if self.too_few or self.low is None or self.high is None:
            return False
        return self.low > 0 or self.high < 0

    @property
    def is_better(self) -> bool:
        """Whether the arm clearly has more."""
        return self.is_clear and self.low is not None and self.low > 0

    @property
    def is_worse(self) -> bool:
        """Whether the arm clearly has less."""
        return self.is_clear and self.high is not None and self.high < 0


def wilson(share: Share, *, confidence: float = CONFIDENCE) -> tuple[float, float]:
    """The score interval of one share (Wilson 1927); all of nothing is 0 to 1."""
    if not share.many:
        return 0.0, 1.0
    z = NormalDist().inv_cdf(0.5 + confidence / 2)
    part, many = share.hits / share.many, share.many
    middle = part + z * z / (2 * many)
    reach = z * math.sqrt(part * (1 - part) / many + z * z / (4 * many * many))
    whole = 1 + z * z / many
    return max(0.0, (middle - reach) / whole), min(1.0, (middle + reach) / whole)


def share_difference(
    arm: Share, champion: Share, *, confidence: float = CONFIDENCE
) -> Difference:
    """The share of an arm less that of the champion, by Newcombe's hybrid score."""
    too_few = min(arm.many, champion.many) < FEWEST
    if not arm.many or not champion.many:
        return Difference(None, None, None, too_few)
    one, other = arm.hits / arm.many, champion.hits / champion.many
    one_low, one_high = wilson(arm, confidence=confidence)
    other_low, other_high = wilson(champion, confidence=confidence)
    low = one - other - math.hypot(one - one_low, other_high - other)
    high = one - other + math.hypot(one_high - one, other - other_low)
    return Difference(low, one - other, high, too_few)


def amount_difference(
    arm: Amounts, champion: Amounts, *, confidence: float = CONFIDENCE
) -> Difference:
    """The mean amount of an arm less that of the champion, by Welch's interval."""
    too_few = min(arm.many, champion.many) < FEWEST
    if min(arm.many, champion.many) < 2:
        return Difference(None, None, None, too_few)
    between = arm.mean - champion.mean
    one, other = arm.variance / arm.many, champion.variance / champion.many
    if not one + other:
        return Difference(
            math.floor(between), _whole(between), math.ceil(between), too_few
        )
    freedom = (one + other) ** 2 / (
        one**2 / (arm.many - 1) + other**2 / (champion.many - 1)
    )
    reach = student_quantile(0.5 + confidence / 2, float(freedom)) * math.sqrt(
        one + other
    )
    low, high = float(between) - reach, float(between) + reach
    return Difference(math.floor(low), _whole(between), math.ceil(high), too_few)


def _whole(exact: Fraction) -> int:
    return round(exact)  # half to even


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of the customers of one arm since they took part.

    `cured` of them owe nothing overdue any more; `cash` came in from them. The others
    are the harm that a treatment may do: people who complained, promises broken of
    those made, contacts refused by the gate of those asked for. `cost` is what was
    spent on each of them; None where nobody knows.
    """

    customers: int
    cured: int
    cash: Amounts
    complained: int
    broken: Share
    refused: Share
    cost: Amounts | None = None


@dataclass(frozen=True, slots=True)
class Reading:
    """One arm beside the champion: its figures and each difference."""

    arm: str
    outcome: Outcome
    cured: Difference
    cash: Difference
    complained: Difference
    broken: Difference
    refused: Difference
    cost: Difference | None = None

    @property
    def harms(self) -> tuple[str, ...]:
        """The measures of harm in which the arm is clearly worse."""
        measures = {
            "complained": self.complained,
            "broken": self.broken,
            "refused": self.refused,
        }
        return tuple(
            name
            for name, found in measures.items()
            if found.is_clear and found.low is not None and found.low > 0
        )


@dataclass(frozen=True, slots=True)
class ReadOut:
    """What an experiment came to; see `Mismatch.is_suspicious` before the rest.

    With several challengers every interval is widened (Bonferroni) so that all of them
    together are right as often as one would be.
    """

    mismatch: Mismatch
    champion: Outcome
    arms: tuple[Reading, ...]
    confidence: float

    @property
    def stops(self) -> tuple[tuple[str, str], ...]:
        """Why it should be stopped: (arm, reason), the arm empty for the whole.

        Reasons: `mismatch` of the samples, `worse` (clearly fewer are cured), and the
        measures of harm in which an arm is clearly worse than the champion.
        """
        found = [("", "mismatch")] if self.mismatch.is_suspicious else []
        for arm in self.arms:
            high = arm.cured.high
            if arm.cured.is_clear and high is not None and high < 0:
                found.append((arm.arm, "worse"))
            found += [(arm.arm, harm) for harm in arm.harms]
        return tuple(found)


def read_out(
    experiment: Experiment,
    outcomes: Mapping[str, Outcome],
    *,
    confidence: float = CONFIDENCE,
) -> ReadOut:
    """Compare each arm with the champion, the first; every arm has an outcome."""
    counts = {code: found.customers for code, found in outcomes.items()}
    mismatch = sample_ratio(experiment, counts)
    first, *others = experiment.arms
    each_one = 1 - (1 - confidence) / max(1, len(others))
    champion = outcomes[first.code]
    readings = tuple(
        _reading(arm.code, outcomes[arm.code], champion, each_one) for arm in others
    )
    return ReadOut(mismatch, champion, readings, each_one)


def _reading(code: str, arm: Outcome, champion: Outcome, confidence: float) -> Reading:
    def of_customers(hits: int, others: int) -> Difference:
        return share_difference(
            Share(hits, arm.customers),
            Share(others, champion.customers),
            confidence=confidence,
        )

    return Reading(
        arm=code,
        outcome=arm,
        cured=of_customers(arm.cured, champion.cured),
        cash=amount_difference(arm.cash, champion.cash, confidence=confidence),
        complained=of_customers(arm.complained, champion.complained),
        broken=share_difference(arm.broken, champion.broken, confidence=confidence),
        refused=share_difference(arm.refused, champion.refused, confidence=confidence),
        cost=None
        if arm.cost is None or champion.cost is None
        else amount_difference(arm.cost, champion.cost, confidence=confidence),
    )
