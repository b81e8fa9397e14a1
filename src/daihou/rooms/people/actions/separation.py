"""Separation of duties: which permissions one person must not hold together."""

from collections.abc import Iterable

from django.db import transaction
from django.utils.translation import gettext as _

from daihou.kit.refusal import NotFound, Refused
from daihou.rooms.people import queries
from daihou.rooms.people.actions import permits
from daihou.rooms.people.actions._common import Deed, one_of, record
from daihou.rooms.people.models import ConflictRule, RoleGrant
from daihou.rooms.people.permissions import Permission
from daihou.rooms.people.words import permission_word


def check(role: RoleGrant) -> None:
    """Raise Refused, naming both duties, when a role's permissions conflict."""
    check_permissions(queries.role_permissions(role))


def check_permissions(permissions: Iterable[Permission]) -> None:
    """Raise Refused, naming both duties, when these conflict under a rule in force."""
    found = [
        (rule.first, rule.second)
        for rule in queries.conflicts_in(permissions)
        if rule.in_force
    ]
    if not found:
        return
    pairs = "; ".join(
        _("“%(first)s” and “%(second)s”")
        % {
            "first": permission_word(Permission(first)),
            "second": permission_word(Permission(second)),
        }
        for first, second in found
    )
    raise Refused(
        "duties_conflict",
        _(
            "One person must not hold these duties together: %(pairs)s. Take one away,"
            " or give the other to somebody else."
        )
        % {"pairs": pairs},
        pairs=found,
    )


@transaction.atomic
def add_rule(*, first: str, second: str, deed: Deed) -> None:
    """Forbid two permissions to be held together from now on."""
    queries.require(deed.by, Permission.MANAGE_ROLES)
    for code in (first, second):
        one_of("permission", code, [str(each) for each in Permission])
    first, second = sorted((first, second))
    if first == second:
        raise Refused("conflict_of_one", _("Choose two different duties."))
    rule, _made = ConflictRule.objects.get_or_create(first=first, second=second)
    _put(rule, in_force=True, deed=deed, anew=_made)


@transaction.atomic
def set_rule(*, rule_id: int, in_force: bool, deed: Deed) -> str:
    """Set a rule aside or in force again; the reason is kept with the event.

    Gives the address of a proposal where a second person has to say yes first.
    """
    queries.require(deed.by, Permission.MANAGE_ROLES)
    rule = ConflictRule.objects.select_for_update().filter(pk=rule_id).first()
    if rule is None:
        raise NotFound("conflict_unknown", _("There is no such rule."))
    if not in_force and not deed.reason.strip():
        raise Refused("reason_missing", _("Say why the rule is set aside; it is kept."))
    if rule.in_force and not in_force:
        proposal = permits.permitted(
            subject_type="duties",
            subject_id=f"{rule.first}+{rule.second}",
            what={"deed": "rule"},
            deed=deed,
        )
        if proposal:
            return proposal
    _put(rule, in_force=in_force, deed=deed, anew=False)
    return ""


def _put(rule: ConflictRule, *, in_force: bool, deed: Deed, anew: bool) -> None:
    if rule.in_force == in_force and not anew:
        return
    before = None if anew else {"in_force": rule.in_force}
    rule.in_force = in_force
    rule.save(update_fields=["in_force"])
    record(
        "duties.changed",
        "duties",
        f"{rule.first}+{rule.second}",
        deed,
        before=before,
        after={"in_force": in_force},
    )
