"""The page of notices: sentences in the reader's language, and the filters."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode

from django.utils.translation import get_language, gettext

from daihou.kit import numbers
from daihou.kit.paging import Paging, paging
from daihou.rooms.notices import queries
from daihou.rooms.notices.kinds import Kind, kind_word, kinds
from daihou.rooms.notices.states import Mailing

_SHAPES = {"info": "dot", "good": "tick", "warn": "dia", "bad": "tri"}


@dataclass(frozen=True, slots=True)
class Row:
    """One notice in words; `fresh` until it is read."""

    line: queries.Line
    text: str
    kind: str
    shape: str

    @property
    def fresh(self) -> bool:
        """Whether it was not read yet."""
        return self.line.read_at is None


@dataclass(frozen=True, slots=True)
class Page:
    """The list as the address asks for it."""

    rows: Sequence[Row]
    unread: int
    total: int
    only_unread: bool
    kind: str
    kinds: Sequence[Kind]
    paging: Paging

    def address(self, **other: str) -> str:
        """The address query of this list with something else in it."""
        wish = {"show": "" if self.only_unread else "all", "kind": self.kind} | other
        return urlencode({name: value for name, value in wish.items() if value})

    @property
    def of_unread(self) -> str:
        """The address query of the unread ones."""
        return self.address(show="")

    @property
    def of_all(self) -> str:
        """The address query of all of them."""
        return self.address(show="all")


def said(line: queries.Line) -> str:
    """The sentence of a notice; one whose parts do not fit is shown as it is."""
    words = {name: _value(value) for name, value in line.params.items()}
    text = gettext(line.text)
    try:
        return text % words
    except (KeyError, ValueError, TypeError):
        return text


def _value(value: object) -> object:
    if not isinstance(value, Mapping):
        return value
    language = get_language() or "zh-hans"
    if "date" in value:
        day = date.fromisoformat(str(value["date"]))
        return numbers.day_text(day, language=language)
    if "minor" in value:
        minor, currency = int(str(value["minor"])), str(value["currency"])
        return numbers.money_text(minor, currency=currency)
    return dict(value)


def mails(wishes: queries.Wishes) -> list[tuple[str, str, bool]]:
    """How notices may come by mail: code, words, and whether it is chosen."""
    words = {
        Mailing.NONE: gettext("Never"),
        Mailing.EACH: gettext("Each that is not read within two minutes"),
        Mailing.DAILY: gettext("Once a day, what is not read"),
    }
    return [(each.value, word, each == wishes.mail) for each, word in words.items()]


def page(login: str, query: Mapping[str, str]) -> Page:
    """The notices of a person as an address asks for them."""
    only_unread = query.get("show", "") != "all"
    asked = query.get("kind", "")[:40].replace("\0", "")
    total = queries.count_of(login, kind=asked, unread=only_unread)
    cut = paging(query.get("page"), total=total)
    found = queries.notices_of(
        login, kind=asked, unread=only_unread, limit=cut.size, start=cut.start
    )
    return Page(
        rows=[
            Row(line, said(line), kind_word(line.kind), _SHAPES[line.level])
            for line in found
        ],
        unread=queries.count_of(login, unread=True),
        total=total,
        only_unread=only_unread,
        kind=asked,
        kinds=kinds(),
        paging=cut,
    )
