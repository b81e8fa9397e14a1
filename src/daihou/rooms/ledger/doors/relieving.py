"""Relief on a loan: tried, written, taken back, and the money that came in meanwhile."""

from daihou.rooms.ledger.actions.relieving import Relieved, relieve, take_back
from daihou.rooms.ledger.queries.money_since import (
    MoneySince,
    debtor_of,
    money_since,
    moved_since,
    newest_payment,
    secured,
    taken_back_since,
)
from daihou.rooms.ledger.queries.relieving import (
    SETTLE,
    Change,
    Tried,
    ended_on,
    owed_by_component,
    try_changes,
)

__all__ = [
    "SETTLE",
    "Change",
    "MoneySince",
    "Relieved",
    "Tried",
    "debtor_of",
    "ended_on",
    "money_since",
    "moved_since",
    "newest_payment",
    "owed_by_component",
    "relieve",
    "secured",
    "take_back",
    "taken_back_since",
    "try_changes",
]
