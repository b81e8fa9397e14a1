"""One decision of a table in plain text: which row, why, and what would flip it."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Final

from daihou.engine.basics.money import Money
from daihou.engine.rulebook.decision import Decision, Flip, Plain, Said, Step
from daihou.engine.strategy import cells
from daihou.engine.strategy.checks import examples
from daihou.engine.strategy.errors import StrategyError
from daihou.engine.strategy.figures import CURRENCY, MILLION
from daihou.engine.strategy.matching import Test, number, value_of
from daihou.engine.strategy.table import (
    ORDERED,
    Hit,
    Input,
    Kind,
    Row,
    Table,
    Value,
)

Facts = Mapping[str, Value]
MOST_FLIPS: Final = 12


def matching(table: Table, facts: Facts) -> tuple[Row, ...]:
    """Every row that the facts match, in order; the facts must name all inputs."""
    tests = [_tests(table, row) for row in table.rows]
    return _matching(table, tests, facts)


def chosen(table: Table, rows: Sequence[Row]) -> tuple[Row, ...]:
    """The rows that count of those that match, by the hit policy of the table.

    Raises StrategyError where the policy lets only one answer and there are more.
    """
    if len(rows) < 2 or table.hit is Hit.COLLECT:
        return tuple(rows)
    if table.hit is Hit.FIRST:
        return (rows[0],)
    if table.hit is Hit.PRIORITY:
        place = table.output_place("priority")
        return (max(rows, key=lambda row: _whole(row.values[place])),)
    if table.hit is Hit.ANY and all(row.values == rows[0].values for row in rows):
        return (rows[0],)
    ids = ", ".join(row.id for row in rows)
    raise StrategyError("conflict", rows=ids, hit=table.hit.name)


def decide(table: Table, facts: Facts, as_of: date, *, subject: str = "") -> Decision:
    """Answer a table: the id of the row (COLLECT: of all, with commas), or None.

    The path says for the row what each of its cells asked and what was so. Raises
    StrategyError for facts that are missing or of another kind, and for a conflict.
    """
    for column in table.inputs:
        _check_fact(column, facts)
    tests = [_tests(table, row) for row in table.rows]
    rows = chosen(table, _matching(table, tests, facts))
    answer = _answer(rows)
    flips = sorted(_flips(table, tests, facts, answer), key=lambda each: each[0])
    return Decision(
        question=table.id,
        subject=subject,
        as_of=as_of,
        answer=answer,
        inputs=tuple(
            (each.name, _said(facts[each.name], each.kind)) for each in table.inputs
        ),
        path=tuple(_path(table, rows, facts)),
        flips=tuple(flip for _, flip in flips)[:MOST_FLIPS],
    )


def _tests(table: Table, row: Row) -> tuple[Test, ...]:
    pairs = zip(table.inputs, row.cells, strict=True)
    return tuple(cells.read(text, column, row=row.id).test for column, text in pairs)


def _matching(
    table: Table, tests: Sequence[Sequence[Test]], facts: Facts
) -> tuple[Row, ...]:
    return tuple(
        row
        for row, asked in zip(table.rows, tests, strict=True)
        if all(
            test.holds(facts[column.name], column.kind)
            for column, test in zip(table.inputs, asked, strict=True)
        )
    )


def _answer(rows: Sequence[Row]) -> str | None:
    return ", ".join(row.id for row in rows) or None


def _whole(value: Value) -> int:
    return value if isinstance(value, int) else 0


_KINDS: Final = {
    Kind.INTEGER: (int, "whole number"),
    Kind.MONEY: (int, "whole minor units"),
    Kind.RATE: (int, "whole millionths"),
    Kind.DATE: (date, "date"),
    Kind.TEXT: (str, "text"),
    Kind.FLAG: (bool, "yes or no"),
}


def _check_fact(column: Input, facts: Facts) -> None:
    if column.name not in facts:
        raise StrategyError("missing_fact", name=column.name)
    value = facts[column.name]
    kind, allowed = _KINDS[column.kind]
    wrong = not isinstance(value, kind) or (
        isinstance(value, bool) and column.kind is not Kind.FLAG
    )
    if value is not None and wrong:
        raise StrategyError("fact", name=column.name, allowed=allowed, given=value)


def _said(value: Value, kind: Kind) -> Plain:
    """A value as an explanation shows it."""
    if value is None or isinstance(value, bool | str | date):
        return value
    if kind is Kind.MONEY:
        return Money(CURRENCY, value)
    return Decimal(value) / MILLION if kind is Kind.RATE else value


def _path(table: Table, rows: Sequence[Row], facts: Facts) -> Iterator[Step]:
    if not rows:
        yield Step("", None, "no_row", {"rows": len(table.rows)})
    for row in rows:
        yield Step("", None, "row", {"row": row.id, "place": table.rows.index(row) + 1})
        for column, text in zip(table.inputs, row.cells, strict=True):
            if cells.read(text, column).test.is_any:
                continue
            params: dict[str, Said] = {
                "input": column.name,
                "value": _said(facts[column.name], column.kind),
                "cell": text,
            }
            yield Step("", None, "cell", params)


def _flips(
    table: Table, tests: Sequence[Sequence[Test]], facts: Facts, answer: str | None
) -> Iterator[tuple[tuple[int, int], Flip]]:
    """What would change the answer, one input at a time, with how far away it is."""
    for place, column in enumerate(table.inputs):
        own = [asked[place] for asked in tests]
        now = facts[column.name]
        for distance, value in _others(column, own, now):
            try:
                rows = chosen(
                    table, _matching(table, tests, {**facts, column.name: value})
                )
            except StrategyError:
                continue  # a conflict is no answer
            if _answer(rows) != answer:
                flip = Flip(
                    column.name,
                    _said(now, column.kind),
                    _said(value, column.kind),
                    _answer(rows),
                )
                yield (distance, place), flip
                if column.kind in ORDERED and value is not None:
                    break  # the nearest of them


def _others(
    column: Input, tests: Sequence[Test], now: Value
) -> Iterator[tuple[int, Value]]:
    """Values that rows can tell from this one, the nearest first."""
    if column.kind not in ORDERED:
        for value in examples(column, tests):
            if value != now:
                yield 1, value
        return
    begins = [each for each in examples(column, tests) if each is not None]
    starts = [number(each, column.kind) for each in begins]
    if now is None:
        yield from ((1, each) for each in begins)
        return
    at = number(now, column.kind)
    # Up to where a piece begins, down to where the one below it ends.
    above = [each for each in starts if each > at]
    below = [each - 1 for each in starts if each <= at and each > starts[0]]
    near = sorted([*above, *below], key=lambda each: (abs(each - at), each))
    for rank, each in enumerate(near):
        yield rank, value_of(each, column.kind)
    if column.may_be_unknown:
        yield len(near), None
