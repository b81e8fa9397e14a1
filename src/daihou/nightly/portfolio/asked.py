"""Figures by month: shares of the stock, roll rates, NPL formed, classes moved."""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

import numpy as np

from daihou.columnar.portfolio import cube, flows
from daihou.columnar.portfolio.cube import Array, Flags, Rows
from daihou.engine.metrics.definition import Basis, Metric, Ratio
from daihou.engine.metrics.regulatory import CLASSES
from daihou.kit.portfolio import Asked, Cut, Point
from daihou.nightly.portfolio.rows import Book, grouped, in_order
from daihou.nightly.stores.months import Row
from daihou.tables.months import LADDER, STATE

Sums = tuple[Sequence[int], Sequence[int]]
ARROW: Final = "→"
PAIRS: Final = tuple(f"{one}{ARROW}{other}" for one, other in pairwise(LADDER))
ROLLS: Final = ("roll_amount", "roll_count")
_MOVES: Final[Mapping[str, tuple[tuple[str, ...], bool]]] = {
    # id -> the classes it begins in, and whether only what became NPL fell
    "migration_normal_to_bad": (CLASSES[:2], True),
    **{f"migration_{name}": ((name,), False) for name in CLASSES[:4]},
}


@dataclass(frozen=True, slots=True)
class Monthly:
    """A figure of one month: what it reads, and its sums by group.

    `opening`: cuts are those at the end of the month before. `classed`: it needs the
    classes of the month, and with `opening` those of the month before.
    """

    columns: Sequence[str]
    sums: Callable[[Rows, Array, int], Sums]
    hits: Callable[[Rows], Flags]
    weight: str | None  # what the largest is the largest of; None: the balance
    opening: bool = False
    classed: bool = False

    def is_known(self, book: Book, row: Row) -> bool:
        """Whether a month can tell."""
        if not self.opening:
            return bool(row.classes) or not self.classed
        return _are_known(book, row, classes=self.classed)


def monthly(metric: Metric, asked: Asked) -> Monthly | None:
    """How a metric is reckoned from each month; None: it is not by month."""
    if isinstance(metric.expression, Ratio):
        return _stock(metric.expression)
    if metric.id in ROLLS:
        return _forward(by_amount=metric.basis is Basis.AMOUNT)
    if metric.id == "npl_formation":
        return _formation()
    if metric.id == "write_off_rate":
        return _written_off()
    if metric.id in _MOVES:
        return _migration(*_MOVES[metric.id])
    return None


def _stock(expression: Ratio) -> Monthly:
    def hits(rows: Rows) -> Flags:
        mask = np.ones(len(rows), np.bool_)
        for each in expression.part.where:
            mask &= cube.holds(rows, each)
        return mask

    columns = cube.columns_of(expression)
    return Monthly(
        columns=columns,
        sums=lambda rows, group, size: cube.ratio_of(rows, expression, group, size),
        hits=hits,
        weight=None,
        classed="asset_class" in columns,
    )


def _forward(*, by_amount: bool) -> Monthly:
    def hits(rows: Rows) -> Flags:
        before, now = rows.of("state_before"), rows.of("state")
        worse = ((now < flows.STEPS) & (now > before)) | (now == STATE["written_off"])
        found: Flags = (before < flows.STEPS) & worse
        return found

    return Monthly(
        columns=flows.FLOW_COLUMNS,
        sums=lambda rows, group, size: flows.forward(
            rows, group, size, by_amount=by_amount
        ),
        hits=hits,
        weight="balance_before",
        opening=True,
    )


def _formation() -> Monthly:
    bad = CLASSES.index("substandard")

    def sums(rows: Rows, group: Array, size: int) -> Sums:
        found = flows.formation(rows, group, size)
        return [each.formed for each in found.movements], found.opening_loans

    def hits(rows: Rows) -> Flags:
        was = (rows.of("state_before") < flows.STEPS) & (rows.of("class_before") >= bad)
        state = rows.of("state")
        now = (state < flows.STEPS) & (rows.of("asset_class") >= bad)
        gone = np.isin(state, (STATE["written_off"], STATE["transferred"]))
        fresh = ~np.isin(
            rows.of("state_before"), (STATE["written_off"], STATE["transferred"])
        )
        found: Flags = ~was & (now | (gone & fresh))
        return found

    return Monthly(flows.FLOW_COLUMNS, sums, hits, None, opening=True, classed=True)


