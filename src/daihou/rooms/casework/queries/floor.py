"""The floor: queues, people, promises and alarms, counted when somebody looks.

Each figure is one statement over a partial index that holds only what is open: at
60,000 open cases they are read, not kept, so they are as true as the rows.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final

from django.db import connection

from daihou.kit.scope import Scope
from daihou.rooms.casework.models import Queue
from daihou.rooms.casework.queries.desk import PRESENT_FOR
from daihou.rooms.casework.states import UNDO_WITHIN, BatchState

STALE_DAYS: Final = (1, 3, 7)  # untouched for so long


@dataclass(frozen=True, slots=True)
class QueueCount:
    """One queue now; ages count cases nobody worked for as many days."""

    code: str
    open: int
    due: int
    worked: int
    untouched: int
    held: int
    free: int
    over_1: int
    over_3: int
    over_7: int
    overdue: int


@dataclass(frozen=True, slots=True)
class PersonCount:
    """One collector now: how much they hold and did today, when they last did."""

    login: str
    cases: int
    overdue: int
    due: int
    worked: int
    last_at: datetime | None
    present: bool


@dataclass(frozen=True, slots=True)
class Promised:
    """Promises due today in money: all, what came, at risk (nothing came yet)."""

    due: int
    amount: int
    came: int
    at_risk: int
    at_risk_amount: int
    tomorrow: int
    tomorrow_amount: int


def _rows(sql: str, scope: Scope, values: Mapping[str, Any]) -> list[tuple[Any, ...]]:
    within, named = scope.sql_named(
        branch="c.branch", product="c.product", officer="c.officer"
    )
    with connection.cursor() as cursor:
        cursor.execute(sql.format(within=within), {**values, **named})
        return list(cursor.fetchall())


_QUEUES: Final = """
select c.queue, count(*),
  count(*) filter (where not c.held
    and (c.next_at is null or c.next_at < %(tomorrow)s)
    and (c.last_worked_at is null or c.last_worked_at < %(midnight)s)),
  count(*) filter (where c.last_worked_at >= %(midnight)s),
  count(*) filter (where c.last_worked_at is null),
  count(*) filter (where c.held),
  count(*) filter (where c.collector = '' and not c.held),
  count(*) filter (where coalesce(c.last_worked_at, c.opened_at) < %(day1)s),
  count(*) filter (where coalesce(c.last_worked_at, c.opened_at) < %(day3)s),
  count(*) filter (where coalesce(c.last_worked_at, c.opened_at) < %(day7)s),
  coalesce(sum(c.overdue_total), 0)::bigint
from casework_case c
where c.lifecycle = 'open' and {within}
group by c.queue order by 3 desc, 1
"""


def queues(*, scope: Scope, midnight: datetime, at: datetime) -> Sequence[QueueCount]:
    """Every queue with open cases, the one with most to do first."""
    values = {"midnight": midnight, "tomorrow": midnight + timedelta(days=1)}
    values |= {f"day{days}": at - timedelta(days=days) for days in STALE_DAYS}
    return [QueueCount(*row) for row in _rows(_QUEUES, scope, values)]


_PEOPLE: Final = """
with held as (
  select case when c.cover <> '' then c.cover else c.collector end as login,
    count(*) as cases, sum(c.overdue_total)::bigint as overdue,
    count(*) filter (where not c.held
      and (c.next_at is null or c.next_at < %(tomorrow)s)
      and (c.last_worked_at is null or c.last_worked_at < %(midnight)s)) as due
  from casework_case c
  where c.lifecycle = 'open' and c.collector <> '' and {within}
  group by 1
), did as (
  select r.by as login, count(distinct r.case_id) as worked, max(r.at) as last_at
  from casework_result r join casework_case c on c.id = r.case_id
  where r.business_date = %(today)s and {within} group by 1
), seen as (
  select p.by as login, max(p.seen_at) as seen_at from casework_presence p
  where p.seen_at > %(gone)s group by 1
)
select coalesce(h.login, d.login), coalesce(h.cases, 0), coalesce(h.overdue, 0),
       coalesce(h.due, 0), coalesce(d.worked, 0), d.last_at,
       s.seen_at is not null
