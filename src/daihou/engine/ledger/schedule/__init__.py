"""The repayment plan of one loan from its contract: integers only, rounded once a row.

Equal instalments are solved exactly over the periods as they are counted: the
instalment is the one number that brings the balance to zero. Every other row is
interest on the balance, rounded once; the last row takes what rounding left over.
"""

from daihou.engine.ledger.schedule.build import schedule
from daihou.engine.ledger.schedule.check import METHOD_NAMES as METHODS
from daihou.engine.ledger.schedule.due import anchor_day, due_dates
from daihou.engine.ledger.schedule.levels import annuity
from daihou.engine.ledger.schedule.rest import rate_on, remaining

__all__ = [
    "METHODS",
    "anchor_day",
    "annuity",
    "due_dates",
    "rate_on",
    "remaining",
    "schedule",
]
