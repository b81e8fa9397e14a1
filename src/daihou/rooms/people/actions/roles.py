"""Roles as sets of permissions: copied, changed, put back as shipped, removed."""

import re
from collections.abc import Iterable

from django.db import transaction
from django.utils.translation import gettext as _

from daihou.kit.refusal import NotFound, Refused
from daihou.rooms.people import queries
from daihou.rooms.people.actions import separation
from daihou.rooms.people.actions._common import Deed, one_of, record
from daihou.rooms.people.models import RoleGrant, User
from daihou.rooms.people.permissions import GRANTS, Permission, Reach, Role, known


def _found(code: str) -> RoleGrant:
    row: RoleGrant | None = (
        RoleGrant.objects.select_for_update().filter(code=code).first()
    )
    if row is None:
        raise NotFound("role_missing", _("There is no such role; look at the list."))
    return row


def _check_not_own(deed: Deed, code: str) -> None:
    queries.require(deed.by, Permission.MANAGE_ROLES)
    if deed.by.role == code:
        raise Refused(
            "own_rights",
            _("Nobody changes the role they hold. Ask another administrator."),
        )


@transaction.atomic
def copy_role(*, source: str, code: str, name: str, deed: Deed) -> None:
    """Make a new role that starts with the permissions and reach of another."""
    queries.require(deed.by, Permission.MANAGE_ROLES)
    model = _found(source)
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
    row = RoleGrant(
        code=code,
        name=name,
        name_en=name,
        permissions=sorted(queries.role_permissions(model)),
        reach=model.reach,
        products=model.products,
        reads_only=model.reads_only,
    )
    row.save(force_insert=True)
    after = told(row)
    record("role.created", "role", code, deed, after=after, copied_from=source)


@transaction.atomic
def change_role(
    *,
    code: str,
    deed: Deed,
    permissions: Iterable[str] | None = None,
    reach: str | None = None,
    products: Iterable[str] | None = None,
    reads_only: bool | None = None,
    name: str | None = None,
    name_en: str | None = None,
) -> None:
    """Change what a role allows; None keeps. It counts for its holders at once.

    Refused when the doer holds the role, or when two of its permissions conflict. A
    shipped role that ends up as shipped follows later versions again.
    """
    _check_not_own(deed, code)
    row = _found(code)
    before = told(row)
    if permissions is not None:
        wanted = known(permissions)
        shipped = row.shipped and wanted == GRANTS[Role(code)]
        row.permissions = None if shipped else sorted(wanted)
    if reach is not None:
        one_of("reach", reach, [str(each) for each in Reach])
        row.reach = reach
    if products is not None:
        row.products = sorted({each.strip() for each in products if each.strip()})
    if reads_only is not None:
        row.reads_only = reads_only
    row.name = row.name if name is None else name.strip()
    row.name_en = row.name_en if name_en is None else name_en.strip()
    if not row.name and not row.shipped:
        raise Refused("role_incomplete", _("A role needs a name."))
    separation.check(row)
    after = told(row)
    if after != before:
        row.save()
        record("role.changed", "role", code, deed, before=before, after=after)


def told(row: RoleGrant) -> dict[str, object]:
    """A role as it stands in events and proposals."""
    return {
        "permissions": sorted(queries.role_permissions(row)),
        "reach": row.reach,
        "products": list(row.products),
        "reads_only": row.reads_only,
        "name": row.name,
        "name_en": row.name_en,
    }


@transaction.atomic
def remove_role(*, code: str, deed: Deed) -> None:
    """Take away a role of one's own making that nobody holds."""
    _check_not_own(deed, code)
    row = _found(code)
    if row.shipped:
        raise Refused("role_shipped", _("A shipped role stays; take its rights away."))
    if User.objects.filter(role=row).exists():
        raise Refused("role_held", _("Somebody holds this role; give them another."))
    before = told(row)
    row.delete()
    record("role.removed", "role", code, deed, before=before)
