"""What the daily bulletin and the agenda read: what came and went, and which cases."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from django.db import connection

from daihou.kit.scope import Scope
from daihou.rooms.ledger import door as ledger


@dataclass(frozen=True, slots=True)
class Flow:
    """Cases opened and closed from one day to another, and money that came on them."""

    opened: int
    closed: int
    cured: int
    paid: int


@dataclass(frozen=True, slots=True)
class ByCase:
    """One case of a list; `note` is a code (the kind of a hold) or empty."""

    number: str
    customer_id: int
    amount: int
    dpd: int
    note: str


def _rows(sql: str, scope: Scope, values: Mapping[str, Any]) -> list[tuple[Any, ...]]:
    within, named = scope.sql_named(
        branch="c.branch", product="c.product", officer="c.officer"
    )
    with connection.cursor() as cursor:
        cursor.execute(sql.format(within=within), {**values, **named})
        return list(cursor.fetchall())


_FLOW: Final = """
select
  (select count(*) from casework_case c
   where c.opened_on >= %(since)s and c.opened_on <= %(until)s and {within}),
  (select count(*) from casework_case c
   where c.lifecycle = 'closed' and c.closed_on >= %(since)s
     and c.closed_on <= %(until)s and {within}),
  (select count(*) from casework_case c
   where c.lifecycle = 'closed' and c.closed_on >= %(since)s
     and c.closed_on <= %(until)s and c.close_code in ('CURED', 'PAID_FULL')
     and {within}),
  (with came as materialized (
     select m.loan_id, y.amount, c.currency
     from casework_loan m
     join casework_case c on c.id = m.case_id and c.currency = %(currency)s
     join ledger_payment y on y.loan_id = m.loan_id and y.paid_on >= %(since)s
       and y.paid_on <= %(until)s and y.paid_on >= m.since
       and (m.until is null or y.paid_on <= m.until)
     where m.since <= %(until)s and (m.until is null or m.until >= %(since)s)
       and {within}
       -- A day on which a loan changes cases counts once: for the case it came to.
       and not exists (
         select from casework_loan o
         where o.loan_id = m.loan_id and o.since <= y.paid_on
           and (o.until is null or o.until >= y.paid_on)
           and (o.until is null, o.since, o.id) > (m.until is null, m.since, m.id)))
   select coalesce(sum(w.amount), 0)::bigint
   from came w join ledger_loan n on n.id = w.loan_id and n.currency = w.currency)
"""


def flow(*, scope: Scope, since: date, until: date, currency: str) -> Flow:
    """What came and went between two days, both included; minor units of `currency`.

    Money on loans of another currency is not summed with it.
    """
    values = {"since": since, "until": until, "currency": currency}
    return Flow(*_rows(_FLOW, scope, values)[0])


_LISTS: Final = {
    "largest": """
select c.number, c.customer_id, c.overdue_total, c.dpd, ''
from casework_case c where c.lifecycle = 'open' and {within}
order by c.overdue_total desc, c.id desc limit %(most)s""",
    "broken": """
select c.number, c.customer_id, c.overdue_total, c.dpd, ''
from casework_case c join casework_facts f on f.customer_id = c.customer_id
where c.lifecycle = 'open' and f.promise_state = 'broken' and f.broken_promises > 1
  and {within}
order by f.broken_promises desc, c.overdue_total desc, c.id limit %(most)s""",
    "held": """
select c.number, c.customer_id, c.overdue_total, c.dpd, h.kind
from casework_hold h join casework_case c on c.id = h.case_id
where h.released_at is null and c.lifecycle = 'open' and {within}
order by h.expires_on, c.id limit %(most)s""",
}


def cases(kind: str, *, scope: Scope, most: int) -> Sequence[ByCase]:
    """A short list of cases to talk about: largest, broken, held."""
    return [ByCase(*row) for row in _rows(_LISTS[kind], scope, {"most": most})]


def named(lists: Mapping[str, Sequence[ByCase]]) -> dict[int, str]:
    """What the customers of these lists are called."""
    ids = [row.customer_id for rows in lists.values() for row in rows]
    return dict(ledger.reading.names_of(ids))
