"""The eight axes of a case, holds and batches: plain data and their moves.

A case has no single status: what is owed, who treats it, whether it is held, whose it
is, whether an agency has it, what the courts do and what was agreed move by themselves.
"""

from collections.abc import Mapping
from datetime import timedelta
from enum import StrEnum
from typing import Final

from daihou.engine.gate.values import Flag


class Lifecycle(StrEnum):
    """Whether the case is worked at all; one that comes back is open again."""

    PENDING = "pending"
    OPEN = "open"
    CLOSED = "closed"


class Delinquency(StrEnum):
    """How late the latest of its loans is; derived each day, never set by hand."""

    CURRENT = "current"
    PRE = "pre"
    M1 = "M1"
    M2 = "M2"
    M3 = "M3"
    M4 = "M4"
    M5 = "M5"
    M6 = "M6"
    M7 = "M7"
    CHARGED_OFF = "charged_off"


class Treatment(StrEnum):
    """What the strategy does with it; a pause may end, a stop does not."""

    UNASSIGNED = "unassigned"
    RUNNING = "running"
    PAUSED = "paused"
    FINISHED = "finished"
    STOPPED = "stopped"


class HoldKind(StrEnum):
    """Why a case, or an amount of it, is left in peace."""

    DISPUTE = "dispute"
    COMPLAINT = "complaint"
    HARDSHIP = "hardship"
    DECEASED = "deceased"
    BANKRUPTCY = "bankruptcy"
    LEGAL = "legal"
    FRAUD = "fraud"
    DISASTER = "disaster"
    TECHNICAL = "technical"
    MANUAL = "manual"


class Assigned(StrEnum):
    """Whose it is: nobody's yet, a team's, a collector's, or a cover's for a time."""

    POOL = "pool"
    TEAM = "team"
    COLLECTOR = "collector"
    COVER = "cover"


class Placement(StrEnum):
    """Whether an agency has it."""

    IN_HOUSE = "in_house"
    OFFERED = "offered"
    PLACED = "placed"
    RETAINED = "retained"
    RETURNED = "returned"
    RECALLED = "recalled"


class Legal(StrEnum):
    """How far the courts are."""

    NONE = "none"
    PRE_LEGAL = "pre_legal"
    IN_PROCEEDING = "in_proceeding"
    ENFORCING = "enforcing"
    SUSPENDED = "suspended"
    DONE = "done"


class Resolution(StrEnum):
    """What was agreed or came of it; see `PRECEDENCE`."""

    NONE = "none"
    PROMISE = "promise"
    ARRANGEMENT = "arrangement"
    SETTLEMENT = "settlement"
    RESTRUCTURED = "restructured"
    WRITTEN_OFF = "written_off"
    SOLD = "sold"
    PAID = "paid"


class CloseCode(StrEnum):
    """Why a case was closed; success, nobody's fault, the owner's will, technical."""

    PAID_FULL = "PAID_FULL"
    PAID_PARTIAL_SETTLED = "PAID_PARTIAL_SETTLED"
    CURED = "CURED"
    ARRANGEMENT_COMPLETED = "ARRANGEMENT_COMPLETED"
    INVALID_DATA = "INVALID_DATA"
    DECEASED_NO_ESTATE = "DECEASED_NO_ESTATE"
    BANKRUPT = "BANKRUPT"
    UNTRACEABLE = "UNTRACEABLE"
    LIMITATION_EXPIRED = "LIMITATION_EXPIRED"
    DISPUTE_UPHELD = "DISPUTE_UPHELD"
    ID_FRAUD = "ID_FRAUD"
    WITHDRAWN = "WITHDRAWN"
    WRITTEN_OFF_NO_CLAIM = "WRITTEN_OFF_NO_CLAIM"
    SOLD = "SOLD"
    UNECONOMIC = "UNECONOMIC"
    MERGED = "MERGED"
    DUPLICATE = "DUPLICATE"


class BatchState(StrEnum):
    """A distribution: carried out, or taken back within a quarter of an hour."""

    DONE = "done"
    UNDONE = "undone"


