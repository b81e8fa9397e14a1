"""The tables of relief."""

from daihou.rooms.relief.models.commitments import (
    Followed,
    Instalment,
    Policy,
    PoolUse,
    Relief,
)
from daihou.rooms.relief.models.household import HouseholdPlan, Means, Source, Target

__all__ = [
    "Followed",
    "HouseholdPlan",
    "Instalment",
    "Means",
    "Policy",
    "PoolUse",
    "Relief",
    "Source",
    "Target",
]
