"""Open cases of one natural person whom senders number as several customers."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from django.db import connection

from daihou.kit.scope import Scope
from daihou.rooms.casework.models import Case
from daihou.rooms.casework.queries.cases import CaseLine, line
from daihou.rooms.casework.states import Lifecycle

REASON: Final = "same_person"  # of what a supervisor is to look at
# Persons with several open cases, and whether these are in different hands. A case
# that nobody has yet is in no hands but its own.
SEVERAL: Final = """
select s.person_id, array_agg(c.id order by c.id) as ids,
       count(distinct c.collector) > 1 or bool_and(c.collector = '') as apart
from contact_same_person s
join casework_case c on c.customer_id = s.customer_id and c.lifecycle = 'open'
group by s.person_id having count(*) > 1
order by s.person_id
"""
_OTHERS: Final = """
select o.customer_id from contact_same_person s
join contact_same_person o on o.person_id = s.person_id
where s.customer_id = %s and o.customer_id <> s.customer_id
"""


@dataclass(frozen=True, slots=True)
class OnePerson:
    """The open cases of one person; `apart`: several people might call them."""

    person_id: int
    cases: tuple[int, ...]
    apart: bool


def several() -> Sequence[OnePerson]:
    """Every person with more than one open case."""
    with connection.cursor() as cursor:
        cursor.execute(SEVERAL)
        return [OnePerson(row[0], tuple(row[1]), row[2]) for row in cursor.fetchall()]


def others_of(customer_id: int, *, scope: Scope) -> Sequence[CaseLine]:
    """The open cases the same person has under other customer numbers, in sight."""
    with connection.cursor() as cursor:
        cursor.execute(_OTHERS, [customer_id])
        others = [row[0] for row in cursor.fetchall()]
    if not others:
        return []
    rows = Case.objects.filter(
        customer_id__in=others, lifecycle=Lifecycle.OPEN.value
    ).order_by("pk")
    return [line(row) for row in scope.limit(rows)]
