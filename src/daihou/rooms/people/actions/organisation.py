"""The tree of units: head office, branches, teams, agencies."""

from collections.abc import Iterable
from datetime import datetime

from django.db import connection, transaction
from django.utils.translation import gettext as _

from daihou.kit.refusal import NotAllowed, NotFound, Refused
from daihou.rooms.audit import door as audit
from daihou.rooms.people import queries
from daihou.rooms.people.actions._common import Deed, one_of, record, unit
from daihou.rooms.people.models import Branch, User
from daihou.rooms.people.networks import admitted, read
from daihou.rooms.people.permissions import Permission, UnitKind

_TREE = 0x756E6974  # two moves side by side could close a circle; one at a time


@transaction.atomic
def save_branches(
    branches: Iterable[tuple[str, str, str]], *, by: str, at: datetime
) -> int:
    """Add or rename branches given as (code, name, English name); count changes.

    Where they stand in the tree and what kind they are stays as it is.
    """
    known = {branch.code: branch for branch in Branch.objects.select_for_update()}
    new = []
    for code, name, name_en in branches:
        row = known.get(code)
        if row is None or (row.name, row.name_en) != (name, name_en):
            new.append(Branch(code=code, name=name, name_en=name_en))
    Branch.objects.bulk_create(
        new,
        update_conflicts=True,
        unique_fields=["code"],
        update_fields=["name", "name_en"],
    )
    audit.record_many(
        audit.NewEvent(
            type="branch.saved",
            subject_type="branch",
            subject_id=branch.code,
            by=by,
            at=at,
            business_date=None,
            payload={"name": branch.name, "name_en": branch.name_en},
        )
        for branch in new
    )
    return len(new)


@transaction.atomic
def save_unit(
    *,
    code: str,
    name: str,
    deed: Deed,
    name_en: str = "",
    kind: str = UnitKind.BRANCH,
    parent: str = "",
    networks: str | Iterable[str] | None = None,
    new: bool = False,
) -> None:
    """Add a unit, or change its names, kind and place; `parent` empty: at the top.

    Its people may work from `networks` (empty: as the unit above; None keeps). Refused
    when the code is taken (new), unknown (else), the unit would stand below itself, or
    the doer would shut themselves out. A move changes at once who sees its loans.
    """
    queries.require(deed.by, Permission.MANAGE_PEOPLE)
    code, name = code.strip(), name.strip()
    one_of("kind", kind, [str(each) for each in UnitKind])
    if not code or not name or len(code) > 40 or not code.isprintable():
        raise Refused(
            "unit_incomplete", _("A unit needs a code of up to 40 signs and a name.")
        )
    _one_at_a_time()
    row = Branch.objects.filter(code=code).first()
    if new and row is not None:
        raise Refused(
            "unit_taken",
            _("There is a unit %(code)s already; choose another code.")
            % {"code": code},
        )
    if not new and row is None:
        raise NotFound("branch_unknown", _("There is no unit with this code."))
    above = unit(parent)
    if (
        above is not None
        and row is not None
        and above.code in queries.units_below(code)
    ):
        raise Refused(
            "unit_below_itself",
            _("A unit cannot stand below itself; choose another place for it."),
        )
    _check_own_unit(deed, row.code if row else "", above.code if above else "")
    before = _told(row) if row else None
    row = row or Branch(code=code)
    row.name, row.name_en, row.kind, row.parent = name, name_en.strip(), kind, above
    if networks is not None:
        row.networks = read(networks)
    after = _told(row)
    if after != before:
        row.save(force_insert=new)
        record("branch.saved", "branch", code, deed, before=before, after=after)
        _spread_networks()
        _check_still_in(deed)


def _check_own_unit(deed: Deed, code: str, above: str) -> None:
    """Raise NotAllowed where who manages one unit touches or takes another's."""
    if deed.by.oversees:
        return
    mine = queries.units_below(deed.by.branch) if deed.by.branch else frozenset()
    if above not in mine or (code and code not in mine) or code == deed.by.branch:
        raise NotAllowed(
            "unit_beyond_own",
            _("You change units below your own only. Ask head office."),
        )


def _spread_networks() -> None:
    """Write down for every unit which list holds: its own, else the nearest above."""
    rows = {row.code: row for row in Branch.objects.select_for_update()}

    def held(row: Branch) -> list[str]:
        while not row.networks and row.parent_id:
            row = rows[row.parent_id]
        return list(row.networks)

    changed = [row for row in rows.values() if row.networks_held != held(row)]
    for row in changed:
        row.networks_held = held(row)
    Branch.objects.bulk_update(changed, ["networks_held"])


def _check_still_in(deed: Deed) -> None:
    """Refuse, and so undo, what would shut out who does it from where they sit."""
    if not deed.by.id or not deed.address:
        return
    if not admitted(queries.person(deed.by.username).networks, deed.address):
        raise Refused(
            "shuts_oneself_out",
            _(
                "You sit at %(address)s and would shut yourself out; put its network"
                " into the list as well."
            )
            % {"address": deed.address},
        )


def _one_at_a_time() -> None:
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock(%s)", [_TREE])


def _told(row: Branch) -> dict[str, object]:
    return {
        "name": row.name,
        "name_en": row.name_en,
        "kind": row.kind,
        "parent": row.parent_id or "",
        "networks": list(row.networks),
    }


@transaction.atomic
def remove_unit(*, code: str, deed: Deed) -> None:
    """Take a unit away that holds nobody and has nothing below it.

    Loans may still carry its code: they are then seen by who sees everything.
    """
    queries.require(deed.by, Permission.MANAGE_PEOPLE)
    _one_at_a_time()
    row = unit(code)
    if row is None:
        raise NotFound("branch_unknown", _("There is no unit with this code."))
    _check_own_unit(deed, row.code, row.parent_id or "")
    if row.children.exists() or User.objects.filter(branch=row).exists():
        raise Refused(
            "unit_in_use",
            _("People or other units belong to this unit; move them first."),
        )
    before = _told(row)
    row.delete()
    record("branch.removed", "branch", code, deed, before=before)
