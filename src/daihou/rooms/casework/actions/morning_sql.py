"""The statements of a morning: what single deeds do, for every case at once.

`%(at)s` is the instant, `%(day)s` the business date, `%(by)s` who acts.
"""

from typing import Final

from daihou.rooms.casework.queries.book import PAID

# The figures of cases from their loans, the latest first; amounts of its currency.
_FIGURES: Final = """
select case_id, max(dpd) as dpd, count(*) as loans,
       sum(overdue_total) filter (where currency = first_currency) as overdue,
       sum(outstanding_total) filter (where currency = first_currency) as outstanding,
       max(first_currency) as currency, max(first_branch) as branch,
       max(first_product) as product, max(first_officer) as officer,
       case when bool_or(status = 'written_off') then 'charged_off'
            when max(dpd) > 0 then coalesce(nullif(max(first_bucket), 'M0'), 'M1')
            when bool_or(next_due_amount > 0) then 'pre'
            else 'current' end as stage
from (select x.*,
        first_value(currency) over w as first_currency,
        first_value(branch) over w as first_branch,
        first_value(product) over w as first_product,
        first_value(officer) over w as first_officer,
        first_value(bucket) over w as first_bucket
      from ({rows}) x
      window w as (partition by case_id order by dpd desc, overdue_total desc, loan_id)
     ) y
group by case_id
"""
_OF_LOAN: Final = """
l.currency, l.branch, l.product, l.officer, p.dpd, p.bucket, p.status, p.overdue_total,
p.outstanding_total, p.next_due_amount
"""
EXPIRED: Final = """
update casework_hold h set released_at = %(at)s, released_by = %(by)s,
       release = 'expired'
from casework_case c
where c.id = h.case_id and h.released_at is null and h.expires_on <= %(day)s
returning h.case_id, h.id, h.kind, h.amount
"""
# What stands still; with whether the case was held until now.
STILL_HELD: Final = """
update casework_case c set version = c.version + 1,
   held = exists (select from casework_hold h where h.case_id = c.id
                    and h.released_at is null and h.amount is null),
   disputed = coalesce((select sum(h.amount) from casework_hold h
                where h.case_id = c.id and h.released_at is null), 0)
from (select k.id, k.held as was from casework_case k where k.id = any(%(ids)s)
      order by k.id for update) b
where c.id = b.id
returning c.id, c.held, b.was
"""
# Everybody who writes several cases locks them in this order; so does a morning.
IN_ORDER: Final = """
select count(*) from (select id from casework_case where lifecycle <> 'closed'
                      order by id for update) k
"""
# Late loans that are in no case.
FREE: Final = f"""
create temp table casework_free on commit drop as
select l.customer_id, l.id as loan_id, {_OF_LOAN}
from ledger_position p join ledger_loan l on l.id = p.loan_id
where p.dpd > 0 and p.status in ('active', 'written_off')
  and not exists (select from casework_loan m
                  where m.loan_id = p.loan_id and m.until is null)
"""
JOIN: Final = """
insert into casework_loan (case_id, loan_id, since, joined_at, outstanding)
select c.id, f.loan_id, %(day)s, %(at)s, f.outstanding_total
from casework_free f join casework_case c on c.customer_id = f.customer_id
where c.lifecycle <> 'closed'
returning case_id, loan_id
"""
_IN_CASES: Final = f"""
select m.case_id, m.loan_id, {_OF_LOAN}
from casework_loan m join casework_case k on k.id = m.case_id
join ledger_loan l on l.id = m.loan_id join ledger_position p on p.loan_id = m.loan_id
where m.until is null and k.lifecycle <> 'closed'
"""
REFRESH: Final = f"""
update casework_case c
set dpd = n.dpd, loans = n.loans, overdue_total = n.overdue,
    outstanding_total = n.outstanding, currency = n.currency, branch = n.branch,
    product = n.product, officer = n.officer, delinquency = n.stage,
    refreshed_on = %(day)s
from ({_FIGURES.format(rows=_IN_CASES)}) n
where n.case_id = c.id
  and (c.dpd, c.loans, c.overdue_total, c.outstanding_total, c.currency, c.branch,
       c.product, c.officer, c.delinquency)
      is distinct from (n.dpd, n.loans, n.overdue, n.outstanding, n.currency,
       n.branch, n.product, n.officer, n.stage)
returning c.id
"""
PAID_IN: Final = f"""
update casework_case c set paid = n.paid
from (select m.case_id, sum({PAID}) as paid from casework_loan m
      join casework_case k on k.id = m.case_id and k.lifecycle <> 'closed'
      where m.until is null group by m.case_id) n
where n.case_id = c.id and c.paid <> n.paid
"""
# Whose case is to be opened: by the strategy's word, or whoever is late enough.
BY_STRATEGY: Final = f"""
create temp table casework_wanted on commit drop as
select s.customer_id as case_id, l.id as loan_id, {_OF_LOAN}
from strategy_step s
join ledger_loan l on l.customer_id = s.customer_id
join ledger_position p on p.loan_id = l.id
where s.open_case and p.status in ('active', 'written_off')
  and not exists (select from casework_case c where c.customer_id = s.customer_id
                    and c.lifecycle <> 'closed')
"""
BY_RULE: Final = f"""
create temp table casework_wanted on commit drop as
select l.customer_id as case_id, l.id as loan_id, {_OF_LOAN}
from ledger_position p join ledger_loan l on l.id = p.loan_id
where p.dpd >= %(open_from)s and p.dpd > 0 and p.status in ('active', 'written_off')
  and not exists (select from casework_case c where c.customer_id = l.customer_id
                    and c.lifecycle <> 'closed')
"""
# Loans that are not late stay out where another is; a loan is in one case alone.
ONLY_LATE: Final = """
delete from casework_wanted w where
  (w.dpd = 0 and exists (select from casework_wanted o
                         where o.case_id = w.case_id and o.dpd > 0))
  or exists (select from casework_loan m
             where m.loan_id = w.loan_id and m.until is null)
"""
FIGURED: Final = f"""
create temp table casework_figured on commit drop as
select f.*, b.id as back_id, row_number() over (order by f.dpd desc, f.case_id) as place
from ({_FIGURES.format(rows="select * from casework_wanted")}) f
left join lateral (
  select c.id from casework_case c
  where c.customer_id = f.case_id and c.lifecycle = 'closed'
    and c.closed_on >= %(back_from)s and c.close_code = any(%(may_come_back)s)
    and c.id = (select max(k.id) from casework_case k
                where k.customer_id = f.case_id)) b on true
"""
REOPEN: Final = """
update casework_case c
set lifecycle = 'open', delinquency = f.stage, treatment = 'unassigned',
    resolution = 'none', close_code = '', closed_on = null, closed_at = null,
    closed_by = '', next_at = null, lawful_from = null, reopened = c.reopened + 1,
    queue = f.queue, dpd = f.dpd, loans = f.loans, overdue_total = f.overdue,
    outstanding_total = f.outstanding, currency = f.currency, branch = f.branch,
    product = f.product, officer = f.officer, paid = 0, refreshed_on = %(day)s,
    version = c.version + 1
from (select g.*, {queue} as queue from casework_figured g) f
where f.back_id = c.id
returning c.id, c.number, c.customer_id, 'reopened', c.queue, c.dpd, c.overdue_total,
          c.currency
"""
OPEN: Final = """
insert into casework_case (number, customer_id, lifecycle, delinquency, treatment,
  held, assignment, collector, team, cover, placement, legal, resolution, queue,
  segment, action, journey, because, priority, expected_value, currency, dpd, loans,
  overdue_total, outstanding_total, disputed, paid, branch, product, officer,
  opened_on, opened_at, opened_because, reopened, closed_by, close_code,
  last_worked_by, taken_by, version, refreshed_on)
select 'A' || to_char(%(day)s::date, 'YYMMDD')
         || lpad((f.place + %(first)s - 1)::text,
                 greatest(5, length((f.place + %(first)s - 1)::text)), '0'),
  f.case_id, 'open', f.stage, 'unassigned', false, 'pool', '', '', '', 'in_house',
  'none', 'none', f.queue, '', '', '', '{{}}', 0, 0, f.currency, f.dpd, f.loans,
  f.overdue, f.outstanding, 0, 0, f.branch, f.product, f.officer, %(day)s, %(at)s,
  %(because)s, 0, '', '', '', '', 1, %(day)s
from (select g.*, {queue} as queue from casework_figured g where back_id is null) f
order by f.place
returning id, number, customer_id, opened_because, queue, dpd, overdue_total, currency
"""
LOANS_IN: Final = """
insert into casework_loan (case_id, loan_id, since, joined_at, outstanding)
select c.id, w.loan_id, %(day)s, %(at)s, w.outstanding_total
from casework_wanted w join casework_case c
  on c.customer_id = w.case_id and c.lifecycle <> 'closed'
where c.id = any(%(ids)s)
"""
# What is over: nothing past due, nor wanted open by the strategy. Most is written by
# the code; what was opened ahead of its due day waits until it is paid.
OVER: Final = f"""
select c.id, c.number, c.customer_id,
  case when n.owed = 0 and n.gone then 'SOLD'
       when n.owed = 0 and n.paid >= n.joined and n.paid > 0 then 'PAID_FULL'
       when n.owed = 0 and n.paid > 0 then 'PAID_PARTIAL_SETTLED'
       else 'CURED' end as code
from casework_case c
join (select m.case_id, sum(p.outstanding_total) as owed,
        bool_and(p.status = 'transferred') as gone, sum(m.outstanding) as joined,
        sum({PAID}) as paid,
        max(case when p.status in ('settled', 'transferred') then 0 else p.dpd end)
          as dpd,
        bool_or(p.status = 'written_off') as written_off
      from casework_loan m join ledger_position p on p.loan_id = m.loan_id
      where m.until is null group by m.case_id) n on n.case_id = c.id
where c.lifecycle = 'open' and not c.held and n.dpd = 0
  and (n.owed = 0 or not n.written_off)
  and (n.owed = 0 or (c.opened_because <> 'ahead' and not {{wanted}}))
order by c.id
for update of c
"""
CLOSE: Final = """
update casework_case c
set lifecycle = 'closed', close_code = w.code, closed_on = %(day)s, closed_at = %(at)s,
    closed_by = %(by)s, placement = 'in_house', resolution = w.resolution,
    treatment = case when c.treatment = 'unassigned' then 'unassigned'
                     else 'stopped' end,
    assignment = 'pool', collector = '', team = '', cover = '', taken_by = '',
    taken_until = null, version = c.version + 1
from unnest(%(ids)s::bigint[], %(codes)s::text[], %(resolutions)s::text[])
  as w(id, code, resolution)
where w.id = c.id
"""
# The step of each customer; what the strategy says no more is taken away.
TREAT: Final = """
update casework_case c
set queue = n.queue, segment = n.segment, action = n.action, journey = n.journey,
    because = n.because, priority = n.priority, treatment = n.treatment
from (select k.id, k.queue as was,
        coalesce(nullif(s.queue, ''), {queue}) as queue,
        coalesce(s.segment, '') as segment, coalesce(s.action, '') as action,
        coalesce(s.journey, '') as journey, coalesce(s.because, '{{}}') as because,
        coalesce(s.priority, 0) as priority,
        case when k.treatment = 'stopped' or s.action = 'stop'
               then case when k.treatment = 'finished' then 'finished'
                         else 'stopped' end
             when s.customer_id is null then k.treatment
             when s.alarm = 'finished_with_debt' and k.treatment <> 'unassigned'
               then 'finished'
             when k.held or s.action = 'pause'
               then case when k.treatment = 'finished' then 'finished'
                         else 'paused' end
             else 'running' end as treatment
      from casework_case k
      left join strategy_step s on s.customer_id = k.customer_id
      where k.lifecycle = 'open') n
where n.id = c.id
  and (c.queue, c.segment, c.action, c.journey, c.because, c.priority, c.treatment)
      is distinct from (n.queue, n.segment, n.action, n.journey, n.because,
                        n.priority, n.treatment)
returning c.id, c.number, c.queue, n.was, c.segment, c.action, c.resolution
"""
BY_STAGE: Final = """
update casework_case c set queue = n.queue
from (select k.id, k.queue as was, {queue} as queue from casework_case k
      where k.lifecycle = 'open') n
where n.id = c.id and c.queue <> n.queue
returning c.id, c.number, c.queue, n.was, c.segment, c.action, c.resolution
"""
VALUE: Final = """
update casework_case c set expected_value = n.value
from (select k.id, {value} as value from casework_case k
      left join casework_facts t on t.customer_id = k.customer_id
      where k.lifecycle = 'open') n
where n.id = c.id and c.expected_value <> n.value
"""
