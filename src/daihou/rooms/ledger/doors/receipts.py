"""Money without an owner: write it down, find whose it is, claim, decide."""

from daihou.rooms.ledger.actions.receipt_claims import (
    RELATIONS,
    ReceiptHasMoved,
    Split,
    ask_return,
    ask_reversal,
    claim,
    no_such_claim,
)
from daihou.rooms.ledger.actions.receipt_decisions import confirm, refuse, withdraw
from daihou.rooms.ledger.actions.receipts import (
    HAND,
    Arrival,
    ReceiptConflict,
    no_such_receipt,
    record_receipt,
)
from daihou.rooms.ledger.queries.receipt_matches import Match, matches
from daihou.rooms.ledger.queries.receipts import (
    Asked,
    ReceiptPage,
    ageing,
    claim_receipt_id,
    receipt_page,
    receipts,
    totals,
)

__all__ = [
    "HAND",
    "RELATIONS",
    "Arrival",
    "Asked",
    "Match",
    "ReceiptConflict",
    "ReceiptHasMoved",
    "ReceiptPage",
    "Split",
    "ageing",
    "ask_return",
    "ask_reversal",
    "claim",
    "claim_receipt_id",
    "confirm",
    "matches",
    "no_such_claim",
    "no_such_receipt",
    "receipt_page",
    "receipts",
    "record_receipt",
    "refuse",
    "totals",
    "withdraw",
]
