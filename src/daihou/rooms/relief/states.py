"""How what is agreed with a customer moves: one table of moves for each kind."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final

from daihou.engine.commitments.arrangement import ARRANGEMENT_MOVES
from daihou.engine.commitments.arrangement import LIVE as LIVE_PLANS
from daihou.engine.commitments.settlement import SETTLEMENT_MOVES
from daihou.engine.commitments.waiver import WAIVER_MOVES


class Kind(StrEnum):
    """What is asked for."""

    WAIVER = "waiver"
    PLAN = "plan"
    SETTLEMENT = "settlement"
    TERMS = "terms"


class TermsState(StrEnum):
    """Where a change of terms stands; what it wrote is not undone but changed again."""

    REQUESTED = "requested"
    PENDING = "pending"
    APPROVED = "approved"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"
    APPLIED = "applied"


class HouseholdState(StrEnum):
    """Where a plan for one household stands."""

    RUNNING = "running"
    STUCK = "stuck"
    DONE = "done"
    ENDED = "ended"


_T, _H = TermsState, HouseholdState
TERMS_MOVES = (
    (_T.REQUESTED, _T.APPROVED),
    (_T.REQUESTED, _T.PENDING),
    (_T.PENDING, _T.APPROVED),
    (_T.PENDING, _T.REJECTED),
    (_T.PENDING, _T.WITHDRAWN),
    (_T.APPROVED, _T.APPLIED),
)
HOUSEHOLD_MOVES = (
    (_H.RUNNING, _H.STUCK),
    (_H.STUCK, _H.RUNNING),
    (_H.RUNNING, _H.DONE),
    (_H.STUCK, _H.DONE),
    (_H.RUNNING, _H.ENDED),
    (_H.STUCK, _H.ENDED),
)
MOVES: Final[Mapping[Kind, tuple[tuple[str, str], ...]]] = {
    Kind.WAIVER: WAIVER_MOVES,
    Kind.PLAN: ARRANGEMENT_MOVES,
    Kind.SETTLEMENT: SETTLEMENT_MOVES,
    Kind.TERMS: TERMS_MOVES,
}
FIRST: Final[Mapping[Kind, str]] = {
    Kind.WAIVER: "requested",
    Kind.PLAN: "proposed",
    Kind.SETTLEMENT: "requested",
    Kind.TERMS: "requested",
}
# Waits for somebody to decide; waits for the customer; waits for money.
UNDECIDED: Final = frozenset({"requested", "proposed", "pending", "countered"})
OFFERED: Final = frozenset({"approved"})
LIVE: Final = frozenset(
    {"conditional", "suspended", *(str(state.value) for state in LIVE_PLANS)}
)
# What money still moves: the live ones, and those that a payment taken back undoes.
JUDGED: Final = frozenset(
    {"approved", "conditional", "accepted", "active", "at_risk", "applied", "completed"}
    | {"reversed"}
)
OVER: Final = frozenset(
    {"rejected", "withdrawn", "lapsed", "defaulted", "superseded", "cancelled"}
)

DIAGRAMS: Final[Mapping[str, tuple[tuple[str, str], ...]]] = {
    "Waiver": WAIVER_MOVES,
    "Arrangement": ARRANGEMENT_MOVES,
    "Settlement": SETTLEMENT_MOVES,
    "Change of terms": TERMS_MOVES,
    "Household plan": HOUSEHOLD_MOVES,
}
