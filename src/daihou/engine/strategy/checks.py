"""What is wrong with a table: overlaps, gaps, rows that nothing reaches.

Every column is cut where some cell begins or ends. Between two cuts no row can tell two
values apart, so the table is checked on the pieces, and what is found is exact. A table
can be made for which that takes very long; then the finding says so.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from daihou.engine.strategy import cells
from daihou.engine.strategy.check_words import WORDS
from daihou.engine.strategy.errors import StrategyError
from daihou.engine.strategy.matching import Test, value_of, word
from daihou.engine.strategy.table import (
    ORDERED,
    Hit,
    Input,
    Kind,
    Output,
    Row,
    Table,
    Value,
)

MOST_NODES: Final = 200_000  # about two seconds
MOST_EXAMPLES: Final = 5


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing found; `example` are facts that show it.

    `kind` is overlap, gap, unreachable, cell, unknown (a name that does not exist) or
    bound (not looked at to the end).
    """

    kind: str
    rows: tuple[str, ...]
    example: Mapping[str, Value]
    zh: str
    en: str

    def say(self, language: str) -> str:
        """What is wrong, in `language` (zh... is Chinese, else English)."""
        return self.zh if language.startswith("zh") else self.en


def finding(
    code: str,
    kind: str,
    rows: tuple[str, ...] = (),
    example: Mapping[str, Value] | None = None,
    **params: object,
) -> Finding:
    """Make a finding whose words are those of `code`."""
    english, chinese = WORDS[code]
    known = {"rows": ", ".join(rows), **params}
    return Finding(
        kind, rows, example or {}, chinese.format(**known), english.format(**known)
    )


def check(table: Table, *, most_nodes: int = MOST_NODES) -> tuple[Finding, ...]:
    """Look at a whole table; nothing found: every case has the answer one can see."""
    unreadable = tuple(_unreadable(table))
    bad = {row for each in unreadable for row in each.rows}
    rows = tuple(row for row in table.rows if row.id not in bad)
    pieces = Pieces.of(table, rows)
    budget = _Budget(most_nodes)
    found = [*unreadable, *_overlaps(table, pieces)]
    try:
        found += _unreachable(table, pieces, budget)
        found += _gaps(pieces, budget)
    except _Exhausted:
        found.append(finding("bound", "bound", nodes=most_nodes))
    return tuple(found)


# -- what cannot be read -----------------------------------------------------------------


def _unreadable(table: Table) -> Iterator[Finding]:
    for row in table.rows:
        yield from _unreadable_row(table, row)


def _unreadable_row(table: Table, row: Row) -> Iterator[Finding]:
    for column, text in zip(table.inputs, row.cells, strict=True):
        try:
            cells.read(text, column, row=row.id)
        except StrategyError as error:
            yield _of_error(error, row)
    for answer, value in zip(table.outputs, row.values, strict=True):
        if isinstance(value, str) and not _fits(value, answer):
            try:
                cells.read_value(value, answer, row=row.id)
            except StrategyError as error:
                yield _of_error(error, row)


def _of_error(error: StrategyError, row: Row) -> Finding:
    return Finding("cell", (row.id,), {}, error.say("zh"), error.say("en"))


def _fits(value: str, column: Output) -> bool:
    known = not column.choices or value in column.choices
    return column.kind is Kind.TEXT and known


