"""A decision table: columns asked, columns answered, and rows in order."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Final

from daihou.engine.strategy.errors import StrategyError

Value = None | bool | int | str | date
Titles = Mapping[str, str]
MOST_ROWS: Final = 500


class Kind(StrEnum):
    """What a column holds, and how a value of it is kept.

    INTEGER a whole number; MONEY whole minor units; RATE whole millionths (a share of
    0.25 is 250000); DATE a date; TEXT a code; FLAG true or false. None: not known.
    """

    INTEGER = "integer"
    MONEY = "money"
    RATE = "rate"
    DATE = "date"
    TEXT = "text"
    FLAG = "flag"


ORDERED: Final = frozenset({Kind.INTEGER, Kind.MONEY, Kind.RATE, Kind.DATE})


class Hit(StrEnum):
    """What is answered when several rows match (hit policy 命中策略).

    FIRST the first of them; UNIQUE none may share a case with another; ANY they may,
    if they answer the same; PRIORITY the one whose output `priority` is highest, the
    first of equals; COLLECT all of them.
    """

    FIRST = "first"
    UNIQUE = "unique"
    ANY = "any"
    COLLECT = "collect"
    PRIORITY = "priority"


@dataclass(frozen=True, slots=True)
class Input:
    """A column that is asked; `choices` are all values a text can have.

    `least` is the smallest whole number there can be (None: any), `may_be_unknown`
    whether the value can be missing.
    """

    name: str
    kind: Kind
    choices: tuple[str, ...] = ()
    least: int | None = None
    may_be_unknown: bool = False


@dataclass(frozen=True, slots=True)
class Output:
    """A column that is answered; `choices` are all values a text can have."""

    name: str
    kind: Kind
    choices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Row:
    """One row: a test for each input as text, a value for each output.

    `because` says in `zh` and `en` what is told of it to whoever acts on it.
    """

    id: str
    cells: tuple[str, ...]
    values: tuple[Value, ...]
    because: Titles = field(default_factory=dict)
    note: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """A decision table; rows are asked in their order."""

    id: str
    title: Titles
    hit: Hit
    inputs: tuple[Input, ...]
    outputs: tuple[Output, ...]
    rows: tuple[Row, ...]

    def input(self, name: str) -> Input:
        """The input of this name; there must be one."""
        return next(each for each in self.inputs if each.name == name)

    def output_place(self, name: str) -> int:
        """The place of an output among the values of a row; -1 where it has none."""
        names = [each.name for each in self.outputs]
        return names.index(name) if name in names else -1

    def row(self, id: str) -> Row:
        """The row of this id; there must be one."""
        return next(each for each in self.rows if each.id == id)

    def answers(self, row: Row) -> dict[str, Value]:
        """What a row answers, by the name of the output."""
        names = (each.name for each in self.outputs)
        return dict(zip(names, row.values, strict=True))


def check_shape(table: Table) -> None:
    """Raise StrategyError where rows do not fit the columns or an id is given twice."""
    if len(table.rows) > MOST_ROWS:
        raise StrategyError("too_long", rows=len(table.rows), most=MOST_ROWS)
    check_once([each.name for each in table.inputs], "column")
    check_once([each.name for each in table.outputs], "column")
    check_once([each.id for each in table.rows], "row")
    for row in table.rows:
        _check_width(row, "cells", len(row.cells), len(table.inputs))
        _check_width(row, "values", len(row.values), len(table.outputs))
    if table.hit is Hit.PRIORITY:
        place = table.output_place("priority")
        if place < 0 or table.outputs[place].kind is not Kind.INTEGER:
            raise StrategyError("priority_output")


def check_once(codes: Sequence[str], what: str) -> None:
    """Raise StrategyError where a code is given twice."""
    for code, times in Counter(codes).items():
        if times > 1:
            raise StrategyError(f"repeated_{what}", name=code)


def _check_width(row: Row, what: str, given: int, wanted: int) -> None:
    if given != wanted:
        raise StrategyError(f"row_{what}", row=row.id, given=given, wanted=wanted)
