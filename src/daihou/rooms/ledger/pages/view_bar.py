"""The views of the overdue ledger: those every lender starts with, and saved ones."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.http import QueryDict
from django.utils.http import urlencode
from django.utils.translation import gettext

from daihou.kit import numbers
from daihou.rooms.ledger.pages.wish import OF_A_VIEW, Wish, read_wish
from daihou.rooms.lists import door as lists

LIST = "overdue"  # what the lists room calls this list
MUCH = 10_000  # in major units, from where a loan stands in the view of large ones


@dataclass(frozen=True)
class View:
    """One view: an address that can be sent, and how many loans it shows.

    `changed` says that the address names this view and has other conditions.
    """

    label: str
    address: str
    loans: int
    current: bool
    changed: bool = False
    saved: lists.View | None = None


def shipped_views(currency: str) -> Mapping[str, tuple[str, Mapping[str, str]]]:
    """The views every lender starts with: key -> (label, address fields)."""
    much = gettext("Overdue %(amount)s and more") % {
        "amount": numbers.whole_text(MUCH, currency=currency)
    }
    return {
        "all": (gettext("All overdue"), {}),
        "new": (gettext("Newly late"), {"view": "new"}),
        "first": (gettext("First instalment late"), {"view": "first"}),
        "early": (gettext("M1, 1–30 days"), {"bucket": "M1"}),
        "middle": ("M2–M3", {"bucket": "M2-M3"}),
        "late": (gettext("M4 and later"), {"bucket": "M4-"}),
        "large": (much, {"least": str(MUCH)}),
    }


def wishes(currency: str, saved: Sequence[lists.View]) -> Mapping[str, Wish]:
    """What each view asks for, by its key: a word, or the number of a saved one."""
    shipped = {
        key: read_wish(QueryDict(urlencode(fields)))
        for key, (_label, fields) in shipped_views(currency).items()
    }
    return shipped | {str(view.id): read_wish(view.query) for view in saved}


def opens_with(query: QueryDict, saved: Sequence[lists.View]) -> str:
    """The question part of the view that opens first; empty when none is to."""
    first = next((view for view in saved if view.first), None)
    if first is None or query:
        return ""
    return urlencode([*_pairs(first.query), ("v", first.id)])


def _pairs(query: QueryDict) -> list[tuple[str, str]]:
    return [(name, value) for name, many in query.lists() for value in many]


def _same(wish: Wish, mine: Wish) -> bool:
    """Whether a list that was called for by name still is that view."""
    return (wish.narrows, wish.sort, wish.cols, wish.unit, wish.size) == (
        mine.narrows,
        mine.sort,
        mine.cols,
        mine.unit,
        mine.size,
    )


def views(
    wish: Wish,
    saved: Sequence[lists.View],
    counts: Mapping[str, int],
    *,
    currency: str,
    kept: Mapping[str, str],
) -> Sequence[View]:
    """The views in the order they stand in, the one that is shown marked."""
    wanted = wishes(currency, saved)
    named = wish.named if wish.named in wanted else ""
    shown = []
    for key, (label, fields) in shipped_views(currency).items():
        current = (
            key == named if named else wish.narrows == wanted[key].narrows
        ) and wish.narrows == wanted[key].narrows
        address = urlencode({**kept, **fields, "v": key})
        shown.append(View(label, address, counts[key], current))
    for view in saved:
        key = str(view.id)
        address = urlencode([*kept.items(), *_pairs(view.query), ("v", key)])
        shown.append(
            View(
                view.name,
                address,
                counts[key],
                current=key == named,
                changed=key == named and not _same(wish, wanted[key]),
                saved=view,
            )
        )
    return shown


def current_address(query: QueryDict) -> str:
    """The conditions of the address, as a view would keep them."""
    chosen = QueryDict(mutable=True)
    for name in sorted(OF_A_VIEW & set(query)):
        chosen.setlist(name, [value for value in query.getlist(name) if value])
    return chosen.urlencode()
