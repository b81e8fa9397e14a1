"""Which cases of a queue are shared out, and who had their customers before."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.db import connection
from django.utils import timezone

from daihou.rooms.casework.actions.common import Deed
from daihou.rooms.casework.models import Queue
from daihou.rooms.casework.states import BatchMode

_LIKE: Final = """
select c.id, c.number, c.customer_id, c.overdue_total, c.expected_value, c.branch,
       c.product, c.officer, c.collector, coalesce(u.language, '')
from casework_case c
join ledger_customer u on u.id = c.customer_id
where c.lifecycle = 'open' and not c.held and c.queue = %(queue)s and {which}
  and {seen}
order by c.id
{lock}
"""
_NO_PROMISE: Final = """
c.resolution <> 'promise' and not exists (select from casework_facts t
  where t.customer_id = c.customer_id and t.promise_state = 'live')
"""
WHICH: Final[Mapping[BatchMode, str]] = {
    BatchMode.UNASSIGNED: "c.assignment = 'pool'",
    BatchMode.OVERWRITE: f"(c.collector = '' or ({_NO_PROMISE}))",
    BatchMode.RECALL: f"(c.collector = '' or ({_NO_PROMISE}))",
}
# Nobody worked it for the days of its team, else of the queue; 0 days: never.
_DAYS: Final = "coalesce((%(team_days)s::jsonb ->> c.team)::int, %(days)s)"
STALE: Final = f"""
c.collector <> '' and c.cover = '' and {_NO_PROMISE} and {_DAYS} > 0
and greatest(coalesce(c.last_worked_at, '-infinity'),
  coalesce((select a.from_at from casework_assignment a
            where a.case_id = c.id and a.until_at is null), '-infinity'))
  < %(midnight)s::timestamptz - make_interval(days => {_DAYS})
"""


@dataclass(frozen=True, slots=True)
class CaseIn:
    id: int
    number: str
    customer_id: int
    amount: int
    value: int
    branch: str
    product: str
    officer: str
    collector: str
    language: str


def cases_in(
    queue: str, which: str, more: Mapping[str, Any], *, deed: Deed, lock: bool
) -> list[CaseIn]:
    """The cases of a queue that the person sees, in order of their numbers."""
    seen, scoped = deed.by.scope.sql_named(
        branch="c.branch", product="c.product", officer="c.officer"
    )
    named = {"queue": queue, **more, **scoped}
    held = "for update of c" if lock else ""
    statement = _LIKE.format(which=which, seen=seen, lock=held)
    with connection.cursor() as cursor:
        cursor.execute(statement, named)
        return [CaseIn(*row) for row in cursor.fetchall()]


def had_before(
    case_ids: Sequence[int], row: Queue, deed: Deed
) -> Mapping[int, tuple[tuple[str, int], ...]]:
    """Who had the customers of these cases before, the last first, and days since."""
    same = "and k.product = c.product" if row.sticky_product else ""
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            select c.id, a.collector, coalesce(a.until_at, a.from_at)
            from casework_case c
            join casework_case k on k.customer_id = c.customer_id {same}
            join casework_assignment a on a.case_id = k.id
            where c.id = any(%s) and a.collector <> ''
            order by c.id, a.id desc
            """,
            [list(case_ids)],
        )
        rows = cursor.fetchall()
    today = timezone.localdate(deed.at)
    found: dict[int, list[tuple[str, int]]] = {}
    for case_id, login, at in rows:
        found.setdefault(case_id, []).append(
            (login, (today - timezone.localdate(at)).days)
        )
    return {case_id: tuple(line) for case_id, line in found.items()}
