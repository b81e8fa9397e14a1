"""Which loans were restructured by a day, as it was known then."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from django.db import connection

# What was told by the end of a day and not taken back by then.
_SQL: Final = """
select f.loan_id, min(f.begins_on), max(f.begins_on), count(*)
from grading_fact f
where f.kind = 'restructured' and f.begins_on <= %(on)s and f.known_on <= %(on)s
  and (f.ended_known_on is null or f.ended_known_on > %(on)s)
group by f.loan_id order by f.loan_id
"""


@dataclass(frozen=True, slots=True)
class Restructured:
    """A loan, the first and the last day it was restructured, and how often."""

    loan_id: int
    first_on: date
    last_on: date
    times: int


def restructured(*, on: date) -> Sequence[Restructured]:
    """Every loan that was restructured by the end of a day, by our number."""
    with connection.cursor() as cursor:
        cursor.execute(_SQL, {"on": on})
        return [Restructured(*row) for row in cursor.fetchall()]
