"""A decision table compiled: every column cut into pieces, every piece a set of rows.

A row matches where its bit is left after the sets of all columns are intersected. The
pieces are those of the checks (`engine.strategy.checks`), so that one reading of a cell
serves the plain text, the checks and the book.
"""

from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from daihou.columnar.strategy.columns import (
    MISSING,
    Column,
    Columns,
    coded,
    numbers,
)
from daihou.engine.strategy import cells
from daihou.engine.strategy.checks import examples
from daihou.engine.strategy.matching import Test, number
from daihou.engine.strategy.table import ORDERED, Hit, Input, Row, Table, Value

Array = np.ndarray[Any, Any]
NO_ROW: Final = -1
CONFLICT: Final = -2
CHUNK: Final = 65_536  # customers at a time: their sets stay in the cache
_BITS: Final = 64


@dataclass(frozen=True, slots=True)
class _Asked:
    """A column of the table: where pieces begin, and the rows of each, 64 to a word.

    `starts` are the first numbers of the pieces; the last of `sets` is of what is not
    known. Of words, `tests` are asked once for each word that occurs.
    """

    column: Input
    tests: tuple[Test, ...]
    starts: Array
    sets: Array

    def places(self, values: Column) -> tuple[Array, Array]:
        """The piece of each value, and the sets that those pieces stand for."""
        if self.column.kind in ORDERED:
            found = numbers(values)
            pieces = np.searchsorted(self.starts, found, side="right") - 1
            # What lies below every piece belongs to the first: nothing tells them apart
            # unless the column has a least value, and then it cannot be.
            pieces = np.maximum(pieces, 0)
            return np.where(found == MISSING, len(self.starts), pieces), self.sets
        one = coded(values)
        every = [*one.words, None]
        known: list[Value] = [
            each == "yes" if each is not None and self._is_flag else each
            for each in every
        ]
        sets = _sets(self.tests, known, self.column, words=self.sets.shape[1])
        return np.where(one.codes < 0, len(one.words), one.codes), sets

    @property
    def _is_flag(self) -> bool:
        return self.column.kind.value == "flag"


def _sets(
    tests: tuple[Test, ...], values: list[Value], column: Input, *, words: int
) -> Array:
    """The rows that match each value, a bit a row."""
    found = np.zeros((len(values), words), np.uint64)
    for at, value in enumerate(values):
        for row, test in enumerate(tests):
            if test.holds(value, column.kind):
                found[at, row // _BITS] |= np.uint64(1) << np.uint64(row % _BITS)
    return found


@dataclass(frozen=True, slots=True)
class Compiled:
    """A table ready for columns; `order` are its rows as the hit policy asks them."""

    table: Table
    order: Array
    asked: tuple[_Asked, ...]
    allies: Array  # rows that may match beside each row without a conflict

    def run(self, columns: Columns) -> Array:
        """The place of the row that counts for each customer, as int16.

        `NO_ROW` where none matches, `CONFLICT` where the hit policy lets only one
        answer and there are more. Every input of the table must be among the columns.
        """
        assert self.table.hit is not Hit.COLLECT, "ask `collect` instead"
        found = np.full(_size(columns), NO_ROW, np.int16)
        for begin, sets in self._chunks(columns):
            found[begin : begin + len(sets)] = self._first(sets)
        return found

    def collect(self, columns: Columns) -> Array:
        """Every row that matches each customer: a matrix of truths, a column a row."""
        found = np.zeros((_size(columns), len(self.table.rows)), np.bool_)
        for begin, sets in self._chunks(columns):
            for at, row in enumerate(self.order):
                bit = sets[:, at // _BITS] >> np.uint64(at % _BITS)
                found[begin : begin + len(sets), row] = (bit & np.uint64(1)) != 0
        return found

    def _chunks(self, columns: Columns) -> Any:
        """Yield where a chunk begins, and the rows left for each customer of it."""
        prepared = [each.places(columns[each.column.name]) for each in self.asked]
        size = _size(columns)
        words = self.allies.shape[1]
        every = np.zeros(words, np.uint64)
        for at in range(len(self.order)):
            every[at // _BITS] |= np.uint64(1) << np.uint64(at % _BITS)
        for begin in range(0, size, CHUNK):
            end = min(begin + CHUNK, size)
            left = np.tile(every, (end - begin, 1))
            for places, sets in prepared:
                left &= sets[places[begin:end]]
            yield begin, left

    def _first(self, sets: Array) -> Array:
        """The first row of each set, NO_ROW of an empty one, CONFLICT of too many."""
        found = np.full(len(sets), NO_ROW, np.int16)
        for word in range(sets.shape[1]):
            here = np.flatnonzero((found == NO_ROW) & (sets[:, word] != 0))
            lowest = sets[here, word]
            lowest = lowest & (~lowest + np.uint64(1))
            # A power of two is exact as a float, so its exponent is the bit.
            bit = np.frexp(lowest.astype(np.float64))[1] - 1
            found[here] = (word * _BITS + bit).astype(np.int16)
        some = np.flatnonzero(found >= 0)
        first = found[some]
        found[some] = self.order[first]
        if self.table.hit in (Hit.UNIQUE, Hit.ANY):
            against = (sets[some] & ~self.allies[first]).any(axis=1)
            found[some[against]] = CONFLICT
        return found


def _size(columns: Columns) -> int:
    sizes = {len(each) for each in columns.values()}
    assert len(sizes) == 1, sizes
    return sizes.pop()


def compile_table(table: Table) -> Compiled:
    """Compile a table; a cell that cannot be read raises StrategyError."""
    order = _order(table)
    rows = [table.rows[at] for at in order]
    words = max(1, -(-len(rows) // _BITS))
    asked = []
    for place, column in enumerate(table.inputs):
        tests = tuple(
            cells.read(row.cells[place], column, row=row.id).test for row in rows
        )
        asked.append(_compiled(column, tests, words))
    return Compiled(
        table, np.array(order, np.int16), tuple(asked), _allies(table, rows)
    )


def _compiled(column: Input, tests: tuple[Test, ...], words: int) -> _Asked:
    if column.kind not in ORDERED:
        return _Asked(
            column, tests, np.zeros(0, np.int64), np.zeros((1, words), np.uint64)
        )
    begins = [each for each in examples(column, tests) if each is not None]
    starts = np.array([number(each, column.kind) for each in begins], np.int64)
    sets = _sets(tests, [*begins, None], column, words=words)
    return _Asked(column, tests, starts, sets)


def _order(table: Table) -> list[int]:
    """Rows as they are asked: as they stand, or the highest priority first."""
    places = list(range(len(table.rows)))
    if table.hit is not Hit.PRIORITY:
        return places
    at = table.output_place("priority")

    def rank(place: int) -> tuple[int, int]:
        value = table.rows[place].values[at]
        return (-value if isinstance(value, int) else 0, place)

    return sorted(places, key=rank)


def _allies(table: Table, rows: list[Row]) -> Array:
    words = max(1, -(-len(rows) // _BITS))
    found = np.zeros((max(1, len(rows)), words), np.uint64)
    for one, row in enumerate(rows):
        for other, beside in enumerate(rows):
            same = table.hit is Hit.ANY and row.values == beside.values
            if one == other or same:
                bit = np.uint64(1) << np.uint64(other % _BITS)
                found[one, other // _BITS] |= bit
    return found
