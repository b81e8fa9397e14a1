"""What other rooms may use of the event log."""

from daihou.rooms.audit.actions import NewEvent, record, record_many
from daihou.rooms.audit.queries import Entry, instants, latest, timeline

__all__ = [
    "Entry",
    "NewEvent",
    "instants",
    "latest",
    "record",
    "record_many",
    "timeline",
]
