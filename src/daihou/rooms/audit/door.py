"""What other rooms may use of the event log."""

from daihou.rooms.audit.actions import NewEvent, record, record_many, seal
from daihou.rooms.audit.exporting import write_out
from daihou.rooms.audit.pages import panel
from daihou.rooms.audit.queries import (
    Entry,
    instants,
    latest,
    newest_seal,
    timeline,
)
from daihou.rooms.audit.verifying import Finding, Verified, verify

__all__ = [
    "Entry",
    "Finding",
    "NewEvent",
    "Verified",
    "instants",
    "latest",
    "newest_seal",
    "panel",
    "record",
    "record_many",
    "seal",
    "timeline",
    "verify",
    "write_out",
]
