"""Draws that come out the same for a seed, whatever else is drawn."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[Any]


def stream(seed: int, name: str) -> np.random.Generator:
    """A generator of its own for each use, so that one more draw moves no other."""
    key = [seed, *name.encode()]
    return np.random.Generator(np.random.PCG64(np.random.SeedSequence(key)))


def pick(rng: np.random.Generator, shares: Sequence[float], count: int) -> Array:
    """Draw `count` positions 0..n-1 with these shares (they need not add up to 1)."""
    edges = np.cumsum(np.asarray(shares, np.float64))
    places: Array = np.searchsorted(edges / edges[-1], rng.random(count), side="right")
    return np.minimum(places, len(edges) - 1)


def choose(
    rng: np.random.Generator, groups: Sequence[Sequence[Any]], which: Array
) -> Array:
    """For each entry of `which` draw one of that group's values, evenly."""
    longest = max(len(group) for group in groups)
    table = np.array(
        [[*group, *([group[0]] * (longest - len(group)))] for group in groups]
    )
    sizes = np.array([len(group) for group in groups])[which]
    place = (rng.random(len(which)) * sizes).astype(np.int64)
    drawn: Array = table[which, place]
    return drawn
