"""Writing by hand: payments, reversals, charges, extensions."""

from daihou.rooms.ledger.actions.charges import Charged, record_charge
from daihou.rooms.ledger.actions.payments import (
    Deed,
    PaymentConflict,
    Posted,
    post_payment,
)
from daihou.rooms.ledger.actions.reversals import reverse_payment
from daihou.rooms.ledger.actions.schedules import Extended, extend

__all__ = [
    "Charged",
    "Deed",
    "Extended",
    "PaymentConflict",
    "Posted",
    "extend",
    "post_payment",
    "record_charge",
    "reverse_payment",
]
