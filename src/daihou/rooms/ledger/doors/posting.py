"""Writing by hand: payments, reversals, charges, extensions; settling files of them."""

from daihou.rooms.ledger.actions.charges import Charged, record_charge
from daihou.rooms.ledger.actions.payments import (
    Deed,
    PaymentConflict,
    Posted,
    post_payment,
)
from daihou.rooms.ledger.actions.reversals import reverse_payment
from daihou.rooms.ledger.actions.schedules import Extended, extend
from daihou.rooms.ledger.actions.settling import MOST as SETTLED_AT_ONCE
from daihou.rooms.ledger.actions.settling import settle_taken_in

__all__ = [
    "SETTLED_AT_ONCE",
    "Charged",
    "Deed",
    "Extended",
    "PaymentConflict",
    "Posted",
    "extend",
    "post_payment",
    "record_charge",
    "reverse_payment",
    "settle_taken_in",
]
