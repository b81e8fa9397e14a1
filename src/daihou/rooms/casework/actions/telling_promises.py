"""What the night is told of a customer's promises, in the transaction of each deed."""

from collections.abc import Sequence
from datetime import date
from typing import Final

from django.db import connection

# Live before all else (one too small to wait for is not told); then the last one that was decided, and how.
_TOLD: Final = """
insert into casework_facts (customer_id, promise_state, broken_promises)
select w.customer_id,
       case when exists (select from casework_promise p
                         where p.customer_id = w.customer_id and p.state = 'active'
                           and p.pauses)
            then 'live'
            else coalesce((select case p.state when 'kept' then 'kept'
                                  else 'broken' end
                           from casework_promise p
                           where p.customer_id = w.customer_id
                             and p.state in ('kept', 'partially_kept', 'broken')
                           order by p.decided_on desc, p.id desc limit 1), 'none')
       end,
       (select count(*) from casework_promise p
        where p.customer_id = w.customer_id and p.state = 'broken')
from unnest(%(ids)s::bigint[]) as w(customer_id)
on conflict (customer_id) do update set
  promise_state = excluded.promise_state,
  broken_promises = excluded.broken_promises
where (casework_facts.promise_state, casework_facts.broken_promises)
  is distinct from (excluded.promise_state, excluded.broken_promises)
"""
_CONTACT: Final = """
insert into casework_facts (customer_id, last_contact_on) values (%(id)s, %(on)s)
on conflict (customer_id) do update set
  last_contact_on = greatest(casework_facts.last_contact_on, excluded.last_contact_on)
"""


def promises_told(customers: Sequence[int]) -> None:
    """Say of these customers how their promises stand."""
    with connection.cursor() as cursor:
        cursor.execute(_TOLD, {"ids": sorted(set(customers))})


def contact_told(customer_id: int, on: date) -> None:
    """Say that this customer was reached on a day."""
    with connection.cursor() as cursor:
        cursor.execute(_CONTACT, {"id": customer_id, "on": on})
