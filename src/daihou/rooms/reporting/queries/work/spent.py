"""What was spent on each customer of an experiment: contacts at the house's unit costs."""

from collections.abc import Mapping
from typing import Final

from django.db import connection

from daihou.engine.strategy.experiment import Amounts
from daihou.engine.strategy.figures import CURRENCY
from daihou.rooms.reporting.queries.work.hands import ZONE

# An attempt of a channel costs what the channel cost in the months that are known, over
# the attempts of these months, in whole minor units.
_UNITS: Final = """
with lines as (
  select distinct on (month, kind, channel) month, channel, amount from reporting_cost
  where currency = %(currency)s and channel <> ''
  order by month, kind, channel, id desc
), months as (
  select channel, month, sum(amount) as amount from lines
  where amount is not null group by 1, 2
), tried as (
  select channel, to_char(at at time zone %(zone)s, 'YYYY-MM') as month, count(*) as n
  from contact_attempt where not failed and purpose <> 'service' group by 1, 2
)
select m.channel, round(sum(m.amount)::numeric / sum(t.n))::bigint
from months m join tried t on t.channel = m.channel and t.month = m.month
group by 1 order by 1
"""
_SPENT: Final = """
with each as (
  select e.arm, e.customer_id, coalesce(sum(u.cost), 0) as cost
  from strategy_enrolment e
  left join contact_attempt a on a.customer_id = e.customer_id and not a.failed
    and a.purpose <> 'service' and (a.at at time zone %(zone)s)::date > e.since
  left join unnest(%(channels)s::text[], %(costs)s::bigint[]) as u(channel, cost)
    on u.channel = a.channel
  where e.experiment = %(experiment)s group by 1, 2
)
select arm, count(*), sum(cost)::numeric, sum(cost::numeric * cost) from each group by 1
"""


def units() -> Mapping[str, int]:
    """What an attempt of each channel costs, in minor units of the facts' currency."""
    with connection.cursor() as cursor:
        cursor.execute(_UNITS, {"currency": CURRENCY, "zone": ZONE})
        return {channel: int(cost) for channel, cost in cursor.fetchall()}


def spent(experiment: str) -> Mapping[str, Amounts] | None:
    """What was spent on each customer since they took part, by arm.

    None while no channel's costs are known.
    """
    known = units()
    if not known:
        return None
    values = {
        "experiment": experiment,
        "zone": ZONE,
        "channels": list(known),
        "costs": list(known.values()),
    }
    with connection.cursor() as cursor:
        cursor.execute(_SPENT, values)
        return {
            arm: Amounts(int(many), int(total), int(squares))
            for arm, many, total, squares in cursor.fetchall()
        }
