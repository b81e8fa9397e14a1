"""The codes of what was done and what came of it, and what follows from each.

The results are those of contact (`contact.states.Result`); here stands what casework
does about them: when to look again, whose turn it is, what is held. Two more are
written by the house alone.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import Final

from daihou.rooms.casework.states import HoldKind


class Action(StrEnum):
    """What was done; the first of `OUTWARD` need an answer of the gate."""

    CALL = "CALL"
    SMS = "SMS"
    WECHAT = "WECHAT"
    APP = "APP"
    EMAIL = "EMAIL"
    LETTER = "LETTER"
    VISIT = "VISIT"
    BOT = "BOT"
    PORTAL = "PORTAL"
    INBOUND = "INBOUND"
    LEGAL = "LEGAL"
    REVIEW = "REVIEW"


# The channel of an answer of the gate -> what was done on it.
OF_CHANNEL: Final[Mapping[str, Action]] = {
    "call": Action.CALL,
    "robot_call": Action.BOT,
    "sms": Action.SMS,
    "wechat": Action.WECHAT,
    "email": Action.EMAIL,
    "letter": Action.LETTER,
    "visit": Action.VISIT,
}
# The customer came by themselves, or nobody was contacted: no answer is needed.
WITHOUT_LEAVE: Final = frozenset({Action.INBOUND, Action.PORTAL, Action.REVIEW})


class ItemKind(StrEnum):
    """What somebody is to do."""

    CALL = "call"
    CALLBACK = "callback"
    VERIFY_PAYMENT = "verify_payment"
    PROMISE_DUE = "promise_due"
    APPROVAL = "approval"
    COMPLAINT = "complaint"
    REVIEW = "review"
    MANUAL = "manual"


class ItemState(StrEnum):
    """Whether it was done."""

    OPEN = "open"
    DONE = "done"
    DISMISSED = "dismissed"


ITEM_MOVES: Final = (
    (ItemState.OPEN, ItemState.DONE),
    (ItemState.OPEN, ItemState.DISMISSED),
)


class Right(StrEnum):
    """Whether the person themselves was talked to."""

    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"
    NONE = "none"  # nobody is talked to


class When(StrEnum):
    """When a case is looked at again if nobody says otherwise."""

    AFTER = "after"  # a while later
    PROMISE = "promise"  # on the day of the promise
    CHOSEN = "chosen"  # whoever records it must say
    CAP = "cap"  # as soon as the gate lets one try again
    NOW = "now"  # somebody else at once
    STRATEGY = "strategy"  # as the next morning says


@dataclass(frozen=True, slots=True, kw_only=True)
class Code:
    """One result and what follows.

    `item` is made for whoever has the case, or with `to_supervisor` for who oversees
    them. `hold` leaves the case in peace; `key` is the digit of the ten most common.
    `own` ones are written by the house, never by a person.
    """

    code: str
    right: Right
    when: When
    after: timedelta = timedelta(0)
    item: ItemKind | None = None
    priority: int = 0
    to_supervisor: bool = False
    hold: HoldKind | None = None
    promise: bool = False
    needs_note: bool = False
    key: str = ""
    own: bool = False


_HOUR = timedelta(hours=1)
_DAY = timedelta(days=1)
URGENT: Final = 100  # before everything else
HIGH: Final = 50
USUAL: Final = 10
CODES: Final = (
    Code(code="PTP", right=Right.YES, when=When.PROMISE, promise=True, key="1"),
    Code(
        code="PAID_CLAIM",
        right=Right.YES,
        when=When.AFTER,
        after=_DAY,
        item=ItemKind.VERIFY_PAYMENT,
        priority=USUAL,
        key="2",
    ),
    Code(
        code="NEGO",
        right=Right.YES,
        when=When.AFTER,
        after=2 * _DAY,
        item=ItemKind.CALL,
        priority=USUAL,
        key="3",
    ),
    Code(
        code="PLAN_REQ",
        right=Right.YES,
        when=When.NOW,
        item=ItemKind.APPROVAL,
        priority=HIGH,
        key="4",
    ),
    Code(
        code="HARDSHIP",
        right=Right.YES,
        when=When.NOW,
        item=ItemKind.REVIEW,
        priority=HIGH,
        hold=HoldKind.HARDSHIP,
        key="5",
    ),
    Code(code="REFUSE", right=Right.YES, when=When.STRATEGY, key="6"),
    Code(
        code="DISPUTE",
        right=Right.YES,
        when=When.NOW,
        item=ItemKind.REVIEW,
        priority=HIGH,
        to_supervisor=True,
        hold=HoldKind.DISPUTE,
        needs_note=True,
        key="7",
    ),
    Code(
        code="CALLBACK",
        right=Right.YES,
        when=When.CHOSEN,
        item=ItemKind.CALLBACK,
        priority=HIGH,
        key="8",
    ),
    Code(code="NO_ANSWER", right=Right.NO, when=When.CAP, after=3 * _HOUR, key="9"),
    Code(code="WRONG", right=Right.NO, when=When.CAP, key="0"),
    Code(
        code="COMPLAINT",
        right=Right.YES,
        when=When.NOW,
        item=ItemKind.COMPLAINT,
        priority=URGENT,
        to_supervisor=True,
        hold=HoldKind.COMPLAINT,
        needs_note=True,
    ),
    Code(
        code="LEFT_MSG",
        right=Right.NO,
        when=When.AFTER,
        after=_DAY,
        item=ItemKind.CALL,
        priority=USUAL,
    ),
    Code(code="BUSY", right=Right.NO, when=When.AFTER, after=2 * _HOUR),
    Code(code="HANGUP", right=Right.UNKNOWN, when=When.CAP, after=3 * _HOUR),
    Code(code="OFF", right=Right.NO, when=When.AFTER, after=_DAY),
    Code(code="INVALID", right=Right.NO, when=When.CAP),
    Code(
        code="LOST",
        right=Right.NO,
        when=When.NOW,
        item=ItemKind.REVIEW,
        priority=USUAL,
        needs_note=True,
    ),
    Code(
        code="DECEASED",
        right=Right.NONE,
        when=When.NOW,
        item=ItemKind.REVIEW,
        priority=HIGH,
        to_supervisor=True,
        hold=HoldKind.DECEASED,
        needs_note=True,
    ),
    Code(
        code="JAILED",
        right=Right.NONE,
        when=When.NOW,
        item=ItemKind.REVIEW,
        priority=HIGH,
        to_supervisor=True,
        hold=HoldKind.LEGAL,
        needs_note=True,
    ),
    Code(
        code="ID_FRAUD",
        right=Right.YES,
        when=When.NOW,
        item=ItemKind.REVIEW,
        priority=URGENT,
        to_supervisor=True,
        hold=HoldKind.FRAUD,
        needs_note=True,
    ),
    Code(
        code="BANKRUPT",
        right=Right.YES,
        when=When.NOW,
        item=ItemKind.REVIEW,
        priority=HIGH,
        to_supervisor=True,
        hold=HoldKind.BANKRUPTCY,
        needs_note=True,
    ),
    Code(
        code="LAWYER",
        right=Right.YES,
        when=When.NOW,
        item=ItemKind.REVIEW,
        priority=HIGH,
        to_supervisor=True,
        needs_note=True,
    ),
    Code(
        code="CEASE",
        right=Right.YES,
        when=When.NOW,
        item=ItemKind.REVIEW,
        priority=HIGH,
        to_supervisor=True,
    ),
    Code(code="SENT", right=Right.NONE, when=When.STRATEGY),
    Code(
        code="BROKEN",
        right=Right.NONE,
        when=When.NOW,
        item=ItemKind.CALL,
        priority=URGENT,
        own=True,
    ),
    Code(
        code="AGENCY_RET",
        right=Right.NONE,
        when=When.NOW,
        item=ItemKind.REVIEW,
        priority=USUAL,
        to_supervisor=True,
        own=True,
    ),
)
BY_CODE: Final[Mapping[str, Code]] = {each.code: each for each in CODES}
# The ten on the keys 1 to 9 and 0, in that order.
TEN: Final = tuple(each for each in CODES if each.key)
