"""Whether anything was written about the work since a report was made."""

from django.db import connection

_TABLES = (
    *("ledger_payment", "contact_attempt", "contact_decision"),
    *("casework_result", "casework_promise", "casework_verdict"),
    *("casework_assignment", "casework_case", "reporting_cost"),
)
# Cases end in the days that are open; counting all that ever ended would grow.
_CLOSED = """(select coalesce(max(closed_on) - date '2000-01-01', 0) from casework_case
  where lifecycle = 'closed'), (select count(*) from casework_case
  where lifecycle = 'closed' and closed_on >= (select max(closed_on) - 400
    from casework_case where lifecycle = 'closed'))"""
_RELIEF = "select coalesce(max(id), 0), coalesce(sum(version), 0) from relief_relief"


def mark() -> tuple[int, ...]:
    """The newest row of each table of the work, and how plans moved; two statements."""
    newest = ", ".join(
        f"(select coalesce(max(id), 0) from {table})" for table in _TABLES
    )
    with connection.cursor() as cursor:
        cursor.execute(f"select {newest}, {_CLOSED}")
        found = tuple(cursor.fetchone())
        cursor.execute(_RELIEF)
        return (*found, *(int(each) for each in cursor.fetchone()))
