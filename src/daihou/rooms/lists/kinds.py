"""The lists there are: each room names its own at start-up."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from django.http import QueryDict

from daihou.kit.refusal import NotFound
from daihou.rooms.people import door as people

LONGEST = 2000  # characters of a view's conditions


@dataclass(frozen=True)
class ListKind:
    """One list: its words, its address, which fields of it make a view, who sees it.

    `fields` never names a page or a date: a view is read as of today, from the top.
    """

    code: str
    label: str
    url_name: str
    fields: frozenset[str]
    permission: people.Permission


_kinds: dict[str, ListKind] = {}


def register(kind: ListKind) -> None:
    """Name a list; the same code again replaces it."""
    _kinds[kind.code] = kind


def kind_of(code: str, *, unknown: Callable[[], NotFound]) -> ListKind:
    """The list with this code, or what `unknown` makes."""
    if code not in _kinds:
        raise unknown()
    return _kinds[code]


def kinds() -> Mapping[str, ListKind]:
    """Every list by its code."""
    return dict(_kinds)


def kept(query: QueryDict, kind: ListKind) -> str:
    """The conditions of an address, sorted, without what is no part of a view."""
    chosen = QueryDict(mutable=True)
    for name in sorted(kind.fields & set(query)):
        values = [value for value in query.getlist(name) if value]
        if values:
            chosen.setlist(name, values)
    return chosen.urlencode()
