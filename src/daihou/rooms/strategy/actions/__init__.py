"""What is done to strategies: drawn, rehearsed, released, put back, evaluated."""

from daihou.rooms.strategy.actions.drafting import (
    begin_draft,
    drop_draft,
    keep_draft,
    make_strategy,
)
from daihou.rooms.strategy.actions.rehearsing import (
    ask_rehearsal,
    rehearse_waiting,
)
from daihou.rooms.strategy.actions.releasing import (
    carry_out,
    current,
    propose_version,
    retire_version,
    roll_back,
    schedule_version,
)
from daihou.rooms.strategy.actions.runs import evaluate_due, put_in_shipped

__all__ = [
    "ask_rehearsal",
    "begin_draft",
    "carry_out",
    "current",
    "drop_draft",
    "evaluate_due",
    "keep_draft",
    "make_strategy",
    "propose_version",
    "put_in_shipped",
    "rehearse_waiting",
    "retire_version",
    "roll_back",
    "schedule_version",
]
