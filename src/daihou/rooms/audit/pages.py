"""What the explorer and the timeline panel show of events, and the sheet taken out."""

import csv
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, fields, replace
from datetime import date, datetime, time, timedelta
from io import StringIO
from urllib.parse import urlencode

from django.utils import timezone
from django.utils.dateparse import parse_date

from daihou.engine.basics.money import DIGITS
from daihou.kit import numbers
from daihou.kit.watermark import Mark
from daihou.rooms.audit import field_words, queries
from daihou.rooms.audit.queries import Entry, Search

SIZE = 50
_TEXTS = ("person", "subject_type", "subject_id", "type")
_MONEY = frozenset({"amount", "overdue"})
_DIGEST = re.compile(r"[0-9a-f]{64}")
_words: dict[str, object] = {}  # type of event -> its (lazily translated) word
_COLUMNS = (*(each.name for each in fields(Entry)),)


def name_events(words: Mapping[str, object]) -> None:
    """Say what types of events are called, for stories and the explorer."""
    _words.update(words)


@dataclass(frozen=True, slots=True)
class Line:
    """One event as it is shown; `changes` are name, before, after."""

    entry: Entry
    changes: tuple[tuple[str, str, str], ...]
    details: tuple[tuple[str, str], ...]

    @property
    def word(self) -> str:
        """What happened, in words; a type nobody named is shown as it is."""
        return str(_words.get(self.entry.type, self.entry.type))

    @property
    def of_subject(self) -> str:
        """The address query that shows the whole story of the same subject."""
        entry = self.entry
        return urlencode(
            {"subject_type": entry.subject_type, "subject_id": entry.subject_id}
        )


@dataclass(frozen=True, slots=True)
class Explorer:
    """One page of the explorer; `older` is the address query of the next one."""

    search: Search
    since: date | None
    until: date | None
    lines: tuple[Line, ...]
    older: str
    paged: bool
    kept: str  # the conditions as an address query

    @property
    def narrowed(self) -> bool:
        """Whether anything is asked for."""
        return bool(self.kept)

    @property
    def known(self) -> tuple[tuple[str, str], ...]:
        """Types of events and their words, to choose from."""
        return tuple((type, str(_words[type])) for type in sorted(_words))


def explorer(query: Mapping[str, str]) -> Explorer:
    """The page behind an address; what cannot be read in it is left out."""
    search, since, until = asked(query)
    given = query.get("before", "")
    # An id has at most 18 digits here; more would be no id of the database.
    before = int(given) if given.isascii() and given.isdigit() else 0
    before = before if before < 10**18 else 0
    found = queries.find(search, limit=SIZE + 1, before=before)
    shown = lines(found[:SIZE])
    kept = {name: getattr(search, name) for name in _TEXTS if getattr(search, name)}
    kept |= {"since": since.isoformat()} if since else {}
    kept |= {"until": until.isoformat()} if until else {}
    older = ""
    if len(found) > SIZE:
        older = urlencode(kept | {"before": str(found[SIZE - 1].id)})
    return Explorer(
        search=search,
        since=since,
        until=until,
        lines=shown,
        older=older,
        paged=bool(before),
        kept=urlencode(kept),
    )


def asked(query: Mapping[str, str]) -> tuple[Search, date | None, date | None]:
    """The search of an address, and its first and last day."""
    since, until = _day(query.get("since", "")), _day(query.get("until", ""))
    search = Search(
        person=_given(query, "person"),
        subject_type=_given(query, "subject_type"),
        subject_id=_given(query, "subject_id"),
        type=_given(query, "type"),
    )
    if since:
        search = replace(search, since=_begin(since))
    if until and until < date.max:
        search = replace(search, until=_begin(until + timedelta(days=1)))
    return search, since, until


def _given(query: Mapping[str, str], name: str) -> str:
    return query.get(name, "").replace("\0", "").strip()[:80]


