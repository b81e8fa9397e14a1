"""Locks of a person, and the leave that a flag or a withdrawn consent takes back."""

from datetime import datetime

from django.db import connection
from django.db.models import Q

from daihou.engine.gate.values import Verdict
from daihou.rooms.contact.models import Decision
from daihou.rooms.contact.states import GOOD_FOR, DecisionState

_LOCK = 0xDA205  # with each key: two who ask at once are answered one after another


def lock(*customers: int | None, point: str = "") -> None:
    """One deed at a time about these people and this number, to the end of it.

    In one order, so that no two wait for each other.
    """
    keys = [f"p{each}" for each in customers if each]
    with connection.cursor() as cursor:
        cursor.execute(
            "select pg_advisory_xact_lock(%s, each.key) from (select distinct"
            " hashtext(name) as key from unnest(%s::text[]) name order by 1) each",
            [_LOCK, [*keys, *([f"n{point}"] if point else [])]],
        )


def take_back(customer_id: int, *, at: datetime, point_id: int = 0) -> None:
    """No contact is made any more on answers given before; they still count as one.

    Of the customer, and of others about a loan of theirs; with a contact point of whom
    it reaches alone.
    """
    rows = Decision.objects.filter(
        state=DecisionState.OPEN.value,
        verdict=Verdict.ALLOW.value,
        held_at=None,
        asked_at__gt=at - GOOD_FOR,
    )
    if point_id:
        rows = rows.filter(person=f"p{customer_id}.{point_id}")
    else:
        rows = rows.filter(Q(customer_id=customer_id) | Q(debtor_id=customer_id))
    rows.update(held_at=at)
