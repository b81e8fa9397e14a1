"""What is known of how one customer pays, is reached and keeps their word."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from django.db import connection

from daihou.kit.scope import Scope

SOON: Final = 7  # days after a talk in which money is put beside it
_REACHED: Final = """
select a.channel, count(*), count(*) filter (where a.connected),
       count(*) filter (where a.conversation),
       count(*) filter (where a.conversation and exists (
         select 1 from ledger_payment p
         where p.loan_id = any(%(loans)s) and p.amount > 0 and p.reversal_of_id is null
           and p.paid_on >= a.at::date and p.paid_on <= a.at::date + %(soon)s
           and not exists (select 1 from ledger_payment r where r.reversal_of_id = p.id)))
from contact_attempt a
where a.customer_id = %(customer)s and not a.failed and a.at::date <= %(on)s
  and ({within} or a.loan_id = any(%(loans)s))
group by a.channel order by 4 desc, 2 desc, 1
"""
_PROMISED: Final = """
select p.currency, p.state, count(*), sum(p.amount)::bigint, sum(p.appropriated)::bigint
from casework_promise p join casework_case c on c.id = p.case_id
where p.customer_id = %(customer)s and p.made_on <= %(on)s and {within}
group by p.currency, p.state order by p.currency, p.state
"""
_CLASSED: Final = """
select m.loan_id, m.as_of, m.was, m.becomes, m.rule
from grading_move m join grading_run r on r.id = m.run_id
where r.current and m.loan_id = any(%(loans)s) and m.as_of <= %(on)s
order by m.as_of desc, m.loan_id, m.id desc limit 40
"""
_FLAGGED: Final = """
select f.kind, min(f.from_at)::date from contact_flag f
where f.customer_id = %(customer)s and f.from_at::date <= %(on)s
  and (f.until_at is null or f.until_at::date > %(on)s)
  and (f.lifted_at is null or f.lifted_at::date > %(on)s)
group by f.kind order by f.kind
"""


@dataclass(frozen=True, slots=True)
class Channel:
    """Attempts on one channel: answered, talked over, and talks that money followed."""

    channel: str
    attempts: int
    answered: int
    talks: int
    paid_soon: int


@dataclass(frozen=True, slots=True)
class Promised:
    """Promises of one currency in one state; minor units."""

    currency: str
    state: str
    promises: int
    amount: int
    came: int


@dataclass(frozen=True, slots=True)
class Classed:
    """One change of class; classes are numbers, below 0 none."""

    loan_id: int
    on: date
    was: int
    becomes: int
    rule: str


def reached(
    customer_id: int, loan_ids: Collection[int], *, on: date, scope: Scope
) -> Sequence[Channel]:
    """How a customer was reached until the end of a day, by channel.

    Only contacts about what lies in the scope, as the contacts themselves are seen.
    """
    condition, named = scope.sql_named(
        branch="a.branch", product="a.product", officer="a.officer"
    )
    values = {"loans": list(loan_ids), "customer": customer_id, "on": on, "soon": SOON}
    sql = _REACHED.format(within=condition)
    return [Channel(*row) for row in _rows(sql, values | named)]


def promised(customer_id: int, *, on: date, scope: Scope) -> Sequence[Promised]:
    """Promises made by a day on cases of the scope, by currency and how they stand."""
    condition, named = scope.sql_named(
        branch="c.branch", product="c.product", officer="c.officer"
    )
    values = {"customer": customer_id, "on": on, **named}
    sql = _PROMISED.format(within=condition)
    return [Promised(*row) for row in _rows(sql, values)]


def classed(loan_ids: Collection[int], *, on: date) -> Sequence[Classed]:
    """How the classes of these loans changed, the newest first."""
    values = {"loans": list(loan_ids), "on": on}
    return [Classed(*row) for row in _rows(_CLASSED, values)]


def flagged(customer_id: int, *, on: date) -> Sequence[tuple[str, date]]:
    """What is known of a person at the end of a day, and since when."""
    values = {"customer": customer_id, "on": on}
    return [(kind, since) for kind, since in _rows(_FLAGGED, values)]


def _rows(sql: str, values: dict[str, Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return list(cursor.fetchall())
