"""What a role allows, proposed to a second person where the house asks for two."""

from collections.abc import Callable, Mapping
from typing import Any

from django.db import connection, transaction

from daihou.rooms.people import queries
from daihou.rooms.people.actions import permits, roles, separation
from daihou.rooms.people.actions._common import Deed, record
from daihou.rooms.people.models import RoleGrant
from daihou.rooms.people.permissions import Permission

MAY = "may."  # a field of a definition that says whether one task is allowed
_NAMES = ("name", "name_en")  # what a role is called gives nobody a right

# A later room may say how the definition of a role is proposed to a second person.
Propose = Callable[..., str]
_propose: list[Propose] = []


def propose_roles_with(propose: Propose) -> None:
    """Say who takes a proposed definition of a role to a second person.

    Called as `propose(code=, after=, deed=)`, it gives the address of the proposal;
    once approved, its handler calls `define_role` with `after`.
    """
    _propose[:] = [propose]


def _definition(row: RoleGrant | None) -> dict[str, object]:
    """A role field by field: each task by itself, so that a difference names it."""
    told = roles.told(row) if row is not None else {}
    held = told.pop("permissions", [])
    assert isinstance(held, list)
    return told | {f"{MAY}{each}": str(each) in held for each in Permission}


def role_definition(code: str) -> dict[str, object]:
    """What a role is defined as now; of one that is not there only that it may nothing.

    Inside a transaction its row is held.
    """
    rows = RoleGrant.objects.filter(code=code)
    if connection.in_atomic_block:
        rows = rows.select_for_update()
    return _definition(rows.first())


def _wish(definition: Mapping[str, Any], row: RoleGrant) -> dict[str, Any]:
    """The keywords of `change_role` that make a row what a definition says."""
    held = {str(each) for each in queries.role_permissions(row)}
    for name, allowed in definition.items():
        if name.startswith(MAY):
            code = name.removeprefix(MAY)
            held = held | {code} if allowed else held - {code}
    plain = {k: v for k, v in definition.items() if not k.startswith(MAY)}
    return plain | {"permissions": sorted(held)}


@transaction.atomic
def ask_for_role(*, code: str, wish: Mapping[str, Any], deed: Deed) -> str:
    """Change a role, or propose it where the house asks for two.

    `wish` as the keywords of `change_role`. Gives the address of the proposal; empty
    when the change is made, as it is when only the names change.
    """
    roles.check_not_own(deed, code)
    row = roles.found(code)
    before = _definition(row)
    roles.apply(row, **wish)
    separation.check(row)
    after = _definition(row)
    changed = {name for name in after if after[name] != before[name]}
    if not permits.two_decide(deed) or changed <= set(_NAMES):
        roles.change_role(code=code, deed=deed, **wish)
        return ""
    return _proposed(code, {name: after[name] for name in sorted(changed)}, deed)


@transaction.atomic
def ask_for_copy(*, source: str, code: str, name: str, deed: Deed) -> str:
    """Make a new role that begins like another, or propose it; as `ask_for_role`."""
    if not permits.two_decide(deed):
        roles.copy_role(source=source, code=code, name=name, deed=deed)
        return ""
    row = roles.copied(source=source, code=code, name=name, deed=deed)
    after = {name: value for name, value in _definition(row).items() if value}
    return _proposed(row.code, after, deed)


def _proposed(code: str, after: Mapping[str, object], deed: Deed) -> str:
    if not _propose:
        raise permits.approval_needed()
    return _propose[0](code=code, after=after, deed=deed)


@transaction.atomic
def define_role(*, code: str, definition: Mapping[str, Any], deed: Deed) -> None:
    """Make a role what an approved proposal says (`after`), or make it anew.

    `deed.by` is who approved: the approval is their right to, so that whoever the table
    of levels names may. Refused to who holds the role, and where duties conflict.
    """
    if deed.by.role == code:
        raise roles.own_role()
    row = RoleGrant.objects.select_for_update().filter(code=code).first()
    anew = row is None
    row = row or RoleGrant(code=code, permissions=[])
    before = None if anew else roles.told(row)
    roles.apply(row, **_wish(definition, row))
    separation.check(row)
    row.save(force_insert=anew)
    record(
        "role.created" if anew else "role.changed",
        "role",
        code,
        deed,
        before=before,
        after=roles.told(row),
    )
