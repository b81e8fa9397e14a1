"""The cells of a report on a page and as words in a file."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import get_language, pgettext

from daihou.kit import masking, numbers
from daihou.kit.markup import fill
from daihou.kit.templatetags import daihou as drawn
from daihou.rooms.ledger import door as ledger
from daihou.rooms.reporting.pages.reports.report import (
    NUMERIC,
    Column,
    Kind,
    Table,
    Value,
)

_PLAIN = {"loan": "ledger:loan", "customer": "ledger:customer"}


@dataclass(frozen=True)
class Words:
    """What cells need beside their value: names of branches and products, the unit."""

    currency: str
    branch: Callable[[str], str]
    product: Callable[[str], str]
    as_of: date
    latest: bool


def words_of(*, currency: str, as_of: date, latest: bool) -> Words:
    """The words of one page, one query."""
    names = ledger.reading.list_words()
    return Words(currency, names.branch, names.product, as_of, latest)


def class_words() -> Mapping[str, str]:
    """The words of the five classes."""
    return {
        "normal": pgettext("five-tier class", "Normal"),
        "special_mention": pgettext("five-tier class", "Special mention"),
        "substandard": pgettext("five-tier class", "Substandard"),
        "doubtful": pgettext("five-tier class", "Doubtful"),
        "loss": pgettext("five-tier class", "Loss"),
    }


def word(column: Column, value: Value, words: Words) -> str:
    """A value that is no number or date as a reader sees it."""
    if value is None or value == "":
        return numbers.DASH
    text = str(value)
    match column.kind:
        case Kind.NAME:
            return masking.name(text)
        case Kind.BRANCH:
            return words.branch(text)
        case Kind.PRODUCT:
            return words.product(text)
        case Kind.BUCKET:
            return numbers.bucket_word(text)
        case Kind.CLASS:
            return class_words().get(text, text)
        case Kind.WORD:
            return column.words.get(text, text)
        case _:
            return text


def _figure(column: Column, value: Value, words: Words) -> str:
    if value is None:
        return numbers.DASH
    if column.kind is Kind.SHARE:
        assert isinstance(value, Decimal)
        return f"{numbers.percent(value)}%"
    assert isinstance(value, int)
    if column.kind is Kind.MONEY:
        amount: str = drawn.money(value, words.currency)
        return amount
    count: str = drawn.count(value)
    return count


def _linked(column: Column, value: Value, number: int, words: Words) -> SafeString:
    address = reverse(_PLAIN[column.kind.value], args=[number])
    if column.kind is Kind.LOAN and not words.latest:
        address += f"?as_of={words.as_of.isoformat()}"
    return fill('<td><a href="{}">{}</a></td>', address, value)


def cell(column: Column, value: Value, number: int | None, words: Words) -> SafeString:
    """One cell of a table."""
    if column.kind in NUMERIC:
        return fill('<td class="num">{}</td>', _figure(column, value, words))
    if column.kind is Kind.DAY:
        day = value if isinstance(value, date) else None
        return fill('<td class="nowrap">{}</td>', drawn.day(day))
    if column.kind in (Kind.LOAN, Kind.CUSTOMER) and number is not None:
        return _linked(column, value, number, words)
    if column.kind is Kind.BUCKET and value:
        return fill("<td>{}</td>", drawn.bucket(str(value)))
    if column.kind is Kind.CLASS and value:
        return fill("<td>{}</td>", drawn.asset_class(str(value)))
    text = word(column, value, words)
    return fill('<td class="cap" title="{}">{}</td>', text, text)


def lines(table: Table, words: Words, *, start: int, stop: int) -> Sequence[SafeString]:
    """The rows of a part of a table, drawn."""
    rows = table.cut(start, stop)
    ids: Sequence[int | None] = table.numbers(start, stop) or [None] * len(rows)
    links = table.links[start:stop] or [""] * len(rows)
    return [
        _row(table, row, number, link, words)
        for row, number, link in zip(rows, ids, links, strict=True)
    ]


def _row(
    table: Table, row: Sequence[Value], number: int | None, link: str, words: Words
) -> SafeString:
    found = [
        cell(column, value, number, words)
        for column, value in zip(table.columns, row, strict=True)
    ]
    if link:
        text = word(table.columns[0], row[0], words)
        found[0] = fill('<td><a class="plain" href="{}">{}</a></td>', link, text)
    return SafeString("".join(found))


def foot(table: Table, words: Words) -> Sequence[SafeString]:
    """The sums under a table, a cell a column behind the first; none without sums."""
    if not table.rows or not any(each.sums for each in table.columns):
        return ()
    found = []
    for column in table.columns[1:]:
        total = _figure(column, table.total(column), words) if column.sums else ""
        found.append(fill('<td class="num strong">{}</td>', total))
    return found


def language() -> str:
    """The language of the request."""
    return get_language() or "zh-hans"
