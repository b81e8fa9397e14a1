"""Locks of a person, and the leave that a flag or a withdrawn consent takes back."""

from collections.abc import Iterable
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
    keys = [f"p{each}" for each in one_person(*customers)]
    with connection.cursor() as cursor:
        cursor.execute(
            "select pg_advisory_xact_lock(%s, each.key) from (select distinct"
            " hashtext(name) as key from unnest(%s::text[]) name order by 1) each",
            [_LOCK, [*keys, *([f"n{point}"] if point else [])]],
        )


def one_person(*customers: int | None) -> list[int]:
    """These customers and everybody who is one person with them."""
    asked = sorted({each for each in customers if each})
    with connection.cursor() as cursor:
        cursor.execute(
            "select o.customer_id from contact_same_person s join contact_same_person o"
            " on o.person_id = s.person_id where s.customer_id = any(%s)",
            [asked],
        )
        return sorted({*asked, *(row[0] for row in cursor.fetchall())})


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
        all_of = one_person(customer_id)
        rows = rows.filter(Q(customer_id__in=all_of) | Q(debtor_id__in=all_of))
    rows.update(held_at=at)


def take_back_of(customers: Iterable[int], *, at: datetime) -> None:
    """The same of customers of whom it was just found who is one person."""
    found = one_person(*customers)
    rows = Decision.objects.filter(
        Q(customer_id__in=found) | Q(debtor_id__in=found),
        state=DecisionState.OPEN.value,
        verdict=Verdict.ALLOW.value,
        held_at=None,
        asked_at__gt=at - GOOD_FOR,
    )
    rows.update(held_at=at)
