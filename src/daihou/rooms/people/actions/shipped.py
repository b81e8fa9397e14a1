"""The roles and rules this version is shipped with, put where they are missing."""

from django.db import connection

from daihou.rooms.people.models import ConflictRule, RoleGrant
from daihou.rooms.people.permissions import CONFLICTS, REACH, Role


def put_shipped() -> None:
    """Add what is missing after the tables were made or emptied; change nothing else.

    A new version may ship a role or a rule more: it comes with the migration.
    """
    tables = {RoleGrant._meta.db_table, ConflictRule._meta.db_table}
    if not tables <= set(connection.introspection.table_names()):
        return  # on the way to an older state
    RoleGrant.objects.bulk_create(
        (
            RoleGrant(
                code=role.value,
                reach=REACH[role],
                shipped=True,
                reads_only=role is Role.AUDITOR,
                position=position,
            )
            for position, role in enumerate(Role, 1)
        ),
        ignore_conflicts=True,
    )
    ConflictRule.objects.bulk_create(
        (
            ConflictRule(first=first, second=second, shipped=True)
            for first, second in sorted(
                sorted((each.first, each.second)) for each in CONFLICTS
            )
        ),
        ignore_conflicts=True,
    )
