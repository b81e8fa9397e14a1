"""What a cell matches: spans of whole numbers, or words."""

from dataclasses import dataclass
from datetime import date
from typing import Final

from daihou.engine.strategy.table import Input, Kind, Value

EPOCH: Final = date(1970, 1, 1).toordinal()

Span = tuple[int | None, int | None]  # from the first up to, without, the second


@dataclass(frozen=True, slots=True)
class Ranges:
    """What an ordered column must be: in one of the spans, or not known.

    Spans are of whole numbers (`number`), in order, apart, and without their end.
    """

    spans: tuple[Span, ...]
    missing: bool

    @property
    def is_any(self) -> bool:
        """Whether everything matches."""
        return self.missing and self.spans == ((None, None),)

    def holds(self, value: Value, kind: Kind) -> bool:
        """Whether a value matches; None is a value that is not known."""
        if value is None:
            return self.missing
        at = number(value, kind)
        return any(
            (low is None or low <= at) and (high is None or at < high)
            for low, high in self.spans
        )


@dataclass(frozen=True, slots=True)
class Words:
    """What a text must be: one of the words (or, `others`, none of them)."""

    words: frozenset[str]
    others: bool
    missing: bool

    @property
    def is_any(self) -> bool:
        """Whether everything matches."""
        return self.missing and self.others and not self.words

    def holds(self, value: Value, kind: Kind) -> bool:
        """Whether a value matches; a flag is `yes` or `no`."""
        if value is None:
            return self.missing
        return (word(value) in self.words) is not self.others


Test = Ranges | Words


def word(value: Value) -> str:
    """A text, or `yes` and `no` of a flag."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    assert isinstance(value, str), value
    return value


def number(value: Value, kind: Kind) -> int:
    """A value of an ordered column as a whole number; a date counts from 1970."""
    if kind is Kind.DATE:
        assert isinstance(value, date), value
        return value.toordinal() - EPOCH
    assert isinstance(value, int) and not isinstance(value, bool), (value, kind)
    return value


def value_of(number: int, kind: Kind) -> Value:
    """The value that a whole number stands for."""
    return date.fromordinal(number + EPOCH) if kind is Kind.DATE else number


def outside(spans: tuple[Span, ...]) -> tuple[Span, ...]:
    """Everything that is in none of the spans."""
    found: list[Span] = []
    begin: int | None = None
    for low, high in spans:
        if low is not None and (begin is None or begin < low):
            found.append((begin, low))
        if high is None:
            return tuple(found)
        begin = high
    return (*found, (begin, None))


def anything(column: Input) -> Test:
    """The test of a cell that matches everything, also what is not known."""
    if column.kind in (Kind.TEXT, Kind.FLAG):
        return Words(frozenset(), others=True, missing=True)
    return Ranges(((None, None),), missing=True)
