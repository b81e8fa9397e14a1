"""What the night is told of customers with a case, kept with every deed."""

from collections.abc import Sequence

from django.db import connection

_HELD = """
insert into casework_facts (customer_id, held)
select c.customer_id, c.held from casework_case c where c.id = any(%(ids)s)
  and c.lifecycle <> 'closed'
on conflict (customer_id) do update set held = excluded.held
where casework_facts.held is distinct from excluded.held
"""
_CLOSED = """
update casework_facts f set held = false
from casework_case c
where c.id = any(%(ids)s) and c.customer_id = f.customer_id
  and c.lifecycle = 'closed' and f.held
  and not exists (select from casework_case o where o.customer_id = c.customer_id
                    and o.lifecycle <> 'closed')
"""


def held_told(case_ids: Sequence[int]) -> None:
    """Say of the customers of these cases whether they are held."""
    with connection.cursor() as cursor:
        cursor.execute(_HELD, {"ids": list(case_ids)})
        cursor.execute(_CLOSED, {"ids": list(case_ids)})


_PLAN = """
insert into casework_facts (customer_id, plan_state) values (%s, %s)
on conflict (customer_id) do update set plan_state = excluded.plan_state
where casework_facts.plan_state is distinct from excluded.plan_state
"""


def plan_told(customer_id: int, plan_state: str) -> None:
    """Say how a customer's plan stands: none, asked, live, at_risk, broken or done."""
    with connection.cursor() as cursor:
        cursor.execute(_PLAN, [customer_id, plan_state])
