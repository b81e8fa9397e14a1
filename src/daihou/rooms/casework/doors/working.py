"""Working a case: what came of it, promises, things to do, seats, the laws of cases."""

from daihou.rooms.casework.actions.items import add_item, end_item
from daihou.rooms.casework.actions.markers import confirm_marker, refute_marker
from daihou.rooms.casework.actions.promises import (
    PromiseGiven,
    cancel_promise,
    make_promise,
)
from daihou.rooms.casework.actions.queueing import (
    QueueSaid,
    SeatSaid,
    save_queue,
    save_seat,
)
from daihou.rooms.casework.actions.results import Recorded, record_result
from daihou.rooms.casework.codes import Action, ItemKind, ItemState
from daihou.rooms.casework.queries.book import BookLoan, loans_in_case
from daihou.rooms.casework.queries.holds import holds_after
from daihou.rooms.casework.queries.invariants import Broken, broken
from daihou.rooms.casework.queries.markers import markers
from daihou.rooms.casework.queries.promises import items_after, promises_after
from daihou.rooms.casework.queries.queues import queues

__all__ = [
    "Action",
    "BookLoan",
    "Broken",
    "ItemKind",
    "ItemState",
    "PromiseGiven",
    "QueueSaid",
    "Recorded",
    "SeatSaid",
    "add_item",
    "broken",
    "cancel_promise",
    "confirm_marker",
    "end_item",
    "holds_after",
    "items_after",
    "loans_in_case",
    "make_promise",
    "markers",
    "promises_after",
    "queues",
    "record_result",
    "refute_marker",
    "save_queue",
    "save_seat",
]
