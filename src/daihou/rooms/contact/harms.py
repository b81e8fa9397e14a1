"""Harm that a treatment may do, counted for experiments: complaints, refused contacts."""

from collections.abc import Mapping

from django.db import connection

from daihou.engine.gate.values import Flag
from daihou.engine.strategy.experiment import Share
from daihou.rooms.strategy import door as strategy

# From the morning after the enrolment on, which is the first one that was treated.
_REFUSED = """
SELECT e.arm, count(*) FILTER (WHERE d.verdict = 'deny'), count(*)
FROM strategy_enrolment e
JOIN contact_decision d ON d.customer_id = e.customer_id AND d.asked_at >= e.since + 1
WHERE e.experiment = %s GROUP BY e.arm
"""
_COMPLAINED = """
SELECT e.arm, count(*) FILTER (WHERE EXISTS (
  SELECT FROM contact_flag f WHERE f.customer_id = e.customer_id
    AND f.kind = %s AND f.raised_at >= e.since + 1)), count(*)
FROM strategy_enrolment e WHERE e.experiment = %s GROUP BY e.arm
"""


def register() -> None:
    """Count for the experiments; called once at start-up."""
    strategy.register_harm("refused", refused)
    strategy.register_harm("complained", complained)


def refused(experiment: str) -> Mapping[str, Share]:
    """Contacts the gate denied of those asked for, by arm."""
    return _counted(_REFUSED, [experiment])


def complained(experiment: str) -> Mapping[str, Share]:
    """People whose complaint was flagged of those enrolled, by arm."""
    return _counted(_COMPLAINED, [Flag.COMPLAINT.value, experiment])


def _counted(sql: str, values: list[str]) -> Mapping[str, Share]:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return {arm: Share(hits, many) for arm, hits, many in cursor.fetchall()}
