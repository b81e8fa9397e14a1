"""Everything the overdue-ledger page draws around its rows."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import date, timedelta

from django.http import QueryDict
from django.utils.http import urlencode
from django.utils.safestring import SafeString
from django.utils.translation import gettext, pgettext

from daihou.kit import currencies, numbers
from daihou.kit.markup import fill
from daihou.kit.ports import BookReader
from daihou.kit.scope import Scope
from daihou.rooms.ledger import queries
from daihou.rooms.ledger.pages import columns, overdue, view_bar
from daihou.rooms.ledger.pages.wish import (
    BUCKETS,
    CHOSEN,
    SIZES,
    Wish,
    read_day,
    read_wish,
)
from daihou.rooms.ledger.pages.words import ListWords, list_words, status_word
from daihou.rooms.lists import door as lists


@dataclass(frozen=True)
class Option:
    """One choice of a filter, or one column."""

    value: str
    label: str
    chosen: bool = False


@dataclass(frozen=True)
class Line:
    """One row of the table, its cells drawn."""

    loan_id: int
    number: str
    cells: SafeString


@dataclass(frozen=True)
class Choice:
    """One filter with its choices and the one in force."""

    name: str
    label: str
    value: str
    options: Sequence[Option]
    may_be_all: bool = True

    @property
    def drawn(self) -> SafeString:
        """Its options; there can be hundreds, more than a template loops over well."""
        return SafeString(
            "".join(
                fill(
                    '<option value="{}"{}>{}</option>',
                    option.value,
                    SafeString(" selected") if option.value == self.value else "",
                    option.label,
                )
                for option in self.options
            )
        )


@dataclass(frozen=True)
class Jump:
    """A date one click away."""

    label: str
    day: date


@dataclass(frozen=True)
class OverduePage:
    """The whole page; `as_of` is None before the first closed day."""

    as_of: date | None = None
    asked_for: date | None = None
    unread: str = ""
    first_date: date | None = None
    last_date: date | None = None
    fingerprint: str = ""
    wish: Wish = field(default_factory=Wish)
    unit: numbers.Unit | None = None
    cleared: str = ""
    kept_fields: Sequence[tuple[str, str]] = ()
    jumps: Sequence[Jump] = ()
    digits: int = 2
    views: Sequence[view_bar.View] = ()
    shown: view_bar.View | None = None  # the saved view the address names
    address: str = ""  # the conditions as a view would keep them
    choices: Sequence[Choice] = ()
    sizes: Sequence[int] = ()
    heads: Sequence[columns.Head] = ()
    all_columns: Sequence[Option] = ()
    columns_cut: str = ""
    foot: columns.Foot | None = None
    width: int = 0
    lines: Sequence[Line] = ()
    total: overdue.Totals | None = None
    paging: object = None
    is_latest: bool = True


def _choices(
    wish: Wish,
    found: Mapping[str, Sequence[str]],
    words: ListWords,
    currency: currencies.Choice,
) -> Sequence[Choice]:
    labels_of = {
        "branch": gettext("Branch"),
        "product": gettext("Product"),
        "status": gettext("Status"),
        "officer": gettext("Officer"),
        "label": gettext("Label"),
    }

    def label(name: str, value: str) -> str:
        if name == "branch":
            return words.branch(value)
        if name == "status":
            return status_word(value)
        return words.product(value) if name == "product" else value

    def options(name: str) -> Sequence[Option]:
        values = list(found[name])
        if wish.equal[name] and wish.equal[name] not in values:
            values.append(wish.equal[name])
        return [Option(value, label(name, value)) for value in values]

    chosen = [
        Choice(name, labels_of[name], wish.equal[name], options(name))
        for name in CHOSEN
    ]
    runs = [Option(code, numbers.bucket_word(code)) for code in BUCKETS]
    runs += [Option("M2-M3", "M2–M3"), Option("M4-", "M4–M6+")]
    bucket = Choice(
        "bucket", gettext("Bucket"), wish.bucket if wish.buckets else "", runs
    )
    shown = [*chosen[:2], bucket, *chosen[2:]]
    if found["label"] or wish.label:
        there = dict.fromkeys([*found["label"], *([wish.label] if wish.label else [])])
        labels = [Option(word, word) for word in there]
        shown.append(Choice("label", labels_of["label"], wish.label, labels))
    if currency.several:
        codes = [Option(code, code) for code in currency.known]
        one = Choice(
            "currency", gettext("Currency"), currency.code, codes, may_be_all=False
        )
        shown.insert(0, one)
    return shown


def _shown_row(row: Mapping[str, object], words: ListWords) -> Mapping[str, object]:
    return {
        **row,
        "branch": words.branch(str(row["branch"])),
        "product": words.product(str(row["product"])),
        "status_word": (word := status_word(str(row["status"]))),
        "status_mark": "" if row["status"] == "active" else word,
    }


def _jumps(dates: Sequence[date]) -> Sequence[Jump]:
    last = dates[-1]
    month_end = overdue.nearest(dates, last.replace(day=1) - timedelta(days=1))
    wanted = [(pgettext("date", "Latest"), last)]
    if len(dates) > 1:
        wanted.append((gettext("Day before"), dates[-2]))
    if month_end is not None and month_end < last:
        wanted.append((gettext("Last month end"), month_end))
    return [Jump(label, day) for label, day in wanted]


@dataclass(frozen=True)
class Found:
    """The ledger an address asks for, and among what it was chosen."""

    ledger: overdue.Ledger
    wish: Wish
    dates: Sequence[date]
    currency: currencies.Choice


def _only(query: QueryDict) -> Sequence[int] | None:
    """The loans an address names one by one, or None when it names none."""
    if "only" not in query:
        return None
    parts = query["only"][:8000].split(",")
    return [int(part) for part in parts if part.isascii() and part.isdigit()][:500]


def found_ledger(
    reader: BookReader,
    query: QueryDict,
    *,
    scope: Scope,
    whole: bool = False,
    saved: Sequence[lists.View] = (),
) -> Found | None:
    """The ledger an address asks for, or None before the first closed day.

    `only=1,2` in the address keeps those loans; `saved` are the views to count.
    """
    prints = reader.standing()
    dates = sorted(prints)
    as_of = overdue.nearest(dates, read_day(query.get("as_of")))
    if as_of is None:
        return None
    wish = read_wish(query)
    currency = currencies.choose(
        query.get("currency"), queries.register().currencies(scope)
    )
    at = dates.index(as_of)
    ledger = overdue.ledger(
        reader,
        as_of=as_of,
        before=dates[at - 1] if at else None,
        prints=prints,
        asked=overdue.Asked(
            wish,
            views={} if whole else view_bar.wishes(currency.code, saved),
            page=query.get("page"),
            whole=whole,
            labelled=lists.words_of("loan"),
            only=_only(query),
        ),
        scope=scope,
        currency=currency.code,
    )
    return Found(ledger, wish, dates, currency)


def whole_ledger(
    reader: BookReader, query: QueryDict, *, scope: Scope
) -> overdue.Ledger | None:
    """Every row behind an address, in words, for a file; None without a closed day."""
    found = found_ledger(reader, query, scope=scope, whole=True)
    if found is None:
        return None
    words = list_words()
    rows = [_shown_row(row, words) for row in found.ledger.rows]
    return replace(found.ledger, rows=rows)


def _lines(found: Found, words: ListWords) -> Sequence[Line]:
    """The rows of the page, their cells drawn."""
    ledger, kinds = found.ledger, columns.chosen(found.wish.cols)
    ids = [int(str(row["loan_id"])) for row in ledger.rows]
    labelled = any(kind.key == "labels" for kind in kinds)
    how = columns.Drawing(
        unit=_unit(found),
        year=ledger.as_of.year,
        past="" if ledger.as_of == found.dates[-1] else ledger.as_of.isoformat(),
        labels=lists.labels_of("loan", ids) if labelled else {},
    )
    return [
        Line(
            loan_id,
            str(row["number"]),
            columns.cells(_shown_row(row, words), kinds, how),
        )
        for loan_id, row in zip(ids, ledger.rows, strict=True)
    ]


def _unit(found: Found) -> numbers.Unit:
    return numbers.Unit(found.currency.code, large=found.wish.unit == "large")


def _drawn(found: Found, words: ListWords) -> dict[str, object]:
    """The table: its heads, lines and sums, and the columns to choose from."""
    kinds = columns.chosen(found.wish.cols)
    keys = {kind.key for kind in kinds}
    asked = [key for key in found.wish.cols.split(",") if key]
    return {
        "heads": columns.heads(kinds, found.wish.sort),
        "foot": columns.foot(kinds, asdict(found.ledger.total)),
        "width": len(kinds) + 1,
        "lines": _lines(found, words),
        "all_columns": [
            Option(kind.key, str(kind.label), chosen=kind.key in keys)
            for kind in (*kinds, *(k for k in columns.KINDS if k.key not in keys))
        ],
        "columns_cut": columns.too_many(len(asked))
        if len(set(asked)) > columns.MOST
        else "",
    }


def overdue_page(
    reader: BookReader,
    query: QueryDict,
    *,
    scope: Scope,
    saved: Sequence[lists.View] = (),
) -> OverduePage:
    """Everything the page draws; `saved` are the views this reader may open."""
    found = found_ledger(reader, query, scope=scope, saved=saved)
    if found is None:
        return OverduePage()
    ledger, wish, currency = found.ledger, found.wish, found.currency
    words = list_words()
    text = query.get("as_of", "")
    asked = read_day(text)
    latest = ledger.as_of == found.dates[-1]
    kept = {} if latest else {"as_of": ledger.as_of.isoformat()}
    if currency.code not in currency.known[:1]:
        kept["currency"] = currency.code
    bar = view_bar.views(
        wish, saved, ledger.view_counts, currency=currency.code, kept=kept
    )
    shown = next((view for view in bar if view.current and view.saved), None)
    clear = urlencode(kept | {"as_of": ledger.as_of.isoformat()})
    return OverduePage(
        as_of=ledger.as_of,
        asked_for=asked if asked and asked != ledger.as_of else None,
        unread="" if asked or not text else text[:40],
        first_date=found.dates[0],
        last_date=found.dates[-1],
        fingerprint=ledger.fingerprint,
        wish=wish,
        unit=_unit(found),
        digits=currencies.digits(currency.code),
        cleared=shown.address if shown and shown.changed else clear,
        kept_fields=[(k, v) for k, v in query.items() if k not in ("as_of", "page")],
        jumps=_jumps(found.dates),
        views=bar,
        shown=shown,
        address=view_bar.current_address(query),
        choices=_choices(wish, ledger.choices, words, currency),
        sizes=SIZES,
        total=ledger.total,
        paging=ledger.paging,
        is_latest=latest,
        **_drawn(found, words),
    )
