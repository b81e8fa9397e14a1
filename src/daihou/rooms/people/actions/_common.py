"""What every action of the people room needs: checks, locks, the event."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.utils.translation import gettext as _

from daihou.kit.refusal import NotFound, Refused
from daihou.rooms.audit import door as audit
from daihou.rooms.people import queries
from daihou.rooms.people.models import Branch, RoleGrant, User


@dataclass(frozen=True, slots=True)
class Deed:
    """Who does it, at what instant, on which business date, and why."""

    by: queries.Person
    at: datetime
    business_date: date | None = None
    reason: str = ""
    request_id: str = ""
    address: str = ""  # where they sit, so that nobody shuts themselves out


def one_of(field: str, value: str, known: Iterable[str]) -> None:
    """Raise Refused, with the words that would do, unless `value` is one of them."""
    known = tuple(known)
    if value not in known:
        raise Refused(
            f"{field}_unknown",
            _("%(value)s is not a known %(field)s; choose one of: %(known)s.")
            % {"value": value, "field": field, "known": ", ".join(known)},
        )


def unit(code: str | None) -> Branch | None:
    """The unit with this code; None for an empty one, NotFound for an unknown one."""
    if not code:
        return None
    found: Branch | None = Branch.objects.filter(code=code).first()
    if found is None:
        raise NotFound(
            "branch_unknown",
            _("There is no branch %(code)s. Add it first, or choose another.")
            % {"code": code},
        )
    return found


def role(code: str) -> RoleGrant:
    """The role with this code, or Refused with those there are."""
    found: RoleGrant | None = RoleGrant.objects.filter(code=code).first()
    if found is None:
        one_of("role", code, RoleGrant.objects.values_list("code", flat=True))
        raise AssertionError("a role appeared between two looks")
    return found


def locked(username: str) -> User:
    """The user with this login, locked until the transaction ends; NotFound else."""
    rows = User.objects.select_for_update(of=("self",)).select_related("role", "branch")
    found: User | None = rows.filter(username=username).first()
    if found is None:
        queries.user_named(username)  # raises NotFound with the words
        raise AssertionError("a login appeared between two looks")
    return found


def record(
    type: str,
    subject_type: str,
    subject_id: str | int,
    deed: Deed,
    *,
    before: Mapping[str, object] | None = None,
    after: Mapping[str, object] | None = None,
    **payload: object,
) -> None:
    """Write the event of what was just done."""
    audit.record(
        type=type,
        subject_type=subject_type,
        subject_id=subject_id,
        by=deed.by.username,
        at=deed.at,
        business_date=deed.business_date,
        before=before,
        after=after,
        reason=deed.reason,
        request_id=deed.request_id,
        payload=payload,
    )
