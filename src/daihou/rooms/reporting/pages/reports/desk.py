"""What every report stands on: closed days as one person sees them, in one currency."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from django.http import QueryDict

from daihou.kit import currencies
from daihou.kit.kept import Kept
from daihou.kit.ladder import on_ladder
from daihou.kit.ports import BookReader
from daihou.kit.scope import Scope
from daihou.rooms.ledger import door as ledger
from daihou.rooms.reporting.queries.reports.loans import customers, more

WORDS = ("number", "name", "product", "branch", "officer")
FILTERS = ("branch", "product", "officer")
CLASSES = ("normal", "special_mention", "substandard", "doubtful", "loss")
BAD = CLASSES[2:]
LONGEST = 80  # characters of a condition that are looked at
_CHOICES: Kept[Mapping[str, Sequence[str]]] = Kept(16)


@dataclass(frozen=True)
class Wish:
    """What an address asks of a report; empty does not narrow.

    `since` is the other day of a report about a period, `by` what one about causes is
    broken down by.
    """

    as_of: date
    since: date
    currency: str
    equal: Mapping[str, str] = field(default_factory=dict)
    bucket: str = ""
    by: str = ""
    unread: str = ""  # a day in the address that could not be shown
    moved: date | None = None  # the day asked for, where another one is shown

    @property
    def conditions(self) -> Sequence[tuple[str, str]]:
        """The conditions in force, by name."""
        found = [(name, value) for name, value in self.equal.items() if value]
        more_of = (("bucket", self.bucket), ("by", self.by))
        return found + [(name, value) for name, value in more_of if value]


def nearest(dates: Sequence[date], asked: date) -> date:
    """The closed day asked for, else the last one before it, else the first."""
    at = int(np.searchsorted(np.array(dates, "M8[D]"), np.datetime64(asked), "right"))
    return dates[max(0, at - 1)]


def read_wish(
    query: QueryDict | Mapping[str, str],
    *,
    dates: Sequence[date],
    loans: Mapping[str, int],
) -> Wish:
    """Read an address; `loans` counts the loans a person sees by currency."""
    said = query.get("as_of") or ""
    asked = _day(said)
    as_of = nearest(dates, asked) if asked else dates[-1]
    before = nearest(dates, as_of.replace(day=1) - timedelta(days=1))
    since_asked = _day(query.get("since") or "")
    since = nearest(dates, since_asked) if since_asked else before
    return Wish(
        as_of=as_of,
        since=min(since, as_of),
        currency=currencies.choose(query.get("currency"), loans).code,
        equal={name: _text(query.get(name)) for name in FILTERS},
        bucket=_text(query.get("bucket")),
        by=_text(query.get("by")),
        unread=said[:20] if said and asked is None else "",
        moved=asked if asked and asked != as_of else None,
    )


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if len(text) == 10 else None
    except ValueError:
        return None


def _text(told: str | None) -> str:
    return (told or "").replace("\x00", "").strip()[:LONGEST]


class Desk:
    """The closed days for one pair of eyes and one wish."""

    def __init__(self, reader: BookReader, scope: Scope, wish: Wish) -> None:
        """`wish` holds the day, the currency and the conditions."""
        self._reader, self.scope, self.wish = reader, scope, wish
        self._prints = reader.standing()
        self.register = ledger.book.register()
        self._seen = self.register.seen(scope, currency=wish.currency)

    @property
    def dates(self) -> Sequence[date]:
        """Every closed day, the earliest first."""
        return sorted(self._prints)

    def print_of(self, day: date) -> str:
        """The fingerprint of a closed day."""
        return self._prints[day]

    @property
    def key(self) -> tuple[object, ...]:
        """Everything the content of a report depends on but its code and its tables."""
        wish = self.wish
        days = (wish.as_of, wish.since)
        prints = tuple(self._prints[day] for day in days)
        asked = (wish.currency, tuple(wish.conditions))
        return (*days, *prints, self.register.mark, self.scope, *asked)

    def read(
        self,
        day: date,
        columns: Sequence[str],
        *,
        words: Sequence[str] = WORDS,
        filters: object = None,
    ) -> pa.Table:
        """Positions of a day within the scope, currency and conditions, with `words`.

        A bucket is the step of the common ladder. Of a whole book one asks for few
        words: a million names take their time.
        """
        wanted = sorted({"loan_id", *columns})
        found = self._reader.read(day, columns=wanted, filters=filters)
        if self._seen is not None:
            found = found.filter(pc.is_in(found["loan_id"], self._seen))
        if "bucket" in columns:
            found = on_ladder(found)
        asked = {name: value for name, value in self.wish.equal.items() if value}
        known = self.words(found["loan_id"].to_numpy(), {*words, *asked})
        for name in known.column_names:
            found = found.append_column(name, known[name])
        for name, value in asked.items():
            found = found.filter(pc.equal(found[name].cast(pa.string()), value))
        return found

    def words(self, loan_ids: Any, names: Iterable[str]) -> pa.Table:
        """What the register says of these loans, in their order."""
        loans = self.register.loans
        places = np.searchsorted(loans["loan_id"].to_numpy(), loan_ids)
        return loans.select(sorted(names)).take(pa.array(places))

    def choices(self) -> Mapping[str, Sequence[str]]:
        """The branches, products and officers of the loans that are seen."""

        def look() -> Mapping[str, Sequence[str]]:
            loans = self.register.loans
            if self._seen is not None:
                loans = self.register.of(self._seen.to_numpy())
            return {
                name: sorted(filter(None, pc.unique(loans[name]).to_pylist()))
                for name in FILTERS
            }

        key = (self.register.mark, self.scope, self.wish.currency)
        return _CHOICES.get(key, look)

    def more(self, loan_ids: Any) -> pa.Table:
        """What else the ledger says of these loans (queries.reports.loans)."""
        return more(loan_ids)

    def customers(self, loan_ids: Any) -> pa.ChunkedArray:
        """Whose each of these loans is; quick for a whole book."""
        return customers(loan_ids, mark=self.register.mark)


def _plain(column: pa.ChunkedArray) -> pa.ChunkedArray:
    if pa.types.is_dictionary(column.type):
        return column.cast(pa.string())
    return column


def plain(table: pa.Table) -> pa.Table:
    """The table with words as words, so that it can be written and compared."""
    return pa.table({name: _plain(table[name]) for name in table.column_names})


def summed(table: pa.Table, by: str, sums: Sequence[str]) -> dict[str, dict[str, int]]:
    """Loans (`loans`) and sums of columns by the value of one; one pass."""
    data = pa.table(
        {by: _plain(table[by]), **{name: table[name] for name in sums if name != by}}
    )
    grouped = data.group_by(by).aggregate(
        [*((name, "sum") for name in sums), ([], "count_all")]
    )
    return {
        str(row[by] or ""): {
            "loans": int(row["count_all"]),
            **{name: int(row[f"{name}_sum"] or 0) for name in sums},
        }
        for row in grouped.to_pylist()
    }
