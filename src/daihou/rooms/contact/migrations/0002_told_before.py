"""Contacts, flags and consents that files told before this room was there."""

from django.db import migrations

_FACTS = """
(select f.id as fact_id, f."table" as kind, f.loan_id, f.customer_id, f.content,
        coalesce(k.id, 0) as point_id, coalesce(k.owner_role, '') as point_owner,
        coalesce(l.branch, '') as branch, coalesce(l.product, '') as product,
        coalesce(l.officer, '') as officer
 from ledger_side_fact f
 left join lateral (select p.id, p.owner_role from ledger_contact_point p
    where p.customer_id = f.customer_id
      and p.value_digest = f.content ->> 'contact_point_digest'
    order by p.id limit 1) k on true
 left join lateral (select o.branch, o.product, o.officer from ledger_loan o
    where o.id = f.loan_id or (f.loan_id is null and o.customer_id = f.customer_id)
    order by o.id limit 1) l on true
 where f.customer_id is not null) f
"""
# A channel or an actor of another name counts as a call by staff, the strictest.
_ATTEMPTS = f"""
insert into contact_attempt (fact_id, loan_id, customer_id, person, point_id, point,
  channel, purpose, actor, at, result, connected, conversation, failed, note,
  recorded_by, recorded_at, branch, product, officer)
select f.fact_id, f.loan_id, f.customer_id,
  'p' || f.customer_id || case when f.point_owner in ('', 'self') then ''
                               else '.' || f.point_id end,
  f.point_id, coalesce(f.content ->> 'contact_point_digest', ''),
  case when lower(f.content ->> 'channel') in ('robot_call', 'sms', 'wechat', 'email',
            'letter', 'visit') then lower(f.content ->> 'channel') else 'call' end,
  'collect',
  case when lower(f.content ->> 'actor') in ('robot', 'agency', 'branch')
       then lower(f.content ->> 'actor') else 'staff' end,
  (f.content ->> 'at')::timestamptz, '',
  coalesce((f.content ->> 'connected')::boolean, true), false, false, '',
  'migration', (f.content ->> 'at')::timestamptz, f.branch, f.product, f.officer
from {_FACTS} where f.kind = 'contact_history'
on conflict (fact_id) do nothing
"""
_FLAGS = f"""
insert into contact_flag (fact_id, customer_id, point_id, kind, from_at, until_at,
  evidence, raised_by, raised_at, lifted_by, lift_evidence, branch, product, officer)
select f.fact_id, f.customer_id, 0, lower(f.content ->> 'flag'),
  (f.content ->> 'from_on')::date::timestamp at time zone 'Asia/Shanghai',
  ((f.content ->> 'until_on')::date + 1)::timestamp at time zone 'Asia/Shanghai',
  '', 'migration', (f.content ->> 'from_on')::date, '', '',
  f.branch, f.product, f.officer
from {_FACTS} where f.kind = 'person_flags'
  and lower(f.content ->> 'flag') in ('dispute', 'complaint', 'hardship', 'deceased',
      'bankruptcy', 'minor', 'lawyer', 'cease', 'breathing_space', 'unreachable')
on conflict (fact_id) do nothing
"""
_CONSENTS = f"""
insert into contact_consent (fact_id, customer_id, kind, channel, given_at,
  withdrawn_at, evidence, recorded_by, recorded_at, branch, product, officer)
select f.fact_id, f.customer_id, lower(f.content ->> 'kind'),
  coalesce(lower(f.content ->> 'channel'), ''),
  (f.content ->> 'given_at')::timestamptz, (f.content ->> 'withdrawn_at')::timestamptz,
  '', 'migration', (f.content ->> 'given_at')::timestamptz,
  f.branch, f.product, f.officer
from {_FACTS} where f.kind = 'consents'
  and lower(f.content ->> 'kind') in ('night_contact', 'channel')
  and coalesce(lower(f.content ->> 'channel'), '') in ('', 'call', 'robot_call', 'sms',
      'wechat', 'email', 'letter', 'visit')
on conflict (fact_id) do nothing
"""


class Migration(migrations.Migration):

    dependencies = [
        ('contact', '0001_contact'),
        ('ledger', '0006_receipts'),
    ]

    operations = [
        migrations.RunSQL(statement, migrations.RunSQL.noop, elidable=True)
        for statement in (_ATTEMPTS, _FLAGS, _CONSENTS)
    ]
