"""Who would run into a cap of the law if a strategy's actions were done in the morning."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any, Final

import numpy as np
import psycopg

from daihou.columnar.strategy.stepping import Steps
from daihou.engine.gate.checks import Per
from daihou.engine.strategy.limits import Limit

Connection = psycopg.Connection[Any]
Array = np.ndarray[Any, Any]
_BY: Final = {
    Per.PERSON: "customer_id",
    Per.CONTACT_POINT: "customer_id, point",
    Per.PERSON_AND_DEBT: "customer_id, loan_id",
}
# Contacts of the debtor alone: another person has a point in the name.
_SQL: Final = """
select distinct customer_id from (
  select customer_id from contact_attempt
  where at >= %(from)s::date - interval '2 days' and position('.' in person) = 0
    and not failed and (at at time zone %(zone)s)::date between %(from)s and %(until)s
    and (%(channels)s::text[] is null or channel = any(%(channels)s::text[]))
    and (not %(connected)s or connected) and (not %(conversation)s or conversation)
  group by {by} having count(*) >= %(most)s
) used order by customer_id
"""


def broken(
    connection: Connection,
    limits: Sequence[Limit],
    steps: Sequence[Steps],
    *,
    as_of: date,
    zone: str,
) -> tuple[list[dict[str, Any]], int]:
    """Count who would run into each limit on the morning after `as_of`.

    Returns a line for each limit that somebody runs into, with the customers of each of
    `steps` (before, after), and how many customers there are in all after.
    """
    row = connection.execute("select to_regclass('contact_attempt')").fetchone()
    if row is None or row[0] is None:
        return [], 0
    lines: list[dict[str, Any]] = []
    capped = np.zeros(len(steps[-1].customers), np.bool_)
    for limit in limits:
        used = _used_up(connection, limit, as_of=as_of, zone=zone)
        hit = [_runs_into(each, limit, used) for each in steps]
        capped |= hit[-1]
        was, becomes = (int(np.count_nonzero(each)) for each in (hit[0], hit[-1]))
        if was or becomes:
            lines.append(
                {
                    "rule": limit.rule,
                    "action": limit.action,
                    "was": was,
                    "becomes": becomes,
                }
            )
    return lines, int(np.count_nonzero(capped))


def _used_up(connection: Connection, limit: Limit, *, as_of: date, zone: str) -> Array:
    """Customers with whom no further contact of the kind is open in the morning."""
    first = as_of + timedelta(days=2 - limit.days)
    given = {
        "from": first,
        "until": as_of,
        "zone": zone,
        "channels": sorted(limit.channels) if limit.channels is not None else None,
        "connected": limit.connected,
        "conversation": limit.conversation,
        "most": limit.most,
    }
    if not limit.most or first > as_of:  # nobody may; or the count begins anew
        return np.zeros(0, np.int64)
    rows = connection.execute(_SQL.format(by=_BY[limit.per]), given).fetchall()
    return np.array([row[0] for row in rows], np.int64)


def _runs_into(steps: Steps, limit: Limit, used: Array) -> Array:
    asked = steps.texts["action"] == steps.words.place(limit.action)
    if limit.most == 0:  # not at all, whoever it is
        return np.asarray(asked)
    return np.asarray(asked & np.isin(steps.customers.customer_id, used))
