"""Writing by file: what intake looks up, and the rows it hands over."""

from daihou.rooms.ledger.actions.staging import Taken
from daihou.rooms.ledger.actions.takein import hold_intake, looked_up_in, take_in
from daihou.rooms.ledger.actions.takein_rows import Counts, Done
from daihou.rooms.ledger.known import (
    KnownLoan,
    KnownPayment,
    claimed_receipts,
    known_customers,
    known_loans,
    known_payments,
    schedules_of,
)

__all__ = [
    "Counts",
    "Done",
    "KnownLoan",
    "KnownPayment",
    "Taken",
    "claimed_receipts",
    "hold_intake",
    "known_customers",
    "known_loans",
    "known_payments",
    "looked_up_in",
    "schedules_of",
    "take_in",
]
