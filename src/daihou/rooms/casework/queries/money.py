"""What came in and went back on loans, as promises are judged by it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from django.db import connection

from daihou.engine.commitments.judging import Money
from daihou.kit.scope import Scope
from daihou.rooms.casework.queries.cases import CaseLine, case

# A reversal is no row of its own: it says on which day the other one ended.
_MONEY: Final = """
select y.id, y.loan_id, y.amount, y.paid_on, y.recorded_at, r.paid_on
from ledger_payment y
left join ledger_payment r on r.reversal_of_id = y.id
where y.loan_id = any(%s) and y.paid_on >= %s and y.reversal_of_id is null
"""
_STANDING: Final = """
select p.loan_id, p.overdue_total, p.outstanding_total,
       p.status in ('active', 'written_off')
from ledger_position p where p.loan_id = any(%s)
"""
_NEWEST: Final = """
select coalesce((select max(id) from ledger_payment), 0),
       pg_snapshot_xmin(pg_current_snapshot())::text::bigint,
       pg_snapshot_xmax(pg_current_snapshot())::text::bigint
"""
_PAYERS: Final = """
with paid as materialized (
  select distinct loan_id from ledger_payment where id > %s)
select distinct p.customer_id
from casework_promise p
cross join lateral unnest(p.loans) as mine(loan_id)
join paid on paid.loan_id = mine.loan_id
where p.ended_at is null and p.watch_until >= %s
order by 1
"""


def money_of(loans: Sequence[int], *, since: date) -> list[Money]:
    """The payments to these loans from a day on, with the day each was taken back."""
    with connection.cursor() as cursor:
        cursor.execute(_MONEY, [list(loans), since])
        return [
            Money(
                id=row[0],
                loan=row[1],
                amount=row[2],
                paid_on=row[3],
                known_at=row[4],
                reversed_on=row[5],
            )
            for row in cursor.fetchall()
        ]


@dataclass(frozen=True, slots=True)
class Owed:
    """What a loan owes now, minor units; `live` while it is not over."""

    overdue_total: int
    outstanding_total: int
    live: bool


def owed_on(loans: Sequence[int]) -> dict[int, Owed]:
    """What these loans owe now, by loan."""
    with connection.cursor() as cursor:
        cursor.execute(_STANDING, [list(loans)])
        return {row[0]: Owed(*row[1:]) for row in cursor.fetchall()}


@dataclass(frozen=True, slots=True)
class Newest:
    """The newest payment in sight; no transaction below `oldest` runs any more."""

    id: int
    oldest: int
    next: int


def newest() -> Newest:
    """Up to which payment one can see, and which transactions may still bring some."""
    with connection.cursor() as cursor:
        cursor.execute(_NEWEST)
        return Newest(*cursor.fetchone())


def payers_after(payment_id: int, *, on: date) -> list[int]:
    """Customers whose promises a payment above this number may change."""
    with connection.cursor() as cursor:
        cursor.execute(_PAYERS, [payment_id, on])
        return [row[0] for row in cursor.fetchall()]


@dataclass(frozen=True, slots=True)
class Arrived:
    """Money that came (or, below zero, went) on a loan of a case; minor units."""

    payment_id: int
    loan_id: int
    amount: int
    kind: str
    recorded_at: datetime
    paid_on: date


_ARRIVED: Final = """
select y.id, y.loan_id, y.amount, y.kind, y.recorded_at, y.paid_on
from casework_loan m join ledger_payment y on y.loan_id = m.loan_id
where m.case_id = %s and m.until is null and y.recorded_at > %s
order by y.recorded_at, y.id limit 50
"""


_INSIDE: Final = """
select y.id, y.loan_id, y.amount, y.kind, y.recorded_at, y.paid_on
from ledger_payment y
where y.loan_id in (select loan_id from casework_loan where case_id = %(case)s)
  and exists (
    select from casework_loan m
    where m.case_id = %(case)s and m.loan_id = y.loan_id
      and (y.paid_on >= m.since or y.recorded_at >= m.joined_at)
      and (m.until is null or y.paid_on <= m.until))
order by y.recorded_at desc, y.id desc limit %(most)s
"""


def payments_of(case_id: int, *, scope: Scope, most: int = 50) -> Sequence[Arrived]:
    """What came in on loans while they were in a case, the newest first."""
    found = case(case_id, scope=scope)
    with connection.cursor() as cursor:
        cursor.execute(_INSIDE, {"case": found.id, "most": most})
        return [Arrived(*row) for row in cursor.fetchall()]


def payments_since(case_id: int, at: datetime, *, scope: Scope) -> Sequence[Arrived]:
    """What came in on the loans of a case after an instant, the earliest first."""
    return arrived(case(case_id, scope=scope), at)


_OF_THE_DAY: Final = """
select coalesce(sum(y.amount), 0)::bigint
from casework_loan m join ledger_payment y on y.loan_id = m.loan_id
where m.case_id = %s and m.until is null
  and (y.paid_on = %s or (y.recorded_at >= %s and y.paid_on < %s))
"""


def came_on(found: CaseLine, on: date, *, since: datetime) -> int:
    """What came in on the loans of a case on the open day, less what went back.

    Money dated the business day counts whatever a calendar says, and what was
    recorded `since` is news of that day too. Minor units.
    """
    with connection.cursor() as cursor:
        cursor.execute(_OF_THE_DAY, [found.id, on, since, on])
        return max(0, int(cursor.fetchone()[0]))


def arrived(found: CaseLine, at: datetime) -> Sequence[Arrived]:
    """The same of a case that was seen: one query."""
    with connection.cursor() as cursor:
        cursor.execute(_ARRIVED, [found.id, at])
        return [Arrived(*row) for row in cursor.fetchall()]
