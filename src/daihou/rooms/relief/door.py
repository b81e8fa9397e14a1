"""What the town and the edge may use of relief: ask, accept, read."""

from daihou.rooms.relief.actions import (
    Deed,
    PlanWish,
    SettlementWish,
    TermsWish,
    WaiverWish,
    accept,
    ask_change_of_terms,
    ask_plan,
    ask_settlement,
    ask_waiver,
    cancel,
    follow,
    standing,
    withdraw,
)
from daihou.rooms.relief.queries import Line, Row, find, of_loan, rows_of

__all__ = [
    "Deed",
    "Line",
    "PlanWish",
    "Row",
    "SettlementWish",
    "TermsWish",
    "WaiverWish",
    "accept",
    "ask_change_of_terms",
    "ask_plan",
    "ask_settlement",
    "ask_waiver",
    "cancel",
    "find",
    "follow",
    "of_loan",
    "rows_of",
    "standing",
    "withdraw",
]
