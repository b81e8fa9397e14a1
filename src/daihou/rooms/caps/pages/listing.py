"""The list of loans above a cap, and of those whose cap nobody can assert."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.http import QueryDict
from django.utils.translation import get_language, gettext

from daihou.engine.caps.words import PHRASES
from daihou.engine.rulebook.decision import shown
from daihou.kit import numbers
from daihou.kit.paging import Paging, paging
from daihou.kit.scope import Scope
from daihou.rooms.caps import queries
from daihou.rooms.caps.queries import CapSum, FindingLine, RunLine, Wish
from daihou.rooms.caps.states import LISTED, NOT_ASSERTED, OVER
from daihou.rooms.ledger import door as ledger


@dataclass(frozen=True, slots=True)
class Tab:
    """One view of the list."""

    code: str
    word: str
    loans: int
    current: bool


@dataclass(frozen=True, slots=True)
class Line:
    """One loan with its words."""

    line: FindingLine
    product: str
    branch: str
    lender: str
    cap: str
    all_in: str
    excess: str


@dataclass(frozen=True, slots=True)
class Page:
    """The list; `run` is None before the first look at the book."""

    applies: bool
    run: RunLine | None = None
    standing: str = OVER
    tabs: Sequence[Tab] = ()
    sums: Sequence[CapSum] = ()
    currencies: Sequence[str] = ()
    currency: str = ""
    text: str = ""
    lines: Sequence[Line] = ()
    paging: Paging | None = None
    several: bool = False

    @property
    def narrowed(self) -> bool:
        """Whether anything but the view narrows it."""
        return bool(self.currency or self.text)


def read(asked: QueryDict) -> Wish:
    """The wish behind an address; what cannot be is left out."""
    standing = asked.get("standing", "")
    currency = asked.get("currency", "")
    return Wish(
        standing=standing if standing in LISTED else OVER,
        text=asked.get("text", "").replace("\x00", "").strip()[:80],
        currency=currency if len(currency) == 3 and currency.isalpha() else "",
    )


def listing(asked: QueryDict, *, scope: Scope) -> Page:
    """The page of the list an address asks for."""
    if not queries.applies():
        return Page(applies=False)
    run = queries.last_run()
    if run is None:
        return Page(applies=True)
    wish = read(asked)
    found_sums = queries.sums(scope=scope)
    total = _total(wish, found_sums, scope)
    cut = paging(asked.get("page"), total=total)
    found = queries.findings(wish, scope=scope, start=cut.start, stop=cut.stop)
    currencies = sorted({each.currency for each in found_sums})
    return Page(
        applies=True,
        run=run,
        standing=wish.standing,
        tabs=_tabs(wish, found_sums),
        sums=[each for each in found_sums if each.standing == OVER and each.above],
        currencies=currencies if len(currencies) > 1 else (),
        currency=wish.currency,
        text=wish.text,
        lines=lines_of(found),
        paging=cut,
        several=len({each.currency for each in found}) > 1,
    )


def _total(wish: Wish, found: Sequence[CapSum], scope: Scope) -> int:
    """How many the list pages through: known from the sums, unless a number narrows it.

    No more than are counted: who wants the rest narrows it, or takes the list out.
    """
    if wish.text:
        return queries.count(wish, scope=scope)
    known = sum(
        each.loans
        for each in found
        if each.standing == wish.standing and wish.currency in ("", each.currency)
    )
    return min(known, queries.MOST_COUNTED)


def lines_of(found: Sequence[FindingLine]) -> Sequence[Line]:
    """Findings with the words of branch, product and lender."""
    say = ledger.reading.list_words()
    return [
        Line(
            each,
            say.product(each.product),
            say.branch(each.branch),
            lender_word(each.licence),
            share(each.cap),
            share(each.all_in),
            share(each.excess),
        )
        for each in found
    ]


def _tabs(wish: Wish, found: Sequence[CapSum]) -> Sequence[Tab]:
    words = {OVER: gettext("Above a cap"), NOT_ASSERTED: gettext("Cap not asserted")}
    return [
        Tab(
            code,
            word,
            sum(each.loans for each in found if each.standing == code),
            code == wish.standing,
        )
        for code, word in words.items()
    ]


def lender_word(licence: str) -> str:
    """The word of a licence; one that the rules do not know as it is written."""
    texts = PHRASES.of(language())
    return str(texts.get(f"={licence}", licence or numbers.DASH))


def language() -> str:
    """The language that is spoken."""
    return get_language() or "zh-hans"


def share(rate: Decimal | None) -> str:
    """`24 %`: a yearly rate without idle zeros; a dash where there is none."""
    if rate is None:
        return numbers.DASH
    return str(
        shown(rate, PHRASES.of(language()), chinese=numbers.is_chinese(language()))
    )
