"""The list of cases as the page draws it: filters, views, columns, rows."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from django.http import QueryDict
from django.utils.translation import gettext, gettext_lazy

from daihou.rooms.casework.pages import case_words as words
from daihou.rooms.casework.pages import led
from daihou.rooms.casework.pages.floor import queue_titles
from daihou.rooms.casework.queries import listing
from daihou.rooms.casework.queries.cases import CaseLine
from daihou.rooms.casework.states import Delinquency, Resolution
from daihou.rooms.ledger import door as ledger
from daihou.rooms.lists import door as lists
from daihou.rooms.people import door as people

CODE: Final = "cases"
FIELDS: Final = frozenset(
    {"state", "queue", "collector", "bucket", "agreed", "sort", "cols"}
)
COLUMNS: Final = (
    "queue",
    "hands",
    "bucket",
    "dpd",
    "overdue",
    "owed",
    "value",
    "agreed",
    "worked",
    "opened",
)
USUAL: Final = ("queue", "hands", "bucket", "dpd", "overdue", "agreed", "worked")


@dataclass(frozen=True, slots=True)
class Choice:
    """One thing to choose in a filter."""

    value: str
    label: str
    chosen: bool


@dataclass(frozen=True, slots=True)
class Filter:
    """One filter with what may be chosen."""

    name: str
    label: str
    choices: Sequence[Choice]

    @property
    def on(self) -> bool:
        """Whether it narrows."""
        return any(each.chosen and each.value for each in self.choices)


@dataclass(frozen=True, slots=True)
class Row:
    """One case with its words."""

    case: CaseLine
    name: str
    queue: str
    hands: str
    agreed: str
    chip: words.Chip | None


@dataclass(frozen=True, slots=True)
class ListPage:
    """Everything the page draws; `next` and `previous` are page numbers or 0."""

    rows: Sequence[Row]
    filters: Sequence[Filter]
    text: str
    sort: str
    columns: Sequence[str]
    all_columns: Sequence[Choice]
    bar: lists.Bar
    number: int
    next: int
    previous: int
    narrowed: bool


def register() -> None:
    """Name the list, so that its views can be saved."""
    lists.register(
        lists.ListKind(
            CODE,
            gettext_lazy("Cases"),
            "casework:cases",
            FIELDS,
            people.Permission.VIEW_LOANS,
        )
    )


def list_page(query: QueryDict, *, by: people.Person, today: date) -> ListPage:
    """The list behind an address; what cannot be read in it is left out."""
    wish, text = _wish(query, by)
    found = listing.page(wish, scope=by.scope)
    names = ledger.reading.names_of(each.customer_id for each in found.lines)
    logins = people.names()
    titles = queue_titles()
    columns = _columns(query)
    return ListPage(
        rows=[_row(each, names, logins, titles) for each in found.lines],
        filters=_filters(wish, titles, led.choices(by)),
        text=text,
        sort=wish.sort,
        columns=columns,
        all_columns=[
            Choice(each, column_word(each), each in columns) for each in COLUMNS
        ],
        bar=lists.bar(CODE, query, person=by),
        number=wish.page,
        next=wish.page + 1 if found.more else 0,
        previous=wish.page - 1,
        narrowed=bool(text or any(query.get(name) for name in FIELDS - {"sort"})),
    )


def _wish(query: QueryDict, by: people.Person) -> tuple[listing.Wish, str]:
    page = query.get("page", "")
    number = int(page) if page.isascii() and page.isdigit() and len(page) < 5 else 1
    text = query.get("text", "").replace("\0", "").strip()[:80]
    is_number = len(text) > 1 and text[0] in "Aa" and text[1:].isdigit()
    loans = None
    if text and not is_number:
        hits = ledger.reading.search(text, scope=by.scope, limit=200)
        loans = [each.loan_id for each in hits]
    sort = query.get("sort", "")
    return (
        listing.Wish(
            state=query.get("state", "open"),
            queue=_word(query, "queue"),
            collector=_word(query, "collector"),
            delinquency=_among(query.get("bucket", ""), Delinquency),
            resolution=_among(query.get("agreed", ""), Resolution),
            number=text.upper() if is_number else "",
            loans=loans,
            sort=sort if sort in listing.SORTS else "overdue",
            page=max(1, number),
        ),
        text,
    )


def _word(query: QueryDict, name: str) -> str:
    return str(query.get(name, "").replace("\0", "")[:150])


def _among(text: str, known: type) -> str:
    return text if text in {str(each.value) for each in known} else ""  # type: ignore[attr-defined]


def _columns(query: QueryDict) -> Sequence[str]:
    asked = [each for each in query.get("cols", "").split(",") if each in COLUMNS]
    return asked or list(USUAL)


def column_word(code: str) -> str:
    """What stands over a column."""
    return str(
        {
            "queue": gettext("Queue"),
            "hands": gettext("In whose hands"),
            "bucket": gettext("Bucket"),
            "dpd": gettext("Days past due"),
            "overdue": gettext("Overdue now"),
            "owed": gettext("Owed in all"),
            "value": gettext("Expected"),
            "agreed": gettext("Agreed"),
            "worked": gettext("Worked last"),
            "opened": gettext("Opened"),
        }[code]
    )


def _row(
    case: CaseLine,
    names: Mapping[int, str],
    logins: Mapping[str, str],
    titles: Mapping[str, str],
) -> Row:
    worker = logins.get(case.worker, case.worker)
    chip = None
    if case.held:
        chip = ("warn", "bars", gettext("Left in peace"))
    elif not case.is_open:
        chip = words.lifecycle_chip(case.lifecycle)
    return Row(
        case=case,
        name=names.get(case.customer_id, case.number),
        queue=titles.get(case.queue, case.queue),
        hands=worker or case.team or gettext("nobody yet"),
        agreed=""
        if case.resolution == "none"
        else words.resolution_word(case.resolution),
        chip=chip,
    )


def _filters(
    wish: listing.Wish, titles: Mapping[str, str], takers: Sequence[tuple[str, str]]
) -> Sequence[Filter]:
    hands = [("-", gettext("nobody yet")), *takers]
    buckets = [(each.value, words.delinquency_word(each.value)) for each in Delinquency]
    agreed = [(each.value, words.resolution_word(each.value)) for each in Resolution]
    states = [
        ("open", gettext("Open")),
        ("held", gettext("Left in peace")),
        ("closed", gettext("Closed")),
        ("all", gettext("All")),
    ]
    everything = [("", gettext("All"))]
    return [
        _filter("state", gettext("State"), states, wish.state),
        _filter(
            "queue", gettext("Queue"), everything + list(titles.items()), wish.queue
        ),
        _filter("collector", gettext("Hands"), everything + hands, wish.collector),
        _filter("bucket", gettext("Bucket"), everything + buckets, wish.delinquency),
        _filter("agreed", gettext("Agreed"), everything + agreed, wish.resolution),
    ]


def _filter(
    name: str, label: str, choices: Sequence[tuple[str, str]], chosen: str
) -> Filter:
    return Filter(
        name, label, [Choice(value, said, value == chosen) for value, said in choices]
    )
