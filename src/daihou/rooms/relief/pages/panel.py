"""The panel on the pages of a loan and of a customer: what is agreed, a way to ask."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.http import HttpRequest

from daihou.rooms.people import door as people
from daihou.rooms.relief import queries, words
from daihou.rooms.relief.queries import Line


@dataclass(frozen=True, slots=True)
class Shown:
    """One request with its words."""

    line: Line
    kind: str
    chip: tuple[str, str, str]


@dataclass(frozen=True, slots=True)
class Panel:
    """What the panel draws; `loan_id` None on the page of a customer."""

    lines: Sequence[Shown]
    loan_id: int | None
    customer_id: int | None
    may_ask: bool


def shown(line: Line) -> Shown:
    """A request with its words."""
    return Shown(line, words.kind_word(line.kind), words.state_chip(line.state))


def of_loan(request: HttpRequest, loan_id: int) -> Panel | None:
    """The newest requests on a loan the page has found."""
    found = queries.of_loan(loan_id, scope=request.person.scope)
    may = request.person.may(people.Permission.REQUEST_RELIEF)
    if not found and not may:
        return None
    return Panel([shown(each) for each in found], loan_id, None, may)


def of_customer(request: HttpRequest, customer_id: int) -> Panel | None:
    """The newest requests of a customer the page has found."""
    if not request.person.may(people.Permission.VIEW_LOANS):
        return None
    found = queries.of_customer(customer_id, scope=request.person.scope)
    may = request.person.may(people.Permission.REQUEST_RELIEF)
    if not found and not may:
        return None
    return Panel([shown(each) for each in found], None, customer_id, may)
