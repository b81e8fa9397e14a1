"""What other rooms and the edge may use of the classes."""

from daihou.rooms.grading.actions import Told, ask_upgrade, end, grade_day, tell
from daihou.rooms.grading.queries import (
    ClassLine,
    FactLine,
    RunLine,
    class_of,
    decision,
    facts_of,
    last_runs,
    shown_run,
    sums,
)

__all__ = [
    "ClassLine",
    "FactLine",
    "RunLine",
    "Told",
    "ask_upgrade",
    "class_of",
    "decision",
    "end",
    "facts_of",
    "grade_day",
    "last_runs",
    "shown_run",
    "sums",
    "tell",
]
