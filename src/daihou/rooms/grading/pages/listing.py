"""The list of loans by class, and what narrows it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.http import QueryDict
from django.utils.translation import gettext

from daihou.engine.classification.codes import BY_CODE, AssetClass, Cause
from daihou.kit.paging import Paging, paging
from daihou.kit.scope import Scope
from daihou.rooms.grading import queries, words
from daihou.rooms.grading.queries import ClassLine, RunLine, Wish
from daihou.rooms.ledger import door as ledger

BAD = "bad"


@dataclass(frozen=True, slots=True)
class Tab:
    """One view of the list."""

    code: str
    word: str
    current: bool


@dataclass(frozen=True, slots=True)
class Line:
    """One loan with its words."""

    line: ClassLine
    causes: Sequence[str]
    product: str
    branch: str


@dataclass(frozen=True, slots=True)
class Page:
    """The list; `run` is None before the first."""

    run: RunLine | None
    tabs: Sequence[Tab] = ()
    chosen: str = ""
    cause: str = ""
    causes: Sequence[tuple[str, str]] = ()
    text: str = ""
    may_rise: bool = False
    lines: Sequence[Line] = ()
    paging: Paging | None = None
    several: bool = False

    @property
    def narrowed(self) -> bool:
        """Whether anything but the class narrows it."""
        return bool(self.cause or self.text or self.may_rise)


def read(asked: QueryDict, *, on: date) -> tuple[str, Wish]:
    """The chosen view and the wish behind an address; what cannot be is left out."""
    chosen = asked.get("class", "")
    if chosen not in (BAD, *BY_CODE):
        chosen = ""
    cause = asked.get("cause", "").upper()
    known = {each.name: each for each in Cause}
    return chosen, Wish(
        asset_class=BY_CODE.get(chosen),
        bad=chosen == BAD,
        cause=known.get(cause),
        text=asked.get("text", "").replace("\x00", "").strip()[:80],
        may_rise=on if asked.get("may_rise") else None,
    )


def listing(asked: QueryDict, *, on: date, scope: Scope) -> Page:
    """The page of the list an address asks for."""
    run = queries.shown_run()
    if run is None:
        return Page(run=None)
    chosen, wish = read(asked, on=on)
    cut = paging(asked.get("page"), total=queries.count(wish, scope=scope))
    found = queries.classes(wish, scope=scope, start=cut.start, stop=cut.stop)
    say = ledger.reading.list_words()
    return Page(
        run=run,
        tabs=_tabs(chosen),
        chosen=chosen,
        cause=(wish.cause.name or "").lower() if wish.cause else "",
        causes=[(c.code, words.cause_words(c)[0]) for c in Cause],
        text=wish.text,
        may_rise=wish.may_rise is not None,
        lines=[
            Line(
                each,
                words.cause_words(each.causes),
                say.product(each.product),
                say.branch(each.branch),
            )
            for each in found
        ],
        paging=cut,
        several=len({each.currency for each in found}) > 1,
    )


def _tabs(chosen: str) -> Sequence[Tab]:
    views = [("", gettext("Not normal")), (BAD, gettext("Bad loans"))]
    views += [(e.code, words.class_word(e)) for e in reversed(AssetClass)]
    return [Tab(code, word, code == chosen) for code, word in views]
