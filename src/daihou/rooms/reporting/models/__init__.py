"""The tables of reporting."""

from daihou.rooms.reporting.models.months import Month
from daihou.rooms.reporting.models.reasons import OverdueReason
from daihou.rooms.reporting.models.standing import Sending, Standing

__all__ = ["Month", "OverdueReason", "Sending", "Standing"]
