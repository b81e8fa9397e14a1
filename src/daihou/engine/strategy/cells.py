"""The text of a cell: read, written the one way, and what it matches.

One form serves the grid, the spreadsheet and the file: `-` anything; `3`, `>= 3`,
`< 10`, `!= 3`; `1..30` closed, `[1..30)` half open; `in (A, B)`, `not in (A)`;
`yes`, `no`; `?` not known; and any of them followed by `or ?`. Dates are ISO, money is
in major units with two places, a rate is a share (`0.25`) or in per cent (`25%`).
"""

import re
import unicodedata
from dataclasses import dataclass
from typing import Final

from daihou.engine.strategy.errors import StrategyError
from daihou.engine.strategy.figures import LARGEST, read_number, write_number
from daihou.engine.strategy.inputs import titles_of
from daihou.engine.strategy.matching import (
    Ranges,
    Span,
    Test,
    Words,
    anything,
    number,
    outside,
    value_of,
    word,
)
from daihou.engine.strategy.table import ORDERED, Input, Kind, Output, Value

ANY_TEXT: Final = "-"
UNKNOWN: Final = "?"


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell that was read: its text as we write it, and what it matches."""

    text: str
    test: Test


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a text stands, for what is said when it cannot be read."""

    row: str
    column: Input | Output
    text: str

    def error(self, code: str) -> StrategyError:
        return StrategyError(
            code,
            row=self.row or "-",
            column=self.column.name,
            titles=titles_of(self.column.name),
            text=self.text,
            allowed=allowed(self.column),
        )


def allowed(column: Input | Output) -> str:
    """What may stand in a column, by example, the same in every language."""
    if column.choices:
        return ", ".join(column.choices)
    return _EXAMPLES[column.kind]


_EXAMPLES: Final = {
    Kind.INTEGER: "-  3  >= 3  1..30  [1..30)  in (1, 2)  ?",
    Kind.MONEY: "-  >= 1000.00  [100.00..500.00)  ?",
    Kind.RATE: "-  >= 0.25  25%  0.10..0.20  ?",
    Kind.DATE: "-  >= 2026-01-31  2026-01-01..2026-01-31  ?",
    Kind.TEXT: "-  A  in (A, B)  not in (A)  ?",
    Kind.FLAG: "-  yes  no  ?",
}
_SIGNS: Final = str.maketrans({"≥": ">=", "≤": "<=", "≠": "!=", "～": "..", "−": "-"})
_UNEQUAL: Final = str.maketrans({"≠": "!="})
_OR_UNKNOWN: Final = re.compile(r"^(?P<rest>.*\S)\s+(?:or|或)\s*\?$", re.IGNORECASE)
_LIST: Final = re.compile(
    r"^(?P<no>not\s+in|不属于|in|属于)\s*\((?P<items>.*)\)$", re.IGNORECASE
)
_COMPARED: Final = re.compile(r"^(?P<sign>>=|<=|!=|<>|>|<|=)\s*(?P<value>.+)$")
_RANGE: Final = re.compile(
    r"^(?P<open>[\[(])?\s*(?P<low>[^\[\]()]+?)\s*\.\.\s*(?P<high>[^\[\]()]+?)\s*"
    r"(?P<close>[\])])?$"
)
_ANYTHING: Final = frozenset({"", ANY_TEXT, "any", "任意"})
_FLAGS: Final = {
    **dict.fromkeys(("yes", "true", "y", "1", "是"), "yes"),
    **dict.fromkeys(("no", "false", "n", "0", "否"), "no"),
}


def read(text: str, column: Input, *, row: str = "") -> Cell:
    """Read the text of a cell, or raise StrategyError saying what may stand there."""
    place = _Place(row, column, text)
    plain = _plain(text, column.kind)
    if plain.lower() in _ANYTHING:
        return Cell(ANY_TEXT, anything(column))
    if plain == UNKNOWN:
        return Cell(UNKNOWN, _none_of(column))
    also_unknown = _OR_UNKNOWN.match(plain)
    if also_unknown:
        cell = _read_known(also_unknown["rest"], place)
        test = cell.test
        wider: Test = (
            Ranges(test.spans, missing=True)
            if isinstance(test, Ranges)
            else Words(test.words, test.others, missing=True)
        )
        return Cell(f"{cell.text} or {UNKNOWN}", wider)
    return _read_known(plain, place)


def _none_of(column: Input) -> Test:
    if column.kind in (Kind.TEXT, Kind.FLAG):
        return Words(frozenset(), others=False, missing=True)
    return Ranges((), missing=True)


def _plain(text: str, kind: Kind) -> str:
    """The same text with half-width signs and single spaces."""
    signs = _SIGNS if kind in ORDERED else _UNEQUAL
    return " ".join(unicodedata.normalize("NFKC", text.translate(signs)).split())


def _read_known(text: str, place: _Place) -> Cell:
    if place.column.kind in (Kind.TEXT, Kind.FLAG):
        return _read_words(text, place)
    return _read_ranges(text, place)


def _read_words(text: str, place: _Place) -> Cell:
    listed = _LIST.match(text)
    if listed:
        items = tuple(dict.fromkeys(_items(listed["items"], place)))
        others = listed["no"].lower() not in ("in", "属于")
        words = ", ".join(map(_quoted, items))
        shown = f"not in ({words})" if others else f"in ({words})"
        return Cell(shown, Words(frozenset(items), others, missing=False))
    compared = _COMPARED.match(text)
    if compared and compared["sign"] in ("=", "!=", "<>"):
        item = _word(compared["value"], place)
        others = compared["sign"] != "="
        shown = f"!= {_quoted(item)}" if others else _quoted(item)
        return Cell(shown, Words(frozenset({item}), others, missing=False))
    if compared:
        raise place.error("cell")
    item = _word(text, place)
    return Cell(_quoted(item), Words(frozenset({item}), others=False, missing=False))


