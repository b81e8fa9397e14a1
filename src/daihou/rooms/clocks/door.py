"""What other rooms and the edge may use of the clocks of law."""

from daihou.rooms.clocks.actions import (
    Beginning,
    EventIn,
    close,
    look_due,
    look_through,
    start,
    strike,
    tell,
    tell_event,
)
from daihou.rooms.clocks.queries import ClockLine, RunLine, clocks_of, last_run

__all__ = [
    "Beginning",
    "ClockLine",
    "EventIn",
    "RunLine",
    "clocks_of",
    "close",
    "last_run",
    "look_due",
    "look_through",
    "start",
    "strike",
    "tell",
    "tell_event",
]
