"""The list of requests and what narrows it."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.http import QueryDict
from django.utils.translation import gettext, pgettext

from daihou.kit import typed
from daihou.kit.scope import Scope
from daihou.rooms.ledger import door as ledger
from daihou.rooms.relief import queries, words
from daihou.rooms.relief.pages.panel import Shown, shown
from daihou.rooms.relief.queries import Asked
from daihou.rooms.relief.queries.requests import GROUPS, SIZE
from daihou.rooms.relief.states import Kind


@dataclass(frozen=True, slots=True)
class Row:
    """A request with its loan's line, if that may be seen."""

    shown: Shown
    number: str
    name: str
    branch: str


@dataclass(frozen=True, slots=True)
class Page:
    """The list; `tabs` are (code, word, current)."""

    rows: Sequence[Row]
    tabs: Sequence[tuple[str, str, bool]]
    kinds: Sequence[tuple[str, str]]
    asked: Asked
    mine: bool
    next_before: int | None

    @property
    def narrowed(self) -> bool:
        """Whether anything but the view narrows it."""
        return bool(self.asked.kind or self.asked.text or self.mine)


def _groups() -> Sequence[tuple[str, str]]:
    return (
        ("", gettext("All")),
        ("undecided", pgettext("relief", "To decide")),
        ("offered", pgettext("relief", "Offered")),
        ("live", pgettext("relief", "Live")),
        ("done", pgettext("relief", "Done")),
        ("over", pgettext("relief", "Over")),
    )


def read(asked: QueryDict, *, login: str) -> Asked:
    """The wish behind an address; what cannot be is left out."""
    group, kind = asked.get("group", ""), asked.get("kind", "")
    return Asked(
        kind=kind if kind in set(Kind) else "",
        group=group if group in GROUPS else "",
        by=login if asked.get("mine") else "",
        text=asked.get("text", "").replace("\x00", "").strip()[:20],
        before=typed.whole(asked.get("before", "")),
    )


def listing(asked: QueryDict, *, login: str, scope: Scope) -> Page:
    """The page of the list an address asks for; two queries."""
    wish = read(asked, login=login)
    found = list(queries.listed(wish, scope=scope))
    more = found[SIZE:]
    found = found[:SIZE]
    lines = ledger.reading.lines_of([line.loan_id for line in found], scope=scope)
    say = ledger.reading.list_words()
    rows = []
    for line in found:
        loan = lines.get(line.loan_id)
        rows.append(
            Row(
                shown(line),
                loan.number if loan else "",
                loan.name if loan else "",
                say.branch(line.branch),
            )
        )
    return Page(
        rows=rows,
        tabs=[(code, word, code == wish.group) for code, word in _groups()],
        kinds=[(kind.value, words.kind_word(kind.value)) for kind in Kind],
        asked=wish,
        mine=bool(wish.by),
        next_before=found[-1].id if more else None,
    )