class BatchKind(StrEnum):
    """Why many cases changed hands at once."""

    DISTRIBUTE = "distribute"
    MANUAL = "manual"
    REDISTRIBUTE = "redistribute"
    LEAVE = "leave"
    RETURN = "return"


class BatchMode(StrEnum):
    """Which cases a distribution looks at."""

    UNASSIGNED = "unassigned"  # only those nobody has
    OVERWRITE = "overwrite"  # all, whoever has them
    RECALL = "recall"  # taken from everybody first, then all again


class Method(StrEnum):
    """How a case came to whom it is assigned."""

    BATCH = "batch"
    MANUAL = "manual"
    NEXT = "next"
    COVER = "cover"
    RETURN = "return"
    UNDO = "undo"
    RELEASE = "release"
    LET_GO = "let_go"


class Share(StrEnum):
    """What a queue is shared out by."""

    COUNT = "count"
    AMOUNT = "amount"


class CapacityMode(StrEnum):
    """How firm the most a person holds is; soft bears a tenth more."""

    HARD = "hard"
    SOFT = "soft"
    UNLIMITED = "unlimited"


class Order(StrEnum):
    """In which order a queue is worked."""

    VALUE = "value"  # expected value, the highest first
    PRIORITY = "priority"  # as the strategy says
    DPD = "dpd"
    AMOUNT = "amount"
    OLDEST = "oldest"  # untouched the longest


class Taking(StrEnum):
    """How a queue gives out its work: the next case, a list to choose from, or both."""

    NEXT = "next"
    LIST = "list"
    BOTH = "both"


LIFECYCLE_MOVES: Final = (
    (Lifecycle.PENDING, Lifecycle.OPEN),
    (Lifecycle.PENDING, Lifecycle.CLOSED),
    (Lifecycle.OPEN, Lifecycle.CLOSED),
    (Lifecycle.CLOSED, Lifecycle.OPEN),
)
TREATMENT_MOVES: Final = (
    (Treatment.UNASSIGNED, Treatment.RUNNING),
    (Treatment.UNASSIGNED, Treatment.PAUSED),
    (Treatment.UNASSIGNED, Treatment.STOPPED),
    (Treatment.RUNNING, Treatment.PAUSED),
    (Treatment.PAUSED, Treatment.RUNNING),
    (Treatment.RUNNING, Treatment.FINISHED),
    (Treatment.PAUSED, Treatment.FINISHED),
    (Treatment.RUNNING, Treatment.STOPPED),
    (Treatment.PAUSED, Treatment.STOPPED),
    (Treatment.FINISHED, Treatment.RUNNING),
)
ASSIGNED_MOVES: Final = (
    (Assigned.POOL, Assigned.TEAM),
    (Assigned.POOL, Assigned.COLLECTOR),
    (Assigned.TEAM, Assigned.COLLECTOR),
    (Assigned.TEAM, Assigned.POOL),
    (Assigned.COLLECTOR, Assigned.COVER),
    (Assigned.COVER, Assigned.COLLECTOR),
    (Assigned.COLLECTOR, Assigned.TEAM),
    (Assigned.COLLECTOR, Assigned.POOL),
    (Assigned.COVER, Assigned.POOL),
)
PLACEMENT_MOVES: Final = (
    (Placement.IN_HOUSE, Placement.OFFERED),
    (Placement.OFFERED, Placement.PLACED),
    (Placement.OFFERED, Placement.IN_HOUSE),
    (Placement.PLACED, Placement.RETAINED),
    (Placement.PLACED, Placement.RETURNED),
    (Placement.PLACED, Placement.RECALLED),
    (Placement.RETAINED, Placement.RETURNED),
    (Placement.RETAINED, Placement.RECALLED),
    (Placement.RETURNED, Placement.IN_HOUSE),
    (Placement.RECALLED, Placement.IN_HOUSE),
)
LEGAL_MOVES: Final = (
    (Legal.NONE, Legal.PRE_LEGAL),
    (Legal.PRE_LEGAL, Legal.NONE),
    (Legal.PRE_LEGAL, Legal.IN_PROCEEDING),
    (Legal.IN_PROCEEDING, Legal.ENFORCING),
    (Legal.IN_PROCEEDING, Legal.SUSPENDED),
    (Legal.ENFORCING, Legal.SUSPENDED),
    (Legal.SUSPENDED, Legal.ENFORCING),
    (Legal.IN_PROCEEDING, Legal.DONE),
    (Legal.ENFORCING, Legal.DONE),
)
HOLD_MOVES: Final = (("standing", "released"), ("standing", "expired"))
BATCH_MOVES: Final = ((BatchState.DONE, BatchState.UNDONE),)

