"""Who got well again and who fell back, and what came on loans written off."""

from collections import defaultdict
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from daihou.columnar.portfolio.counting import Flags
from daihou.columnar.portfolio.cube import Rows, added
from daihou.columnar.portfolio.cures import ENDS, OPEN, Spells
from daihou.columnar.portfolio.lives import ROWS, TALKS, spells_of
from daihou.engine.metrics.cures import End
from daihou.engine.metrics.definition import Metric, Where
from daihou.kit.portfolio import Asked, Cut, Point
from daihou.nightly.errors import NotCounted
from daihou.nightly.portfolio.rows import Book, age_of, grouped, in_order, number_of
from daihou.nightly.stores.months import Row
from daihou.tables import months as shape
from daihou.tables.months import STATE

Array = npt.NDArray[Any]
# Of some loans, which was spoken about in which month.
Talks = Callable[[Array], Collection[tuple[int, str]]]
_KINDS: Final = ("self_cure", "redefault", "cure")
POST_WRITE_OFF: Final = "post_write_off_recovery"


def nobody(_loans: Array) -> Collection[tuple[int, str]]:
    """Where nobody asks who was spoken with."""
    return ()


def kind_of(metric: str) -> tuple[str, int] | None:
    """Which of the rates a metric is, and within how many months; None: another one."""
    kind, _, within = metric.rpartition("_")
    return (kind, int(within)) if kind in _KINDS and within.isdecimal() else None


@dataclass(frozen=True, slots=True)
class Lives:
    """The spells of the loans asked for, each with the value of the cut of its loan."""

    spells: Spells
    group: Array
    keys: Sequence[str]
    first: int
    last: int


def lives(book: Book, asked: Asked, talks: Talks) -> Lives:
    """The spells of delinquency in the complete months of the book.

    Cuts are those of the last month. A loan newly restructured did not get well out
    of its own means.
    """
    if asked.by in (Cut.BUCKET, Cut.CLASS):
        raise NotCounted("cut", metric=asked.metric, cut=asked.by)
    months = [row for row in book.months if row.complete]
    if not months:
        none = np.zeros(0, np.int64)
        nothing = spells_of(ROWS.empty_table(), TALKS.empty_table())
        return Lives(nothing, none, [], 0, -1)
    plain = replace(asked, since="", until="")
    late = Where("worst_dpd", ">", 0)
    ever = book.rows(months[-1], plain, (), where=late)
    ids = ever.of("loan_id")
    codes, keys = grouped(ever, asked.by)
    found = book.files.spells(months, ids, told_talks(talks(ids)))
    group = codes[np.searchsorted(ids, found.account)] if len(found) else codes[:0]
    first, last = (shape.month_number(months[n].name) for n in (0, -1))
    return Lives(found, group, keys, first, last)


def told_talks(talks: Collection[tuple[int, str]]) -> pa.Table:
    """Talks in the form that spells are told by."""
    rows = [(loan, shape.month_number(name)) for loan, name in talks]
    loans, periods = zip(*rows, strict=True) if rows else ((), ())
    columns = [pa.array(loans, pa.int64()), pa.array(periods, pa.int32())]
    return pa.table(columns, schema=TALKS)


def rate(book: Book, asked: Asked, talks: Talks) -> list[Point]:
    """The rate by the month in which spells began, or for a fall back cures did."""
    told = kind_of(asked.metric)
    assert told is not None, asked.metric
    kind, within = told
    seen = lives(book, asked, talks)
    at, whole, part = judged(seen, kind, within)
    names = [
        row.name
        for row in book.within(asked.since, asked.until)
        if row.complete and seen.first <= shape.month_number(row.name)
    ]
    months = len(names)
    if not months:
        return []
    # Months may be missing between them, so a place is not a distance.
    known = np.array([shape.month_number(name) for name in names], np.int64)
    place_of = np.minimum(np.searchsorted(known, at), months - 1)
    inside = known[place_of] == at
    cell = seen.group * months + place_of
    size = len(seen.keys) * months
    ones = np.ones(len(at), np.int64)
    parts = added(ones, cell, size, part & inside)
    wholes = added(ones, cell, size, whole & inside)
    held = added(ones, cell, size, inside)
    keys = [
        key
        for n, key in enumerate(seen.keys)
        if asked.by is None or any(held[n * months : (n + 1) * months])
    ]
    place = {key: n for n, key in enumerate(seen.keys)}
    return [
        Point(
            *(
                key,
                name,
                parts[place[key] * months + n],
                wholes[place[key] * months + n],
            ),
            known=int(known[n]) + within <= seen.last,
        )
        for key in in_order(keys, asked.by)
        for n, name in enumerate(names)
    ]


def judged(seen: Lives, kind: str, within: int) -> tuple[Array, Flags, Flags]:
    """For each spell its month, whether it is in the whole, and whether in the part.

    As `engine.metrics.cures` says of single spells.
    """
    found = seen.spells
    cured = found.end == ENDS.index(End.CURED)
    paid = found.end == ENDS.index(End.SETTLED)
    if kind == "redefault":
        never = np.iinfo(np.int64).min
        fell = (found.fell_back != never) & (found.fell_back - found.ended <= within)
        fell &= cured
        long = found.settled | (found.seen_until - found.ended >= within)
        return found.ended, cured & (fell | long), fell
    until = found.began + within
    told = (found.end != OPEN) | (found.seen_until >= until)
    whole = ~found.unseen & (until <= seen.last) & told
    good = (cured | paid) & ~found.replaced & (found.ended - found.began <= within)
    if kind == "self_cure":
        good &= ~found.contacted
    return found.began, whole, whole & good


