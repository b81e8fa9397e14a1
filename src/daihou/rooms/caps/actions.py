"""Holding the whole book against its caps, after each closed day; the only writer."""

import logging
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, Final

from django.db import connection, transaction

from daihou.rooms.audit import door as audit
from daihou.rooms.caps import queries
from daihou.rooms.caps.models import CapRun
from daihou.rooms.dayend import door as dayend
from daihou.rooms.ledger import door as ledger
from daihou.rooms.people import door as people

_log = logging.getLogger("daihou.caps")
LOCK: Final = 0x0DA1_40CA  # one look at a time, whoever takes it

# What is above, or not asserted, as `engine.caps.price.check_price` says it loan by
# loan. Rates are compared as numerics, so that 16 % and half of it more is 24 % and no
# more. The statement writes what differs, and takes away what is no longer so.
_FOUND: Final = """
with term as (
  select * from unnest(%(licences)s::text[], %(begins)s::date[], %(ends)s::date[],
    %(caps)s::numeric[], %(mosts)s::numeric[], %(complete)s::boolean[],
    %(doubted)s::boolean[])
    as t (licence, begins_on, ends_on, cap, most, complete, doubted)
), product as (
  select * from unnest(%(products)s::text[], %(multipliers)s::numeric[])
    as t (product, multiplier)
), priced as (
  select l.id as loan_id, l.currency, s.over_cap as above, t.cap, t.most, t.complete,
    t.doubted, coalesce(nullif(l.licence, ''), %(own)s) as licence, l.annual_rate,
    round(l.annual_rate * coalesce(l.penalty_multiplier, p.multiplier), 9) as late
  from ledger_loan l
  join ledger_position s on s.loan_id = l.id and s.status = 'active'
  left join product p on p.product = l.product
  left join term t on t.licence = coalesce(nullif(l.licence, ''), %(own)s)
    and t.begins_on <= l.disbursed_on and l.disbursed_on < t.ends_on
), weighed as (
  select *, greatest(annual_rate, late) as all_in,
    greatest(greatest(annual_rate, late) - cap, 0) as excess,
    coalesce(late > annual_rate * most, false) as multiple_above
  from priced
), found as (
  select loan_id, licence, cap, all_in, coalesce(excess, 0) as excess, multiple_above,
    coalesce(doubted, false) as doubted, above, currency,
    case when above > 0 or coalesce(excess, 0) > 0 or multiple_above then 'over'
         else 'not_asserted' end as standing
  from weighed
  where above > 0 or coalesce(excess, 0) > 0 or multiple_above
        or not coalesce(complete, false)
), written as (
  insert into caps_finding as f (loan_id, standing, licence, cap, all_in, excess,
    multiple_above, doubted, above, currency)
  select loan_id, standing, licence, cap, all_in, excess, multiple_above, doubted,
    above, currency from found
  on conflict (loan_id) do update set standing = excluded.standing,
    licence = excluded.licence, cap = excluded.cap, all_in = excluded.all_in,
    excess = excluded.excess, multiple_above = excluded.multiple_above,
    doubted = excluded.doubted, above = excluded.above, currency = excluded.currency
  where (f.standing, f.licence, f.cap, f.all_in, f.excess, f.multiple_above, f.doubted,
         f.above, f.currency)
    is distinct from (excluded.standing, excluded.licence, excluded.cap,
         excluded.all_in, excluded.excess, excluded.multiple_above, excluded.doubted,
         excluded.above, excluded.currency)
  returning 1
), gone as (
  delete from caps_finding f
  where not exists (select 1 from found n where n.loan_id = f.loan_id)
  returning 1
)
select (select count(*) filter (where standing = 'over') from found),
       (select count(*) filter (where standing = 'not_asserted') from found),
       (select count(*) from written) + (select count(*) from gone)
"""


def reckon_due(*, at: datetime) -> None:
    """Hold the book against its caps where a day was closed or a rule changed since."""
    if not queries.applies():
        return
    closed = _last_closed()
    if closed is None:
        return
    caps = queries.caps(closed.as_of)
    last = queries.last_run()
    if last and (last.positions, last.rules) == (closed.fingerprint, caps.digest):
        return
    reckon(closed.as_of, closed.fingerprint, caps, at=at)


def _last_closed() -> dayend.RunLine | None:
    days = [run for run in dayend.runs(limit=5) if run.current]
    if not days:
        return None
    return max(days, key=lambda run: run.as_of)


@transaction.atomic
def reckon(as_of: date, positions: str, caps: queries.Caps, *, at: datetime) -> None:
    """Write down which loans are above a cap, or have none that can be asserted."""
    with connection.cursor() as cursor:
        cursor.execute("select pg_try_advisory_xact_lock(%s)", [LOCK])
        if not cursor.fetchone()[0]:
            return
        cursor.execute(_FOUND, _values(caps))
        over, not_asserted, changed = cursor.fetchone()
    CapRun.objects.create(
        as_of=as_of,
        positions=positions,
        rules=caps.digest,
        law=caps.law.digest,
        over=over,
        not_asserted=not_asserted,
        changed=changed,
        sums=queries.sums_now(),
        at=at,
    )
    _log.info("caps of %s: %s above, %s not asserted", as_of, over, not_asserted)


def _values(caps: queries.Caps) -> dict[str, Any]:
    found = caps.terms
    return {
        "licences": [each.licence for each in found],
        "begins": [each.begins_on for each in found],
        "ends": [each.ends_on for each in found],
        "caps": [each.cap for each in found],
        "mosts": [each.overdue_most for each in found],
        "complete": [each.complete for each in found],
        "doubted": [each.doubted for each in found],
        "products": list(caps.multipliers),
        "multipliers": list(caps.multipliers.values()),
        "own": caps.own,
    }


@transaction.atomic
def record_export(
    *,
    as_of: date,
    loan_ids: Sequence[int],
    address: str,
    doing: ledger.personal.Doing,
) -> None:
    """Write down that a list leaves the house, before it does.

    NotAllowed to who may not export; a canary among the loans is reported.
    """
    people.require(doing.by, people.Permission.EXPORT_LEDGER)
    audit.record(
        type="caps.exported",
        subject_type="ledger",
        subject_id=as_of.isoformat(),
        by=doing.by.username,
        at=doing.at,
        business_date=doing.business_date,
        payload={"rows": len(loan_ids), "address": address[:500]},
        request_id=doing.request_id,
    )
    ledger.personal.watch_export(loan_ids, doing=doing)
