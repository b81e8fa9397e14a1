"""The loans behind one cell of an answer."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.http import QueryDict

from daihou.kit import masking
from daihou.rooms.ledger import door as ledger
from daihou.rooms.people import door as people
from daihou.rooms.reporting import question as questions
from daihou.rooms.reporting import words
from daihou.rooms.reporting.pages import answer
from daihou.rooms.reporting.pages.lab import names_people
from daihou.rooms.reporting.queries import lab


@dataclass(frozen=True, slots=True)
class Line:
    """One loan, its borrower's name masked."""

    line: ledger.reading.LoanLine
    name: str
    product: str
    branch: str


@dataclass(frozen=True, slots=True)
class Drill:
    """The loans in the numerator, and the question they answer."""

    address: str
    word: str
    key: str
    at: str
    lines: Sequence[Line]
    most: int


def drill(query: QueryDict, *, person: people.Person) -> Drill:
    """The page behind an address of a cell."""
    question = questions.read(query)
    at, key = query.get("at", "")[:20], query.get("key", "")[:120].replace("\x00", "")
    found = lab.loans(question, at=at, key=key, scope=person.scope)
    say = words.keys(officers=names_people(question))
    shown = ledger.reading.list_words()
    return Drill(
        address=question.address(),
        word=words.name(question.metric),
        key=answer.line_word(question, say, key, question.metric) if key else "",
        at=at,
        lines=[
            Line(
                each,
                masking.name(each.name),
                shown.product(each.product),
                shown.branch(each.branch),
            )
            for each in found
        ],
        most=lab.MOST_LOANS,
    )
