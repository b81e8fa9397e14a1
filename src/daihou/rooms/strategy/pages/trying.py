"""One customer, or typed facts, on a version: which row, why, what would flip it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from daihou.engine.basics.errors import UserError
from daihou.engine.strategy import cells, deciding
from daihou.engine.strategy import words as decision_words
from daihou.engine.strategy.inputs import INPUTS
from daihou.engine.strategy.strategy import Strategy
from daihou.engine.strategy.table import Input, Output, Value
from daihou.kit import steps
from daihou.kit.refusal import NotFound, Refused
from daihou.rooms.ledger import door as ledger
from daihou.rooms.people import door as people
from daihou.rooms.strategy import asked, document, queries, words
from daihou.rooms.strategy.queries import VersionLine


@dataclass(frozen=True, slots=True)
class Field:
    """One fact of the form, as it is typed."""

    name: str
    title: str
    about: str
    value: str
    choices: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Answer:
    """What came of it: the row with its answers, and each sentence of the reason."""

    row: str
    answers: Sequence[tuple[str, str]]
    because: str
    told: Sequence[str]
    arm: str


@dataclass(frozen=True, slots=True)
class Page:
    """The page: the form, and what came of it once something is asked."""

    line: VersionLine
    title: str
    customer: int
    as_of: date | None
    fields: Sequence[Field]
    answer: Answer | None
    problem: str


def page(
    version_id: int, given: Mapping[str, str], *, person: people.Person, on: date
) -> Page:
    """The page behind an address, or NotFound for a customer out of sight."""
    line = queries.version(version_id)
    content = queries.content_of(version_id)
    run = queries.steps_run()
    as_of = run.as_of if run else None
    names = content["table"]["inputs"]
    customer, problem, answer = asked.whole(given.get("customer")), "", None
    typed = {name: given.get(f"f-{name}", "")[:60].strip() for name in names}
    try:
        strategy = document.parsed(content)
        facts: Mapping[str, Value] | None = None
        if customer:
            facts = _facts(customer, person, as_of)
            typed = {name: _written(INPUTS[name].input, facts[name]) for name in names}
        elif any(typed.values()):
            facts = {name: _read(INPUTS[name].input, typed[name]) for name in names}
        if facts is not None:
            answer = _answer(strategy, facts, as_of or on, customer)
    except NotFound:
        raise
    except Refused as refused:
        problem = str(refused)
    except UserError as error:
        problem = error.say(get_language() or "zh-hans")
    return Page(
        line=line,
        title=words.text(content["title"]),
        customer=customer,
        as_of=as_of,
        fields=[_field(name, typed[name]) for name in names],
        answer=answer,
        problem=problem,
    )


def _field(name: str, value: str) -> Field:
    column = INPUTS[name].input
    choices = column.choices or (("yes", "no") if column.kind == "flag" else ())
    return Field(name, words.input_title(name), words.input_about(name), value, choices)


def _facts(
    customer_id: int, person: people.Person, as_of: date | None
) -> Mapping[str, Value]:
    """Everything a strategy asks of a customer whom the reader may see."""
    people.require(person, people.Permission.VIEW_LOANS)
    seen = ledger.reaching.customers_seen([str(customer_id)], person.scope)
    maker = steps.step_maker()
    found = None
    if str(customer_id) in seen and maker is not None and as_of is not None:
        found = maker.facts(customer_id, as_of=as_of)
    if found is None:
        raise NotFound(
            "customer_unknown",
            _("There is no customer %(n)s with an open loan among those you may see.")
            % {"n": customer_id},
        )
    return found


def _read(column: Input, text: str) -> Value:
    if not text or text == cells.UNKNOWN:
        return None
    value = cells.read_value(text, Output(column.name, column.kind, column.choices))
    return value


def _written(column: Input, value: Value) -> str:
    return cells.write_value(value, column.kind) if value is not None else "?"


def _answer(
    strategy: Strategy, facts: Mapping[str, Value], as_of: date, customer: int
) -> Answer:
    table = strategy.table
    decision = deciding.decide(table, facts, as_of, subject=str(customer or "–"))
    told = decision_words.words(decision, get_language() or "zh-hans")
    first = str(decision.answer or "").split(",")[0].strip()
    answers: list[tuple[str, str]] = []
    because = ""
    if first:
        row = table.row(first)
        kinds = {each.name: each.kind for each in table.outputs}
        answers = [
            (words.output_title(name), _shown(name, value, kinds[name]))
            for name, value in table.answers(row).items()
        ]
        because = words.text(row.because)
    return Answer(
        row=str(decision.answer or ""),
        answers=answers,
        because=because,
        told=told,
        arm=_arm(strategy, customer, first),
    )


def _shown(name: str, value: Value, kind: Any) -> str:
    text = cells.write_value(value, kind)
    return words.action(text) if name == "action" else text


def _arm(strategy: Strategy, customer: int, row: str) -> str:
    from daihou.engine.strategy.experiment import arm_of

    experiment = strategy.experiment
    if experiment is None or not customer or not row:
        return ""
    if experiment.rows and row not in experiment.rows:
        return ""
    return words.text(arm_of(customer, experiment).title)
