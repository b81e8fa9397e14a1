"""Exact division of integers with a named rounding mode, and exact splits of sums."""

from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType

HALF_EVEN = "half_even"
HALF_UP = "half_up"
HALF_DOWN = "half_down"
UP = "up"
DOWN = "down"
CEILING = "ceiling"
FLOOR = "floor"


def _half_even(quotient: int, twice: int, divisor: int) -> int:
    return quotient + (twice > divisor or (twice == divisor and quotient & 1 == 1))


# Each works on magnitudes: quotient, twice the remainder, divisor (positive).
_OF_MAGNITUDE: Mapping[str, Callable[[int, int, int], int]] = MappingProxyType(
    {
        HALF_EVEN: _half_even,
        HALF_UP: lambda quotient, twice, divisor: quotient + (twice >= divisor),
        HALF_DOWN: lambda quotient, twice, divisor: quotient + (twice > divisor),
        UP: lambda quotient, twice, _: quotient + (twice > 0),
        DOWN: lambda quotient, _twice, _divisor: quotient,
    }
)
MODES = (*_OF_MAGNITUDE, CEILING, FLOOR)


def divide(numerator: int, denominator: int, *, rounding: str = HALF_EVEN) -> int:
    """Return numerator / denominator as an integer, rounded once.

    `rounding` is one of MODES; the half and up/down modes work on the magnitude,
    so a debt and a credit of the same size round alike.
    """
    assert denominator > 0, denominator
    if rounding == HALF_EVEN and numerator >= 0:  # by far the most asked
        quotient, rest = divmod(numerator, denominator)
        return _half_even(quotient, 2 * rest, denominator)
    if rounding == FLOOR:
        return numerator // denominator
    if rounding == CEILING:
        return -(-numerator // denominator)
    quotient, rest = divmod(abs(numerator), denominator)
    magnitude = _OF_MAGNITUDE[rounding](quotient, 2 * rest, denominator)
    return magnitude if numerator >= 0 else -magnitude


def in_proportion(amounts: Sequence[int], total: int) -> list[int]:
    """Split at most `total` over amounts in proportion, exactly.

    What rounding down leaves goes cent by cent to the largest remainders, the first
    of equals first; nobody gets more than the amount.
    """
    whole = sum(amounts)
    total = min(total, whole)
    if not whole:
        return [0] * len(amounts)
    parts = [total * each // whole for each in amounts]
    order = sorted(
        range(len(amounts)), key=lambda place: -(total * amounts[place] % whole)
    )
    for place in order[: total - sum(parts)]:
        parts[place] += 1
    return parts
