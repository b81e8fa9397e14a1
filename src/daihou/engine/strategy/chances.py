"""Tails of the chi-square and Student distributions, by series and fractions."""

import math
from typing import Final

_SMALL: Final = 1e-15
_TINY: Final = 1e-300
_MOST: Final = 10_000  # terms; far more than any argument here needs


def chi_square_above(value: float, freedom: int) -> float:
    """The chance of a chi-square at least `value` with `freedom` degrees."""
    assert freedom > 0 and value >= 0, (value, freedom)
    return _gamma_above(freedom / 2, value / 2)


def _gamma_above(shape: float, at: float) -> float:
    """The regularised upper incomplete gamma function Q (DLMF 8.2.4)."""
    if at == 0:
        return 1.0
    scale = math.exp(shape * math.log(at) - at - math.lgamma(shape))
    if at < shape + 1:  # the series of P (DLMF 8.7.1) is quick here
        term = total = 1 / shape
        for count in range(1, _MOST):
            term *= at / (shape + count)
            total += term
            if term < total * _SMALL:
                break
        return max(0.0, 1 - total * scale)
    # The continued fraction (DLMF 8.9.2) by Lentz's method.
    below = at + 1 - shape
    ratio, front = 1 / below, 1 / _TINY
    found = ratio
    for count in range(1, _MOST):
        part = -count * (count - shape)
        below += 2
        ratio = 1 / _kept(part * ratio + below)
        front = _kept(below + part / front)
        found *= ratio * front
        if abs(ratio * front - 1) < _SMALL:
            break
    return scale * found


def student_quantile(chance: float, freedom: float) -> float:
    """The value that Student's t with `freedom` degrees stays below with `chance`."""
    assert 0.5 <= chance < 1 and freedom > 0, (chance, freedom)
    low, high = 0.0, 1.0
    while student_below(high, freedom) < chance:
        high *= 2
    for _ in range(200):
        middle = (low + high) / 2
        if middle in (low, high):
            break
        if student_below(middle, freedom) < chance:
            low = middle
        else:
            high = middle
    return high


def student_below(value: float, freedom: float) -> float:
    """The chance of a Student's t below `value`, which is not negative."""
    assert value >= 0, value
    part = freedom / (freedom + value * value)
    return 1 - _beta_below(part, freedom / 2, 0.5) / 2


def _beta_below(at: float, one: float, other: float) -> float:
    """The regularised incomplete beta function I (DLMF 8.17.2)."""
    if at in (0, 1):
        return float(at)
    scale = math.exp(
        math.lgamma(one + other)
        - math.lgamma(one)
        - math.lgamma(other)
        + one * math.log(at)
        + other * math.log1p(-at)
    )
    if at < (one + 1) / (one + other + 2):
        return scale * _beta_fraction(at, one, other) / one
    return 1 - scale * _beta_fraction(1 - at, other, one) / other


def _beta_fraction(at: float, one: float, other: float) -> float:
    """The continued fraction of it (DLMF 8.17.22) by Lentz's method."""
    front = 1.0
    ratio = 1 / _kept(1 - (one + other) * at / (one + 1))
    found = ratio
    for count in range(1, _MOST):
        twice = one + 2 * count
        even = count * (other - count) * at / ((twice - 1) * twice)
        odd = -(one + count) * (one + other + count) * at / (twice * (twice + 1))
        change = 1.0
        for part in (even, odd):
            ratio = 1 / _kept(1 + part * ratio)
            front = _kept(1 + part / front)
            change = ratio * front
            found *= change
        if abs(change - 1) < _SMALL:
            break
    return found


def _kept(value: float) -> float:
    """The same, away from zero, as Lentz's method needs it."""
    return _TINY if abs(value) < _TINY else value
