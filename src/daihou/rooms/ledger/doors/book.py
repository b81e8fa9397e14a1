"""Reading the book as a whole: its register, senders, costs, its mark."""

from daihou.rooms.ledger.queries import (
    cost_of_year,
    facts_mark,
    is_empty,
    register,
    sources,
)

__all__ = [
    "cost_of_year",
    "facts_mark",
    "is_empty",
    "register",
    "sources",
]
