"""Contacts, consents and flags of imported files: as rows of this room, at once.

They follow the row the ledger keeps: sent again changed, they change. A channel or an
actor that is not known counts as a call by staff, the strictest there is. A flag that
was lifted here stays lifted when it is sent again; an event tells of it. One that opens
a way to others (dead, a minor, not to be reached) holds at once, but opens nothing
before a person of the office confirms it.
"""

import json
from collections.abc import Sequence
from typing import Final

from django.conf import settings
from django.db import connection

from daihou.engine.gate.values import Actor, Channel, ConsentKind
from daihou.rooms.audit import door as audit
from daihou.rooms.contact.states import (
    FLAGS,
    FOR_GOOD,
    GOOD_FOR,
    LEGACY,
    NOT_THEM,
    RAISES,
    Result,
    connected,
)
from daihou.rooms.contact.states import conversation as talked
from daihou.rooms.contact.states import failed as never_rang
from daihou.rooms.intake import door as intake
from daihou.rooms.ledger import door as ledger

_CHANNELS: Final = {
    **{each.value: each.value for each in Channel},
    "phone": "call",
    "电话": "call",
    "人工": "call",
    "bot": "robot_call",
    "机器人": "robot_call",
    "智能外呼": "robot_call",
    "短信": "sms",
    "微信": "wechat",
    "邮件": "email",
    "信函": "letter",
    "函件": "letter",
    "外访": "visit",
}
_ACTORS: Final = {
    **{each.value: each.value for each in Actor},
    "human": "staff",
    "bot": "robot",
    "机器人": "robot",
    "委外": "agency",
    "机构": "agency",
    "网点": "branch",
    "支行": "branch",
}
_FACTS: Final = f"({ledger.reaching.TOLD}) f where f.batch_id = %(batch)s"
_ATTEMPTS: Final = f"""
insert into contact_attempt (fact_id, loan_id, customer_id, person, point_id,
  point, channel, purpose, actor, at, result, connected, conversation, failed, note,
  recorded_by, recorded_at, branch, product, officer)
select f.fact_id, f.loan_id, f.customer_id,
  'p' || f.customer_id || case when f.point_owner in ('', 'self') then ''
                               else '.' || f.point_id end,
  f.point_id, coalesce(f.content ->> 'contact_point_digest', ''),
  coalesce(%(channels)s::jsonb ->> lower(f.content ->> 'channel'), 'call'), 'collect',
  coalesce(%(actors)s::jsonb ->> lower(f.content ->> 'actor'), 'staff'),
  (f.content ->> 'at')::timestamptz,
  case when upper(f.content ->> 'result') = any(%(results)s)
       then upper(f.content ->> 'result') else '' end,
  coalesce((f.content ->> 'connected')::boolean,
           not coalesce(upper(f.content ->> 'result') = any(%(unanswered)s), false)),
  coalesce(upper(f.content ->> 'result') = any(%(talked)s), false),
  coalesce(upper(f.content ->> 'result') = any(%(failed)s), false)
    and not coalesce((f.content ->> 'connected')::boolean, false),
  '', %(by)s, %(at)s, f.branch, f.product, f.officer
from {_FACTS} and f.kind = 'contact_history'
on conflict (fact_id) do update set loan_id = excluded.loan_id,
  person = excluded.person, point_id = excluded.point_id, point = excluded.point,
  channel = excluded.channel, actor = excluded.actor, at = excluded.at,
  result = excluded.result, connected = excluded.connected,
  conversation = excluded.conversation, failed = excluded.failed
"""
_FLAG: Final = f"""
insert into contact_flag (fact_id, customer_id, point_id, kind, from_at,
  until_at, evidence, raised_by, raised_at, lifted_by, lift_evidence,
  branch, product, officer)
select f.fact_id, f.customer_id, 0, lower(f.content ->> 'flag'),
  (f.content ->> 'from_on')::date::timestamp at time zone %(zone)s,
  case when lower(f.content ->> 'flag') = any(%(for_good)s) then null else
    ((f.content ->> 'until_on')::date + 1)::timestamp at time zone %(zone)s end,
  '', %(by)s, %(at)s, '', '', f.branch, f.product, f.officer
from {_FACTS} and f.kind = 'person_flags'
  and lower(f.content ->> 'flag') = any(%(flags)s)
on conflict (fact_id) do update set from_at = excluded.from_at,
  until_at = excluded.until_at,
  -- What somebody of the office confirmed does not become another word of the file's.
  kind = case when contact_flag.confirmed_at is null then excluded.kind
              else contact_flag.kind end
  where contact_flag.lifted_at is null
"""
_LIFTED: Final = f"""
select h.customer_id, h.id, h.kind from contact_flag h
where h.lifted_at is not null and h.fact_id in (
  select f.fact_id from {_FACTS} and f.kind = 'person_flags')
order by h.id
"""
_CONSENT: Final = f"""
insert into contact_consent (fact_id, customer_id, kind, channel, given_at,
  withdrawn_at, evidence, recorded_by, recorded_at, branch, product, officer)
select f.fact_id, f.customer_id, lower(f.content ->> 'kind'),
  coalesce(lower(f.content ->> 'channel'), ''),
  (f.content ->> 'given_at')::timestamptz, (f.content ->> 'withdrawn_at')::timestamptz,
  '', %(by)s, %(at)s, f.branch, f.product, f.officer
from {_FACTS} and f.kind = 'consents'
  and lower(f.content ->> 'kind') = any(%(kinds)s)
  and (f.content ->> 'channel' is null
       or lower(f.content ->> 'channel') = any(%(known)s))
on conflict (fact_id) do update set kind = excluded.kind, channel = excluded.channel,
  given_at = excluded.given_at, withdrawn_at = excluded.withdrawn_at
"""
_THESE: Final = f"(select f.fact_id from {_FACTS} and f.kind = 'contact_history')"
# What a result says of the person holds, as if it were recorded here: of the customer,
# but for a contact person who wants no contact. What was lifted after it stays lifted.
_SAID: Final = f"""
insert into contact_flag (customer_id, point_id, kind, from_at, evidence, raised_by,
  raised_at, lifted_by, lift_evidence, branch, product, officer)
select distinct on (s.customer_id, s.point_id, s.kind) s.customer_id, s.point_id,
  s.kind, s.at, '', %(by)s, %(at)s, '', '', s.branch, s.product, s.officer
from (select a.customer_id, least(a.at, %(at)s) as at, a.branch, a.product, a.officer,
        p.point_id, case when p.point_id > 0 and r.kind = 'cease' then 'refused'
                         else r.kind end as kind
      from contact_attempt a
      cross join lateral (select %(raises)s::jsonb ->> a.result as kind,
                                 position('.' in a.person) > 0 as is_other) r
      cross join lateral (
        select 0 as point_id where not r.is_other or r.kind <> 'cease'
        union all
        select a.point_id where r.is_other and r.kind in ('cease', 'complaint')) p
      where r.kind is not null and a.fact_id in {_THESE}) s
where not exists (
  select 1 from contact_flag g
  where g.customer_id = s.customer_id and g.point_id = s.point_id and g.kind = s.kind
        and (g.lifted_at is null and g.until_at is null or g.lifted_at >= s.at
             or (g.kind = 'unreachable' and g.until_at >= s.at)))
order by s.customer_id, s.point_id, s.kind, s.at
"""
# Who was talked to can be reached from then on.
_TALKED: Final = f"""
update contact_flag g set until_at = t.at
from contact_flag h cross join lateral (
  select min(a.at) as at from contact_attempt a
  where a.person = 'p' || h.customer_id and a.at >= h.from_at and a.connected
        and a.result <> all(%(not_them)s)) t
where g.id = h.id and h.kind = 'unreachable' and h.lifted_at is null
  and (h.until_at is null or h.until_at > t.at) and t.at is not null
  and h.customer_id in (select f.customer_id from {_FACTS})
"""
# Answers given before are good for no contact any more; whoever asks again is told why.
_HELD: Final = f"""
update contact_decision d set held_at = %(at)s
where d.state = 'open' and d.verdict = 'allow' and d.held_at is null
  and d.asked_at > %(fresh)s
  and array[d.customer_id, d.debtor_id] && array(select f.customer_id from {_FACTS})
"""
_STATEMENTS: Final = {
    "contact_history": (_ATTEMPTS, _SAID, _TALKED),
    "person_flags": (_FLAG, _TALKED),
    "consents": (_CONSENT,),
}


