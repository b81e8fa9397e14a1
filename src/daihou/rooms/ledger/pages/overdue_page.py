"""Everything the overdue-ledger page draws around its rows."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

from django.http import QueryDict
from django.utils.http import urlencode
from django.utils.translation import gettext, pgettext

from daihou.kit import currencies, numbers
from daihou.kit.ports import BookReader
from daihou.kit.scope import Scope
from daihou.rooms.ledger import queries
from daihou.rooms.ledger.pages import overdue
from daihou.rooms.ledger.pages.wish import BUCKETS, CHOSEN, Wish, read_day, read_wish
from daihou.rooms.ledger.pages.words import ListWords, list_words, status_word

MUCH = 10_000  # in major units, from where a loan stands in the view of large ones


@dataclass(frozen=True)
class Column:
    """One column head: its words, what it sorts by, how it is sorted now."""

    label: str
    sort: str = ""
    sorted: str = ""
    numeric: bool = False


@dataclass(frozen=True)
class View:
    """A saved view: an address that can be sent, and how many loans it shows."""

    label: str
    address: str
    loans: int
    current: bool


@dataclass(frozen=True)
class Option:
    """One choice of a filter."""

    value: str
    label: str


@dataclass(frozen=True)
class Choice:
    """One filter with its choices and the one in force."""

    name: str
    label: str
    value: str
    options: Sequence[Option]
    may_be_all: bool = True


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
    views: Sequence[View] = ()
    choices: Sequence[Choice] = ()
    columns: Sequence[Column] = ()
    rows: Sequence[Mapping[str, object]] = ()
    total: overdue.Totals | None = None
    paging: object = None
    is_latest: bool = True


def saved_views(currency: str) -> Mapping[str, tuple[str, Mapping[str, str]]]:
    """The views every lender starts with: key -> (label, address fields)."""
    much = gettext("Overdue %(amount)s and more") % {
        "amount": numbers.whole_text(MUCH, currency=currency)
    }
    return {
        "all": (gettext("All overdue"), {}),
        "new": (gettext("Newly late"), {"view": "new"}),
        "first": (gettext("First instalment late"), {"view": "first"}),
        "early": (gettext("M1, 1–30 days"), {"bucket": "M1"}),
        "middle": ("M2–M3", {"bucket": "M2-M3"}),
        "late": (gettext("M4 and later"), {"bucket": "M4-"}),
        "large": (much, {"least": str(MUCH)}),
    }


def _query(fields: Mapping[str, str]) -> QueryDict:
    return QueryDict(urlencode(fields))


def columns(sort: str) -> Sequence[Column]:
    """The column heads; clicking a sorted one turns it around."""
    key, down = sort.removeprefix("-"), sort.startswith("-")

    def head(label: str, by: str = "", *, numeric: bool = False) -> Column:
        if not by:
            return Column(label, numeric=numeric)
        state = ("descending" if down else "ascending") if by == key else ""
        turned = by if (by == key and down) or (by != key and not numeric) else f"-{by}"
        return Column(label, turned, state, numeric)

    return (
        head(gettext("Loan number"), "number"),
        head(gettext("Customer")),
        head(gettext("Branch, product")),
        head(gettext("Bucket"), "bucket"),
        head(gettext("Days"), "dpd", numeric=True),
        head(gettext("Overdue"), "overdue", numeric=True),
        head(gettext("Principal"), "principal", numeric=True),
        head(gettext("Interest"), "interest", numeric=True),
        head(pgettext("column", "Penalty, fees"), "extras", numeric=True),
        head(pgettext("column", "Outstanding"), "outstanding", numeric=True),
        head(pgettext("column", "Instalments"), "instalments", numeric=True),
        head(gettext("Oldest unpaid"), "oldest"),
        head(gettext("Officer")),
    )


def _choices(
    wish: Wish,
    found: Mapping[str, Sequence[str]],
    words: ListWords,
    currency: currencies.Choice,
) -> Sequence[Choice]:
    labels = {
        "branch": gettext("Branch"),
        "product": gettext("Product"),
        "status": gettext("Status"),
        "officer": gettext("Officer"),
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
        Choice(name, labels[name], wish.equal[name], options(name)) for name in CHOSEN
    ]
    runs = [Option(code, numbers.bucket_word(code)) for code in BUCKETS]
    runs += [Option("M2-M3", "M2–M3"), Option("M4-", "M4–M6+")]
    bucket = Choice(
        "bucket", gettext("Bucket"), wish.bucket if wish.buckets else "", runs
    )
    shown = [*chosen[:2], bucket, *chosen[2:]]
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
        "status_mark": ""
        if row["status"] == "active"
        else status_word(str(row["status"])),
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


def _views(
    wish: Wish, counts: Mapping[str, int], currency: str, kept: Mapping[str, str]
) -> Sequence[View]:
    views = []
    for key, (label, fields) in saved_views(currency).items():
        address = urlencode({**kept, **fields})
        mine = read_wish(_query(fields))
        same = (mine.buckets, mine.least, mine.flag) == (
            wish.buckets,
            wish.least,
            wish.flag,
        )
        plain = not any(wish.equal.values()) and not wish.text
        views.append(View(label, address, counts[key], same and plain))
    return views


@dataclass(frozen=True)
class Found:
    """The ledger an address asks for, and among what it was chosen."""

    ledger: overdue.Ledger
    wish: Wish
    dates: Sequence[date]
    currency: currencies.Choice


def found_ledger(
    reader: BookReader, query: QueryDict, *, scope: Scope, whole: bool = False
) -> Found | None:
    """The ledger an address asks for, or None before the first closed day."""
    dates = reader.dates()
    as_of = overdue.nearest(dates, read_day(query.get("as_of")))
    if as_of is None:
        return None
    wish = read_wish(query)
    currency = currencies.choose(
        query.get("currency"), queries.register().currencies(scope)
    )
    views = saved_views(currency.code)
    at = list(dates).index(as_of)
    ledger = overdue.ledger(
        reader,
        as_of=as_of,
        before=dates[at - 1] if at else None,
        wish=wish,
        views={key: read_wish(_query(f)) for key, (_, f) in views.items()},
        scope=scope,
        currency=currency.code,
        page=query.get("page"),
        whole=whole,
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


def overdue_page(reader: BookReader, query: QueryDict, *, scope: Scope) -> OverduePage:
    """Everything the page draws."""
    found = found_ledger(reader, query, scope=scope)
    if found is None:
        return OverduePage()
    ledger, wish, dates, currency = (
        found.ledger,
        found.wish,
        found.dates,
        found.currency,
    )
    words = list_words()
    text = query.get("as_of", "")
    asked = read_day(text)
    latest = ledger.as_of == dates[-1]
    kept = {} if latest else {"as_of": ledger.as_of.isoformat()}
    if currency.code not in currency.known[:1]:
        kept["currency"] = currency.code
    return OverduePage(
        as_of=ledger.as_of,
        asked_for=asked if asked and asked != ledger.as_of else None,
        unread="" if asked or not text else text[:40],
        first_date=dates[0],
        last_date=dates[-1],
        fingerprint=ledger.fingerprint,
        wish=wish,
        unit=numbers.Unit(currency.code, large=wish.unit == "large"),
        cleared=urlencode(kept | {"as_of": ledger.as_of.isoformat()}),
        kept_fields=[(k, v) for k, v in query.items() if k not in ("as_of", "page")],
        jumps=_jumps(dates),
        views=_views(wish, ledger.view_counts, currency.code, kept),
        choices=_choices(wish, ledger.choices, words, currency),
        columns=columns(wish.sort),
        rows=[_shown_row(row, words) for row in ledger.rows],
        total=ledger.total,
        paging=ledger.paging,
        is_latest=latest,
    )
