"""The panel on the page of a loan: its class, since when, and for what causes."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.http import HttpRequest

from daihou.rooms.grading import queries, words
from daihou.rooms.grading.queries import ClassLine


@dataclass(frozen=True, slots=True)
class Panel:
    """What the panel draws."""

    line: ClassLine
    causes: Sequence[str]


def of_loan(request: HttpRequest, loan_id: int) -> Panel | None:
    """The class of a loan that the page has found; nothing where it has none."""
    line = queries.class_of(loan_id, scope=request.person.scope)
    return None if line is None else Panel(line, words.cause_words(line.causes))
