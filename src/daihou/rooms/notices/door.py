"""What other rooms may use of notices: tell somebody something, and call it back."""

from daihou.rooms.notices.actions import done, mark_read, notify
from daihou.rooms.notices.kinds import register_kind
from daihou.rooms.notices.queries import Line, notices_of, told, unread

__all__ = [
    "Line",
    "done",
    "mark_read",
    "notices_of",
    "notify",
    "register_kind",
    "told",
    "unread",
]