# -- pieces ------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a column within which no row tells two values apart.

    `example` is one value of it; `rows` has a bit for each row that matches.
    """

    example: Value
    rows: int


@dataclass(frozen=True, slots=True)
class Pieces:
    """A table cut into pieces, column by column."""

    inputs: tuple[Input, ...]
    rows: tuple[Row, ...]
    columns: tuple[tuple[Piece, ...], ...]

    @classmethod
    def of(cls, table: Table, rows: Sequence[Row]) -> "Pieces":
        """Cut a table; every cell of `rows` can be read."""
        columns = []
        for place, column in enumerate(table.inputs):
            tests = [cells.read(row.cells[place], column).test for row in rows]
            columns.append(
                tuple(
                    Piece(value, _matching(tests, value, column.kind))
                    for value in examples(column, tests)
                )
            )
        return cls(table.inputs, tuple(rows), tuple(columns))


def _matching(tests: Sequence[Test], value: Value, kind: Kind) -> int:
    found = 0
    for place, test in enumerate(tests):
        if test.holds(value, kind):
            found |= 1 << place
    return found


def examples(column: Input, tests: Sequence[Test]) -> list[Value]:
    """One value of each piece of a column, in order; None for what is not known."""
    if column.kind in ORDERED:
        found = _numbers(column, tests)
    else:
        found = _words(column, tests)
    return [*found, None] if column.may_be_unknown else found


def _numbers(column: Input, tests: Sequence[Test]) -> list[Value]:
    cuts = set()
    for test in tests:
        assert not hasattr(test, "words"), test
        for span in test.spans:
            cuts |= {end for end in span if end is not None}
    if column.least is not None:
        begins = sorted({column.least, *(cut for cut in cuts if cut > column.least)})
    else:
        begins = sorted(cuts)
        begins.insert(0, begins[0] - 1 if begins else 0)
    return [value_of(each, column.kind) for each in begins]


def _words(column: Input, tests: Sequence[Test]) -> list[Value]:
    if column.kind is Kind.FLAG:
        return [True, False]
    if column.choices:
        return list(column.choices)
    named: set[str] = set()
    for test in tests:
        assert not hasattr(test, "spans"), test
        named |= test.words
    other = "other"
    while other in named:
        other += "_"
    return [*sorted(named), other]


# -- overlaps ----------------------------------------------------------------------------


def _overlaps(table: Table, pieces: Pieces) -> Iterator[Finding]:
    """Pairs of rows that share a case, where the hit policy does not say which counts."""
    if table.hit in (Hit.FIRST, Hit.COLLECT):
        return
    for later, row in enumerate(pieces.rows):
        for earlier in range(later):
            before = pieces.rows[earlier]
            if not _clash(table, before, row):
                continue
            shared = _shared(pieces, earlier, later)
            if shared is not None:
                code = f"overlap_{table.hit.value}"
                yield finding(code, "overlap", (before.id, row.id), shared)


def _clash(table: Table, one: Row, other: Row) -> bool:
    if table.hit is Hit.UNIQUE:
        return True
    if table.hit is Hit.PRIORITY:
        place = table.output_place("priority")
        if one.values[place] != other.values[place]:
            return False
    return one.values != other.values


def _shared(pieces: Pieces, one: int, other: int) -> dict[str, Value] | None:
    """A case that both rows match; None: there is none."""
    both = (1 << one) | (1 << other)
    found: dict[str, Value] = {}
    for column, parts in zip(pieces.inputs, pieces.columns, strict=True):
        piece = next((part for part in parts if part.rows & both == both), None)
        if piece is None:
            return None
        found[column.name] = piece.example
    return found


# -- what is covered ---------------------------------------------------------------------


class _Exhausted(Exception):
    """The bound on the work was reached."""


@dataclass(slots=True)
class _Budget:
    left: int

    def spend(self) -> None:
        self.left -= 1
        if self.left < 0:
            raise _Exhausted


class _Cover:
    """Looks for cases that none of some rows match.

    Column by column the rows that can still match become fewer. Which cases are left
    depends on the column and on those rows alone, so each pair is looked at once.
    """

    def __init__(
        self, names: Sequence[str], columns: Sequence[Sequence[Piece]], budget: _Budget
    ) -> None:
        self.names, self.columns, self.budget = names, columns, budget
        # Rows that match whatever the columns from here on say.
        self.sure = [0] * len(columns) + [-1]
        for place in reversed(range(len(columns))):
            every = self.sure[place + 1]
            for piece in columns[place]:
                every &= piece.rows
            self.sure[place] = every
        self.seen: set[tuple[int, int]] = set()

    def left_out(self, rows: int) -> Iterator[dict[str, Value]]:
        """Yield cases that none of the rows (a bit each) match."""
        yield from self._from(0, rows, [])

    def _from(
        self, place: int, rows: int, chosen: list[Value]
    ) -> Iterator[dict[str, Value]]:
        if rows & self.sure[place] or (place, rows) in self.seen:
            return
        self.seen.add((place, rows))
        self.budget.spend()
        if not rows:
            rest = [parts[0].example for parts in self.columns[place:]]
            yield dict(zip(self.names, [*chosen, *rest], strict=True))
            return
        tried = set()
        for piece in self.columns[place]:
            still = rows & piece.rows
            if still not in tried:
                tried.add(still)
                yield from self._from(place + 1, still, [*chosen, piece.example])


def _unreachable(table: Table, pieces: Pieces, budget: _Budget) -> Iterator[Finding]:
    """Rows whose every case is taken by rows that come before them."""
    comes_before = _order(table, pieces.rows)
    names = [each.name for each in pieces.inputs]
    for place, row in enumerate(pieces.rows):
        own = [
            tuple(part for part in parts if part.rows >> place & 1)
            for parts in pieces.columns
        ]
        if not all(own):
            yield finding("empty", "unreachable", (row.id,))
            continue
        rivals = 0
        for other in range(len(pieces.rows)):
            if other != place and comes_before(other, place):
                rivals |= 1 << other
        cover = _Cover(names, own, budget)
        if rivals and next(cover.left_out(rivals), None) is None:
            yield finding("unreachable", "unreachable", (row.id,))


def _order(table: Table, rows: Sequence[Row]) -> Callable[[int, int], bool]:
    """Whether a row is taken rather than another when both match."""
    if table.hit is Hit.FIRST:
        return lambda one, other: one < other
    if table.hit is Hit.PRIORITY:
        place = table.output_place("priority")

        def rank(row: int) -> tuple[int, int]:
            value = rows[row].values[place]
            return (-value if isinstance(value, int) else 0, row)

        return lambda one, other: rank(one) < rank(other)
    return lambda one, other: False


def _gaps(pieces: Pieces, budget: _Budget) -> Iterator[Finding]:
    """Cases that no row matches, a few of them."""
    names = [each.name for each in pieces.inputs]
    cover = _Cover(names, pieces.columns, budget)
    every = (1 << len(pieces.rows)) - 1
    for count, example in enumerate(cover.left_out(every)):
        if count == MOST_EXAMPLES:
            return
        facts = ", ".join(_said(pieces.inputs, example))
        yield finding("gap", "gap", (), example, facts=facts)


def _said(inputs: Sequence[Input], example: Mapping[str, Value]) -> Iterator[str]:
    for column in inputs:
        value = example[column.name]
        if value is None:
            text = cells.UNKNOWN
        elif column.kind in ORDERED:
            text = cells.write_value(value, column.kind)
        else:
            text = word(value)
        yield f"{column.name} = {text}"


def speaks_to_held(
    table: Table, outbound: frozenset[str], *, most_nodes: int = MOST_NODES
) -> Iterator[Finding]:
    """Rows that would speak to a customer on hold; the contact gate refuses it anyway."""
    place = table.output_place("action")
    rows = [row for row in table.rows if not list(_unreadable_row(table, row))]
    pieces = Pieces.of(table, rows)
    names = [each.name for each in pieces.inputs]
    comes_before = _order(table, rows)
    budget = _Budget(most_nodes)
    for at, row in enumerate(rows):
        action = row.values[place] if place >= 0 else None
        if action not in outbound:
            continue
        own = [
            tuple(part for part in parts if part.rows >> at & 1 and _held(name, part))
            for name, parts in zip(names, pieces.columns, strict=True)
        ]
        rivals = sum(1 << one for one in range(len(rows)) if comes_before(one, at))
        try:
            example = all(own) and next(
                _Cover(names, own, budget).left_out(rivals), None
            )
        except _Exhausted:
            return
        if example:
            yield finding("held_outbound", "held", (row.id,), example, action=action)


def _held(name: str, piece: Piece) -> bool:
    return name != "held" or piece.example is True
