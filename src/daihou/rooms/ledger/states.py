"""How what the ledger keeps moves from state to state."""

from collections.abc import Mapping
from enum import StrEnum


class ErasureState(StrEnum):
    """Where one deletion under the retention schedule stands."""

    PLANNED = "planned"
    DONE = "done"
    DROPPED = "dropped"


# A plan is carried out by somebody else than who made it, or dropped: by hand, by a
# newer plan, or because what it lists is no longer what would go.
ERASURE_MOVES = (
    (ErasureState.PLANNED, ErasureState.DONE),
    (ErasureState.PLANNED, ErasureState.DROPPED),
)


class ReceiptState(StrEnum):
    """Where money stands that came without an owner."""

    OPEN = "open"
    CLAIMED = "claimed"
    SETTLED = "settled"


class ClaimState(StrEnum):
    """What became of what somebody says is to be done with a receipt."""

    WAITING = "waiting"
    CONFIRMED = "confirmed"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"
    REVERSED = "reversed"


# A receipt is open while something of it has no owner. While a claim waits for the
# second person nobody else claims it; one claimed in part is open again afterwards,
# and so is one whose claim was reversed.
RECEIPT_MOVES = (
    (ReceiptState.OPEN, ReceiptState.CLAIMED),
    (ReceiptState.CLAIMED, ReceiptState.OPEN),
    (ReceiptState.CLAIMED, ReceiptState.SETTLED),
    (ReceiptState.SETTLED, ReceiptState.CLAIMED),
)
CLAIM_MOVES = (
    (ClaimState.WAITING, ClaimState.CONFIRMED),
    (ClaimState.WAITING, ClaimState.REFUSED),
    (ClaimState.WAITING, ClaimState.WITHDRAWN),
    (ClaimState.CONFIRMED, ClaimState.REVERSED),
)

DIAGRAMS: Mapping[str, tuple[tuple[str, str], ...]] = {
    "Deletion of personal data": ERASURE_MOVES,
    "Receipt": RECEIPT_MOVES,
    "Claim of a receipt": CLAIM_MOVES,
}