def follow(taken: intake.TakenIn) -> None:
    """Take what an intake brought of contacts, flags and consents; its transaction."""
    wanted = [name for name in _STATEMENTS if name in taken.tables]
    if not wanted:
        return
    results = [*(each.value for each in Result), LEGACY]
    values = {
        "batch": taken.batch_id,
        "by": taken.by,
        "at": taken.at,
        "zone": settings.TIME_ZONE,
        "channels": json.dumps(_CHANNELS),
        "actors": json.dumps(_ACTORS),
        "known": [each.value for each in Channel],
        "kinds": [each.value for each in ConsentKind],
        "flags": list(FLAGS),
        "results": results,
        "unanswered": [each.value for each in Result if not connected(each.value)],
        "talked": [each for each in results if talked(each)],
        "failed": [each for each in results if never_rang(each)],
        "raises": json.dumps({str(said): str(kind) for said, kind in RAISES.items()}),
        "for_good": sorted(FOR_GOOD),
        "not_them": sorted(NOT_THEM),
        "fresh": taken.at - GOOD_FOR,
    }
    with connection.cursor() as cursor:
        for name in wanted:
            for statement in _STATEMENTS[name]:
                cursor.execute(statement, values)
        cursor.execute(_HELD, values)
        if "person_flags" in wanted:
            cursor.execute(_LIFTED, values)
            _tell_lifted(cursor.fetchall(), taken)


def _tell_lifted(rows: Sequence[tuple[int, int, str]], taken: intake.TakenIn) -> None:
    """A flag that somebody lifted stays lifted, whatever its sender says later."""
    audit.record_many(
        audit.NewEvent(
            type="contact.flag.sent_again",
            subject_type="customer",
            subject_id=customer_id,
            by=taken.by,
            at=taken.at,
            business_date=taken.business_date,
            payload={"flag": flag_id, "kind": kind, "batch": taken.batch_id},
        )
        for customer_id, flag_id, kind in rows
    )
