"""The rules of separation of duties, and where they are broken."""

from collections.abc import Iterable
from dataclasses import dataclass

from daihou.rooms.people.models import ConflictRule, RoleGrant, User
from daihou.rooms.people.permissions import Conflict, Permission
from daihou.rooms.people.queries.person import granted_to, role_permissions


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule, who breaks it, and which roles would."""

    id: int
    first: str
    second: str
    in_force: bool
    shipped: bool
    roles: tuple[str, ...] = ()
    logins: tuple[str, ...] = ()


def conflicts_in(permissions: Iterable[Permission]) -> tuple[ConflictRule, ...]:
    """The rules that these permissions break when one person holds them."""
    held = set(permissions)
    return tuple(
        row
        for row in ConflictRule.objects.all()
        if Conflict(row.first, row.second).found_in(held)
    )


def rules() -> tuple[Rule, ...]:
    """Every rule with the roles and the logins on duty that break it."""
    roles = {row.code: role_permissions(row) for row in RoleGrant.objects.all()}
    users = User.objects.select_related("role").filter(is_active=True)
    held = {user.username: granted_to(user) for user in users.order_by("username")}

    def breaking(
        rule: ConflictRule, among: dict[str, frozenset[Permission]]
    ) -> tuple[str, ...]:
        pair = Conflict(rule.first, rule.second)
        return tuple(name for name, each in among.items() if pair.found_in(each))

    return tuple(
        Rule(
            id=row.pk,
            first=row.first,
            second=row.second,
            in_force=row.in_force,
            shipped=row.shipped,
            roles=breaking(row, roles),
            logins=breaking(row, held),
        )
        for row in ConflictRule.objects.all()
        if {row.first, row.second} <= set(Permission)
    )
