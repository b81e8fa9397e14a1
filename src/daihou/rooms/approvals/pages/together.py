"""Several proposals at once, each with its difference, for one yes."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from daihou.kit.refusal import NotFound
from daihou.rooms.approvals.pages import proposal as proposal_page
from daihou.rooms.people import door as people

MOST = 50


@dataclass(frozen=True, slots=True)
class Page:
    """Those that can be approved as they are, and those left out, with the reason."""

    ready: tuple[proposal_page.Page, ...]
    left_out: tuple[proposal_page.Page, ...]


def page(ids: Iterable[str], *, person: people.Person, at: datetime) -> Page:
    """The chosen ones this person may read; an id that is none is passed over."""
    found = []
    for number, _level in chosen(ids):
        try:
            found.append(proposal_page.page_of(number, person=person, at=at))
        except NotFound:
            continue
    return Page(
        ready=tuple(each for each in found if not (each.why_not or each.overtaken)),
        left_out=tuple(each for each in found if each.why_not or each.overtaken),
    )


def chosen(texts: Iterable[str]) -> list[tuple[int, int]]:
    """`12.1` as proposal 12 at level 1, without a level the first; each once."""
    found: dict[int, int] = {}
    for text in texts:
        number, _point, level = text.partition(".")
        if _small(number) and (not level or _small(level)):
            found.setdefault(int(number), int(level or 1))
    return list(found.items())[:MOST]


def _small(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 18
