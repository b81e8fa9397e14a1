"""Time to an event with accounts still waiting: Kaplan-Meier and Aalen-Johansen."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction


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
    """

    age: int
    at_risk: int
    events: Mapping[str, int]
    hazard: Mapping[str, Fraction]
    surviving: Fraction
    incidence: Mapping[str, Fraction]


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
    steps = []
    for age in sorted({age for age, event in told.ended if event is not None}):
        at_risk = sum(n for start, n in told.entered.items() if start < age)
        at_risk -= sum(n for end, n in gone.items() if end < age)
        counts = {kind: told.ended.get((age, kind), 0) for kind in kinds}
        hazard = {kind: Fraction(n, at_risk) for kind, n in counts.items()}
        reached = {kind: reached[kind] + surviving * hazard[kind] for kind in kinds}
        surviving *= 1 - sum(hazard.values())
        steps.append(Step(age, at_risk, counts, hazard, surviving, reached))
    return tuple(steps)
