"""Roles as sets of permissions: copied, changed, put back as shipped, removed."""

import re
from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from daihou.kit.refusal import NotFound, Refused
from daihou.rooms.people import queries
from daihou.rooms.people.actions import permits, separation
from daihou.rooms.people.actions._common import Deed, one_of, record
from daihou.rooms.people.models import RoleGrant, User
from daihou.rooms.people.networks import read
from daihou.rooms.people.permissions import GRANTS, Permission, Reach, Role, known


def found(code: str) -> RoleGrant:
    """The role with this code, locked; NotFound else."""
    row: RoleGrant | None = (
        RoleGrant.objects.select_for_update().filter(code=code).first()
    )
    if row is None:
        raise NotFound("role_missing", _("There is no such role; look at the list."))
    return row


def own_role() -> Refused:
    """The refusal for who changes the role they hold."""
    return Refused(
        "own_rights",
        _("Nobody changes the role they hold. Ask another administrator."),
    )


def check_not_own(deed: Deed, code: str) -> None:
    """Raise unless the doer manages roles and holds another than this one."""
    queries.require(deed.by, Permission.MANAGE_ROLES)
    if deed.by.role == code:
        raise own_role()


def copied(*, source: str, code: str, name: str, deed: Deed) -> RoleGrant:
    """A new role, not saved yet, that begins like another."""
    queries.require(deed.by, Permission.MANAGE_ROLES)
    model = found(source)
    code, name = code.strip(), name.strip()
    if not re.fullmatch(r"[a-z][a-z0-9_]{1,39}", code) or not name:
        raise Refused(
            "role_incomplete",
            _(
                "A role needs a name, and a code of 2 to 40 small letters, digits and"
                " underscores."
            ),
        )
    if RoleGrant.objects.filter(code=code).exists():
        raise Refused(
            "role_taken",
            _("There is a role %(code)s already; choose another code.")
            % {"code": code},
        )
    return RoleGrant(
        code=code,
        name=name,
        name_en=name,
        permissions=sorted(queries.role_permissions(model)),
        reach=model.reach,
        products=model.products,
        networks=model.networks,
        reads_only=model.reads_only,
    )


@transaction.atomic
def copy_role(*, source: str, code: str, name: str, deed: Deed) -> None:
    """Make a new role that starts with the permissions and reach of another.

    Refused to a person where the house wants a second one (`defining.ask_for_copy`).
    """
    if permits.two_decide(deed):
        raise permits.approval_needed()
    row = copied(source=source, code=code, name=name, deed=deed)
    row.save(force_insert=True)
    after = told(row)
    record("role.created", "role", row.code, deed, after=after, copied_from=source)


def apply(
    row: RoleGrant,
    *,
    permissions: Iterable[str] | None = None,
    reach: str | None = None,
    products: Iterable[str] | None = None,
    networks: str | Iterable[str] | None = None,
    reads_only: bool | None = None,
    name: str | None = None,
    name_en: str | None = None,
) -> None:
    """Put a wish into a role without saving it; None keeps.

    A shipped role that ends up as shipped follows later versions again.
    """
    if permissions is not None:
        wanted = known(permissions)
        shipped = row.shipped and wanted == GRANTS[Role(row.code)]
        row.permissions = None if shipped else sorted(wanted)
    if reach is not None:
        one_of("reach", reach, [str(each) for each in Reach])
        row.reach = reach
    if products is not None:
        row.products = sorted({each.strip() for each in products if each.strip()})
    if networks is not None:
        row.networks = read(networks)
    if reads_only is not None:
        row.reads_only = reads_only
    row.name = row.name if name is None else name.strip()
    row.name_en = row.name_en if name_en is None else name_en.strip()
    if not row.name and not row.shipped:
        raise Refused("role_incomplete", _("A role needs a name."))


@transaction.atomic
def change_role(*, code: str, deed: Deed, **wish: Any) -> None:
    """Change what a role allows, by the keywords of `apply`, for its holders at once.

    Refused when the doer holds the role, when two of its permissions conflict, and to
    a person where the house wants a second one (`defining.ask_for_role`).
    """
    check_not_own(deed, code)
    row = found(code)
    before = told(row)
    apply(row, **wish)
    separation.check(row)
    after = told(row)
    renamed = {**before, "name": after["name"], "name_en": after["name_en"]}
    if permits.two_decide(deed) and after != renamed:
        raise permits.approval_needed()
    if after != before:
        row.save()
        record("role.changed", "role", code, deed, before=before, after=after)


def told(row: RoleGrant) -> dict[str, object]:
    """A role as it stands in events and proposals."""
    return {
        "permissions": sorted(queries.role_permissions(row)),
        "reach": row.reach,
        "products": list(row.products),
        "networks": list(row.networks),
        "reads_only": row.reads_only,
        "name": row.name,
        "name_en": row.name_en,
    }


@transaction.atomic
def remove_role(*, code: str, deed: Deed) -> None:
    """Take away a role of one's own making that nobody holds."""
    check_not_own(deed, code)
    row = found(code)
    if row.shipped:
        raise Refused("role_shipped", _("A shipped role stays; take its rights away."))
    if User.objects.filter(role=row).exists():
        raise Refused("role_held", _("Somebody holds this role; give them another."))
    before = told(row)
    row.delete()
    record("role.removed", "role", code, deed, before=before)
