"""The only writer of clocks and of what is told of them."""

from daihou.rooms.clocks.actions.running import look_due, look_through, record_export
from daihou.rooms.clocks.actions.starting import Beginning, close, start
from daihou.rooms.clocks.actions.telling import EventIn, strike, tell, tell_event

__all__ = [
    "Beginning",
    "EventIn",
    "close",
    "look_due",
    "look_through",
    "record_export",
    "start",
    "strike",
    "tell",
    "tell_event",
]
