"""How the delivery of one message moves from state to state; plain data."""

from collections.abc import Mapping
from enum import StrEnum


class DeliveryState(StrEnum):
    """Where one message to one receiver stands; `dead` was tried often enough."""

    WAITING = "waiting"
    DELIVERED = "delivered"
    DEAD = "dead"


# What was delivered or given up may be sent again by hand.
MOVES = (
    (DeliveryState.WAITING, DeliveryState.DELIVERED),
    (DeliveryState.WAITING, DeliveryState.DEAD),
    (DeliveryState.DEAD, DeliveryState.WAITING),
    (DeliveryState.DELIVERED, DeliveryState.WAITING),
)

DIAGRAMS: Mapping[str, tuple[tuple[str, str], ...]] = {"Webhook delivery": MOVES}
