"""Reaching people: who, where and as what, for the room that decides whether one may."""

from daihou.rooms.ledger.queries.listed import (
    customer_seen_as,
    customers_in,
    customers_seen,
)
from daihou.rooms.ledger.queries.reaching import (
    TOLD,
    Reached,
    Way,
    loans_of,
    reached,
    ways,
)
from daihou.rooms.ledger.queries.roles import RoleLine, roles_of
from daihou.rooms.ledger.queries.twins import TWINS

__all__ = [
    "TOLD",
    "TWINS",
    "Reached",
    "RoleLine",
    "Way",
    "customer_seen_as",
    "customers_in",
    "customers_seen",
    "loans_of",
    "reached",
    "roles_of",
    "ways",
]
