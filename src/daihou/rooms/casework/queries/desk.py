"""What the desk reads: one person's work in order, drafts, who is at a case, its story."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final

from django.db import connection

from daihou.kit.scope import Scope
from daihou.rooms.casework.models import Draft, Hold, Presence
from daihou.rooms.casework.models.promises import Promise
from daihou.rooms.casework.models.work import Result, WorkItem
from daihou.rooms.casework.queries import legal
from daihou.rooms.casework.queries.book import LATE_YET

SHOWN: Final = 60  # rows of the list on the desk
PRESENT_FOR: Final = timedelta(seconds=45)  # without a sign the person is gone
GROUPS: Final = ("promised", "callback", "broken", "new", "work")


@dataclass(frozen=True, slots=True)
class WorkLine:
    """One case in somebody's list: why it stands there, and since when.

    `group` is one of GROUPS; `promise_*` the live promise due first, `item_*` the open
    thing to do that is most urgent. Amounts are minor units of `currency`.
    """

    id: int
    number: str
    customer_id: int
    group: str
    total: int
    overdue_total: int
    currency: str
    delinquency: str
    dpd: int
    because: Mapping[str, str]
    action: str
    expected_value: int
    next_at: datetime | None
    last_worked_at: datetime | None
    promise_due_on: date | None
    promise_amount: int | None
    promise_paid: int | None
    broken: int
    item_kind: str
    item_due_at: datetime | None


# A person's cases that may be worked today, each in one group; those whose saved
# result waits to be written, those passed over today, those not lawful to work yet,
# those that wait for the legal officer and those whose arrears were paid meanwhile are
# left out.
_MINE = f"""
with mine as (
  select c.*, p.due_on as p_due, p.amount as p_amount, p.appropriated as p_paid,
         coalesce(p.pauses, false) as p_waits,
         coalesce(f.broken_promises, 0) as broken,
         coalesce(f.promise_state, 'none') as promise_state,
         coalesce(i.kind, '') as i_kind, i.due_at as i_due
  from casework_case c
  left join casework_facts f on f.customer_id = c.customer_id
  left join lateral (
    select due_on, amount, appropriated, pauses from casework_promise
    where case_id = c.id and state = 'active' order by due_on, id limit 1) p on true
  left join lateral (
    select kind, due_at from casework_item
    where case_id = c.id and state = 'open' and not for_supervisor
      and due_at < %(tomorrow)s
    order by priority desc, due_at limit 1) i on true
  where c.lifecycle = 'open' and not c.held
    and (c.cover = %(login)s or (c.collector = %(login)s and c.cover = ''))
    and {{within}}
    and not exists (select from casework_draft d where d.case_id = c.id
                      and d.by = %(login)s and d.due_at is not null)
    and not exists (select from casework_skip s where s.case_id = c.id
                      and s.by = %(login)s and s.on_day = %(today)s)
), grouped as (
  select mine.*, case
    when p_due <= %(today)s then 'promised'
    when i_kind = 'callback' then 'callback'
    when promise_state = 'broken' and not p_waits
         and (last_worked_at is null or last_worked_at < %(midnight)s) then 'broken'
    when last_worked_at is null then 'new'
    when i_kind <> '' then 'work'
    when not p_waits and (next_at is null or next_at < %(tomorrow)s)
         and (last_worked_at < %(midnight)s) then 'work'
    else '' end as grp
  from mine
)
select id, number, customer_id, grp, count(*) over (partition by grp),
       overdue_total, currency, delinquency, dpd, because, action, expected_value,
       next_at, last_worked_at, p_due, p_amount, p_paid, broken, i_kind, i_due
from grouped c
where grp <> '' and (lawful_from is null or lawful_from <= %(at)s
                     or i_kind not in ('', 'call', 'callback'))
  and (grp in ('promised', 'callback') or next_at <= %(at)s or not {legal.WAITS})
  and (i_kind not in ('', 'call', 'callback') or {LATE_YET})
