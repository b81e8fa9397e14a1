"""What other rooms, the town and the edge may use of cases, in four groups.

A case is opened, `closed`, held and agreed upon; given out (`giving`); taken in hand
(`desk`); and read (`reading`). Every deed says who, when and on which business date.
What comes of working one, and what must hold of all, is in the group `working`.
"""

from daihou.rooms.casework.actions.assigning import (
    Left,
    Moved,
    Undone,
    assign,
    undo_batch,
)
from daihou.rooms.casework.actions.closing import close_case, register_after_closed
from daihou.rooms.casework.actions.common import CaseHasMoved, Deed
from daihou.rooms.casework.actions.distributing import (
    Distribution,
    distribute,
    redistribute,
)
from daihou.rooms.casework.actions.facts import plan_told
from daihou.rooms.casework.actions.holding import place_hold, release_hold
from daihou.rooms.casework.actions.morning import Done, morning
from daihou.rooms.casework.actions.opening import join_case, open_case, reopen_case
from daihou.rooms.casework.actions.resolving import (
    end_resolution,
    register_commitment,
    set_resolution,
)
from daihou.rooms.casework.actions.standing_in import back, leave
from daihou.rooms.casework.actions.taking import (
    Taken,
    be_present,
    let_go,
    take,
    take_next,
)
from daihou.rooms.casework.doors import working
from daihou.rooms.casework.queries.cases import (
    CaseLine,
    broken_promises,
    case,
    case_numbered,
    case_of,
    case_of_loan,
    cases_of,
    customers_of,
)
from daihou.rooms.casework.states import CloseCode, HoldKind, Resolution

__all__ = [
    "CaseHasMoved",
    "CaseLine",
    "CloseCode",
    "Deed",
    "Distribution",
    "Done",
    "HoldKind",
    "Left",
    "Moved",
    "Resolution",
    "Taken",
    "Undone",
    "assign",
    "back",
    "be_present",
    "broken_promises",
    "case",
    "case_numbered",
    "case_of",
    "case_of_loan",
    "cases_of",
    "close_case",
    "customers_of",
    "distribute",
    "end_resolution",
    "join_case",
    "leave",
    "let_go",
    "morning",
    "open_case",
    "place_hold",
    "plan_told",
    "redistribute",
    "register_after_closed",
    "register_commitment",
    "release_hold",
    "reopen_case",
    "set_resolution",
    "take",
    "take_next",
    "undo_batch",
    "working",
]
