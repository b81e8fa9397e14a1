"""Would the gate allow it now? A look without an answer that is kept or counts."""

from dataclasses import dataclass
from datetime import datetime

from daihou.engine.gate.values import Answer, Channel, Purpose
from daihou.rooms.contact import asking
from daihou.rooms.contact.asking import Wish
from daihou.rooms.contact.queries import points
from daihou.rooms.ledger import door as ledger
from daihou.rooms.people import door as people

_CALLED = ("mobile", "phone")
_OWN = ("", "self")


@dataclass(frozen=True, slots=True)
class Looked:
    """By which way somebody would be reached, and what the gate would say."""

    channel: str
    point_id: int
    answer: Answer


def would_allow(
    loan_id: int, *, customer_id: int, by: people.Person, at: datetime
) -> Looked:
    """What the gate would say now to a call to the borrower, to collect.

    By their first own number that is in use; where there is none, to a letter.
    """
    point = next(
        (
            way.point_id
            for way in ledger.reaching.ways(customer_id)
            if way.kind in _CALLED
            and way.owner_role in _OWN
            and points.removed(way.digest, customer_id) is None
        ),
        0,
    )
    channel = Channel.CALL if point else Channel.LETTER
    wish = Wish(
        loan_id=loan_id,
        channel=channel.value,
        purpose=Purpose.COLLECT.value,
        point_id=point,
    )
    question = asking.asked(wish, asking.facts_of(wish, by=by), at=at)
    return Looked(channel.value, point, asking.answer(question, at=at))
