"""On the page of a customer: may one call now, what holds contact, a way to the page."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.http import HttpRequest

from daihou.engine.gate.values import Channel
from daihou.rooms.contact import asking
from daihou.rooms.contact.pages import person, week
from daihou.rooms.contact.pages import points as points_page
from daihou.rooms.contact.queries import points, rows
from daihou.rooms.contact.words import Chip, flag_word, verdict_chip
from daihou.rooms.ledger import door as ledger
from daihou.rooms.people import door as people


@dataclass(frozen=True, slots=True)
class Panel:
    """The panel; no `chip` where there is no number or no live loan."""

    customer_id: int
    chip: Chip | None
    why: str
    until: object
    counts: Sequence[week.Count]
    flags: Sequence[tuple[str, str]]
    points: Sequence[points_page.PointRow]


def read(request: HttpRequest, customer_id: int) -> Panel | None:
    """What the panel says; nothing to somebody who may not see loans."""
    by = request.person
    if not by.may(people.Permission.VIEW_LOANS):
        return None
    flags = [row for row in rows.flags_of(customer_id) if row.stands(request.at)]
    shown = [(row.kind, flag_word(row.kind)) for row in flags]
    loans = ledger.reaching.loans_of(customer_id, scope=by.scope)
    known = points.points_of(customer_id)
    ways = person.ways_by_channel(points.in_use(known))
    calls = [each for each in ways if each[0] is Channel.CALL]
    if not loans or not calls:
        found = points_page.rows_of(known)
        return Panel(customer_id, None, "", None, (), shown, found)
    wish = asking.Wish(
        loan_id=loans[0][0],
        customer_id=customer_id,
        channel=Channel.CALL.value,
        purpose="collect",
        point_id=calls[0][1],
    )
    question = asking.asked(wish, asking.facts_of(wish, by=by), at=request.at)
    answer = asking.answer(question, at=request.at)
    return Panel(
        customer_id=customer_id,
        chip=verdict_chip(answer.verdict.value),
        why=week.reasons(question, answer),
        until=answer.until,
        counts=week.counts(question, at=request.at),
        flags=shown,
        points=points_page.rows_of(known),
    )
