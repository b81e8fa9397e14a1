"""What other rooms may use of lists: saved views and labels."""

from daihou.rooms.lists.actions import label_word, put_label, take_label
from daihou.rooms.lists.bar import Bar, bar
from daihou.rooms.lists.kinds import ListKind, kept, register
from daihou.rooms.lists.queries import (
    View,
    carriers,
    labels_of,
    views_of,
    words_of,
)

__all__ = [
    "Bar",
    "ListKind",
    "View",
    "bar",
    "carriers",
    "kept",
    "label_word",
    "labels_of",
    "put_label",
    "register",
    "take_label",
    "views_of",
    "words_of",
]
