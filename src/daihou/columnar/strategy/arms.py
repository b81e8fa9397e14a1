"""The arms of an experiment for many customers, equal to `engine.strategy.experiment`."""

from typing import Any

import numpy as np

from daihou.engine.strategy.experiment import (
    FIRST_MIX,
    SECOND_MIX,
    STEP,
    ends,
    seed_of,
)
from daihou.engine.strategy.strategy import WHOLE, Experiment

Array = np.ndarray[Any, Any]


def places_of(customer_id: Array, seed: int) -> Array:
    """Where customers fall among a thousand equal places."""
    start = np.uint64((seed + STEP) % 2**64)
    mixed = customer_id.astype(np.uint64) + start  # wraps round, as it must
    mixed = (mixed ^ (mixed >> np.uint64(30))) * np.uint64(FIRST_MIX)
    mixed = (mixed ^ (mixed >> np.uint64(27))) * np.uint64(SECOND_MIX)
    found: Array = (mixed ^ (mixed >> np.uint64(31))) % np.uint64(WHOLE)
    return found.astype(np.int64)


def arms_of(customer_id: Array, experiment: Experiment) -> Array:
    """The place of each customer's arm among those of the experiment."""
    places = places_of(customer_id, seed_of(experiment.salt))
    return np.searchsorted(np.array(ends(experiment)), places, side="right")
