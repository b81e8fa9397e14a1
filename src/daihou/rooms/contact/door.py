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
from daihou.rooms.contact.actions.persons import join_persons, keep_apart
from daihou.rooms.contact.actions.points import restore_point
from daihou.rooms.contact.actions.templates import save_template
from daihou.rooms.contact.asking import Wish
from daihou.rooms.contact.looking import Looked, would_allow
from daihou.rooms.contact.pages.standing import Standing, Touch, Way, recent, standing
from daihou.rooms.contact.pages.week import reasons
from daihou.rooms.contact.queries.points import PointLine, points_of
from daihou.rooms.contact.queries.rows import decision as decision_line
from daihou.rooms.contact.queries.rows import flag_stands
from daihou.rooms.contact.words import (
    channel_word,
    flag_word,
    result_word,
    verdict_chip,
)

__all__ = [
    "Deed",
    "Kept",
    "Looked",
    "PointLine",
    "Standing",
    "Touch",
    "Way",
    "Wish",
    "channel_word",
    "close_item",
    "confirm_consent",
    "confirm_flag",
    "decision_line",
    "flag_stands",
    "flag_word",
    "give_consent",
    "join_persons",
    "keep_apart",
    "lift_flag",
    "mark_unused",
    "may_contact",
    "points_of",
    "raise_flag",
    "reasons",
    "recent",
    "record_attempt",
    "restore_point",
    "result_word",
    "save_template",
    "standing",
    "verdict_chip",
    "withdraw_consent",
    "would_allow",
]