# Of several things agreed at once the first of this list is the resolution of the case;
# of two of one kind the later. Those that end the claim stand before those that pay it.
PRECEDENCE: Final = (
    Resolution.SOLD,
    Resolution.WRITTEN_OFF,
    Resolution.PAID,
    Resolution.RESTRUCTURED,
    Resolution.SETTLEMENT,
    Resolution.ARRANGEMENT,
    Resolution.PROMISE,
    Resolution.NONE,
)
# What holds contact while a case is held; kinds the gate has no word for are a
# breathing space, which its own rules know everywhere.
FLAG_OF: Final[Mapping[HoldKind, Flag]] = {
    HoldKind.DISPUTE: Flag.DISPUTE,
    HoldKind.COMPLAINT: Flag.COMPLAINT,
    HoldKind.HARDSHIP: Flag.HARDSHIP,
    HoldKind.DECEASED: Flag.DECEASED,
    HoldKind.BANKRUPTCY: Flag.BANKRUPTCY,
    HoldKind.LEGAL: Flag.BREATHING_SPACE,
    HoldKind.FRAUD: Flag.BREATHING_SPACE,
    HoldKind.DISASTER: Flag.BREATHING_SPACE,
    HoldKind.TECHNICAL: Flag.BREATHING_SPACE,
    HoldKind.MANUAL: Flag.BREATHING_SPACE,
}
# A hold about an amount leaves the rest of the case to be worked.
PARTIAL: Final = frozenset({HoldKind.DISPUTE})
CLOSE_GROUPS: Final[Mapping[str, tuple[CloseCode, ...]]] = {
    "success": (
        CloseCode.PAID_FULL,
        CloseCode.PAID_PARTIAL_SETTLED,
        CloseCode.CURED,
        CloseCode.ARRANGEMENT_COMPLETED,
    ),
    "no_fault": (
        CloseCode.INVALID_DATA,
        CloseCode.DECEASED_NO_ESTATE,
        CloseCode.BANKRUPT,
        CloseCode.UNTRACEABLE,
        CloseCode.LIMITATION_EXPIRED,
        CloseCode.DISPUTE_UPHELD,
        CloseCode.ID_FRAUD,
    ),
    "owner": (
        CloseCode.WITHDRAWN,
        CloseCode.WRITTEN_OFF_NO_CLAIM,
        CloseCode.SOLD,
        CloseCode.UNECONOMIC,
    ),
    "technical": (CloseCode.MERGED, CloseCode.DUPLICATE),
}
# A case of one of these is opened again when something is late soon after.
MAY_COME_BACK: Final = frozenset(
    {CloseCode.PAID_FULL, CloseCode.CURED, CloseCode.ARRANGEMENT_COMPLETED}
)
UNDO_WITHIN: Final = timedelta(minutes=15)  # how long a distribution may be taken back
TAKEN_FOR: Final = timedelta(minutes=5)  # a case in hand without a sign of life
# Actions of the strategy that reach nobody: they need no leave of the gate.
OFFICE: Final = frozenset({"legal_review", "assign", "none"})

DIAGRAMS: Final[Mapping[str, tuple[tuple[str, str], ...]]] = {
    "Case: lifecycle": LIFECYCLE_MOVES,
    "Case: treatment": TREATMENT_MOVES,
    "Case: assignment": ASSIGNED_MOVES,
    "Case: placement": PLACEMENT_MOVES,
    "Case: legal": LEGAL_MOVES,
    "Hold": HOLD_MOVES,
    "Distribution": BATCH_MOVES,
}
