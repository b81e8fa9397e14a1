"""The tables of the ledger: the book, and what is kept about personal data."""

from daihou.rooms.ledger.models.book import (
    Change,
    Collateral,
    ContactPoint,
    Customer,
    Demand,
    Loan,
    Party,
    Payment,
    Position,
    RegisterChange,
    RowHistory,
    SideFact,
)
from daihou.rooms.ledger.models.notes import CustomerNote
from daihou.rooms.ledger.models.personal import (
    Canary,
    Erasure,
    RetentionHold,
    RetentionRun,
)
from daihou.rooms.ledger.models.receipts import Receipt, ReceiptClaim, ReceiptShare
from daihou.rooms.ledger.models.relief import RateStep, Waiver
from daihou.rooms.ledger.models.settled import DaySettled

__all__ = [
    "Canary",
    "Change",
    "Collateral",
    "ContactPoint",
    "Customer",
    "CustomerNote",
    "DaySettled",
    "Demand",
    "Erasure",
    "Loan",
    "Party",
    "Payment",
    "Position",
    "RateStep",
    "Receipt",
    "ReceiptClaim",
    "ReceiptShare",
    "RegisterChange",
    "RetentionHold",
    "RetentionRun",
    "RowHistory",
    "SideFact",
    "Waiver",
]
