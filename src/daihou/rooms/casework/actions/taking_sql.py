"""The statements of the next case: where it is looked for, in which order, whose it is.

Over the case `c`; `%(me)s` is the login, `%(at)s` the instant, `%(day)s` the business
date, `%(began)s` the midnight before.
"""

from typing import Final

from daihou.rooms.casework.queries import legal
from daihou.rooms.casework.queries.book import LATE_YET
from daihou.rooms.casework.states import OFFICE

# What a promise is waited for; one too small to wait for stops nobody.
NOT_PAUSED: Final = """
not exists (select from casework_promise p
            where p.case_id = c.id and p.state = 'active' and p.pauses)
"""
# What a queue is worked by, the first first; in SQL over the case `c`.
KEYS: Final = {
    "value": "c.expected_value desc",
    "priority": "c.priority desc, c.expected_value desc",
    "dpd": "c.dpd desc, c.overdue_total desc",
    "amount": "c.overdue_total desc",
    "oldest": "c.last_worked_at nulls first, c.opened_on",
}
# What reaches nobody is done whether or not it was paid; `none` is no work.
_OFFICE: Final = ", ".join(f"'{each}'" for each in sorted(OFFICE - {"none"}))
FREE: Final = f"""
c.lifecycle = 'open' and not c.held
and (c.taken_until is null or c.taken_until <= %(at)s or c.taken_by = %(me)s)
and (c.lawful_from is null or c.lawful_from <= %(at)s)
and not exists (select from casework_skip s
                where s.case_id = c.id and s.by = %(me)s and s.on_day = %(day)s)
and not exists (select from casework_draft d
                where d.case_id = c.id and d.by = %(me)s and d.due_at is not null)
and (c.next_at <= %(at)s or not {legal.WAITS})
and (c.action in ({_OFFICE}) or {LATE_YET})
"""
MINE: Final = "(c.cover = %(me)s or (c.collector = %(me)s and c.cover = ''))"
FRESH: Final = """
c.next_at is null and (c.last_worked_at is null or c.last_worked_at < %(began)s)
"""
PICK: Final = """
select c.*, 'pool' as why from casework_case c
where {where}
order by {order}, c.id
limit 1 for update of c skip locked
"""
# What somebody has themselves, in one look: what they did not finish, what its time
# came for, then the rest queue by queue, each by its own order (KEYS as two numbers).
OWN: Final = f"""
select c.*, (array['held_back', 'due', 'mine'])[t.tier] as why
from casework_case c
left join unnest(%(codes)s::text[], %(ways)s::text[]) with ordinality
  as q(code, way, place) on q.code = c.queue
cross join lateral (select case
  when c.taken_by = %(me)s and c.taken_until > %(at)s then 1
  when c.next_at <= %(at)s then 2 else 3 end as tier) t
where {FREE} and {{within}} and (
  (c.taken_by = %(me)s and c.taken_until > %(at)s)
  or ({MINE} and {{narrow}} and (
    c.next_at <= %(at)s or (q.code is not null and {FRESH} and {NOT_PAUSED}))))
order by t.tier,
  case t.tier when 1 then c.taken_until when 2 then c.next_at end,
  case when t.tier = 3 then q.place end,
  case q.way when 'value' then -c.expected_value when 'priority' then -c.priority
    when 'dpd' then -c.dpd when 'amount' then -c.overdue_total
    when 'oldest' then coalesce(extract(epoch from c.last_worked_at), -1) end,
  case q.way when 'priority' then -c.expected_value when 'dpd' then -c.overdue_total
    when 'oldest' then c.opened_on - date '2000-01-01' end,
  c.id
limit 1 for update of c skip locked
"""
# In this person's hands, and nothing else is. What somebody acts on just now is left
# to them: to wait for it with a case locked already could be to wait for each other.
CLAIM: Final = """
update casework_case c
set taken_by = case when c.id = %(case)s then %(me)s else '' end,
    taken_until = case when c.id = %(case)s then %(until)s::timestamptz end
where c.id = any(array(
  select o.id from casework_case o where o.taken_by = %(me)s and o.id <> %(case)s
  order by o.id for update skip locked) || %(case)s::bigint)
"""
