"""What other rooms may use of contact: ask, record, hold, agree."""

from daihou.rooms.contact.actions.attempts import record_attempt
from daihou.rooms.contact.actions.deciding import Deed, Kept, may_contact
from daihou.rooms.contact.actions.flags import (
    give_consent,
    lift_flag,
    raise_flag,
    withdraw_consent,
)
from daihou.rooms.contact.actions.items import close_item
from daihou.rooms.contact.actions.templates import save_template
from daihou.rooms.contact.asking import Wish

__all__ = [
    "Deed",
    "Kept",
    "Wish",
    "close_item",
    "give_consent",
    "lift_flag",
    "may_contact",
    "raise_flag",
    "record_attempt",
    "save_template",
    "withdraw_consent",
]
