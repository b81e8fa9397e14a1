"""What other rooms may use of the event log."""

from daihou.rooms.audit.actions import (
    NewEvent,
    looking_through,
    record,
    record_many,
    seal,
    standing_in,
)
from daihou.rooms.audit.exporting import write_out
from daihou.rooms.audit.pages import name_events, panel, panel_of
from daihou.rooms.audit.queries import (
    Entry,
    done_by,
    events_after,
    instants,
    latest,
    newest_seal,
    seals_between,
    timeline,
    told_by,
)
from daihou.rooms.audit.verifying import Finding, Verified, verify

__all__ = [
    "Entry",
    "Finding",
    "NewEvent",
    "Verified",
    "done_by",
    "events_after",
    "instants",
    "latest",
    "looking_through",
    "name_events",
    "newest_seal",
    "panel",
    "panel_of",
    "record",
    "record_many",
    "seal",
    "seals_between",
    "standing_in",
    "timeline",
    "told_by",
    "verify",
    "write_out",
]
