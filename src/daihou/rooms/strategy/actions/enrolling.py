"""Who takes part in an experiment is written down the first night they do."""

from datetime import date

from django.db import connection, transaction

# One who has an arm keeps it; a row for every customer of tonight who is new.
_ENROL = """
INSERT INTO strategy_enrolment (experiment, customer_id, arm, version_id, since)
SELECT v.content #>> '{experiment,id}', s.customer_id, s.arm, s.version_id, %s
FROM strategy_step s JOIN strategy_version v ON v.id = s.version_id
WHERE s.arm <> '' AND v.content #>> '{experiment,id}' IS NOT NULL
ORDER BY 2
ON CONFLICT (experiment, customer_id) DO NOTHING
"""


@transaction.atomic
def enrol(*, as_of: date) -> int:
    """Write down who took part for the first time on a day; return how many."""
    with connection.cursor() as cursor:
        cursor.execute(_ENROL, [as_of])
        return int(cursor.rowcount)
