"""Who gets late and who comes back: month by month, the whole book at once.

A loan's path is how many of its instalments are cleared at the end of each month.
Months behind (the oldest instalment not cleared) is the status of `rolls`, because
due days lie between the 5th and the 27th. How many loans go one status up in a
month is set by the real roll rates, season and the economy; which ones is drawn by
habit, hardship, product, branch and channel.
"""

from dataclasses import dataclass
from enum import IntEnum
from typing import Final

import numpy as np

from daihou.town import calendar, draws
from daihou.town.calendar import months_of
from daihou.town.draws import Array
from daihou.town.products import CHANNEL_RISK, OFFERS, OFFICES
from daihou.town.rolls import REAL_PER_10000
from daihou.town.terms import Span, Terms


class Habit(IntEnum):
    """How a borrower pays while nothing is wrong."""

    PUNCTUAL = 0  # by direct debit, on the day
    EARLY = 1  # some days before
    FORGETFUL = 2  # some days after
    SPORADIC = 3  # now and then a month is missed
    STRAINED = 4  # lives from hand to mouth
    EVADER = 5  # pays when forced to


HABIT_SHARES: Final = (0.47, 0.19, 0.19, 0.09, 0.05, 0.01)
# Chance that an instalment is still open at the end of its month, and the weight
# with which a borrower is drawn among those who get later.
MISS: Final = np.array([0.009, 0.007, 0.055, 0.15, 0.26, 0.50])
WEIGHT: Final = np.array([0.45, 0.45, 0.8, 1.3, 2.4, 9.0])
SPELL_WEIGHT: Final = 5.0
SPELL_STARTS: Final = np.array([0.006, 0.006, 0.008, 0.015, 0.035, 0.03])
SPELL_ENDS: Final = 0.28

# The lender's first months were loose (a platform sent whoever asked); the roll
# rates of that time, per ten thousand, left the old hard cases in the book. They
# lie before the days that are lived and counted.
LOOSE_UNTIL: Final = -3  # months before the first that is lived
LOOSE_PER_10000: Final = (700, 4500, 7500, 8500, 9000)
LOOSE_MISS: Final = 2.0

# Getting late by month of the year, January first: the Spring Festival takes the
# cash, the autumn harvest and the year's wages bring it back.
SEASON: Final = np.array(
    [1.02, 1.28, 1.12, 1.00, 0.97, 1.00, 1.02, 1.00, 0.96, 0.92, 0.88, 0.83]
)
HARVEST: Final = {7: 1.12, 8: 1.1, 9: 0.85, 10: 0.75, 11: 0.8}  # farmer loans
LEAVE_UP: Final = 0.5  # gain by which a month makes up for the rounding before

# Where the others of a status go, as shares: two behind stay two behind, or pay
# down to one or none (the last share clears this month's instalment as well).
ELSEWHERE: Final = (
    (0.16, 0.84),
    (0.335, 0.20, 0.465),
    (0.24, 0.22, 0.20, 0.34),
    (0.22, 0.19, 0.11, 0.20, 0.28),
    (0.16, 0.08, 0.08, 0.08, 0.20, 0.40),
)
DEEP_STAYS: Final = 0.945  # status 5: nothing moves
EARLY_SETTLEMENT: Final = 0.008
WRITE_OFF_MONTHS: Final = 12
WRITE_OFF_CHANCE: Final = 0.30
SALE_MONTHS: Final = 8  # months behind from which a loan may be sold
SALE_CHANCE: Final = 0.30


class End(IntEnum):
    """How a loan left the ordinary course."""

    NONE = 0
    EARLY = 1
    WRITTEN_OFF = 2
    SOLD = 3


@dataclass(frozen=True, slots=True)
class Paths:
    """`cleared[m, i]`: instalments of loan i cleared by the end of month m.

    `end` says how a loan left, `end_month` in which month (position in the span's
    months, -1 for none).
    """

    cleared: Array
    habit: Array
    end: Array
    end_month: Array


@dataclass(slots=True)
class _Walk:
    """What is carried from month to month."""

    cleared: Array
    spell: Array
    wanted: Array  # loans that should have gone one status up so far
    risen: Array  # loans that did
    end: Array
    end_month: Array


def draw_paths(terms: Terms, *, span: Span, seed: int) -> Paths:
    """Live every month of the span for the whole book."""
    rng = draws.stream(seed, "borrowers")
    count, months = len(terms), span.months
    habit = draws.pick(rng, HABIT_SHARES, count)
    economy = _economy(rng, len(months))
    walk = _Walk(
        cleared=np.zeros(count, np.int64),
        spell=np.zeros(count, bool),
        wanted=np.zeros(5),
        risen=np.zeros(5),
        end=np.zeros(count, np.int8),
        end_month=np.full(count, -1, np.int16),
    )
    paths = np.zeros((len(months), count), np.int16)
    weight = _weights(terms, habit)
    shown = (months_of(terms.disbursed_on), terms.first_month, terms.instalments)
    for position, month in enumerate(months):
        _live(
            *(rng, walk, terms, habit, weight, shown),
            month=int(month),
            position=position,
            economy=float(economy[position]),
            age=int(month) - calendar.month_number(span.begin),
        )
        paths[position] = walk.cleared
    return Paths(cleared=paths, habit=habit, end=walk.end, end_month=walk.end_month)


