"""What other rooms may use of approvals: propose, decide, and use what was approved.

A later room makes its kind known with `register` when it starts; its handler runs in
the transaction of the decision.
"""

from daihou.rooms.approvals.actions.deciding import decide, take
from daihou.rooms.approvals.actions.delegating import delegate, end_delegation
from daihou.rooms.approvals.actions.forgetting import forget_contents
from daihou.rooms.approvals.actions.levels import propose_levels
from daihou.rooms.approvals.actions.proposing import comment, propose, withdraw
from daihou.rooms.approvals.kinds import Deed, Field, Kind, register
from daihou.rooms.approvals.queries import (
    LevelRow,
    Proposal,
    Said,
    approvals_of,
    find,
    inbox,
    kept_contents,
    open_on,
    waiting,
)
from daihou.rooms.approvals.states import State, Verdict

__all__ = [
    "Deed",
    "Field",
    "Kind",
    "LevelRow",
    "Proposal",
    "Said",
    "State",
    "Verdict",
    "approvals_of",
    "comment",
    "decide",
    "delegate",
    "end_delegation",
    "find",
    "forget_contents",
    "inbox",
    "kept_contents",
    "open_on",
    "propose",
    "propose_levels",
    "register",
    "take",
    "waiting",
    "withdraw",
]
