"""Claims as the law looks at them: when they fall due, what was paid, who guarantees."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.db import connection

# Of the schedule in force at the end of a day: when the last instalment falls due.
_DUE_SQL = """
select l.id, l.external_id, l.customer_id, l.licence, max(d.due_on),
       exists(select 1 from ledger_collateral c where c.loan_id = l.id)
from ledger_loan l
join ledger_demand d on d.loan_id = l.id and d.kind = 'instalment'
 and d.begins_on <= %(on)s and (d.ends_on is null or d.ends_on > %(on)s)
where l.id = any(%(loans)s)
group by l.id
"""
# Money that came and did not go back by that day.
_PAID_SQL = """
select p.loan_id, p.id, p.paid_on, p.channel from ledger_payment p
where p.loan_id = any(%(loans)s) and p.amount > 0 and p.reversal_of_id is null
  and p.kind in ('payment', 'recovery') and p.paid_on <= %(on)s
  and not exists (select 1 from ledger_payment r where r.reversal_of_id = p.id
                  and r.paid_on <= %(on)s)
order by p.loan_id, p.paid_on, p.id
"""
_GUARANTORS_SQL = """
select p.loan_id, p.customer_id, c.name, p.guarantee_kind, p.guarantee_until
from ledger_party p join ledger_customer c on c.id = p.customer_id
where p.loan_id = any(%s) and p.role = 'guarantor' order by p.loan_id, p.id
"""


@dataclass(frozen=True, slots=True)
class Paid:
    """Money on a loan: when, by which channel; `id` is our number of the payment."""

    id: int
    paid_on: date
    channel: str


@dataclass(frozen=True, slots=True)
class Claim:
    """A loan as a claim: `last_due_on` of its schedule, and every payment in order."""

    loan_id: int
    number: str
    customer_id: int
    licence: str
    last_due_on: date
    is_secured: bool
    paid: Sequence[Paid]


@dataclass(frozen=True, slots=True)
class Guarantor:
    """Who stands for a loan, in the sender's words of how, and until when if agreed."""

    customer_id: int
    name: str
    kind: str
    until: date | None


def claims_of(loan_ids: Collection[int], *, on: date) -> Mapping[int, Claim]:
    """These loans as claims at the end of a day; those without a schedule are left out.

    For rooms that looked at what the person may see before they ask.
    """
    wanted = {"loans": list(loan_ids), "on": on}
    with connection.cursor() as cursor:
        cursor.execute(_PAID_SQL, wanted)
        paid: dict[int, list[Paid]] = defaultdict(list)
        for loan_id, *rest in cursor.fetchall():
            paid[loan_id].append(Paid(*rest))
        cursor.execute(_DUE_SQL, wanted)
        return {row[0]: Claim(*row, paid[row[0]]) for row in cursor.fetchall()}


def guarantors_of(loan_ids: Collection[int]) -> Mapping[int, Sequence[Guarantor]]:
    """Who guarantees these loans, loan by loan."""
    found: dict[int, list[Guarantor]] = defaultdict(list)
    with connection.cursor() as cursor:
        cursor.execute(_GUARANTORS_SQL, [list(loan_ids)])
        for loan_id, *rest in cursor.fetchall():
            found[loan_id].append(Guarantor(*rest))
    return found
