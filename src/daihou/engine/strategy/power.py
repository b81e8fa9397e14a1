"""What an experiment could have seen, and what it says of an arm in one word.

Differences of shares by the normal approximation (Fleiss, Levin & Paik, 2003, 4.2),
of amounts by the same with the variances of the samples.
"""

import math
from dataclasses import dataclass
from enum import StrEnum
from statistics import NormalDist
from typing import Final

from daihou.engine.strategy.experiment import FEWEST, Amounts, Outcome, Reading

POWER: Final = 0.8  # a difference is to be seen in so many of all cases
LARGEST: Final = 10_000_000  # customers; above it nothing is worth a number


@dataclass(frozen=True, slots=True)
class Power:
    """What could have been seen with these customers; None where it cannot be told.

    `share` and `amount` are the smallest differences that would be seen in 80 of 100
    cases: of the share cured, and of minor units a customer. `needed`: customers an
    arm for the difference of shares that was observed.
    """

    share: float | None
    amount: int | None
    needed: int | None


class Verdict(StrEnum):
    """What an arm came to beside the champion."""

    MISMATCH = "mismatch"  # the samples are wrong: nothing can be believed
    EARLY = "early"
    HARM = "harm"
    WORSE = "worse"
    BETTER = "better"
    BETTER_DEARER = "better_dearer"
    CHEAPER = "cheaper"  # no clear difference in the result
    NOTHING = "nothing"


def smallest_share(
    share: float, one: int, other: int, *, confidence: float
) -> float | None:
    """The smallest difference from `share` that two samples would show.

    None where nobody or everybody was cured: of what varies nothing is known yet.
    """
    assert 0 <= share <= 1 and one > 0 and other > 0, (share, one, other)
    if share in (0, 1):
        return None
    return _reach(confidence) * math.sqrt(share * (1 - share) * (1 / one + 1 / other))


def needed(one: float, other: float, *, confidence: float) -> int | None:
    """Customers in each of two arms to see these two shares apart; None if equal."""
    apart = abs(one - other)
    if not apart:
        return None
    both = (one + other) / 2
    alpha = NormalDist().inv_cdf(0.5 + confidence / 2)
    beta = NormalDist().inv_cdf(POWER)
    spread = alpha * math.sqrt(2 * both * (1 - both)) + beta * math.sqrt(
        one * (1 - one) + other * (1 - other)
    )
    found = math.ceil((spread / apart) ** 2)
    return found if found <= LARGEST else None


def smallest_amount(one: Amounts, other: Amounts, *, confidence: float) -> int | None:
    """The smallest difference of means that would be seen, in whole minor units.

    None where every customer brought the same: of what varies nothing is known yet.
    """
    if min(one.many, other.many) < 2:
        return None
    spread = one.variance / one.many + other.variance / other.many
    if not spread:
        return None
    return math.ceil(_reach(confidence) * math.sqrt(spread))


def power(arm: Outcome, champion: Outcome, *, confidence: float) -> Power:
    """What could be seen of an arm beside the champion."""
    if not arm.customers or not champion.customers:
        return Power(None, None, None)
    share = champion.cured / champion.customers
    return Power(
        share=smallest_share(
            share, arm.customers, champion.customers, confidence=confidence
        ),
        amount=smallest_amount(arm.cash, champion.cash, confidence=confidence),
        needed=needed(arm.cured / arm.customers, share, confidence=confidence),
    )


def verdict(reading: Reading, *, mismatch: bool, champion: Outcome) -> Verdict:
    """One word for an arm; harm counts before success."""
    if mismatch:
        return Verdict.MISMATCH
    if min(reading.outcome.customers, champion.customers) < FEWEST:
        return Verdict.EARLY
    if reading.harms:
        return Verdict.HARM
    better = [each for each in (reading.cured, reading.cash) if each.is_better]
    worse = [each for each in (reading.cured, reading.cash) if each.is_worse]
    if worse:
        return Verdict.WORSE
    dearer = reading.cost is not None and reading.cost.is_better
    if better:
        return Verdict.BETTER_DEARER if dearer else Verdict.BETTER
    cheaper = reading.cost is not None and reading.cost.is_worse
    return Verdict.CHEAPER if cheaper else Verdict.NOTHING


def _reach(confidence: float) -> float:
    normal = NormalDist()
    return normal.inv_cdf(0.5 + confidence / 2) + normal.inv_cdf(POWER)
