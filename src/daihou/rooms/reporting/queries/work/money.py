"""Cash on loans while they are in a case, each payment once, by whose hand it was in."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from django.db import connection

from daihou.kit.kept import Kept
from daihou.kit.scope import Scope
from daihou.rooms.reporting.states import CURED

# Of two cases that meet on a day the later has the money. What went back counts below
# nothing in the hand of the payment it takes back, on the day it went back. It begins
# with loans in cases, which are few beside the payments of a book.
CAME: Final = """
came as (
  select distinct on (x.id) x.id, x.amount, x.paid_on, x.case_id, x.day from (
    select y.id, y.amount, y.paid_on, y.paid_on as day, y.loan_id, m.case_id, m.since,
      m.id as place
    from casework_loan m join ledger_payment y on y.loan_id = m.loan_id
      and y.paid_on > %(since)s and y.paid_on <= %(until)s and y.paid_on >= m.since
      and (m.until is null or y.paid_on <= m.until)
    where m.since <= %(until)s and (m.until is null or m.until > %(since)s)
      and y.reversal_of_id is null
    union all
    select y.id, y.amount, y.paid_on, o.paid_on, y.loan_id, m.case_id, m.since, m.id
    from ledger_payment y join ledger_payment o on o.id = y.reversal_of_id
    join casework_loan m on m.loan_id = y.loan_id and m.since <= o.paid_on
      and (m.until is null or o.paid_on <= m.until)
    where y.paid_on > %(since)s and y.paid_on <= %(until)s
      and y.reversal_of_id is not null
  ) x join ledger_loan l on l.id = x.loan_id and l.currency = %(currency)s
  order by x.id, x.since desc, x.place desc
)"""
# Whose hand the case was in on that day: the last it was given to by then.
HAND: Final = """
left join lateral (
  select case when a.cover <> '' then a.cover else a.collector end as hand
  from casework_assignment a
  where a.case_id = {case} and a.business_date <= {day} order by a.id desc limit 1
) h on true"""
_CASH: Final = f"""
with {CAME}
select c.branch, coalesce(h.hand, ''), sum(w.amount)::bigint
from came w join casework_case c on c.id = w.case_id
{HAND.format(case="w.case_id", day="w.day")}
where {{within}} group by 1, 2
"""
_ENDED: Final = f"""
select c.branch, coalesce(h.hand, ''), count(*)
from casework_case c {HAND.format(case="c.id", day="c.closed_on")}
where c.lifecycle = 'closed' and c.closed_on > %(since)s and c.closed_on <= %(until)s
  and c.close_code = any(%(cured)s) and {{within}} group by 1, 2
"""
# What it is all made of, quick to read: the newest rows, and the cases that ended.
_NEWEST: Final = """
select (select coalesce(max(id), 0) from ledger_payment),
  (select coalesce(max(id), 0) from casework_assignment),
  (select coalesce(max(id), 0) from casework_loan),
  (select count(*) from casework_loan where until > %(since)s),
  count(*), coalesce(sum(c.id), 0)
from casework_case c where c.lifecycle = 'closed' and c.closed_on > %(since)s
"""


@dataclass(frozen=True, slots=True)
class Came:
    """Cash (minor units) and cases that ended well, by branch of the case and hand."""

    cash: Mapping[tuple[str, str], int]
    cured: Mapping[tuple[str, str], int]


_KEPT: Kept[Came] = Kept(64)


def came(*, scope: Scope, since: date, until: date, currency: str) -> Came:
    """What came after `since` and up to `until` on cases that may be seen.

    Reckoned anew once a payment came, a case was given on or ended.
    """
    values = {
        "since": since,
        "until": until,
        "currency": currency,
        "cured": sorted(CURED),
    }
    with connection.cursor() as cursor:
        cursor.execute(_NEWEST, values)
        newest = cursor.fetchone()

    def look() -> Came:
        cash = rows(_CASH, scope, values)
        ended = rows(_ENDED, scope, values)
        return Came(
            {(branch, hand): amount for branch, hand, amount in cash},
            {(branch, hand): number for branch, hand, number in ended},
        )

    return _KEPT.get((scope, since, until, currency, newest), look)


def rows(
    sql: str, scope: Scope, values: Mapping[str, Any], *, of: str = "c"
) -> list[tuple[Any, ...]]:
    """The rows of a statement whose {within} is the scope, by the columns of `of`."""
    within, named = scope.sql_named(
        branch=f"{of}.branch", product=f"{of}.product", officer=f"{of}.officer"
    )
    with connection.cursor() as cursor:
        cursor.execute(sql.format(within=within), {**values, **named})
        return list(cursor.fetchall())
