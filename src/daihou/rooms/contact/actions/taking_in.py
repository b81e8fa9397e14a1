"""Contacts, consents and flags of imported files: as rows of this room, at once.

They follow the row the ledger keeps: sent again changed, they change. A channel or an
actor that is not known counts as a call by staff, the strictest there is.
"""

import json
from typing import Final

from django.conf import settings
from django.db import connection

from daihou.engine.gate.values import Actor, Channel, ConsentKind
from daihou.rooms.contact.states import FLAGS, LEGACY, Result, connected
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
  ((f.content ->> 'until_on')::date + 1)::timestamp at time zone %(zone)s,
  '', %(by)s, %(at)s, '', '', f.branch, f.product, f.officer
from {_FACTS} and f.kind = 'person_flags'
  and lower(f.content ->> 'flag') = any(%(flags)s)
on conflict (fact_id) do update set kind = excluded.kind, from_at = excluded.from_at,
  until_at = excluded.until_at
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
_STATEMENTS: Final = {
    "contact_history": _ATTEMPTS,
    "person_flags": _FLAG,
    "consents": _CONSENT,
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
    }
    with connection.cursor() as cursor:
        for name in wanted:
            cursor.execute(_STATEMENTS[name], values)
