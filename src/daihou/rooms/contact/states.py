"""The words of contact: flags, results, items; plain data and their moves."""

from collections.abc import Mapping
from datetime import timedelta
from enum import StrEnum
from typing import Final

from daihou.engine.gate.values import Flag


class OwnFlag(StrEnum):
    """What is known of a person beside the gate's own flags."""

    UNREACHABLE = "unreachable"  # the debtor cannot be reached: looked for, not found
    REFUSED = "refused"  # a contact person refused, at one number: for good


FLAGS: Final = (*(each.value for each in Flag), *(each.value for each in OwnFlag))
# Nobody opens these again.
FOR_GOOD: Final = frozenset({OwnFlag.REFUSED.value})
# They open a way to others, so two people say so.
OPENS: Final = frozenset(
    {OwnFlag.UNREACHABLE.value, Flag.DECEASED.value, Flag.MINOR.value}
)


class Result(StrEnum):
    """What came of a contact; there are no others, and no room for others."""

    PTP = "PTP"
    PAID_CLAIM = "PAID_CLAIM"
    NEGO = "NEGO"
    PLAN_REQ = "PLAN_REQ"
    HARDSHIP = "HARDSHIP"
    REFUSE = "REFUSE"
    DISPUTE = "DISPUTE"
    COMPLAINT = "COMPLAINT"
    CALLBACK = "CALLBACK"
    LEFT_MSG = "LEFT_MSG"
    NO_ANSWER = "NO_ANSWER"
    BUSY = "BUSY"
    HANGUP = "HANGUP"
    OFF = "OFF"
    INVALID = "INVALID"
    WRONG = "WRONG"
    LOST = "LOST"
    DECEASED = "DECEASED"
    JAILED = "JAILED"
    ID_FRAUD = "ID_FRAUD"
    BANKRUPT = "BANKRUPT"
    LAWYER = "LAWYER"
    CEASE = "CEASE"
    SENT = "SENT"  # a message or a letter left


LEGACY: Final = "REFUSED_LEGACY"  # of an imported contact: it named a refused act
_TALKED: Final = frozenset(
    {
        *(Result.PTP, Result.PAID_CLAIM, Result.NEGO, Result.PLAN_REQ),
        *(Result.HARDSHIP, Result.REFUSE, Result.DISPUTE, Result.COMPLAINT),
        *(Result.CALLBACK, Result.ID_FRAUD, Result.BANKRUPT, Result.LAWYER),
        Result.CEASE,
    }
)
_ANSWERED: Final = _TALKED | {
    *(Result.LEFT_MSG, Result.HANGUP, Result.WRONG, Result.DECEASED, Result.JAILED),
}
_NEVER_RANG: Final = frozenset({Result.INVALID, Result.OFF})
# What a result says of the person holds at once.
RAISES: Final[Mapping[str, str]] = {
    Result.CEASE: Flag.CEASE,
    Result.DISPUTE: Flag.DISPUTE,
    Result.COMPLAINT: Flag.COMPLAINT,
    Result.HARDSHIP: Flag.HARDSHIP,
    Result.DECEASED: Flag.DECEASED,
    Result.BANKRUPT: Flag.BANKRUPTCY,
    Result.LAWYER: Flag.LAWYER,
    Result.LOST: OwnFlag.UNREACHABLE,
}


# Somebody answered, but not the person.
NOT_THEM: Final = frozenset(
    {Result.LEFT_MSG, Result.WRONG, Result.DECEASED, Result.JAILED}
)


def connected(result: str) -> bool:
    """Whether somebody answered."""
    return result in _ANSWERED


def conversation(result: str) -> bool:
    """Whether it was talked over with the person."""
    return result in _TALKED


def failed(result: str) -> bool:
    """Whether the network never rang: such a one counts nowhere."""
    return result in _NEVER_RANG


class DecisionState(StrEnum):
    """An answer of the gate: good for one contact, used, or never made use of."""

    OPEN = "open"
    USED = "used"
    VOID = "void"


class ItemState(StrEnum):
    """Something compliance looks into."""

    OPEN = "open"
    CLOSED = "closed"


class PointState(StrEnum):
    """How good a number or an address is, by what came of it last."""

    UNTRIED = "untried"
    ANSWERED = "answered"
    SILENT = "silent"
    OFF = "off"
    INVALID = "invalid"
    WRONG = "wrong"


class TwinState(StrEnum):
    """Whether two customers are one person."""

    WAITING = "waiting"
    JOINED = "joined"
    APART = "apart"


TWIN_MOVES: Final = (
    (TwinState.WAITING, TwinState.JOINED),
    (TwinState.WAITING, TwinState.APART),
    (TwinState.JOINED, TwinState.APART),
    (TwinState.APART, TwinState.JOINED),
)
# What a result says of the number; one that is not here says nothing of it.
OF_POINT: Final[Mapping[str, PointState]] = {
    **{each.value: PointState.ANSWERED for each in _TALKED},
    Result.HANGUP: PointState.SILENT,
    Result.NO_ANSWER: PointState.SILENT,
    Result.BUSY: PointState.SILENT,
    Result.OFF: PointState.OFF,
    Result.INVALID: PointState.INVALID,
    Result.WRONG: PointState.WRONG,
}
# Used no more: one that does not exist for nobody, one of a stranger not for them.
REMOVES: Final = frozenset({PointState.INVALID, PointState.WRONG})

GOOD_FOR: Final = timedelta(minutes=15)  # how long an answer that allows may be used
LATE: Final = timedelta(hours=12)  # and then what came of it may be written down
DECISION_MOVES: Final = (
    (DecisionState.OPEN, DecisionState.USED),
    (DecisionState.OPEN, DecisionState.VOID),
)
POINT_MOVES: Final = (
    *((PointState.UNTRIED, each) for each in PointState if each != "untried"),
    (PointState.SILENT, PointState.ANSWERED),
    (PointState.ANSWERED, PointState.SILENT),
    *((each, PointState.OFF) for each in (PointState.SILENT, PointState.ANSWERED)),
    *((PointState.OFF, each) for each in (PointState.SILENT, PointState.ANSWERED)),
    *(
        (each, gone)
        for each in (PointState.SILENT, PointState.ANSWERED, PointState.OFF)
        for gone in (PointState.INVALID, PointState.WRONG)
    ),
    (PointState.INVALID, PointState.UNTRIED),
    (PointState.WRONG, PointState.UNTRIED),
)
ITEM_MOVES: Final = ((ItemState.OPEN, ItemState.CLOSED),)
DIAGRAMS: Mapping[str, tuple[tuple[str, str], ...]] = {
    "Contact decision": DECISION_MOVES,
    "Compliance item": ITEM_MOVES,
    "Number or address": POINT_MOVES,
    "Two customers, one person": TWIN_MOVES,
}
