"""What other rooms and the edge may use of the classes."""

from daihou.rooms.grading.actions import (
    Told,
    ask_upgrade,
    end,
    grade_day,
    grade_last,
    tell,
)
from daihou.rooms.grading.approved import Approved, approved_for
from daihou.rooms.grading.queries import (
    ClassLine,
    FactLine,
    RunLine,
    changes_of,
    class_of,
    decision,
    facts_of,
    last_runs,
    observed,
    shown_run,
    sums,
)
from daihou.rooms.grading.restructured import Restructured, restructured
from daihou.rooms.grading.unsettled import Unsettled, beside, unsettled
from daihou.rooms.grading.words import fact_word

__all__ = [
    "Approved",
    "ClassLine",
    "FactLine",
    "Restructured",
    "RunLine",
    "Told",
    "Unsettled",
    "approved_for",
    "ask_upgrade",
    "beside",
    "changes_of",
    "class_of",
    "decision",
    "end",
    "fact_word",
    "facts_of",
    "grade_day",
    "grade_last",
    "last_runs",
    "observed",
    "restructured",
    "shown_run",
    "sums",
    "tell",
    "unsettled",
]