def _economy(rng: np.random.Generator, months: int) -> Array:
    """A slow drift around 1, and one bad half-year."""
    drift = np.zeros(months)
    for position in range(1, months):
        drift[position] = 0.8 * drift[position - 1] + 0.03 * rng.standard_normal()
    shock = np.zeros(months)
    start = int(rng.integers(months // 3, max(months // 3 + 1, 2 * months // 3)))
    shock[start : start + 6] = 0.10
    factor: Array = np.exp(drift + shock)
    factor /= factor.mean()
    return factor


def _weights(terms: Terms, habit: Array) -> Array:
    """How readily each borrower gets later, all else equal."""
    weight: Array = (
        WEIGHT[habit]
        * np.array([o.risk for o in OFFERS])[terms.offer]
        * np.array([o.risk for o in OFFICES])[terms.office]
        * np.array(CHANNEL_RISK)[terms.channel]
    )
    return weight


def _live(
    rng: np.random.Generator,
    walk: _Walk,
    terms: Terms,
    habit: Array,
    weight: Array,
    shown: tuple[Array, Array, Array],
    *,
    month: int,
    position: int,
    economy: float,
    age: int,
) -> None:
    paid_out, first, size = shown
    here = (paid_out < month) & (walk.end == End.NONE)
    _spells(rng, walk, habit, here, economy=economy)
    farmer = terms.offer == [o.product for o in OFFERS].index("farmer_loan")
    season = np.where(farmer, HARVEST.get(month % 12, 1.0), 1.0)
    season = season * SEASON[month % 12] * economy
    open_ = here & (walk.cleared < size)
    oldest = first + walk.cleared
    behind = np.where(open_ & (oldest < month), month - 1 - oldest, -1)
    due = open_ & (oldest == month)
    keep = np.where(walk.spell, SPELL_WEIGHT, 1.0) * season
    _miss(
        rng, walk, habit, due, keep * (LOOSE_MISS if age < LOOSE_UNTIL else 1.0), weight
    )
    for status in range(5):
        _move(
            *(rng, walk, first, size, weight * keep, behind),
            status=status,
            month=month,
            on_book=int((open_ & (behind <= 0)).sum()) if status == 0 else None,
            mean=SEASON[month % 12] * economy,
            age=age,
        )
    _deep(rng, walk, first, size, behind, month=month)
    _leave(rng, walk, first, size, behind, month=month, position=position)


def _spells(
    rng: np.random.Generator, walk: _Walk, habit: Array, here: Array, *, economy: float
) -> None:
    """Hardship begins and ends: illness, lost work, a bad harvest."""
    draw = rng.random(len(habit))
    starts = here & ~walk.spell & (draw < SPELL_STARTS[habit] * economy)
    ends = walk.spell & (draw < SPELL_ENDS)
    walk.spell = (walk.spell | starts) & ~ends


def _miss(
    rng: np.random.Generator,
    walk: _Walk,
    habit: Array,
    due: Array,
    keep: Array,
    weight: Array,
) -> None:
    """Clear this month's instalment, unless it is missed."""
    chance = np.minimum(0.9, MISS[habit] * keep * np.sqrt(weight / WEIGHT[habit]))
    paid = due & (rng.random(len(habit)) >= chance)
    walk.cleared += paid


def _move(
    rng: np.random.Generator,
    walk: _Walk,
    first: Array,
    size: Array,
    weight: Array,
    behind: Array,
    *,
    status: int,
    month: int,
    on_book: int | None,
    mean: float,
    age: int,
) -> None:
    """Move the loans that were `status` months behind: some up, the others down."""
    group = np.flatnonzero(behind == status)
    seen = len(group) if on_book is None else on_book
    real = (LOOSE_PER_10000 if age < LOOSE_UNTIL else REAL_PER_10000)[status] / 10_000
    debt = walk.wanted[status] - walk.risen[status]
    quota = seen * min(real * mean, 0.97) + LEAVE_UP * debt
    rising = int(np.clip(np.floor(quota + rng.random()), 0, len(group)))
    if age > 0:
        walk.wanted[status] += seen * real
        walk.risen[status] += rising
    if not len(group):
        return
    # The largest of u^(1/w) are a weighted draw without replacement.
    keys = np.log(rng.random(len(group))) / weight[group]
    others = np.argsort(-keys, kind="stable")[rising:]
    rest = group[others]
    down = draws.pick(rng, ELSEWHERE[status], len(rest))
    walk.cleared[rest] = np.clip(month - status + down - first[rest], 0, size[rest])


def _deep(
    rng: np.random.Generator,
    walk: _Walk,
    first: Array,
    size: Array,
    behind: Array,
    *,
    month: int,
) -> None:
    """Status 5 and beyond: mostly silence, now and then everything is paid."""
    deep = np.flatnonzero(behind >= 5)
    back = deep[rng.random(len(deep)) >= DEEP_STAYS]
    walk.cleared[back] = np.clip(month + 1 - first[back], 0, size[back])


def _leave(
    rng: np.random.Generator,
    walk: _Walk,
    first: Array,
    size: Array,
    behind: Array,
    *,
    month: int,
    position: int,
) -> None:
    """Some settle early; what stays late is written off at quarter ends, or sold."""
    draw = rng.random(len(first))
    open_ = (walk.end == End.NONE) & (walk.cleared < size)
    still = open_ & (first + walk.cleared < month)
    clean = open_ & (walk.cleared >= 3) & (first + walk.cleared > month) & (behind < 1)
    leaves = {End.EARLY: clean & (draw < EARLY_SETTLEMENT)}
    late = np.where(still, month - first - walk.cleared, 0)
    if month % 3 == 2:
        old = late >= WRITE_OFF_MONTHS
        leaves[End.WRITTEN_OFF] = old & (draw < WRITE_OFF_CHANCE)
    if month % 12 == 5:
        leaves[End.SOLD] = (
            (late >= SALE_MONTHS) & (late < WRITE_OFF_MONTHS) & (draw > 1 - SALE_CHANCE)
        )
    for end, which in leaves.items():
        walk.end[which] = end
        walk.end_month[which] = position
    walk.cleared[leaves[End.EARLY]] = size[leaves[End.EARLY]]
