"""Time to an event with accounts still waiting: Kaplan-Meier and Aalen-Johansen."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from math import exp, log, sqrt

_SURE = 1.959964  # standard errors that hold 95 of 100
_SCALE = 10**9  # ends of a band are told in this part of one


@dataclass(frozen=True, slots=True)
class Spell:
    """From the start of watching an account to what ended it.

    `entered` and `left` are ages; it is at risk at every age after `entered` up to
    and with `left`. `event` None: it was still waiting when watching stopped.
    """

    left: int
    event: str | None
    entered: int = 0

    def __post_init__(self) -> None:
        """A spell has a length."""
        assert self.entered < self.left, self


@dataclass(frozen=True, slots=True)
class Step:
    """One age at which something happened.

    `hazard` is the share of those at risk that had each event at that age, `surviving`
    the share that had none by then, `incidence` the share that had each by then.
    `spread` is the variance of the first share (Greenwood), `spreads` of the others
    (Marubini and Valsecchi, "Analysing survival data", chapter 10).
    """

    age: int
    at_risk: int
    events: Mapping[str, int]
    hazard: Mapping[str, Fraction]
    surviving: Fraction
    incidence: Mapping[str, Fraction]
    spread: Fraction
    spreads: Mapping[str, Fraction]


@dataclass(frozen=True, slots=True)
class Counted:
    """Spells counted: how many entered at an age, and left at an age by an event."""

    entered: Mapping[int, int]
    ended: Mapping[tuple[int, str | None], int]


def incidence(spells: Iterable[Spell]) -> tuple[Step, ...]:
    """The survival (Kaplan-Meier) and the incidence of each event (Aalen-Johansen).

    Exact. Events exclude each other: who is cured cannot be written off any more.
    An account that stops being watched at an age is at risk at that age. Spells that
    enter late (left truncation) are at risk only afterwards.
    """
    told = list(spells)
    entered = Counter(spell.entered for spell in told)
    return incidence_of(Counted(entered, Counter((s.left, s.event) for s in told)))


def incidence_of(told: Counted) -> tuple[Step, ...]:
    """The same of spells that were counted already."""
    kinds = sorted({event for _, event in told.ended if event is not None})
    gone: Counter[int] = Counter()
    for (age, _), count in told.ended.items():
        gone[age] += count
    surviving = Fraction(1)
    reached = dict.fromkeys(kinds, Fraction(0))
    sums, steps = {kind: _Spread() for kind in kinds}, []
    for age in sorted({age for age, event in told.ended if event is not None}):
        at_risk = sum(n for start, n in told.entered.items() if start < age)
        at_risk -= sum(n for end, n in gone.items() if end < age)
        counts = {kind: told.ended.get((age, kind), 0) for kind in kinds}
        hazard = {kind: Fraction(n, at_risk) for kind, n in counts.items()}
        reached = {kind: reached[kind] + surviving * hazard[kind] for kind in kinds}
        ended = sum(counts.values())
        for kind in kinds:
            sums[kind].add(at_risk, ended, counts[kind], surviving, reached[kind])
        surviving *= 1 - sum(hazard.values())
        greenwood = surviving**2 * sums[kinds[0]].greenwood
        spreads = {kind: sums[kind].of(reached[kind]) for kind in kinds}
        steps.append(
            Step(age, at_risk, counts, hazard, surviving, reached, greenwood, spreads)
        )
    return tuple(steps)


@dataclass(slots=True)
class _Spread:
    """Sums of which the variance of an incidence F is made, step by step.

    With n at risk, d that ended and k of them by this event, S surviving before:
    the sum of (F - F then)^2 d / n (n - d) + S^2 k (n - k) / n^3 - 2 (F - F then) S k
    / n^2, multiplied out so that a later F can be put in.
    """

    greenwood: Fraction = Fraction(0)
    first: Fraction = Fraction(0)
    second: Fraction = Fraction(0)
    own: Fraction = Fraction(0)
    cross: Fraction = Fraction(0)
    cross_first: Fraction = Fraction(0)

    def add(
        self, at_risk: int, ended: int, event: int, before: Fraction, reached: Fraction
    ) -> None:
        """One more age."""
        if ended < at_risk:  # else nobody is left, and nothing moves any more
            weight = Fraction(ended, at_risk * (at_risk - ended))
            self.greenwood += weight
            self.first += weight * reached
            self.second += weight * reached**2
        self.own += before**2 * Fraction(event * (at_risk - event), at_risk**3)
        share = before * Fraction(event, at_risk**2)
        self.cross += share
        self.cross_first += share * reached

    def of(self, reached: Fraction) -> Fraction:
        """The variance of what was reached by now."""
        moved = reached**2 * self.greenwood - 2 * reached * self.first + self.second
        return moved + self.own - 2 * (reached * self.cross - self.cross_first)


def band(
    share: Fraction, spread: Fraction
) -> tuple[Fraction, Fraction] | tuple[None, None]:
    """Between which shares the true one lies in 95 of 100 cases.

    By the complementary log-log of the share, so that it stays between 0 and 1. None
    where nothing, or everything, happened: then nothing can be said.
    """
    if not 0 < share < 1 or spread <= 0:
        return None, None
    told = log(float(share))
    error = _SURE * sqrt(spread) / (float(share) * -told)
    low, high = exp(told * exp(error)), exp(told * exp(-error))
    return Fraction(round(low * _SCALE), _SCALE), Fraction(round(high * _SCALE), _SCALE)
