"""The contact funnel of a period in numbers and cash: whole, by hour, channel, segment."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from daihou.kit.scope import Scope
from daihou.rooms.reporting.queries.work.hands import Period
from daihou.rooms.reporting.queries.work.money import rows

CUTS: Final[Mapping[str, str]] = {
    "all": "''::text",
    "hour": "to_char(a.at at time zone %(zone)s, 'HH24')",
    "channel": "a.channel",
    "segment": "c.segment",
}
# A promise belongs to the talk in which it was given, its money to the promise.
_STEPS: Final = """
with tries as (
  select {key} as key, a.id, c.id as case_id, a.connected,
    a.connected and a.conversation and position('.' in a.person) = 0 as reached
  from contact_attempt a join casework_case c on c.customer_id = a.customer_id
    and a.at >= c.opened_at and (c.closed_at is null or a.at < c.closed_at)
  where c.currency = %(currency)s and not a.failed and a.purpose <> 'service'
    and a.channel in ('call', 'robot_call', 'visit')
    and a.at >= %(from)s and a.at < %(before)s and {{within}}
), given as (
  select t.key, t.id, p.id as promise, p.state, p.amount, p.appropriated
  from tries t join casework_result r on r.attempt_id = t.id
  join casework_promise p on p.id = r.promise_id
)
select t.key, count(distinct t.case_id), count(*),
  count(*) filter (where t.connected), count(*) filter (where t.reached),
  count(distinct t.case_id) filter (where t.reached), count(distinct g.promise),
  count(distinct g.promise) filter (where g.state in ('kept', 'partially_kept', 'broken')),
  count(distinct g.promise) filter (where g.state = 'kept'),
  coalesce(sum(g.amount), 0)::bigint, coalesce(sum(g.appropriated), 0)::bigint
from tries t left join given g on g.id = t.id
group by 1 order by 1
"""
_ASSIGNED: Final = """
select {key}, count(*) from casework_case c
where c.currency = %(currency)s and c.opened_on <= %(until)s
  and (c.closed_on is null or c.closed_on > %(since)s) and {{within}} group by 1
"""
_ASSIGNED_BY: Final = {"all": "''::text", "segment": "c.segment"}


@dataclass(frozen=True, slots=True)
class Steps:
    """The steps of one key; amounts in minor units, `assigned` None where it has none."""

    key: str
    tried: int
    attempts: int
    connected: int
    reached: int
    accounts_reached: int
    promised: int
    judged: int
    kept: int
    promised_amount: int
    cash: int
    assigned: int | None = None


def steps(by: str, period: Period, *, scope: Scope) -> Sequence[Steps]:
    """The funnel by a cut of `CUTS`, in order of its keys."""
    values = period.values()
    found = [Steps(*row) for row in rows(_STEPS.format(key=CUTS[by]), scope, values)]
    if by not in _ASSIGNED_BY:
        return found
    cases = dict(rows(_ASSIGNED.format(key=_ASSIGNED_BY[by]), scope, values))
    there = {each.key: each for each in found}
    return [
        _with(there.get(key, Steps(key, *[0] * 10)), number)
        for key, number in sorted(cases.items())
    ]


def _with(one: Steps, assigned: int) -> Steps:
    names = [name for name in Steps.__dataclass_fields__ if name != "assigned"]
    return Steps(*(getattr(one, name) for name in names), assigned)
