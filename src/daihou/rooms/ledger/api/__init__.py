"""What programs may ask of the ledger, and post to it."""

from daihou.kit.api.router import Router
from daihou.rooms.ledger.api import (
    calc,
    customers,
    loans,
    payments,
    plans,
    positions,
    receipts,
)

router = Router()
for part in (customers, plans, loans, payments, receipts, positions, calc):
    router.add_router("", part.router)

__all__ = ["router"]
