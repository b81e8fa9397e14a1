"""What a payment on a claim says to its clock, by the channel through which it came.

An agreed debit of principal or interest by a financial institution is a demand
(诉讼时效规定 art. 8(3)); what the debtor pays by themselves acknowledges the debt (14).
"""

from datetime import date
from typing import Final

from daihou.engine.clocks.values import Happened
from daihou.engine.clocks.weighing import DEMAND

PART_PAYMENT: Final = "part_payment"
DIRECT_DEBIT: Final = "direct_debit"
# The words by which senders name a debit under a mandate; any other channel is the
# debtor's own doing.
_DEBITS: Final = ("代扣", "扣款", "划扣", "direct_debit", "direct debit", "auto_debit")


def is_debit(channel: str) -> bool:
    """Tell whether money came by a debit under a mandate, not by the debtor's hand."""
    said = channel.strip().lower()
    return any(word in said for word in _DEBITS)


def payment(paid_on: date, channel: str, *, id: str = "") -> Happened:
    """Return a payment as an event that a clock may hear."""
    if is_debit(channel):
        return Happened(paid_on, DEMAND, evidence=DIRECT_DEBIT, id=id)
    return Happened(paid_on, PART_PAYMENT, id=id)