def after_write_off(book: Book, asked: Asked) -> list[Point]:
    """Cash on what was written off in a month, cumulative by months since, of it.

    By a cut the months since..until are pooled up to what all of them have reached.
    """
    if asked.by in (Cut.BUCKET, Cut.CLASS):
        raise NotCounted("cut", metric=asked.metric, cut=asked.by)
    own = None if asked.by is Cut.COHORT else asked.by
    began: dict[int, tuple[int, str]] = {}
    old: set[int] = set()
    lost: dict[tuple[str, int], int] = defaultdict(int)
    came: dict[tuple[str, int, int], int] = defaultdict(int)
    months = _over(book)
    plain = replace(asked, since="", until="")
    for row in months:
        at = shape.month_number(row.name)
        off, before = _off(book, row, plain)
        codes, keys = grouped(off, own)
        told = (off.of("loan_id"), before, codes, off.of("recovered"), off.of("lost"))
        for loan, was_off, code, cash, left in zip(
            *(x.tolist() for x in told), strict=True
        ):
            if loan in old or (was_off and loan not in began):
                old.add(loan)
                continue
            if loan not in began:
                began[loan] = (at, keys[code])
                lost[keys[code], at] += left
            since, key = began[loan]
            came[key, since, at - since] += cash
    if not months:
        return []
    last = shape.month_number(months[-1].name)
    first = shape.month_number(asked.since) if asked.since else 0
    until = shape.month_number(asked.until) if asked.until else last
    lines = {line: n for line, n in lost.items() if first <= line[1] <= until and n}
    return _cumulative(lines, came, last, pooled=own is not None)


def _over(book: Book) -> list[Row]:
    """The months up to the last that is over; one not closed to its end is among them.

    Its money belongs to it, and what came after its last day to the next.
    """
    complete = [n for n, row in enumerate(book.months) if row.complete]
    return list(book.months[: complete[-1] + 1]) if complete else []


def _off(book: Book, row: Row, asked: Asked) -> tuple[Rows, Flags]:
    """The loans that stand as written off, and which of them did so before.

    In the first month nobody can tell when one was written off that was there already.
    """
    columns = ("state_before", "recovered", "lost")
    gone = Where("state", "==", STATE[shape.WRITTEN_OFF])
    off = book.rows(row, asked, columns, where=gone)
    before = off.of("state_before")
    was_off: Flags = before == STATE[shape.WRITTEN_OFF]
    if row == book.months[0]:
        was_off |= before == STATE[shape.MISSING]
    return off, was_off


def _cumulative(
    lines: dict[tuple[str, int], int],
    came: dict[tuple[str, int, int], int],
    last: int,
    *,
    pooled: bool,
) -> list[Point]:
    several: dict[str, list[tuple[str, int]]] = defaultdict(list)
    for key, since in sorted(lines):
        several[key if pooled else shape.month_name(since)].append((key, since))
    ages = last - min((since for _, since in lines), default=last) + 1
    found = []
    for name in sorted(several):
        whole = sum(lines[line] for line in several[name])
        reach = last - max(since for _, since in several[name])
        total = 0
        for age in range(ages):
            if age > reach:
                found.append(Point(name, str(age), 0, 0, known=False))
                continue
            total += sum(came[(*line, age)] for line in several[name])
            found.append(Point(name, str(age), total, whole))
    return found


def loans(
    book: Book, asked: Asked, metric: Metric, talks: Talks, *, at: str, key: str
) -> list[int]:
    """The loans of the numerator of one cell, by number."""
    if metric.id == POST_WRITE_OFF:
        return _written_off(book, asked, key=key, age=age_of(at))
    told = kind_of(metric.id)
    assert told is not None, metric.id
    seen = lives(book, asked, talks)
    months, _, part = judged(seen, *told)
    if key not in seen.keys:
        return []
    mask = part & (months == number_of(at))
    mask &= seen.group == list(seen.keys).index(key)
    return sorted(set(seen.spells.account[mask].tolist()))


def _written_off(book: Book, asked: Asked, *, key: str, age: int) -> list[int]:
    """Loans of a line that brought money by that age, by number."""
    found: set[int] = set()
    own = None if asked.by is Cut.COHORT else asked.by
    began: dict[int, tuple[int, str]] = {}
    old: set[int] = set()
    plain = replace(asked, since="", until="")
    for row in _over(book):
        at = shape.month_number(row.name)
        off, before = _off(book, row, plain)
        codes, keys = grouped(off, own)
        told = (off.of("loan_id"), before, codes, off.of("recovered"))
        for loan, was_off, code, cash in zip(*(x.tolist() for x in told), strict=True):
            if loan in old or (was_off and loan not in began):
                old.add(loan)
                continue
            since, word = began.setdefault(loan, (at, keys[code]))
            line = word if own is not None else shape.month_name(since)
            if line == key and at - since <= age and cash > 0:
                found.add(loan)
    return sorted(found)
