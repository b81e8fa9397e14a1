"""Panels on the pages of earlier rooms: a later room registers what it has to show."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.http import HttpRequest

Read = Callable[[HttpRequest, int], object | None]


@dataclass(frozen=True)
class _Panel:
    template: str
    read: Read
    order: int


_panels: dict[tuple[str, str], _Panel] = {}


def register(place: str, template: str, read: Read, *, order: int = 100) -> None:
    """Put a template on a page (`customer`, `loan`); what `read` finds is its `panel`.

    `read` is told the request and our number of the customer or the loan, which the
    page has found within the reader's scope. None draws nothing; the same place and
    template again replaces it.
    """
    _panels[place, template] = _Panel(template, read, order)


def of(
    place: str, request: HttpRequest, subject_id: int
) -> Sequence[dict[str, object]]:
    """The panels of a page, in order: each a `template` and its `panel`."""
    mine = [each for (where, _name), each in _panels.items() if where == place]
    shown = []
    for each in sorted(mine, key=lambda panel: (panel.order, panel.template)):
        found = each.read(request, subject_id)
        if found is not None:
            shown.append({"template": each.template, "panel": found})
    return shown
