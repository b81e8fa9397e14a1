"""Questions to a strategy as JSON: the facts of a customer in, the row and why out."""

from collections.abc import Mapping
from typing import Any

from daihou.engine.strategy import cells, deciding
from daihou.engine.strategy.figures import CURRENCY
from daihou.engine.strategy.inputs import INPUTS
from daihou.engine.strategy.strategy import Strategy
from daihou.engine.strategy.table import Input, Kind, Value
from daihou.engine.strategy.words import PHRASES
from daihou.packs.questions import Fields, explained

_FIELDS = ("id", "as_of", "facts", "expect")


def answer(
    content: dict[str, Any], strategy: Strategy, *, language: str
) -> dict[str, Any]:
    """Answer one question, or raise QuestionError or StrategyError.

    `facts` are by the name of the input: whole numbers, amounts as texts in major units,
    words, true or false, null where it is not known. With `expect`, the id of a row, the
    answer says whether it `is_expected`.
    """
    asked = Fields(content, "", _FIELDS)
    subject = asked.name("id", usual="?")
    facts = facts_of(asked.inside("facts", tuple(INPUTS)), strategy)
    decision = deciding.decide(
        strategy.table, facts, asked.day("as_of"), subject=subject
    )
    said: dict[str, Any] = {"answer": decision.answer, "gives": None}
    if isinstance(decision.answer, str) and ", " not in decision.answer:
        row = strategy.table.row(decision.answer)
        answers = zip(strategy.table.outputs, row.values, strict=True)
        said["gives"] = {
            column.name: cells.write_value(value, column.kind)
            for column, value in answers
        }
    if asked.has("expect"):
        said["is_expected"] = asked.name("expect") == decision.answer
    return said | explained(decision, PHRASES, language=language)


def facts_of(given: Fields, strategy: Strategy) -> Mapping[str, Value]:
    """Return the facts that the table of a strategy asks for, each of its kind."""
    return {column.name: _fact(given, column) for column in strategy.table.inputs}


def _fact(given: Fields, column: Input) -> Value:
    name = column.name
    if column.may_be_unknown and not given.has(name):
        return None
    if column.kind is Kind.MONEY:
        return given.amount(name, CURRENCY)
    if column.kind is Kind.FLAG:
        if isinstance(given.content.get(name), bool):
            return given.truth(name)
        return given.word(name, ("yes", "no")) == "yes"
    if column.kind is Kind.TEXT:
        if column.choices:
            return given.word(name, column.choices)
        return given.name(name)
    assert column.kind is Kind.INTEGER, column
    return given.count(name)
