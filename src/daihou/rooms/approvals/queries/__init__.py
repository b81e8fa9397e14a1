"""The only reader of proposals; what a person may not see is not read."""

from daihou.rooms.approvals.queries.authority import (
    Hat,
    Standing,
    deciders,
    hats,
    holds,
    standing,
    why_not,
)
from daihou.rooms.approvals.queries.delegations import Away, delegations, stands_in_for
from daihou.rooms.approvals.queries.levels import (
    LevelRow,
    LevelsOf,
    decides_something,
    levels_for,
    levels_of,
    newest_levels,
    rows_in_force,
)
from daihou.rooms.approvals.queries.proposals import (
    find,
    history,
    inbox,
    kept_contents,
    listed,
    no_such_proposal,
    open_on,
    proposal_of,
    visible,
    waiting,
    waiting_count,
)
from daihou.rooms.approvals.values import Proposal, Remark, Said

__all__ = [
    "Away",
    "Hat",
    "LevelRow",
    "LevelsOf",
    "Proposal",
    "Remark",
    "Said",
    "Standing",
    "deciders",
    "decides_something",
    "delegations",
    "find",
    "hats",
    "history",
    "holds",
    "inbox",
    "kept_contents",
    "levels_for",
    "levels_of",
    "listed",
    "newest_levels",
    "no_such_proposal",
    "open_on",
    "proposal_of",
    "rows_in_force",
    "standing",
    "stands_in_for",
    "visible",
    "waiting",
    "waiting_count",
    "why_not",
]
