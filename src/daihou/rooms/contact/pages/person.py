"""The contact page of a person: when one may, what counts, what was done, what holds."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.utils.translation import gettext as _

from daihou.engine.gate.values import Channel, ConsentKind, Purpose
from daihou.rooms.contact import asking
from daihou.rooms.contact.pages import points as pages_points
from daihou.rooms.contact.pages import week
from daihou.rooms.contact.queries import points, rows
from daihou.rooms.contact.states import FLAGS
from daihou.rooms.contact.words import (
    Chip,
    actor_word,
    channel_word,
    consent_word,
    flag_word,
    licence_word,
    purpose_word,
    result_word,
    role_word,
    verdict_chip,
)
from daihou.rooms.ledger import door as ledger
from daihou.rooms.people import door as people

Choice = tuple[str, str]


@dataclass(frozen=True, slots=True)
class PersonPage:
    """Everything the page draws."""

    customer_id: int
    name: str
    number: str
    loans: Sequence[tuple[int, str]]
    loan_id: int
    ways: Sequence[tuple[points.PointLine, str]]
    points: Sequence[pages_points.PointRow]
    lines: Sequence[week.Line]
    chips: Mapping[str, Chip]
    counts: Sequence[week.Count]
    attempts: Sequence[tuple[rows.AttemptRow, str, str, str]]
    flags: Sequence[tuple[rows.FlagRow, str, bool]]
    consents: Sequence[tuple[rows.ConsentRow, str, str]]
    decisions: Sequence[tuple[rows.DecisionRow, str, Chip]]
    licence: str
    zone: str

    @property
    def standing(self) -> Sequence[tuple[rows.FlagRow, str, bool]]:
        """The flags that hold contact now."""
        return [each for each in self.flags if each[2]]


def person_page(
    customer_id: int, query: Mapping[str, str], *, by: people.Person, at: datetime
) -> PersonPage:
    """The page of a customer whom the reader may see, or NotFound."""
    page = ledger.reading.customer_page(customer_id, scope=by.scope)
    loans = ledger.reaching.loans_of(customer_id, scope=by.scope)
    known = points.points_of(customer_id)
    ways = points.in_use(known)
    asked = query.get("loan", "")
    numbers = {str(pk): pk for pk, _number in loans}
    loan_id = numbers.get(asked) or (loans[0][0] if loans else 0)
    lines: Sequence[tuple[week.Line, asking.Asked]] = []
    if loan_id:
        lines = week.lines_for(
            week.usual_wish(loan_id, customer_id),
            by=by,
            ways=ways_by_channel(ways),
            at=at,
        )
    question = lines[0][1] if lines else None
    return PersonPage(
        customer_id=customer_id,
        name=page.name,
        number=page.number,
        loans=loans,
        loan_id=loan_id,
        ways=[(way, _owner(way)) for way in ways],
        points=pages_points.rows_of(known),
        lines=[line for line, _asked in lines],
        chips={
            line.channel: verdict_chip(line.now.verdict.value) for line, _q in lines
        },
        counts=_counts(lines, at=at),
        attempts=_attempts(customer_id, by=by),
        flags=[
            (row, flag_word(row.kind), row.stands(at))
            for row in rows.flags_of(customer_id)
        ],
        consents=[
            (row, consent_word(row.kind), channel_word(row.channel))
            for row in rows.consents_of(customer_id)
        ],
        decisions=[
            (row, channel_word(row.channel), verdict_chip(row.verdict))
            for row in rows.decisions_of(customer_id, scope=by.scope)
        ],
        licence=_licence(question) if question else "",
        zone=str(question.request.zone or "") if question else "",
    )


def _owner(way: points.PointLine) -> str:
    """Whose a number is, where it is not the customer's own."""
    return "" if way.owner_role in ("", "self") else role_word(way.owner_role)


def _licence(question: asking.Asked) -> str:
    request = question.request
    return licence_word(request.jurisdiction, request.licence)


def _attempts(
    customer_id: int, *, by: people.Person
) -> Sequence[tuple[rows.AttemptRow, str, str, str]]:
    """The newest contacts, with the words of channel, actor and result."""
    return [
        (
            row,
            channel_word(row.channel),
            actor_word(row.actor),
            result_word(row.result),
        )
        for row in rows.attempts_of(customer_id, scope=by.scope)
    ]


_FIT: Final = (
    (Channel.CALL, ("mobile", "phone")),
    (Channel.ROBOT_CALL, ("mobile", "phone")),
    (Channel.SMS, ("mobile",)),
    (Channel.WECHAT, ("wechat", "mobile")),
    (Channel.EMAIL, ("email",)),
    (Channel.LETTER, ("address", "")),
    (Channel.VISIT, ("address", "")),
)


def ways_by_channel(
    ways: Sequence[points.PointLine],
) -> Sequence[tuple[Channel, int, str]]:
    """For each channel the person's own first number in use that fits; none, no line."""
    found = []
    for channel, kinds in _FIT:
        own = [each for each in ways if each.owner_role in ("", "self")]
        fits = [each for kind in kinds for each in own if each.kind == kind]
        if fits:
            found.append((channel, fits[0].point_id, fits[0].masked))
        elif "" in kinds:
            found.append((channel, 0, _("registered address")))
    return found


def _counts(
    lines: Sequence[tuple[week.Line, asking.Asked]], *, at: datetime
) -> Sequence[week.Count]:
    """Each cap once: of the first channel it is on."""
    found: dict[str, week.Count] = {}
    for _line, question in lines:
        for each in week.counts(question, at=at):
            found.setdefault(each.rule, each)
    return list(found.values())


def choices() -> Mapping[str, Sequence[Choice]]:
    """What the forms of the page offer."""
    return {
        "channels": [(each.value, channel_word(each.value)) for each in Channel],
        "purposes": [(each.value, purpose_word(each.value)) for each in Purpose],
        "flags": [(kind, flag_word(kind)) for kind in FLAGS],
        "consents": [(each.value, consent_word(each.value)) for each in ConsentKind],
    }
