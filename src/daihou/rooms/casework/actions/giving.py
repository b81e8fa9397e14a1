"""Whose a case is: many change hands in three statements, and the history stays."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.db import connection

from daihou.rooms.casework.actions.common import Deed, many_told, open_day
from daihou.rooms.casework.models import Assignment, Case
from daihou.rooms.casework.states import Assigned, Method


@dataclass(frozen=True, slots=True, kw_only=True)
class Hand:
    """A case and into whose hands it goes; no collector and no team is the pool."""

    case_id: int
    collector: str = ""
    team: str = ""
    cover: str = ""
    downgraded: str = ""

    @property
    def assignment(self) -> str:
        """The axis that these hands mean."""
        if self.cover:
            return Assigned.COVER.value
        if self.collector:
            return Assigned.COLLECTOR.value
        return (Assigned.TEAM if self.team else Assigned.POOL).value


_WANTED: Final = """
unnest(%(ids)s::bigint[], %(assignments)s::text[], %(collectors)s::text[],
       %(teams)s::text[], %(covers)s::text[], %(downgraded)s::text[])
  as w(id, assignment, collector, team, cover, downgraded)
"""
_CASES: Final = f"""
update casework_case c
set assignment = w.assignment, collector = w.collector, team = w.team, cover = w.cover,
    version = c.version + 1, taken_by = '', taken_until = null
from {_WANTED}
where w.id = c.id and c.lifecycle <> 'closed'
  and (c.assignment, c.collector, c.team, c.cover)
      is distinct from (w.assignment, w.collector, w.team, w.cover)
returning c.id
"""
_ROWS: Final = f"""
insert into casework_assignment (case_id, assignment, collector, team, cover, method,
   batch_id, from_at, business_date, amount, by, reason, downgraded)
select w.id, w.assignment, w.collector, w.team, w.cover, %(method)s, %(batch)s, %(at)s,
       %(day)s, c.overdue_total, %(by)s, %(reason)s, w.downgraded
from {_WANTED} join casework_case c on c.id = w.id
where w.id = any(%(moved)s)
"""


def give(
    hands: Sequence[Hand],
    *,
    method: Method,
    deed: Deed,
    batch_id: int | None = None,
    reason: str = "",
) -> list[int]:
    """Put cases, locked by the caller, into these hands; the numbers of those moved.

    One that is in them already, or closed, stays as it is.
    """
    if not hands:
        return []
    values: dict[str, Any] = {
        "ids": [each.case_id for each in hands],
        "assignments": [each.assignment for each in hands],
        "collectors": [each.collector for each in hands],
        "teams": [each.team for each in hands],
        "covers": [each.cover for each in hands],
        "downgraded": [each.downgraded for each in hands],
        "method": method.value,
        "batch": batch_id,
        "at": deed.at,
        "day": open_day(deed),
        "by": deed.by.username,
        "reason": reason[:200],
    }
    with connection.cursor() as cursor:
        cursor.execute(_CASES, values)
        moved = [row[0] for row in cursor.fetchall()]
        end_assignments(moved, at=deed.at)
        cursor.execute(_ROWS, values | {"moved": moved})
    return moved


def free(case_ids: Sequence[int], *, method: Method, deed: Deed) -> list[int]:
    """Nobody has these cases, locked by the caller, any more; those that moved.

    Each is told with who had it.
    """
    was = {row.pk: row for row in Case.objects.filter(pk__in=case_ids)}
    moved = give([Hand(case_id=each) for each in case_ids], method=method, deed=deed)
    many_told(
        "assignment.changed",
        [
            (
                each,
                {
                    "number": was[each].number,
                    "from": was[each].collector or was[each].team,
                    "to": "",
                    "method": method.value,
                },
            )
            for each in sorted(moved)
        ],
        deed=deed,
    )
    return moved


def end_assignments(case_ids: Sequence[int], *, at: datetime) -> None:
    """Nobody has these cases any more from `at` on."""
    Assignment.objects.filter(case_id__in=case_ids, until_at=None).update(until_at=at)
