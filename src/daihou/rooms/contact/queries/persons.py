"""Pairs of customers who may be one person, and who is one person with whom."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from django.db import connection

from daihou.kit.scope import Scope
from daihou.rooms.contact import sealing
from daihou.rooms.contact.models import SamePerson, Twin
from daihou.rooms.contact.states import TwinState
from daihou.rooms.ledger import door as ledger

SHOWN = 50


@dataclass(frozen=True, slots=True)
class TwinRow:
    """A pair, `evidence` opened."""

    id: int
    first_id: int
    second_id: int
    reason: str
    state: str
    found_at: datetime
    decided_by: str
    decided_at: datetime | None
    evidence: str


def twins(*, scope: Scope, waiting: str = "yes", before: int = 0) -> Sequence[TwinRow]:
    """Pairs of which the reader sees both: waiting the oldest first, else the newest."""
    rows = Twin.objects.all()
    if not scope.everything:
        seen = ledger.reaching.customers_in(scope)
        rows = rows.filter(first_id__in=seen, second_id__in=seen)
    if waiting == "yes":
        rows = rows.filter(state=TwinState.WAITING.value).order_by("pk")
    else:
        rows = rows.exclude(state=TwinState.WAITING.value).order_by("-pk")
        rows = rows.filter(pk__lt=before) if before else rows
    names = list(TwinRow.__dataclass_fields__)
    return [_opened(TwinRow(*values)) for values in rows.values_list(*names)[:SHOWN]]


def _opened(row: TwinRow) -> TwinRow:
    return replace(row, evidence=sealing.opened(row.evidence, about=sealing.EVIDENCE))


def others_of(customer_id: int) -> Sequence[tuple[int, int]]:
    """Who is one person with a customer: our number of each, and of the pair."""
    persons = SamePerson.objects.filter(customer_id=customer_id).values("person_id")
    same = SamePerson.objects.filter(person_id__in=persons)
    mine = list(same.exclude(customer_id=customer_id).values_list("customer_id"))
    if not mine:
        return []
    others = [row[0] for row in mine]
    pairs = {
        frozenset(row[1:]): row[0]
        for row in Twin.objects.filter(state=TwinState.JOINED.value)
        .filter(first_id__in=[customer_id, *others])
        .values_list("pk", "first_id", "second_id")
    }
    return [
        (each, pairs.get(frozenset((customer_id, each)), 0)) for each in sorted(others)
    ]


def called(customers: Sequence[int]) -> dict[int, tuple[str, str]]:
    """The name and the sender's number of customers the reader sees."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select id, name, external_id from ledger_customer where id = any(%s)",
            [list(customers)],
        )
        return {row[0]: (row[1], row[2]) for row in cursor.fetchall()}
