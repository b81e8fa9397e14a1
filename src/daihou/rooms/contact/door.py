"""What other rooms may use of contact: ask, record, hold, agree."""

from daihou.rooms.contact.actions.attempts import mark_unused, record_attempt
from daihou.rooms.contact.actions.consents import (
    confirm_consent,
    give_consent,
    withdraw_consent,
)
from daihou.rooms.contact.actions.deciding import Deed, Kept, may_contact
from daihou.rooms.contact.actions.flags import confirm_flag, lift_flag, raise_flag
from daihou.rooms.contact.actions.items import close_item
from daihou.rooms.contact.actions.templates import save_template
from daihou.rooms.contact.asking import Wish

__all__ = [
    "Deed",
    "Kept",
    "Wish",
    "close_item",
    "confirm_consent",
    "confirm_flag",
    "give_consent",
    "lift_flag",
    "mark_unused",
    "may_contact",
    "raise_flag",
    "record_attempt",
    "save_template",
    "withdraw_consent",
]
