"""Columns of facts: whole numbers, coded words, and what is not known of either."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from daihou.engine.strategy.matching import number, value_of, word
from daihou.engine.strategy.table import ORDERED, Input, Kind, Value

Array = np.ndarray[Any, Any]
MISSING: Final = np.iinfo(np.int64).min  # a whole number that is not known


@dataclass(frozen=True, slots=True)
class Coded:
    """A column of words: the place of each among `words`; -1 is not known."""

    words: tuple[str, ...]
    codes: Array

    def __len__(self) -> int:
        """How many there are."""
        return len(self.codes)

    def take(self, places: Array) -> "Coded":
        """The same at some places."""
        return Coded(self.words, self.codes[places])


Column = Array | Coded
Columns = Mapping[str, Column]


def column_of(values: Sequence[Value], kind: Kind) -> Column:
    """A column of plain values, as `Compiled.run` takes it."""
    if kind in ORDERED:
        return np.array(
            [MISSING if each is None else number(each, kind) for each in values],
            np.int64,
        )
    words = tuple(sorted({word(each) for each in values if each is not None}))
    at = {each: place for place, each in enumerate(words)}
    codes = [-1 if each is None else at[word(each)] for each in values]
    return Coded(words, np.array(codes, np.int32))


def numbers(column: Column) -> Array:
    """An ordered column as whole numbers; days count from 1970, NaT is not known."""
    assert isinstance(column, np.ndarray), type(column)
    if column.dtype.kind == "M":
        days = column.astype("datetime64[D]")
        return np.where(np.isnat(days), MISSING, days.astype(np.int64))
    assert column.dtype.kind in "iu", column.dtype
    return column


def coded(column: Column) -> Coded:
    """A column of words or of yes and no as codes."""
    if isinstance(column, Coded):
        return column
    if column.dtype.kind == "b":
        return Coded(("no", "yes"), column.astype(np.int8))
    words, codes = np.unique(column.astype(np.str_), return_inverse=True)
    return Coded(tuple(words.tolist()), codes.astype(np.int32))


def value_at(column: Column, asked: Input, place: int) -> Value:
    """One value of a column as the plain text takes it."""
    if asked.kind in ORDERED:
        found = int(numbers(column)[place])
        return None if found == MISSING else value_of(found, asked.kind)
    one = coded(column)
    code = int(one.codes[place])
    if code < 0:
        return None
    return one.words[code] == "yes" if asked.kind is Kind.FLAG else one.words[code]
