"""Where a book will stand: the roll matrix applied again and again, and tried out."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from daihou.engine.metrics.matrix import RollMatrix

Chain = tuple[tuple[Fraction, ...], ...]


def chain(matrix: RollMatrix) -> Chain:
    """The shares of a matrix; a state nobody stood in keeps whoever comes there."""
    size = len(matrix.states)
    return tuple(
        tuple(
            Fraction(int(i == j)) if share is None else share
            for j, share in enumerate(row)
        )
        for i, row in zip(range(size), matrix.rate, strict=True)
    )


def times(one: Chain, other: Chain) -> Chain:
    """One period after the other, exact."""
    columns = tuple(zip(*other, strict=True))
    return tuple(
        tuple(
            sum(a * b for a, b in zip(row, column, strict=True)) for column in columns
        )
        for row in one
    )


def power(matrix: RollMatrix, periods: int) -> Chain:
    """The shares after so many periods, exact; rows add up to 1."""
    assert periods >= 0, periods
    size = len(matrix.states)
    found: Chain = tuple(
        tuple(Fraction(int(i == j)) for j in range(size)) for i in range(size)
    )
    for _ in range(periods):
        found = times(found, chain(matrix))
    return found


def forecast(
    opening: Mapping[str, int], matrix: RollMatrix, *, periods: int
) -> tuple[Mapping[str, float], ...]:
    """What stands in each state after 1, 2, ... `periods`, of what stands there now.

    It is assumed that where an account goes depends on where it stands alone, and
    that the months to come roll like those of the matrix; try it with a back-test.
    """
    assert set(opening) <= set(matrix.states), set(opening) - set(matrix.states)
    shares = [[float(share) for share in row] for row in chain(matrix)]
    now = [float(opening.get(state, 0)) for state in matrix.states]
    found = []
    for _ in range(periods):
        now = [
            sum(n * row[j] for n, row in zip(now, shares, strict=True))
            for j in range(len(now))
        ]
        found.append(dict(zip(matrix.states, now, strict=True)))
    return tuple(found)


@dataclass(frozen=True, slots=True)
class Trial:
    """A forecast made as of a past period, and what came of it; both are shares."""

    period: int
    expected: float
    actual: float

    @property
    def error(self) -> float:
        """By how much the truth was above the forecast."""
        return self.actual - self.expected


@dataclass(frozen=True, slots=True)
class Quality:
    """How past forecasts did: mean error, mean absolute error, share inside."""

    trials: int
    bias: float
    absolute_error: float
    inside: float


def interval(
    expected: float, trials: Sequence[Trial], *, level: Fraction = Fraction(8, 10)
) -> tuple[float, float] | None:
    """A range around a forecast, as wide as past errors were; None: too few of them.

    Its ends are the forecast plus the order statistics of past errors that leave out
    (1 - level) / 2 on each side, and it is never outside 0 to 1.
    """
    assert 0 < level < 1, level
    errors = sorted(trial.error for trial in trials)
    outside = (1 - level) / 2
    below = int(outside * (len(errors) + 1)) - 1  # rank, from 0
    if below < 0:
        return None
    low, high = expected + errors[below], expected + errors[-1 - below]
    return min(max(low, 0.0), 1.0), min(max(high, 0.0), 1.0)


def quality(
    trials: Iterable[Trial], *, level: Fraction = Fraction(8, 10)
) -> Quality | None:
    """How forecasts did, each range made only of the trials known before it.

    None: no trial had enough others before it.
    """
    told = sorted(trials, key=lambda trial: trial.period)
    judged, inside = [], 0
    for n, trial in enumerate(told):
        around = interval(trial.expected, told[:n], level=level)
        if around is None:
            continue
        judged.append(trial)
        inside += around[0] <= trial.actual <= around[1]
    if not judged:
        return None
    count = len(judged)
    return Quality(
        trials=count,
        bias=sum(trial.error for trial in judged) / count,
        absolute_error=sum(abs(trial.error) for trial in judged) / count,
        inside=inside / count,
    )
