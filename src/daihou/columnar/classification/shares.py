"""Shares of amounts compared exactly, however large the amounts are."""

from decimal import Decimal
from typing import Final

import numpy as np

from daihou.columnar.classification.book import Array

_ROOM: Final = 2**62


def _scaled(part: Array, share: Decimal, whole: Array) -> tuple[Array, Array]:
    """Return both sides of part / whole against a share, as integers."""
    numerator, denominator = share.as_integer_ratio()
    largest = max(int(part.max(initial=0)), int(whole.max(initial=0)))
    if largest * max(numerator, denominator) < _ROOM:
        return part * denominator, whole * numerator
    return part.astype(object) * denominator, whole.astype(object) * numerator


def exceeds(part: Array, share: Decimal, *, whole: Array) -> Array:
    """Tell where `part` is strictly more than a share of `whole`."""
    left, right = _scaled(part, share, whole)
    return np.asarray(left > right, np.bool_)


def reaches(part: Array, share: Decimal, *, whole: Array) -> Array:
    """Tell where `part` is a share of `whole` or more."""
    left, right = _scaled(part, share, whole)
    return np.asarray(left >= right, np.bool_)


class Groups:
    """Claims by customer: sums over a customer's claims, given back to each."""

    def __init__(self, keys: Array) -> None:
        """Sort once; sums then take one pass each."""
        self._order = np.argsort(keys, kind="stable")
        ordered = keys[self._order]
        is_first = np.ones(len(keys), np.bool_)
        is_first[1:] = ordered[1:] != ordered[:-1]
        self._starts = np.flatnonzero(is_first)
        self._group = np.empty(len(keys), np.int64)
        self._group[self._order] = np.cumsum(is_first) - 1

    def total(self, amounts: Array) -> Array:
        """Return for each claim the sum over all claims of its customer, exactly."""
        if not len(amounts):
            return amounts
        if float(amounts.sum(dtype=np.float64)) > _ROOM:
            amounts = amounts.astype(object)
        sums = np.add.reduceat(amounts[self._order], self._starts)
        found: Array = sums[self._group]
        return found