_ITEM: Final = re.compile(r'\s*("(?:[^"]*)"|[^,"]+?)\s*(?:,|$)')


def _items(text: str, place: _Place) -> list[str]:
    found, at = [], 0
    while at < len(text):
        item = _ITEM.match(text, at)
        if item is None or not item[1].strip():
            raise place.error("cell")
        found.append(_word(item[1], place))
        at = item.end()
    if not found:
        raise place.error("cell")
    return found


_PLAIN_WORD: Final = re.compile(r'^[^\s,"()<>=!?\[\]-][^,"()<>=!?\[\]]*$')


def _word(text: str, place: _Place) -> str:
    quoted = len(text) > 1 and text[0] == text[-1] == '"'
    found = text[1:-1] if quoted else text.strip()
    if place.column.kind is Kind.FLAG:
        if found.lower() not in _FLAGS:
            raise place.error("cell")
        return _FLAGS[found.lower()]
    if '"' in found or (not quoted and not _PLAIN_WORD.match(found)):
        raise place.error("cell")
    if place.column.choices and found not in place.column.choices:
        raise place.error("choice")
    return found


_RESERVED: Final = re.compile(r"^(?:any|任意|-|.*\s(?:or|或)\s*\?)$", re.IGNORECASE)


def _quoted(item: str) -> str:
    """A word as it is written: with quotes where it would be read otherwise."""
    plain = _PLAIN_WORD.match(item) and " ".join(item.split()) == item
    return item if plain and not _RESERVED.match(item) else f'"{item}"'


def _read_ranges(text: str, place: _Place) -> Cell:
    listed = _LIST.match(text)
    if listed:
        return _read_number_list(listed, place)
    compared = _COMPARED.match(text)
    if compared:
        return _read_compared(compared["sign"], compared["value"], place)
    between = _RANGE.match(text)
    if between:
        return _read_between(between, place)
    at = _number(text, place)
    return Cell(
        write_number(at, place.column.kind), Ranges(((at, at + 1),), missing=False)
    )


def _read_compared(sign: str, value: str, place: _Place) -> Cell:
    at = _number(value, place)
    spans: dict[str, tuple[Span, ...]] = {
        ">=": ((at, None),),
        ">": ((at + 1, None),),
        "<": ((None, at),),
        "<=": ((None, at + 1),),
        "=": ((at, at + 1),),
        "!=": ((None, at), (at + 1, None)),
    }
    sign = "!=" if sign == "<>" else sign
    shown = write_number(at, place.column.kind)
    text = shown if sign == "=" else f"{sign} {shown}"
    return Cell(text, Ranges(spans[sign], missing=False))


def _read_between(found: re.Match[str], place: _Place) -> Cell:
    if (found["open"] is None) != (found["close"] is None):
        raise place.error("cell")
    low, high = _number(found["low"], place), _number(found["high"], place)
    opening, closing = found["open"] or "[", found["close"] or "]"
    first = low if opening == "[" else low + 1
    end = high + 1 if closing == "]" else high
    if first >= end:
        raise place.error("empty_range")
    kind = place.column.kind
    shown = f"{write_number(low, kind)}..{write_number(high, kind)}"
    if (opening, closing) != ("[", "]"):
        shown = f"{opening}{shown}{closing}"
    return Cell(shown, Ranges(((first, end),), missing=False))


def _read_number_list(found: re.Match[str], place: _Place) -> Cell:
    given = [_number(each, place) for each in found["items"].split(",")]
    items = list(dict.fromkeys(given))
    spans: list[Span] = []
    for at in sorted(items):
        if spans and spans[-1][1] == at:
            spans[-1] = (spans[-1][0], at + 1)
        else:
            spans.append((at, at + 1))
    kind = place.column.kind
    words = ", ".join(write_number(each, kind) for each in items)
    if found["no"].lower() in ("in", "属于"):
        return Cell(f"in ({words})", Ranges(tuple(spans), missing=False))
    return Cell(f"not in ({words})", Ranges(outside(tuple(spans)), missing=False))


def _number(text: str, place: _Place) -> int:
    found = read_number(text, place.column.kind)
    if found is None:
        raise place.error("cell")
    if abs(found) >= LARGEST:
        raise place.error("too_large")
    return found


# -- what a row answers ------------------------------------------------------------------


def read_value(text: str, column: Output, *, row: str = "") -> Value:
    """Read what a row answers; an empty text is nothing (None, or an empty code)."""
    place = _Place(row, column, text)
    plain = text.strip()
    if not plain or plain == ANY_TEXT:
        return "" if column.kind is Kind.TEXT and not column.choices else None
    if column.kind is Kind.TEXT:
        if column.choices and plain not in column.choices:
            raise place.error("choice")
        return plain
    if column.kind is Kind.FLAG:
        if plain.lower() not in _FLAGS:
            raise place.error("cell")
        return _FLAGS[plain.lower()] == "yes"
    return value_of(_number(_plain(plain, column.kind), place), column.kind)


def write_value(value: Value, kind: Kind) -> str:
    """Write what a row answers, as `read_value` reads it."""
    if value is None:
        return ""
    if kind in (Kind.TEXT, Kind.FLAG):
        return word(value)
    return write_number(number(value, kind), kind)
