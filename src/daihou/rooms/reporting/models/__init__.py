"""The tables of reporting."""

from daihou.rooms.reporting.models.callbacks import Callback
from daihou.rooms.reporting.models.months import Month
from daihou.rooms.reporting.models.reasons import OverdueReason
from daihou.rooms.reporting.models.standing import Sending, Standing
from daihou.rooms.reporting.models.targets import Cost, Target

__all__ = [
    "Callback",
    "Cost",
    "Month",
    "OverdueReason",
    "Sending",
    "Standing",
    "Target",
]
