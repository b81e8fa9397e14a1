"""The cases of a rule, answered by what runs here, under the law and our own policy."""

from dataclasses import dataclass, field
from datetime import datetime
from functools import cache, lru_cache

from daihou.engine.rulebook.law import Lawbook
from daihou.rooms.rulebooks import case_kinds, queries
from daihou.rooms.rulebooks.case_kinds import Result, Vector


@dataclass(frozen=True, slots=True)
class Told:
    """One case: what must be answered, what is, and what our own policy makes of it.

    `ours` is empty where the lender's changes leave the answer as it is.
    """

    kind: str
    name: str
    row: str
    expected: str
    until: datetime | None
    answered: str
    rules: tuple[str, ...]
    as_it_should: bool
    ours: str


@dataclass(frozen=True, slots=True)
class Answered:
    """A case and what this process answered to it under the law alone."""

    vector: Vector
    result: Result

    def is_of(self, rule_id: str) -> bool:
        """Tell whether it names a rule, stands in its file, or is answered by it."""
        return rule_id in self.vector.rules or rule_id in self.result.rules


@cache
def every() -> tuple[Answered, ...]:
    """Every case, answered once in the life of a process: code and law do not change."""
    base = queries.base()
    return tuple(Answered(each, each.run(base)) for each in case_kinds.every())


def of_rule(rule_id: str) -> list[Answered]:
    """The cases of a rule."""
    return [each for each in every() if each.is_of(rule_id)]


def under(
    book: Lawbook, rule_id: str, *, tongue: str, most: int | None = None
) -> list[Told]:
    """The cases of a rule under a law book, the first `most`; kept for the next look.

    Raises UserError where a case cannot be asked under it.
    """
    return _under(_ByDigest(book.digest, book), rule_id, tongue, most)


@dataclass(frozen=True)
class _ByDigest:
    """A law book as a key of what was answered under it."""

    digest: str
    book: Lawbook = field(compare=False)


@lru_cache(maxsize=64)
def _under(by: _ByDigest, rule_id: str, tongue: str, most: int | None) -> list[Told]:
    return told(of_rule(rule_id)[:most], book=by.book, tongue=tongue)


def told(found: list[Answered], *, book: Lawbook, tongue: str) -> list[Told]:
    """The cases as they are shown; `book` is the law book under our own policy."""
    same = book.digest == queries.base().digest
    return [
        _told(each, each.result if same else each.vector.run(book), tongue=tongue)
        for each in found
    ]


def _told(case: Answered, own: Result, *, tongue: str) -> Told:
    vector, result = case.vector, case.result
    differs = (result.answer, result.until) != (own.answer, own.until)
    return Told(
        kind=vector.kind,
        name=vector.name[tongue],
        row=vector.row,
        expected=vector.expected,
        until=vector.until,
        answered=result.answer,
        rules=result.rules,
        as_it_should=result.right,
        ours=own.answer if differs else "",
    )