order by array_position(array['promised', 'callback', 'broken', 'new', 'work'], grp),
         case when grp = 'callback' then i_due end, expected_value desc, id
limit %(limit)s
"""


def worklist(
    login: str,
    *,
    scope: Scope,
    today: date,
    at: datetime,
    midnight: datetime,
    limit: int = SHOWN,
) -> Sequence[WorkLine]:
    """The cases a person works today, in order; `midnight` begins the day `today`."""
    within, values = scope.sql_named(
        branch="c.branch", product="c.product", officer="c.officer"
    )
    with connection.cursor() as cursor:
        cursor.execute(
            _MINE.format(within=within),
            values
            | {
                "login": login,
                "today": today,
                "at": at,
                "midnight": midnight,
                "tomorrow": midnight + timedelta(days=1),
                "limit": limit,
                **legal.since(at),
            },
        )
        return [_line(row) for row in cursor.fetchall()]


def _line(row: Sequence[Any]) -> WorkLine:
    fixed = list(row)
    fixed[9] = _mapping(row[9])
    return WorkLine(*fixed)


def _mapping(value: Any) -> Mapping[str, str]:
    if isinstance(value, str):
        value = json.loads(value)
    return value or {}


def done_on(login: str, day: date) -> int:
    """How many cases somebody worked on a business day."""
    rows = Result.objects.filter(by=login, business_date=day)
    return int(rows.values("case_id").distinct().count())


@dataclass(frozen=True, slots=True)
class DraftLine:
    """What somebody was writing; `content` is still sealed."""

    case_id: int
    number: str
    by: str
    content: str
    kept_at: datetime
    due_at: datetime | None
    problem: str


def _drafts(rows: Any) -> Sequence[DraftLine]:
    names = ("case_id", "case__number", "by", "content", "kept_at", "due_at", "problem")
    return [DraftLine(*row) for row in rows.values_list(*names)]


def draft(case_id: int, *, by: str) -> DraftLine | None:
    """The draft of one person at a case."""
    found = _drafts(Draft.objects.filter(case=case_id, by=by))
    return found[0] if found else None


def left_by(login: str) -> Sequence[DraftLine]:
    """What somebody saved that waits to be written, or could not be; oldest first."""
    rows = Draft.objects.filter(by=login)
    rows = rows.exclude(due_at=None, problem="")
    return _drafts(rows.order_by("kept_at", "pk"))


def troubled(*, by: str) -> Sequence[DraftLine]:
    """Saved results of somebody that could not be written, the oldest first."""
    return [each for each in left_by(by) if each.problem]


def due(*, at: datetime, by: str = "") -> Sequence[DraftLine]:
    """Saved results whose time to be taken back is over."""
    rows = Draft.objects.filter(due_at__lte=at)
    return _drafts((rows.filter(by=by) if by else rows).order_by("due_at", "pk")[:200])


def present(case_id: int, *, at: datetime) -> Sequence[str]:
    """Who looks at a case now, the first comer first."""
    rows = Presence.objects.filter(case=case_id, seen_at__gt=at - PRESENT_FOR)
    return list(rows.order_by("since_at", "pk").values_list("by", flat=True))


@dataclass(frozen=True, slots=True)
class PromiseLine:
    """A promise as the desk shows it; minor units."""

    id: int
    amount: int
    currency: str
    due_on: date
    grace_days: int
    appropriated: int
    state: str
    taken_by: str
    taken_at: datetime
    broken_before: int
    pauses: bool


def promises(case_id: int, *, limit: int = 20) -> Sequence[PromiseLine]:
    """The promises of a case, the newest first."""
    rows = Promise.objects.filter(case=case_id).order_by("-due_on", "-pk")
    names = ("pk", *list(PromiseLine.__dataclass_fields__)[1:])
    return [PromiseLine(*row) for row in rows.values_list(*names)[:limit]]


@dataclass(frozen=True, slots=True)
class ItemLine:
    """One thing to do at a case."""

    id: int
    kind: str
    due_at: datetime
    priority: int
    reason: str
    for_supervisor: bool


def items(case_id: int) -> Sequence[ItemLine]:
    """What is open at a case, the most urgent first."""
    rows = WorkItem.objects.filter(case=case_id, state="open")
    names = ("pk", *list(ItemLine.__dataclass_fields__)[1:])
    rows = rows.order_by("-priority", "due_at", "pk")
    return [ItemLine(*row) for row in rows.values_list(*names)[:20]]


@dataclass(frozen=True, slots=True)
class ResultLine:
    """What came of working a case once; `note` is still sealed."""

    id: int
    action: str
    code: str
    decision_id: int | None
    note: str
    follow_up_at: datetime | None
    overdue_total: int
    dpd: int
    by: str
    at: datetime


def results(case_id: int, *, limit: int = 50) -> Sequence[ResultLine]:
    """What came of working a case, the newest first."""
    rows = Result.objects.filter(case=case_id).order_by("-pk")
    names = ("pk", *list(ResultLine.__dataclass_fields__)[1:])
    return [ResultLine(*row) for row in rows.values_list(*names)[:limit]]


def overdue_when_promised(case_id: int) -> Mapping[int, int]:
    """What was overdue when each promise of a case was written down, by promise."""
    rows = Result.objects.filter(case=case_id, promise__isnull=False)
    return dict(rows.values_list("promise_id", "overdue_total"))


@dataclass(frozen=True, slots=True)
class HoldLine:
    """A hold of a case; `reason` is still sealed."""

    id: int
    kind: str
    amount: int | None
    reason: str
    from_at: datetime
    expires_on: date
    placed_by: str
    released_at: datetime | None
    released_by: str
    release: str


def holds(case_id: int) -> Sequence[HoldLine]:
    """The holds of a case, standing ones first."""
    rows = Hold.objects.filter(case=case_id).order_by("released_at", "-pk")
    names = ("pk", *list(HoldLine.__dataclass_fields__)[1:])
    found = [HoldLine(*row) for row in rows.values_list(*names)]
    return sorted(found, key=lambda each: each.released_at is not None)


@dataclass(frozen=True, slots=True)
class DayDone:
    """One business day of somebody's work: cases, talks, promises taken and kept."""

    on: date
    worked: int
    talks: int
    promises: int


