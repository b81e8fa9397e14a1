"""The saved views of a list as its bar shows them, one marked, one perhaps changed."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.http import QueryDict
from django.urls import reverse

from daihou.rooms.lists import kinds, queries
from daihou.rooms.people import door as people


@dataclass(frozen=True, slots=True)
class Tab:
    """One saved view: its address, whether the page shows it, with other conditions."""

    view: queries.View
    address: str
    current: bool
    changed: bool


@dataclass(frozen=True, slots=True)
class Bar:
    """The views of a list for one reader, and the conditions to save as another.

    `first` is the address to open instead, when the list was called for with none.
    """

    code: str
    tabs: Sequence[Tab]
    fields: str
    first: str = ""

    @property
    def shown(self) -> Tab | None:
        """The saved view the address names."""
        return next((tab for tab in self.tabs if tab.current), None)


def address_of(view: queries.View) -> str:
    """The address that shows a view: the list with its conditions and its number."""
    kind = kinds.kinds()[view.list]
    fields = view.query.copy()
    fields["v"] = str(view.id)
    return f"{reverse(kind.url_name)}?{fields.urlencode()}"


def bar(code: str, query: QueryDict, *, person: people.Person) -> Bar:
    """The bar of a list over an address; one query."""
    kind = kinds.kinds()[code]
    fields = kinds.kept(query, kind)
    tabs, first = [], ""
    for view in queries.views_of(code, person=person):
        current = query.get("v") == str(view.id)
        changed = current and fields != view.fields
        tabs.append(Tab(view, address_of(view), current, changed))
        if view.first and not query:
            first = tabs[-1].address
    return Bar(code, tabs, fields, first)
