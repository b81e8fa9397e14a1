"""How a proposal moves from asked to decided, and what each verdict does."""

from collections.abc import Mapping
from enum import StrEnum


class State(StrEnum):
    """Where a proposal stands."""

    OPEN = "open"
    ESCALATED = "escalated"  # waited past its deadline; more people may decide
    APPROVED = "approved"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"  # taken back by who proposed it
    OVERTAKEN = "overtaken"  # the subject changed before anybody approved
    USED = "used"  # an approval that serves once has served
    LAPSED = "lapsed"  # an approval that serves once was not used in time


class Verdict(StrEnum):
    """What a decider says."""

    APPROVE = "approve"
    REFUSE = "refuse"


# (from, to). A new level sends an escalated proposal back to open with a new deadline.
MOVES = (
    (State.OPEN, State.ESCALATED),
    (State.OPEN, State.APPROVED),
    (State.OPEN, State.REFUSED),
    (State.OPEN, State.WITHDRAWN),
    (State.OPEN, State.OVERTAKEN),
    (State.ESCALATED, State.OPEN),
    (State.ESCALATED, State.APPROVED),
    (State.ESCALATED, State.REFUSED),
    (State.ESCALATED, State.WITHDRAWN),
    (State.ESCALATED, State.OVERTAKEN),
    (State.APPROVED, State.USED),
    (State.APPROVED, State.LAPSED),
)
UNDECIDED = (State.OPEN, State.ESCALATED)

DIAGRAMS: Mapping[str, tuple[tuple[str, str], ...]] = {"Proposal": MOVES}
