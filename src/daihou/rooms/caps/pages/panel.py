"""The panel on the page of a loan: above a cap, or none that can be asserted."""

from dataclasses import dataclass

from django.http import HttpRequest

from daihou.rooms.caps import queries
from daihou.rooms.caps.pages.listing import share
from daihou.rooms.caps.queries import FindingLine


@dataclass(frozen=True, slots=True)
class Panel:
    """What the panel draws; rates as people read them."""

    line: FindingLine
    cap: str
    all_in: str


def of_loan(request: HttpRequest, loan_id: int) -> Panel | None:
    """What was found of a loan that the page has found; nothing where it keeps them."""
    line = queries.finding_of(loan_id, scope=request.person.scope)
    if line is None:
        return None
    return Panel(line, share(line.cap), share(line.all_in))
