"""Reading the book as a whole: its register, senders, costs, its mark."""

from daihou.rooms.ledger.queries import (
    costs_of_years,
    facts_mark,
    is_empty,
    register,
    sources,
)

__all__ = [
    "costs_of_years",
    "facts_mark",
    "is_empty",
    "register",
    "sources",
]