def _written_off() -> Monthly:
    def hits(rows: Rows) -> Flags:
        off = rows.of("state") == STATE["written_off"]
        fresh = ~np.isin(
            rows.of("state_before"), (STATE["written_off"], STATE["transferred"])
        )
        found: Flags = off & fresh
        return found

    def sums(rows: Rows, group: Array, size: int) -> Sums:
        open_ = rows.of("state_before") < flows.STEPS
        return (
            cube.added(rows.of("lost"), group, size, hits(rows)),
            cube.added(rows.of("balance_before"), group, size, open_),
        )

    return Monthly(flows.FLOW_COLUMNS, sums, hits, "lost", opening=True)


def _migration(starts: tuple[str, ...], to_bad: bool) -> Monthly:  # noqa: FBT001
    def ends(start: str) -> frozenset[str]:
        first = CLASSES.index("substandard") if to_bad else CLASSES.index(start) + 1
        return frozenset(CLASSES[first:])

    def sums(rows: Rows, group: Array, size: int) -> Sums:
        part, whole = [], []
        for moves in flows.class_moves(rows, group, size):
            fell = [
                sum(moves.moved.get((start, end), 0) for end in ends(start))
                for start in starts
            ]
            left = [
                moves.opening(start) - moves.decreased.get(start, 0) for start in starts
            ]
            part.append(sum(fell))
            whole.append(sum(left))
        return part, whole

    def hits(rows: Rows) -> Flags:
        found = np.zeros(len(rows), np.bool_)
        for start in starts:
            among = [CLASSES.index(each) for each in ends(start)]
            stood = rows.of("class_before") == CLASSES.index(start)
            found |= stood & np.isin(rows.of("asset_class"), among)
        return found & (rows.of("state_before") < flows.STEPS)

    return Monthly(
        flows.FLOW_COLUMNS, sums, hits, "balance_before", opening=True, classed=True
    )


def by_month(book: Book, asked: Asked, figure: Monthly) -> list[Point]:
    """The points of a figure for every month asked for, and every value of the cut."""
    found: dict[str, dict[str, tuple[int, int]]] = defaultdict(dict)
    known: dict[str, bool] = {}
    for row in book.within(asked.since, asked.until):
        known[row.name] = figure.is_known(book, row)
        rows = book.rows(row, asked, _with_cut(figure, asked))
        codes, keys = grouped(rows, asked.by, opening=figure.opening)
        part, whole = figure.sums(rows, codes, len(keys))
        held = cube.added(rows.loans(), codes, len(keys))
        for key, n, of, loans in zip(keys, part, whole, held, strict=True):
            if loans or asked.by is None:
                found[key][row.name] = (n, of)
    return [
        Point(key, name, *found[key].get(name, (0, 0)), known=known[name])
        for key in in_order(found, asked.by)
        for name in known
    ]


def _with_cut(figure: Monthly, asked: Asked) -> list[str]:
    more = ["class_before"] if asked.by is Cut.CLASS and figure.opening else []
    return [*figure.columns, *more]


Pairs = Mapping[tuple[str, str], tuple[int, int]]


def by_pair(
    book: Book, asked: Asked, of: Callable[[Rows], Pairs], *, classes: bool = False
) -> list[Point]:
    """Flow rates from each step, or class, to the next worse one, month by month."""
    cells: dict[str, dict[str, tuple[int, int]]] = defaultdict(dict)
    months = book.within(asked.since, asked.until)
    for row in months:
        found = of(book.rows(row, asked, flows.FLOW_COLUMNS))
        for (one, other), sums in found.items():
            cells[f"{one}{ARROW}{other}"][row.name] = sums
    known = {row.name: _are_known(book, row, classes=classes) for row in months}
    return [
        Point(key, name, *sums, known=known[name])
        for key, several in cells.items()
        for name, sums in several.items()
    ]


def _are_known(book: Book, row: Row, *, classes: bool) -> bool:
    last = book.before(row)
    if last is None:
        return False
    return not classes or bool(row.classes and last.classes)


def largest(rows: Rows, mask: Flags, weight: str | None, most: int) -> list[int]:
    """Our numbers of the loans chosen, the largest first; ties by number."""
    ids = rows.of("loan_id")[mask]
    size = rows.of(weight or "balance")[mask]
    return [int(n) for n in ids[np.lexsort((ids, -size))][:most]]
