"""What the town reads of the lender's tables beside the rooms' doors; it writes none."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Final

from django.db import connection


def rows(statement: str, values: Mapping[str, Any] | None = None) -> list[Any]:
    """What a statement finds."""
    with connection.cursor() as cursor:
        cursor.execute(statement, values or {})
        return list(cursor.fetchall())


def ids(table: str) -> Mapping[int, str]:
    """The lender's own id by ours; of customers or loans."""
    assert table in ("ledger_customer", "ledger_loan"), table
    return dict(rows(f"select id, external_id from {table}"))


_HOLDS: Final = """
select h.id, h.placed_by, c.branch, c.customer_id from casework_hold h
join casework_case c on c.id = h.case_id
where h.released_at is null and h.from_at < %(before)s
order by c.number, h.kind, h.id
"""


def standing_holds(before: date) -> Sequence[tuple[int, str, str, int]]:
    """Holds placed before a day that stand: id, who placed it, branch, customer."""
    return rows(_HOLDS, {"before": before})


_SUPERVISORS_ITEMS: Final = """
select i.id from casework_item i join casework_case c on c.id = i.case_id
where i.state = 'open' and i.for_supervisor order by c.number, i.id limit 200
"""


def supervisors_items() -> Sequence[int]:
    """What waits for who oversees the cases."""
    return [row[0] for row in rows(_SUPERVISORS_ITEMS)]


_OTHERS: Final = """
select p.customer_id, min(c.id) from ledger_party p
join ledger_loan l on l.id = p.loan_id and l.customer_id <> p.customer_id
join ledger_contact_point c on c.customer_id = p.customer_id
  and c.kind in ('mobile', 'phone')
where p.loan_id = %(loan)s group by p.customer_id, p.role order by p.role, 1
"""


def others_of(loan_id: int) -> Sequence[tuple[int, int]]:
    """Who else has a part in a loan and a number: customer, contact point."""
    return rows(_OTHERS, {"loan": loan_id})


def cash_by_day(since: date) -> Mapping[date, int]:
    """Money of the ledger by the day it came, reversals off; minor units."""
    found = rows(
        "select paid_on, sum(amount)::bigint from ledger_payment"
        " where paid_on >= %(since)s group by paid_on",
        {"since": since},
    )
    return dict(found)
