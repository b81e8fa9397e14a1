"""Why loans are late: what was told of them, else what the last talk said by itself."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from django.db import connection

from daihou.rooms.reporting.models import OverdueReason
from daihou.rooms.reporting.states import HEARD, Reason

_TOLD: Final = """
select distinct on (loan_id) loan_id, code from reporting_reason
where loan_id = any(%(loans)s) and told_on <= %(on)s order by loan_id, id desc
"""
_SAID: Final = """
select distinct on (m.loan_id) m.loan_id, r.code
from casework_loan m join casework_result r on r.case_id = m.case_id
where m.loan_id = any(%(loans)s) and r.business_date <= %(on)s
  and r.code = any(%(codes)s) and r.business_date >= m.since
  and (m.until is null or r.business_date <= m.until)
order by m.loan_id, r.business_date desc, r.id desc
"""


@dataclass(frozen=True, slots=True)
class ReasonLine:
    """A reason as it was told."""

    reason: Reason
    told_on: date
    by: str
    at: datetime


def reasons_of(loan_ids: Collection[int], *, on: date) -> Mapping[int, Reason]:
    """The reason of each loan as known at the end of a day; loans without are left out.

    What somebody told stands before what a result says by itself.
    """
    wanted = {"loans": list(loan_ids), "on": on, "codes": sorted(HEARD)}
    with connection.cursor() as cursor:
        cursor.execute(_SAID, wanted)
        found = {loan: HEARD[code] for loan, code in cursor.fetchall()}
        cursor.execute(_TOLD, wanted)
        found |= {loan: Reason(code) for loan, code in cursor.fetchall()}
    return found


def told_of(loan_id: int, *, limit: int = 3) -> Sequence[ReasonLine]:
    """What was told of one loan, the newest first."""
    rows = OverdueReason.objects.filter(loan_id=loan_id).order_by("-id")
    values = rows.values_list("code", "told_on", "by", "at")[:limit]
    return [ReasonLine(Reason(code), *rest) for code, *rest in values]


def mark() -> int:
    """The last thing told or heard: another one, and a report may be another."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select coalesce((select max(id) from reporting_reason), 0)"
            " + coalesce((select max(id) from casework_result), 0)"
        )
        return int(cursor.fetchone()[0])


def instalments_late(loan_id: int) -> int:
    """How many instalments of a loan stand overdue now."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select late_instalments from ledger_position where loan_id = %s", [loan_id]
        )
        row = cursor.fetchone()
    return int(row[0]) if row else 0
