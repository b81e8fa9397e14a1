"""The inbox: what waits for a person, what they asked, what they decided."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext, pgettext

from daihou.rooms.approvals import queries
from daihou.rooms.approvals.pages import words
from daihou.rooms.approvals.queries import Proposal
from daihou.rooms.people import door as people


@dataclass(frozen=True, slots=True)
class Line:
    """One proposal of a list."""

    proposal: Proposal
    kind: str
    title: str
    amount: str
    by: str
    waits_for: str
    chip: tuple[str, str, str]
    late: bool


@dataclass(frozen=True, slots=True)
class Tab:
    """One tab and, where it is counted, how many."""

    code: str
    label: str
    count: int | None
    current: bool


@dataclass(frozen=True, slots=True)
class Inbox:
    """One page of one tab; `older` goes on from that id."""

    tab: str
    tabs: tuple[Tab, ...]
    lines: tuple[Line, ...]
    older: int
    paged: bool
    empty: tuple[str, str]


def inbox(query: Mapping[str, str], *, person: people.Person, at: datetime) -> Inbox:
    """The page behind an address; what cannot be read in it is left out."""
    sees_all = person.may(people.Permission.VIEW_AUDIT)
    known = ("waiting", "mine", "decided", *(("all",) if sees_all else ()))
    tab = query.get("tab", "")
    tab = tab if tab in known else "waiting"
    given = query.get("before", "")
    before = int(given) if given.isascii() and given.isdigit() else 0
    before = before if before < 10**18 else 0
    mine = queries.waiting(person, at=at)
    found, older = mine, 0
    if tab != "waiting":
        found, older = queries.inbox(person, tab=tab, at=at, before=before)
    called = words.names() if found else {}
    return Inbox(
        tab=tab,
        tabs=tuple(
            Tab(
                code=code,
                label=_tab_word(code),
                count=len(mine) if code == "waiting" else None,
                current=code == tab,
            )
            for code in known
        ),
        lines=tuple(_line(each, called, at=at) for each in found),
        older=older,
        paged=bool(before),
        empty=_empty(tab),
    )


def _line(proposal: Proposal, called: Mapping[str, str], *, at: datetime) -> Line:
    waits = words.level_word(proposal, proposal.waits_for)
    by = called.get(proposal.proposed_by, proposal.proposed_by)
    return Line(
        proposal=proposal,
        kind=words.kind_word(proposal.kind),
        title=words.title_of(proposal),
        amount=words.amount_of(proposal),
        by=by,
        waits_for=waits if proposal.undecided else "",
        chip=words.state_chip(proposal.state),
        late=proposal.late(at),
    )


def _tab_word(code: str) -> str:
    return {
        "waiting": pgettext("approvals", "To decide"),
        "mine": pgettext("approvals", "Proposed by me"),
        "decided": pgettext("approvals", "Decided by me"),
        "all": pgettext("approvals", "Everything"),
    }[code]


def _empty(tab: str) -> tuple[str, str]:
    """What is empty, and the one thing to do next."""
    return {
        "waiting": (
            gettext("Nothing waits for you"),
            gettext("What others propose and you may decide appears here."),
        ),
        "mine": (
            gettext("You have proposed nothing"),
            gettext("A correction is proposed from the page of a customer or a loan."),
        ),
        "decided": (
            gettext("You have decided nothing yet"),
            gettext("Decisions stay here, with what was changed by them."),
        ),
        "all": (
            gettext("Nothing was proposed yet"),
            gettext("Everything proposed in this house appears here."),
        ),
    }[tab]
