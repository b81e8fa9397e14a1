"""The list of clocks by what ends first, and what narrows it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from django.http import QueryDict
from django.utils.translation import gettext, pgettext

from daihou.engine.clocks.values import State
from daihou.kit.paging import Paging, paging
from daihou.kit.scope import Scope
from daihou.rooms.clocks import queries, words
from daihou.rooms.clocks.queries import MOST, ClockLine, RunLine, Wish
from daihou.rooms.clocks.states import GROUPS, Group, Kind
from daihou.rooms.ledger import door as ledger

LIST: Final = "clocks"  # the code of its saved views
OF_A_VIEW: Final = ("group", "kind", "state", "within", "branch", "text", "step")
SPANS: Final = (7, 30, 90, 180)
STATES: Final = ("", State.EXPIRED, State.DUE, State.STOPPED, State.MET, "closed")
_LOANS: Final = 200  # loans whose number begins like the text that is looked for


@dataclass(frozen=True, slots=True)
class Choice:
    """One entry of a filter or one tab."""

    code: str
    word: str
    chosen: bool


@dataclass(frozen=True, slots=True)
class Line:
    """One clock in words; `days` from the open day to its end."""

    line: ClockLine
    kind: str
    about: str
    number: str
    chip: words.Chip
    days: int | None
    step: str
    branch: str


@dataclass(frozen=True, slots=True)
class Page:
    """The list; `run` is None before the first look."""

    run: RunLine | None
    today: date
    tabs: Sequence[Choice]
    kinds: Sequence[Choice]
    states: Sequence[Choice]
    spans: Sequence[Choice]
    branches: Sequence[Choice]
    group: str
    text: str
    step: str
    lines: Sequence[Line]
    paging: Paging
    more: bool
    narrowed: bool
    applies: bool


def read(asked: QueryDict, *, today: date, scope: Scope) -> Wish:
    """The wish behind an address; what cannot be is left out."""
    group, kind = asked.get("group", ""), asked.get("kind", "")
    state, within = asked.get("state", ""), asked.get("within", "")
    step, text = asked.get("step", ""), text_of(asked)
    known = {str(each) for each in SPANS}
    return Wish(
        today=today,
        group=Group(group) if group in set(Group) else None,
        kind=kind if kind in set(Kind) else "",
        state=state if state in STATES else "",
        within=int(within) if within in known else None,
        branch=asked.get("branch", "").replace("\x00", "")[:40],
        step=int(step) if step.isascii() and step.isdigit() and len(step) < 4 else None,
        loans=_loans(text, scope) if text else None,
    )


def text_of(asked: QueryDict) -> str:
    """The beginning of a loan number that is looked for."""
    text: str = asked.get("text", "").replace("\x00", "").strip()[:80]
    return text


def _loans(text: str, scope: Scope) -> Sequence[int]:
    found = ledger.reading.search(text, scope=scope, limit=_LOANS)
    return [each.loan_id for each in found]


def listing(asked: QueryDict, *, today: date, scope: Scope, of_house: bool) -> Page:
    """The page of the list an address asks for."""
    wish = read(asked, today=today, scope=scope)
    total = queries.count(wish, scope=scope, of_house=of_house)
    cut = paging(asked.get("page"), total=min(total, MOST))
    found = queries.clocks(
        wish, scope=scope, of_house=of_house, start=cut.start, stop=cut.stop
    )
    group = str(wish.group or "")
    kinds = GROUPS[wish.group] if wish.group else tuple(Kind)
    text = text_of(asked)
    return Page(
        run=queries.last_run(),
        today=today,
        tabs=_tabs(group),
        kinds=[Choice(k, words.code_word(k), k == wish.kind) for k in kinds],
        states=[Choice(s, _state_word(s), s == wish.state) for s in STATES],
        spans=[Choice(str(n), words.step_word(n), n == wish.within) for n in SPANS],
        branches=_branches(wish.branch, scope),
        group=group,
        text=text,
        step="" if wish.step is None else str(wish.step),
        lines=lines_of(found, today=today, scope=scope),
        paging=cut,
        more=total > MOST,
        narrowed=bool(
            wish.kind
            or wish.state
            or wish.within
            or wish.branch
            or text
            or wish.step is not None
        ),
        applies=queries.applies(),
    )


def _tabs(group: str) -> Sequence[Choice]:
    tabs = [Choice("", pgettext("clocks", "All"), not group)]
    tabs += [Choice(g, words.group_word(g), g == group) for g in Group]
    return tabs


def _branches(chosen: str, scope: Scope) -> Sequence[Choice]:
    known = ledger.reading.list_words().branches
    return [
        Choice(code, word, code == chosen)
        for code, word in sorted(known.items())
        if any(way.branches is None or code in way.branches for way in scope.ways)
    ]


def _state_word(state: str) -> str:
    if not state:
        word: str = pgettext("clocks", "Open")
    elif state == "closed":
        word = gettext("no longer looked at")
    else:
        word = words.code_word(state)
    return word


def lines_of(
    found: Sequence[ClockLine], *, today: date, scope: Scope
) -> Sequence[Line]:
    """Clocks in words, with the loans they are about; two queries."""
    ids = {each.loan_id for each in found if each.loan_id is not None}
    loans = ledger.reading.lines_of(ids, scope=scope)
    say = ledger.reading.list_words()
    lines = []
    for each in found:
        loan = loans.get(each.loan_id or 0)
        days = each.days_left(today)
        lines.append(
            Line(
                line=each,
                kind=words.code_word(each.kind),
                about=each.name or (loan.name if loan else ""),
                number=loan.number if loan else "",
                chip=words.state_chip(each.state, days),
                days=days,
                step=words.step_word(each.alarm),
                branch=say.branch(each.branch) if each.branch else "",
            )
        )
    return lines
