"""The cases a lawyer reads, of every kind, as one: asked of a law book, and answered."""

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import lru_cache, partial

from daihou.engine.gate.book import GateBook
from daihou.engine.rulebook.law import Lawbook
from daihou.packs import (
    classification_cases,
    classification_json,
    law_ask,
    law_cases,
    question_cases,
)
from daihou.rooms.rulebooks import queries


@dataclass(frozen=True, slots=True)
class Result:
    """What a law book answers, by which rules, and whether it is what was expected."""

    answer: str
    rules: tuple[str, ...]
    until: datetime | None
    right: bool


@dataclass(frozen=True, slots=True)
class Vector:
    """One case: its kind, its name by language, what is expected, and how to ask it.

    `row` is the line of a table it stands for; `rules` those it names itself.
    """

    kind: str
    name: Mapping[str, str]
    row: str
    expected: str
    until: datetime | None
    rules: frozenset[str]
    run: Callable[[Lawbook], Result]


def every() -> Iterator[Vector]:
    """Every case that ships with the house."""
    book = queries.base()
    for contact in law_cases.of_the_gate(book):
        named = {*contact.rules}
        if "/" not in contact.file:  # it stands in the file of a rule
            named.add(contact.file.removesuffix(".yaml"))
        yield Vector(
            kind="gate",
            name=contact.name,
            row="",
            expected=contact.verdict,
            until=contact.until,
            rules=frozenset(named),
            run=partial(_contact, contact),
        )
    for loan in classification_cases.of_classification(book):
        yield Vector(
            kind="class",
            name=loan.title,
            row=loan.row,
            expected=str(loan.expect["class"]),
            until=None,
            rules=frozenset(loan.expect.get("rules", ())),
            run=partial(_classed, loan),
        )
    for asked in question_cases.all_cases():
        yield Vector(
            kind=asked.question,
            name=asked.name,
            row="",
            expected=_brief(asked, asked.expect),
            until=None,
            rules=frozenset(asked.expect.get("rules", ())),
            run=partial(_answered, asked),
        )


@dataclass(frozen=True)
class _ByDigest:
    """A law book as a key of what was built on it."""

    digest: str
    book: Lawbook = field(compare=False)


@lru_cache(maxsize=4)
def _built(key: _ByDigest) -> GateBook:
    return GateBook(key.book)


def _contact(case: law_cases.Case, book: Lawbook) -> Result:
    gate = _built(_ByDigest(book.digest, book))
    line = law_ask.answer_line(case.line, gate, language="en", explain=False)
    found = json.loads(line)
    until = datetime.fromisoformat(found["until"]) if found["until"] else None
    right = (
        found["verdict"] == case.verdict
        and until == case.until
        and set(case.rules) <= set(found["rules"])
        and ("error" in found) == bool(case.unknown)
    )
    return Result(found["verdict"], tuple(found["rules"]), until, right)


def _classed(case: classification_cases.Case, book: Lawbook) -> Result:
    found = classification_json.ask(case.question, book)
    inputs = {name: _plain(value) for name, value in found.inputs}
    wanted = {
        name: value
        for name, value in case.expect.items()
        if name not in ("class", "rules", "flips", "causes")
    }
    right = (
        found.answer == case.expect["class"]
        and all(inputs.get(name) == value for name, value in wanted.items())
        and set(case.expect.get("rules", ())) <= set(found.rules)
    )
    return Result(str(found.answer), tuple(found.rules), None, right)


def _answered(case: question_cases.Case, book: Lawbook) -> Result:
    found = question_cases.answered(case, book, language="en")
    right = not question_cases.differences(case, found)
    return Result(_brief(case, found), tuple(found.get("rules", ())), None, right)


def _brief(case: question_cases.Case, found: Mapping[str, object]) -> str:
    """What an answer says of the few things a case asks about."""
    told = {name: found.get(name) for name in case.expect if name != "rules"}
    return "; ".join(
        f"{name} {value}"
        for name, value in told.items()
        if isinstance(value, str | int) and not isinstance(value, bool)
    )[:120]


def _plain(value: object) -> object:
    return value.isoformat() if isinstance(value, date) else value
