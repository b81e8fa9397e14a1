"""The panel on the page of a loan: its clocks of law, the one that ends first above."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.http import HttpRequest
from django.utils import timezone

from daihou.rooms.clocks import queries, words
from daihou.rooms.clocks.queries import ClockLine
from daihou.rooms.people import door as people


@dataclass(frozen=True, slots=True)
class Row:
    """One clock in words."""

    line: ClockLine
    kind: str
    days: int | None
    chip: words.Chip


@dataclass(frozen=True, slots=True)
class Panel:
    """What the panel draws; `may_start` whether a clock may be started by hand."""

    loan_id: int
    rows: Sequence[Row]
    may_start: bool


def of_loan(request: HttpRequest, loan_id: int) -> Panel | None:
    """The clocks of a loan that the page has found; nothing where nobody starts any."""
    day = request.business_day()
    today = day.on if day else timezone.localdate(request.at)
    lines = queries.clocks_of(loan_id)
    may_start = request.person.may(people.Permission.PROPOSE_CLASS)
    if not lines and not may_start:
        return None
    rows = []
    for line in lines:
        days = line.days_left(today)
        chip = words.state_chip(line.state, days)
        rows.append(Row(line, words.code_word(line.kind), days, chip))
    return Panel(loan_id, rows, may_start)
