"""Broken promises, counted for experiments as one of the harms of a treatment."""

from collections.abc import Mapping

from django.db import connection

from daihou.engine.commitments.promise import State
from daihou.engine.strategy.experiment import Share
from daihou.rooms.strategy import door as strategy

# Promises made from the morning after the enrolment on, and judged since.
_BROKEN = """
SELECT e.arm, count(*) FILTER (WHERE p.state = %s), count(*)
FROM strategy_enrolment e
JOIN casework_promise p ON p.customer_id = e.customer_id AND p.made_on > e.since
WHERE p.state = ANY(%s) AND e.experiment = %s GROUP BY e.arm
"""
_JUDGED = [each.value for each in (State.KEPT, State.PARTIALLY_KEPT, State.BROKEN)]


def register() -> None:
    """Count for the experiments; called once at start-up."""
    strategy.register_harm("broken", broken)


def broken(experiment: str) -> Mapping[str, Share]:
    """Promises broken of those judged, by arm."""
    with connection.cursor() as cursor:
        cursor.execute(_BROKEN, [State.BROKEN.value, _JUDGED, experiment])
        return {arm: Share(hits, many) for arm, hits, many in cursor.fetchall()}