_DAYS: Final = """
select r.business_date, count(distinct r.case_id),
       count(*) filter (where r.code = any(%(talks)s)),
       count(*) filter (where r.promise_id is not null)
from casework_result r
where r.by = %(login)s and r.business_date > %(since)s and r.business_date <= %(until)s
group by 1 order by 1
"""


def days_of(
    login: str, *, since: date, until: date, talks: Sequence[str]
) -> Sequence[DayDone]:
    """The days on which somebody worked, after `since` up to `until`."""
    values = {"login": login, "since": since, "until": until, "talks": list(talks)}
    with connection.cursor() as cursor:
        cursor.execute(_DAYS, values)
        return [DayDone(*row) for row in cursor.fetchall()]


_KEPT: Final = """
select count(*), count(*) filter (where p.state = 'kept'),
       coalesce(sum(p.appropriated), 0)::bigint
from casework_promise p
where p.taken_by = %(login)s and p.due_on > %(since)s and p.due_on <= %(until)s
  and p.state in ('kept', 'partially_kept', 'broken')
"""


def kept_by(login: str, *, since: date, until: date) -> tuple[int, int, int]:
    """Promises somebody took that were decided: how many, kept, what they brought."""
    values = {"login": login, "since": since, "until": until}
    with connection.cursor() as cursor:
        cursor.execute(_KEPT, values)
        decided, kept, brought = cursor.fetchone()
    return decided, kept, brought
