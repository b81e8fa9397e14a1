"""What each hand held, did and brought in a period."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from daihou.kit.scope import Scope
from daihou.rooms.reporting.queries.work.money import CAME, HAND, rows
from daihou.rooms.reporting.states import CURED

ZONE: Final = "Asia/Shanghai"
# A case in a hand: from the day it was given until the day before it was given on.
_HELD: Final = f"""
with {CAME}, mine as (
  select c.id, c.opened_on, c.closed_on, c.close_code from casework_case c
  where c.currency = %(currency)s and c.opened_on <= %(until)s
    and (c.closed_on is null or c.closed_on > %(since)s)
    and c.close_code not in ('MERGED', 'DUPLICATE') and {{within}}
), moves as (
  select a.id, a.case_id, a.amount,
    case when a.cover <> '' then a.cover else a.collector end as hand,
    greatest(a.business_date, %(since)s::date + 1) as begins, a.business_date as given,
    least(lead(a.business_date) over (partition by a.case_id order by a.id),
          (a.until_at at time zone %(zone)s)::date + 1, c.closed_on + 1,
          %(until)s::date + 1) as ends
  from mine c join casework_assignment a on a.case_id = c.id
  where a.business_date <= %(until)s
), held as (
  select case_id, hand, min(begins) as begins, min(given) as given,
    sum(ends - begins)::bigint as days, max(id) as last,
    (array_agg(amount order by id))[1] as amount
  from moves where hand <> '' and ends > begins group by 1, 2
), brought as (
  select w.case_id, h.hand, sum(w.amount)::bigint as cash
  from came w {HAND.format(case="w.case_id", day="w.day")} group by 1, 2
)
select d.case_id, d.hand, d.begins, d.given, d.days, d.amount, c.opened_on,
  coalesce(b.cash, 0),
  c.closed_on is not null and c.closed_on <= %(until)s
    and c.close_code = any(%(cured)s)
    and d.last = max(d.last) over (partition by d.case_id),
  array(select m.loan_id from casework_loan m where m.case_id = d.case_id
        and m.since <= d.begins and (m.until is null or m.until >= d.begins))
from held d join mine c on c.id = d.case_id
left join brought b on b.case_id = d.case_id and b.hand = d.hand
order by d.case_id, d.hand
"""
# Money of cases a hand had before and has no more: what went back counts below nothing
# in the hand of the payment it takes back, though that hand gave the case on since.
_GIVEN_ON: Final = f"""
with {CAME}, brought as (
  select h.hand, w.case_id, sum(w.amount)::bigint as cash
  from came w join casework_case c on c.id = w.case_id
  {HAND.format(case="w.case_id", day="w.day")}
  where h.hand <> '' and {{within}} group by 1, 2
)
select hand, case_id, cash from brought where cash <> 0
"""
_TRIED: Final = """
select a.recorded_by, count(*), count(*) filter (where a.connected),
  count(*) filter (where a.right_party),
  count(*) filter (where a.right_party and a.result = 'PTP')
from (select *, connected and conversation and position('.' in person) = 0 as right_party
      from contact_attempt
      where not failed and channel in ('call', 'robot_call', 'visit')
        and purpose <> 'service'
        and at >= %(from)s and at < %(before)s) a
where {within} group by 1
"""
_PROMISED: Final = """
select p.taken_by, count(*) filter (where p.made_on > %(since)s
                                      and p.made_on <= %(until)s),
  count(*) filter (where p.state = 'kept' and {due}),
  count(*) filter (where p.state in ('kept', 'partially_kept', 'broken') and {due})
from casework_promise p join casework_case c on c.id = p.case_id
where p.currency = %(currency)s and p.due_on > %(since)s and p.made_on <= %(until)s
  and {{within}} group by 1
""".format(due="p.due_on > %(since)s and p.due_on <= %(until)s")
_COMPLAINED: Final = """
select h.hand, count(*) from casework_result r join casework_case c on c.id = r.case_id
join lateral (
  select case when a.cover <> '' then a.cover else a.collector end as hand
  from casework_assignment a where a.case_id = r.case_id
    and a.business_date <= r.business_date order by a.id desc limit 1) h on true
where r.code = 'COMPLAINT' and r.business_date > %(since)s
  and r.business_date <= %(until)s and {within} group by 1
"""
_REFUSED: Final = """
select d.asked_by, count(*) filter (where d.verdict = 'deny'), count(*)
from contact_decision d
where d.asked_at >= %(from)s and d.asked_at < %(before)s and {within} group by 1
"""


@dataclass(frozen=True, slots=True)
class Spell:
    """A case in one hand in the period; `amount` is what was late when it was given.

    `given` is the first day of it, which may lie before the period, `begins` within.
    """

    case_id: int
    hand: str
    begins: date
    given: date
    days: int
    amount: int
    opened_on: date
    cash: int
    cured: bool
    loans: Sequence[int]


@dataclass(frozen=True, slots=True)
class Did:
    """What one hand did: attempts, answers, right-party contacts, promises and harm."""

    attempts: int = 0
    connected: int = 0
    reached: int = 0
    promised: int = 0
    taken: int = 0
    kept: int = 0
    judged: int = 0
    complaints: int = 0
    refused: int = 0
    asked: int = 0


@dataclass(frozen=True, slots=True)
class Period:
    """The days after `since` and up to `until`, as days and instants."""

    since: date
    until: date
    currency: str

    def values(self) -> dict[str, Any]:
        """The parameters of every statement here."""
        zone = ZoneInfo(ZONE)
        first = self.since + timedelta(days=1)
        return {
            "since": self.since,
            "until": self.until,
            "currency": self.currency,
            "zone": ZONE,
            "cured": sorted(CURED),
            "from": datetime.combine(first, time(), zone),
            "before": datetime.combine(self.until + timedelta(days=1), time(), zone),
        }


def held(period: Period, *, scope: Scope) -> Sequence[Spell]:
    """Every case in every hand in the period, by case and hand."""
    return [Spell(*row) for row in rows(_HELD, scope, period.values())]


def given_on(
    period: Period, spells: Sequence[Spell], *, scope: Scope
) -> Mapping[str, int]:
    """Cash by hand that belongs to none of these spells; what went back is negative."""
    known = {(each.case_id, each.hand) for each in spells}
    found: dict[str, int] = {}
    for hand, case_id, cash in rows(_GIVEN_ON, scope, period.values()):
        if (case_id, hand) not in known:
            found[hand] = found.get(hand, 0) + cash
    return found


def did(period: Period, *, scope: Scope) -> Mapping[str, Did]:
    """What each hand did in the period, by login; five statements."""
    values = period.values()
    found: dict[str, dict[str, int]] = {}

    def put(sql: str, names: Sequence[str], of: str = "c") -> None:
        for login, *counts in rows(sql, scope, values, of=of):
            found.setdefault(login, {}).update(zip(names, counts, strict=True))

    put(_TRIED, ("attempts", "connected", "reached", "promised"), of="a")
    put(_PROMISED, ("taken", "kept", "judged"))
    put(_COMPLAINED, ("complaints",))
    put(_REFUSED, ("refused", "asked"), of="d")
    return {login: Did(**counts) for login, counts in found.items() if login}
