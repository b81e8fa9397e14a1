"""On the page of a loan: who has a part in it, and what each may be contacted for."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from django.http import HttpRequest
from django.utils.translation import pgettext

from daihou.engine.gate.book import GateBook
from daihou.engine.gate.purposes import Access, Allowed, purposes_of
from daihou.engine.gate.values import Purpose
from daihou.rooms.contact.queries import history
from daihou.rooms.contact.words import Chip, purpose_word, role_word
from daihou.rooms.ledger import door as ledger
from daihou.rooms.people import door as people
from daihou.rooms.rulebooks import door as rulebooks

_SHAPES: Final[Mapping[Access, tuple[str, str]]] = {
    Access.MAY: ("good", "tick"),
    Access.ONLY_TO_FIND: ("warn", "half"),
    Access.NEVER: ("mute", "cross"),
}


@dataclass(frozen=True, slots=True)
class PurposeCell:
    """One purpose: may it be, under which rules not."""

    chip: Chip
    rules: str


@dataclass(frozen=True, slots=True)
class RoleRow:
    """One part in the loan, with its purposes in order."""

    line: ledger.reaching.RoleLine
    role: str
    over: bool
    cells: Sequence[PurposeCell]


@dataclass(frozen=True, slots=True)
class Panel:
    """The panel: the purposes at its head, a row a part."""

    purposes: Sequence[str]
    rows: Sequence[RoleRow]


def read(request: HttpRequest, loan_id: int) -> Panel | None:
    """Who may be contacted for what; nothing to somebody who may not see loans."""
    if not request.person.may(people.Permission.VIEW_LOANS):
        return None
    day = request.business_day()
    today = day.on if day else request.at.date()
    book = history.gate_book()
    return Panel(
        purposes=[purpose_word(each.value) for each in Purpose],
        rows=[_row(line, book, today) for line in ledger.reaching.roles_of(loan_id)],
    )


def _row(line: ledger.reaching.RoleLine, book: GateBook, today: date) -> RoleRow:
    found = purposes_of(
        line.role,
        book=book,
        jurisdiction=rulebooks.jurisdiction(),
        licence=line.licence or rulebooks.licence(),
        on=today,
    )
    return RoleRow(
        line=line,
        role=role_word(line.role),
        over=line.until is not None and line.until < today,
        cells=[_cell(found[each]) for each in Purpose],
    )


def _cell(allowed: Allowed) -> PurposeCell:
    words: dict[str, str] = {
        Access.MAY: pgettext("contact access", "May"),
        Access.ONLY_TO_FIND: pgettext("contact access", "Only to find the debtor"),
        Access.NEVER: pgettext("contact access", "Never"),
    }
    colour, shape = _SHAPES[allowed.access]
    chip = (colour, shape, words[allowed.access])
    return PurposeCell(chip, ", ".join(allowed.rules))
