"""Money on loans between two days, as reports count it: what went back is left out."""

from collections.abc import Collection, Mapping
from datetime import date
from typing import Final

from django.db import connection

# A payment that was taken back by the last day counts for nothing, nor does what takes
# it back; a refund counts with its sign.
_AFTER: Final = """
select w.loan_id, sum(p.amount)::bigint, max(p.paid_on)
from unnest(%(loans)s::bigint[], %(since)s::date[]) as w(loan_id, since)
join ledger_payment p on p.loan_id = w.loan_id and p.paid_on > w.since
 and p.paid_on <= %(until)s and p.reversal_of_id is null
where not exists (select 1 from ledger_payment r where r.reversal_of_id = p.id
                  and r.paid_on <= %(until)s)
group by w.loan_id
"""


def paid_after(
    since: Mapping[int, date], *, until: date
) -> Mapping[int, tuple[int, date]]:
    """What came on each loan after its own day, and the last day of it; minor units."""
    if not since:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(
            _AFTER,
            {
                "loans": list(since),
                "since": list(since.values()),
                "until": until,
            },
        )
        return {loan: (amount, last) for loan, amount, last in cursor.fetchall()}


_LATE_MONEY: Final = """
select p.loan_id, p.paid_on, p.amount from ledger_payment p
where p.loan_id = any(%(loans)s) and p.paid_on <= %(until)s and p.amount > 0
  and p.reversal_of_id is null and p.kind in ('payment', 'recovery')
  and not exists (select 1 from ledger_payment r where r.reversal_of_id = p.id
                  and r.paid_on <= %(until)s)
order by p.paid_on, p.id
"""


def paid_on_loans(
    loan_ids: Collection[int], *, until: date
) -> list[tuple[int, date, int]]:
    """Every payment that stands on these loans, in order: loan, day, minor units."""
    with connection.cursor() as cursor:
        cursor.execute(_LATE_MONEY, {"loans": list(loan_ids), "until": until})
        return list(cursor.fetchall())


def mark() -> int:
    """The last payment written down: another one may be of a day long closed."""
    with connection.cursor() as cursor:
        cursor.execute("select coalesce(max(id), 0) from ledger_payment")
        found: int = cursor.fetchone()[0]
    return found
