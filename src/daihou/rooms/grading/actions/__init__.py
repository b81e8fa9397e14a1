"""The only writer: runs that are due, facts that people tell, better classes."""

from daihou.rooms.grading.actions.facts import (
    Told,
    carry_out_end,
    carry_out_fact,
    end,
    tell,
)
from daihou.rooms.grading.actions.provisions import (
    provide_due,
    record_provision_export,
    tell_held,
)
from daihou.rooms.grading.actions.runs import grade_day, grade_due, grade_last
from daihou.rooms.grading.actions.upgrades import (
    PROOFS,
    ask_upgrade,
    carry_out_upgrade,
)

__all__ = [
    "PROOFS",
    "Told",
    "ask_upgrade",
    "carry_out_end",
    "carry_out_fact",
    "carry_out_upgrade",
    "end",
    "grade_day",
    "grade_due",
    "grade_last",
    "provide_due",
    "record_provision_export",
    "tell",
    "tell_held",
]
