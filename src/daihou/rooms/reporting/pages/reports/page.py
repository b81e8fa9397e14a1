"""The page of a report: its tables drawn, the filters, the dates one can ask for."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from urllib.parse import urlencode

from django.http import QueryDict
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from daihou.kit import numbers
from daihou.kit.ladder import BUCKETS
from daihou.kit.paging import Paging, paging
from daihou.kit.ports import BookReader
from daihou.kit.scope import Scope
from daihou.rooms.ledger import door as ledger
from daihou.rooms.reporting.pages.reports import catalogue, causes, cells
from daihou.rooms.reporting.pages.reports import columns as choosing
from daihou.rooms.reporting.pages.reports.catalogue import Entry
from daihou.rooms.reporting.pages.reports.desk import FILTERS, Desk, Wish, read_wish
from daihou.rooms.reporting.pages.reports.report import NUMERIC, Report, Table

BRIEF = 20  # rows shown of a table that is not the first


@dataclass(frozen=True)
class Option:
    """One choice of a filter."""

    value: str
    label: str
    chosen: bool


@dataclass(frozen=True)
class Filter:
    """One filter with its choices."""

    name: str
    label: str
    options: Sequence[Option]
    required: bool = False

    @property
    def value(self) -> str:
        """The one in force."""
        return next((each.value for each in self.options if each.chosen), "")


@dataclass(frozen=True)
class Drawn:
    """One table, ready to print."""

    table: Table
    heads: Sequence[tuple[str, bool]]
    lines: Sequence[SafeString]
    foot: Sequence[SafeString]
    left: int


@dataclass(frozen=True)
class Page:
    """Everything the page draws; `report` is None before the first closed day."""

    entry: Entry
    report: Report | None = None
    wish: Wish | None = None
    tables: Sequence[Drawn] = ()
    paging: Paging | None = None
    filters: Sequence[Filter] = ()
    kept: Sequence[tuple[str, str]] = ()  # conditions a form of dates carries along
    plain: Sequence[tuple[str, str]] = ()  # the same without the columns
    columns: Sequence[choosing.Choice] = ()  # none where they are not to be chosen
    first: date | None = None
    last: date | None = None
    jumps: Sequence[tuple[str, date, bool]] = ()
    address: str = ""
    empty: bool = False


def desk_of(
    reader: BookReader, query: QueryDict | Mapping[str, str], *, scope: Scope
) -> Desk | None:
    """The desk an address asks for; None before the first closed day."""
    dates = sorted(reader.standing())
    if not dates:
        return None
    loans = ledger.book.register().currencies(scope)
    return Desk(reader, scope, read_wish(query, dates=dates, loans=loans))


def page(code: str, reader: BookReader, query: QueryDict, *, scope: Scope) -> Page:
    """The page of a report as an address asks for it."""
    entry = catalogue.entry(code)
    desk = desk_of(reader, query, scope=scope)
    if desk is None:
        return Page(entry)
    wish, dates = desk.wish, desk.dates
    whole = catalogue.report(code, desk)
    wanted = query.getlist("cols") if entry.names else []
    found = choosing.narrowed(whole, wanted)
    shown = [("cols", each.key) for each in found.main.columns if found is not whole]
    cut = paging(query.get("page"), total=found.main.rows)
    words = cells.words_of(
        currency=wish.currency, as_of=wish.as_of, latest=wish.as_of == dates[-1]
    )
    plain = [*wish.conditions, ("currency", wish.currency)]
    kept = [*plain, *shown]
    return Page(
        entry=entry,
        report=found,
        wish=wish,
        tables=[
            drawn(found.main, words, cut=cut),
            *(drawn(each, words) for each in found.tables[1:]),
        ],
        paging=cut,
        filters=_filters(entry, desk),
        kept=kept,
        plain=plain,
        columns=choosing.choices(whole, found) if entry.names else (),
        first=dates[0],
        last=dates[-1],
        jumps=_jumps(dates, wish.as_of),
        address=urlencode(
            [("as_of", wish.as_of), ("since", wish.since), *kept]
            if entry.period
            else [("as_of", wish.as_of), *kept]
        ),
        empty=not any(table.rows for table in found.tables),
    )


def drawn(table: Table, words: cells.Words, *, cut: Paging | None = None) -> Drawn:
    """A table ready to print: a page of it, or its first rows."""
    start, stop = (cut.start, cut.stop) if cut else (0, min(BRIEF, table.rows))
    return Drawn(
        table=table,
        heads=[(each.title, each.kind in NUMERIC) for each in table.columns],
        lines=cells.lines(table, words, start=start, stop=stop),
        foot=cells.foot(table, words),
        left=0 if cut else table.rows - stop,
    )


def _jumps(dates: Sequence[date], shown: date) -> Sequence[tuple[str, date, bool]]:
    """The last day, the end of the last month and of the last year, where closed."""
    last = dates[-1]
    month = last.replace(day=1) - timedelta(days=1)
    year = last.replace(month=1, day=1) - timedelta(days=1)
    named = ((_("Last day"), last), (_("Month end"), month), (_("Year end"), year))
    there = set(dates)
    return [(word, day, day == shown) for word, day in named if day in there]


def _filters(entry: Entry, desk: Desk) -> Sequence[Filter]:
    choices = desk.choices()
    words = ledger.reading.list_words()
    titles = causes.cut_words()
    say: Mapping[str, Callable[[str], str]] = {
        "branch": words.branch,
        "product": words.product,
        "officer": str,
    }
    found = [
        Filter(
            name,
            titles[name],
            [
                Option(each, say[name](each), each == desk.wish.equal.get(name))
                for each in choices[name]
            ],
        )
        for name in FILTERS
    ]
    currencies = desk.register.currencies(desk.scope)
    if len(currencies) > 1:
        options = [
            Option(each, each, each == desk.wish.currency) for each in currencies
        ]
        found.append(Filter("currency", _("Currency"), options, required=True))
    if entry.code == "overdue":
        options = [
            Option(each, numbers.bucket_word(each), each == desk.wish.bucket)
            for each in BUCKETS[1:]
        ]
        found.append(Filter("bucket", _("Bucket"), options))
    if entry.by:
        chosen = desk.wish.by or "product"
        options = [Option(name, titles[name], name == chosen) for name in causes.CUTS]
        found.append(Filter("by", _("Broken down by"), options, required=True))
    return found
