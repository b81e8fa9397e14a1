"""Lists cut by cursor: an answer says where the next page begins, if there is one."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable, Sequence
from typing import Annotated, Final, Generic, TypeVar

from django.utils.translation import gettext
from pydantic import Field

from daihou.kit.api.problems import BadFields, Fault
from daihou.kit.api.values import MAX_ID, Schema

T = TypeVar("T")
R = TypeVar("R")
USUAL: Final = 50
MOST: Final = 500
_MARK: Final = "c1"


class Paging(Schema):
    """Which page: where the one before ended, and how many things at once."""

    cursor: Annotated[str, Field(max_length=120)] = ""
    limit: Annotated[int, Field(ge=1, le=MOST)] = USUAL


class Page(Schema, Generic[T]):
    """One page. `next_cursor` is given back as `cursor` while `has_more`."""

    items: list[T]
    has_more: bool
    next_cursor: str | None


def begins_after(paging: Paging, *, of: str) -> int:
    """The id the page begins after; 0 for the first page.

    `of` names the list: a cursor of another list is refused (BadFields).
    """
    if not paging.cursor:
        return 0
    try:
        padded = paging.cursor + "=" * (-len(paging.cursor) % 4)
        mark, named, last = urlsafe_b64decode(padded.encode()).decode().split(":")
        if (mark, named) == (_MARK, of) and last.isascii() and last.isdigit():
            after = int(last)
            if after <= MAX_ID:
                return after
    except ValueError:
        pass
    words = gettext("Take the cursor from the page before; this is none of this list.")
    raise BadFields(Fault("cursor", "cursor_unreadable", words, "query"))


def cursor_of(last: int, *, of: str) -> str:
    """The cursor of a page that ends with the id `last`."""
    text = f"{_MARK}:{of}:{last}"
    return urlsafe_b64encode(text.encode()).decode().rstrip("=")


def cut(
    rows: Sequence[R],
    paging: Paging,
    *,
    of: str,
    key: Callable[[R], int],
    show: Callable[[R], T],
) -> Page[T]:
    """A page of `rows`, of which one more than the limit was asked for."""
    shown, more = rows[: paging.limit], len(rows) > paging.limit
    return Page(
        items=[show(row) for row in shown],
        has_more=more,
        next_cursor=cursor_of(key(shown[-1]), of=of) if more else None,
    )