from held h full join did d on d.login = h.login
left join seen s on s.login = coalesce(h.login, d.login)
order by 4 desc, 1
"""


def people(
    *, scope: Scope, today: date, midnight: datetime, at: datetime
) -> Sequence[PersonCount]:
    """Everybody who holds a case of the scope or worked one today."""
    values = {
        "today": today,
        "midnight": midnight,
        "tomorrow": midnight + timedelta(days=1),
        "gone": at - PRESENT_FOR,
    }
    return [PersonCount(*row) for row in _rows(_PEOPLE, scope, values)]


_PROMISED: Final = """
select count(*) filter (where p.due_on = %(today)s),
  coalesce(sum(p.amount) filter (where p.due_on = %(today)s), 0)::bigint,
  coalesce(sum(p.appropriated) filter (where p.due_on = %(today)s), 0)::bigint,
  count(*) filter (where p.due_on <= %(today)s and p.appropriated = 0),
  coalesce(sum(p.amount) filter (where p.due_on <= %(today)s
                                   and p.appropriated = 0), 0)::bigint,
  count(*) filter (where p.due_on = %(tomorrow)s),
  coalesce(sum(p.amount) filter (where p.due_on = %(tomorrow)s), 0)::bigint
from casework_promise p join casework_case c on c.id = p.case_id
where p.state = 'active' and p.due_on <= %(tomorrow)s and {within}
"""


def promised(*, scope: Scope, today: date) -> Promised:
    """What was promised for today and tomorrow."""
    values = {"today": today, "tomorrow": today + timedelta(days=1)}
    return Promised(*_rows(_PROMISED, scope, values)[0])


@dataclass(frozen=True, slots=True)
class Results:
    """What came of today's work in figures; `paid` is what the cases brought."""

    worked: int
    talks: int
    promises: int
    complaints: int
    refused: int


_RESULTS: Final = """
select count(distinct r.case_id),
  count(*) filter (where r.code = any(%(talks)s)),
  count(*) filter (where r.code = 'PTP'),
  count(*) filter (where r.code = 'COMPLAINT'),
  count(*) filter (where r.code = 'REFUSE')
from casework_result r join casework_case c on c.id = r.case_id
where r.business_date >= %(since)s and r.business_date <= %(today)s and {within}
"""


def results(*, scope: Scope, since: date, today: date, talks: Sequence[str]) -> Results:
    """What came of working cases from one business day to another."""
    values = {"since": since, "today": today, "talks": list(talks)}
    return Results(*_rows(_RESULTS, scope, values)[0])


@dataclass(frozen=True, slots=True)
class Alarm:
    """One kind of broken process: how many, and the first cases of it."""

    kind: str
    count: int
    numbers: Sequence[str]


# Of each kind what it needs to be counted and the first few found: `place` orders.
_ALARM_KINDS: Final = {
    "untouched": """
  select c.number, c.opened_at as place from casework_case c
  where c.lifecycle = 'open' and not c.held and {within}
    and coalesce(c.last_worked_at, c.opened_at) < %(stale)s
    and (c.next_at is null or c.next_at < %(at)s)""",
    "no_reminder": """
  select c.number, p.due_on as place
  from casework_promise p join casework_case c on c.id = p.case_id
  where p.state = 'active' and p.due_on > %(soon)s and {within}
    and not exists (select from casework_item i where i.promise_id = p.id)""",
    "strategy_ended": """
  select c.number, c.opened_at as place from casework_case c
  where c.lifecycle = 'open' and c.treatment in ('finished', 'stopped')
    and c.overdue_total > 0 and {within}""",
    "late_item": """
  select c.number, i.due_at as place
  from casework_item i join casework_case c on c.id = i.case_id
  where i.state = 'open' and i.due_at < %(at_late)s and {within}""",
    "for_supervisor": """
  select c.number, i.due_at as place
  from casework_item i join casework_case c on c.id = i.case_id
  where i.state = 'open' and i.for_supervisor and {within}""",
}


