"""The only writer of reporting."""

from daihou.rooms.reporting.actions.exports import record_export
from daihou.rooms.reporting.actions.sending import send_due
from daihou.rooms.reporting.actions.standing import Wish, end, give

__all__ = ["Wish", "end", "give", "record_export", "send_due"]
