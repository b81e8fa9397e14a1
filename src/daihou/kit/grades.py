"""What the office needs of the classes of the book, without knowing who makes them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from daihou.engine.classification.codes import AssetClass, Cause
from daihou.engine.classification.facts import ClassFacts
from daihou.engine.classification.rules import ClassificationRules


@dataclass(frozen=True, slots=True)
class Run:
    """What classifying a day came to; `kind` is full, delta or none (no rules)."""

    as_of: date
    kind: str
    loans: int
    looked_at: int
    moved: int
    seconds: float
    fingerprint: str


@dataclass(frozen=True, slots=True)
class Turn:
    """One loan that is classified otherwise under other rules."""

    loan_id: int
    was: AssetClass
    becomes: AssetClass
    causes: Cause


@dataclass(frozen=True, slots=True)
class Rehearsed:
    """What other rules would do to a day: how many loans were looked at, and which."""

    loans: int
    turns: Sequence[Turn]


@dataclass(frozen=True, slots=True)
class Claims:
    """One loan and the others of its debtor as classification sees them on a day.

    `loan` of the facts is our number of the loan as text.
    """

    facts: ClassFacts
    others: tuple[ClassFacts, ...]


class Grader(Protocol):
    """Classifies closed days; the night's files and tables are its own."""

    def due(self) -> Sequence[date]:
        """Closed days without a class, or whose positions changed since; in order."""

    def grade(
        self,
        as_of: date,
        *,
        rules: ClassificationRules,
        law: str,
        at: datetime,
        by: str,
        full: bool = False,
    ) -> Run:
        """Classify a closed day under `rules`; `law` is the digest of their book.

        The same positions, facts, rules and day before give the same fingerprint.
        """

    def show(self) -> int:
        """Let pages read the classes of the last day; return how many rows changed."""

    def claims(self, loan_id: int, *, as_of: date) -> Claims | None:
        """The facts behind a class on a graded day; None for a loan not open then."""

    def rehearse(
        self, before: ClassificationRules, after: ClassificationRules, *, as_of: date
    ) -> Rehearsed:
        """Classify a graded day under both, as if each had always held; no writing.

        A loan whose class rests on rules alone is looked at as if it were new, one that
        people or the law hold lower keeps its history.
        """


_grader: list[Grader] = []


def bind_grader(grader: Grader) -> None:
    """Say who classifies; `config.wiring` does, and tests."""
    _grader[:] = [grader]


def unbind_grader() -> None:
    """Take it away again: the end of a test."""
    _grader.clear()


def grader() -> Grader | None:
    """Who classifies, where somebody does."""
    return _grader[0] if _grader else None
