"""What other rooms may use of the rules: the law book of this lender, and its impact."""

from daihou.rooms.rulebooks.impact import Impact, Moved, register_impact
from daihou.rooms.rulebooks.queries import base, jurisdiction, lawbook, licence
from daihou.rooms.rulebooks.uses import register_use

__all__ = [
    "Impact",
    "Moved",
    "base",
    "jurisdiction",
    "lawbook",
    "licence",
    "register_impact",
    "register_use",
]
