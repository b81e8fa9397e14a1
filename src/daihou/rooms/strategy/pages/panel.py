"""On the pages of a customer and a loan: today's step, where it leads, and why."""

from dataclasses import dataclass

from django.http import HttpRequest

from daihou.rooms.people import door as people
from daihou.rooms.strategy import queries, words
from daihou.rooms.strategy.queries import StepLine


@dataclass(frozen=True, slots=True)
class Panel:
    """The panel in the reader's words."""

    line: StepLine
    action: str
    because: str
    alarm: str
    may_read: bool


def of_customer(request: HttpRequest, customer_id: int) -> Panel | None:
    """The step of a customer that the page has found; nothing where there is none."""
    if not request.person.may(people.Permission.VIEW_LOANS):
        return None
    return _panel(request, queries.step_of(customer_id))


def of_loan(request: HttpRequest, loan_id: int) -> Panel | None:
    """The step of the borrower of a loan that the page has found."""
    if not request.person.may(people.Permission.VIEW_LOANS):
        return None
    return _panel(request, queries.step_of_loan(loan_id))


def _panel(request: HttpRequest, line: StepLine | None) -> Panel | None:
    if line is None:
        return None
    return Panel(
        line=line,
        action=words.action(line.action),
        because=words.text(line.because),
        alarm=words.alarm(line.alarm) if line.alarm else "",
        may_read=request.person.may(people.Permission.VIEW_STRATEGY),
    )
