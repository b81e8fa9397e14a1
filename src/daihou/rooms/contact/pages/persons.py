"""Pairs of customers who may be one person, and the panel that says who is."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from daihou.rooms.contact.queries import persons
from daihou.rooms.contact.queries.persons import TwinRow
from daihou.rooms.contact.states import TwinState
from daihou.rooms.contact.words import Chip
from daihou.rooms.ledger import door as ledger
from daihou.rooms.people import door as people

_SHAPES: Final[Mapping[str, tuple[str, str]]] = {
    TwinState.WAITING.value: ("warn", "half"),
    TwinState.JOINED.value: ("good", "tick"),
    TwinState.APART.value: ("mute", "cross"),
}
Who = tuple[int, str, str]  # our number, name, the sender's number


@dataclass(frozen=True, slots=True)
class TwinLine:
    """One pair in words."""

    row: TwinRow
    first: Who
    second: Who
    reason: str
    chip: Chip


@dataclass(frozen=True, slots=True)
class PersonsPage:
    """What the page draws."""

    show: str
    lines: Sequence[TwinLine]
    older: int
    may_decide: bool


@dataclass(frozen=True, slots=True)
class Panel:
    """Who is one person with the customer, as far as the reader sees."""

    others: Sequence[Who]
    hidden: int


def reason_word(reason: str) -> str:
    """Why two may be one."""
    words: dict[str, str] = {
        "document": _("the same document and name"),
        "document_other_name": _("the same document under another name"),
        "name_birth_number": _("the same name, birthday and number"),
    }
    return words.get(reason, reason)


def _chip(state: str) -> Chip:
    words: dict[str, str] = {
        TwinState.WAITING: pgettext("same person", "To decide"),
        TwinState.JOINED: pgettext("same person", "One person"),
        TwinState.APART: pgettext("same person", "Two persons"),
    }
    colour, shape = _SHAPES[state]
    return (colour, shape, words[state])


def persons_page(query: Mapping[str, str], *, by: people.Person) -> PersonsPage:
    """Those to decide, or with `show=decided` the others."""
    show = "decided" if query.get("show") == "decided" else "open"
    asked = query.get("before", "")
    fits = asked.isascii() and asked.isdigit() and len(asked) < 19
    before = int(asked) if fits else 0
    rows = persons.twins(
        scope=by.scope,
        waiting="yes" if show == "open" else "no",
        before=before,
    )
    names = persons.called([n for row in rows for n in (row.first_id, row.second_id)])
    lines = [
        TwinLine(
            row,
            (row.first_id, *names[row.first_id]),
            (row.second_id, *names[row.second_id]),
            reason_word(row.reason),
            _chip(row.state),
        )
        for row in rows
    ]
    more = show == "decided" and len(rows) == persons.SHOWN
    return PersonsPage(
        show=show,
        lines=lines,
        older=rows[-1].id if more else 0,
        may_decide=by.may(people.Permission.DECIDE_CORRECTION),
    )


def read(request: HttpRequest, customer_id: int) -> Panel | None:
    """The panel on a customer's page; nothing where they are joined with nobody."""
    others = [each for each, _pair in persons.others_of(customer_id)]
    if not others or not request.person.may(people.Permission.VIEW_LOANS):
        return None
    seen = ledger.reaching.customers_seen(
        [str(each) for each in others], request.person.scope
    )
    shown = [each for each in others if str(each) in seen]
    names = persons.called(shown)
    return Panel(
        others=[(each, *names[each]) for each in shown],
        hidden=len(others) - len(shown),
    )
