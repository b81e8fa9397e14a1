"""The tables of casework: cases and what holds them, queues and who works them."""

from daihou.rooms.casework.models.cases import (
    Case,
    CaseFacts,
    CaseLoan,
    CaseNumber,
    Hold,
    Morning,
)
from daihou.rooms.casework.models.giving import Assignment, Batch, Commitment
from daihou.rooms.casework.models.markers import Marker
from daihou.rooms.casework.models.promises import (
    Appropriation,
    PaymentLook,
    Promise,
    PromisePart,
    Verdict,
)
from daihou.rooms.casework.models.queues import Draft, Presence, Queue, Seat, Skip
from daihou.rooms.casework.models.work import Result, WorkItem

__all__ = [
    "Appropriation",
    "Assignment",
    "Batch",
    "Case",
    "CaseFacts",
    "CaseLoan",
    "CaseNumber",
    "Commitment",
    "Draft",
    "Hold",
    "Marker",
    "Morning",
    "PaymentLook",
    "Presence",
    "Promise",
    "PromisePart",
    "Queue",
    "Result",
    "Seat",
    "Skip",
    "Verdict",
    "WorkItem",
]