def _alarms_sql() -> str:
    """Each kind found once; only its first few are put in order, however many."""
    kinds = sorted(_ALARM_KINDS)
    found = ",".join(f"{each} as materialized ({_ALARM_KINDS[each]})" for each in kinds)
    told = " union all ".join(
        f"select '{each}' as kind, (select count(*) from {each}) as n, array("
        f"select number from {each} order by place, number limit 5) as first"
        for each in kinds
    )
    return f"with {found} select kind, n, first from ({told}) t where n > 0 order by 1"


_ALARMS: Final = _alarms_sql()


def alarms(
    *, scope: Scope, today: date, at: datetime, stale_days: int
) -> Sequence[Alarm]:
    """What nobody follows: the kinds that there are, each with its first cases."""
    values = {
        "stale": at - timedelta(days=stale_days),
        "soon": today + timedelta(days=1),
        "at": at,
        "at_late": at - timedelta(days=1),
    }
    return [Alarm(*row) for row in _rows(_ALARMS, scope, values)]


@dataclass(frozen=True, slots=True)
class BatchLine:
    """A distribution that may still be taken back."""

    id: int
    kind: str
    moved: int
    by: str
    at: datetime


# Whether one case of a batch lies in the scope is asked batch by batch: there are a
# few of the last minutes, each with very many cases.
_UNDOABLE: Final = """
select b.id, b.kind, b.moved, b.by, b.at from casework_batch b
cross join lateral (
  select from casework_assignment a join casework_case c on c.id = a.case_id
  where a.batch_id = b.id and {within} limit 1) moved
where b.at > %(since)s and b.state = %(done)s and b.moved > 0
order by b.id desc limit 5
"""


def undoable(*, scope: Scope, at: datetime) -> Sequence[BatchLine]:
    """Distributions of the last quarter of an hour that moved cases of the scope."""
    values = {"since": at - UNDO_WITHIN, "done": BatchState.DONE.value}
    return [BatchLine(*row) for row in _rows(_UNDOABLE, scope, values)]


_MOVABLE: Final = """
select c.id from casework_case c
where c.lifecycle = 'open' and not c.held and {within}
  and (%(queue)s = '' or c.queue = %(queue)s)
  and case when %(source)s = '' then c.collector = ''
           else (c.cover = %(source)s or (c.collector = %(source)s and c.cover = ''))
      end
  and (c.taken_until is null or c.taken_until < %(at)s)
  and not exists (select from casework_promise p
                  where p.case_id = c.id and p.state = 'active' and p.pauses)
order by c.last_worked_at nulls first, c.expected_value desc, c.id
limit %(most)s
"""


def movable(
    *, scope: Scope, queue: str, source: str, most: int, at: datetime
) -> Sequence[int]:
    """Cases of somebody (or of nobody) that may change hands: none is held or waits
    for a promise.

    Those untouched the longest first.
    """
    values = {"queue": queue, "source": source, "most": most, "at": at}
    return [row[0] for row in _rows(_MOVABLE, scope, values)]


def queue_names() -> Sequence[tuple[str, str, str]]:
    """Code, Chinese and English name of every queue, in order."""
    return list(Queue.objects.values_list("code", "title", "title_en"))


def currency_of(scope: Scope) -> str:
    """The currency in which the sums of the floor are told: that of its cases."""
    sql = """
        select c.currency from casework_case c
        where c.lifecycle = 'open' and {within} order by c.overdue_total desc, c.id desc
        limit 1"""
    found = _rows(sql, scope, {})
    return str(found[0][0]) if found else "CNY"