def _day(text: str) -> date | None:
    try:
        found = parse_date(text)
    except ValueError:  # written like a date, but there is no such day
        return None
    return found if found and 1900 < found.year < 9000 else None


def _begin(day: date) -> datetime:
    return datetime.combine(day, time.min, tzinfo=timezone.get_current_timezone())


def lines(entries: Iterable[Entry]) -> tuple[Line, ...]:
    """Events with what changed, name by name."""
    return tuple(
        Line(
            entry,
            _changes(entry.before, entry.after),
            _details(entry.payload),
        )
        for entry in entries
    )


def panel(
    *, subject_type: str, subject_id: str | int, limit: int = 20
) -> tuple[Line, ...]:
    """The newest events of one subject, for `audit/parts/timeline.html`.

    Ask for it only where the reader may see the subject: it is not looked at here.
    """
    return lines(
        queries.timeline(subject_type=subject_type, subject_id=subject_id, limit=limit)
    )


def panel_of(
    subjects: Mapping[str, Iterable[str | int]], *, limit: int = 20
) -> tuple[Line, ...]:
    """The newest events of several subjects together; look at `panel`."""
    return lines(queries.timeline_of(subjects, limit=limit))


def _changes(before: object, after: object) -> tuple[tuple[str, str, str], ...]:
    old = before if isinstance(before, Mapping) else {}
    new = after if isinstance(after, Mapping) else {}
    return tuple(
        (_name(name), _value(name, old.get(name)), _value(name, new.get(name)))
        for name in dict.fromkeys((*old, *new))
        if old.get(name) != new.get(name)
    )


def _details(payload: Mapping[str, object]) -> tuple[tuple[str, str], ...]:
    """What an event says beside its changes; what is empty says nothing."""
    told = payload.get("currency")
    currency = told if isinstance(told, str) and told in DIGITS else ""
    found = [
        (_name(name), _shown(name, value, currency)) for name, value in payload.items()
    ]
    return tuple((name, text) for name, text in found if text)


def _name(field: str) -> str:
    """A field in words; one nobody named keeps its code."""
    return str(field_words.WORDS.get(field, field))


def _value(name: str, value: object) -> str:
    """A value of a field; a code in words where the field has such codes."""
    if name in field_words.IN_WORDS and isinstance(value, str):
        return str(field_words.VALUES.get(value, value))
    return _text(value)


def _text(value: object) -> str:
    if value is None:
        return "–"
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _shown(name: str, value: object, currency: str) -> str:
    """A value on a page: amounts in their currency, digests short, lists in words."""
    if value in (None, "", [], {}):
        return ""
    if name in _MONEY and isinstance(value, int) and currency:
        return str(numbers.money_parts(value, currency=currency))
    if isinstance(value, str) and _DIGEST.fullmatch(value):
        return f"{value[:4]}…{value[-4:]}"
    if isinstance(value, list):
        return ", ".join(_shown(name, each, currency) for each in value if each)
    if isinstance(value, Mapping):
        parts = [
            (_name(key), _shown(key, each, currency)) for key, each in value.items()
        ]
        return " ".join(f"{key} {text}" for key, text in parts if text)
    return _value(name, value)


def sheet(entries: Iterable[Entry], *, mark: Mark) -> Iterator[str]:
    """The lines of a CSV; the first says who took it out, when, by which request."""
    yield "\ufeff" + _row(mark.csv_row())
    yield _row(_COLUMNS)
    for entry in entries:
        yield _row([getattr(entry, name) for name in _COLUMNS])


def _row(cells: Iterable[object]) -> str:
    buffer = StringIO()
    csv.writer(buffer).writerow([_cell(cell) for cell in cells])
    return buffer.getvalue()


def _cell(value: object) -> str:
    """Text that a spreadsheet would run gets a quote before it."""
    if value is None:
        return ""
    if isinstance(value, datetime | date):
        return value.isoformat()
    text = value if isinstance(value, str) else _text(value)
    return f"'{text}" if text[:1] in ("=", "+", "-", "@", "\t", "\r") else text
