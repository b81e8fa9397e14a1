"""For what a role may be contacted at all, before hours, caps, flags and consents."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from types import MappingProxyType

from daihou.engine.gate.book import GateBook
from daihou.engine.gate.checks import Check, DebtorOutOfReach, Roles
from daihou.engine.gate.values import Purpose, Role


class Access(StrEnum):
    """Whether a role may be contacted for a purpose."""

    MAY = "may"
    ONLY_TO_FIND = "only_to_find"  # only while the debtor cannot be reached
    NEVER = "never"


@dataclass(frozen=True, slots=True)
class Allowed:
    """The access of a role for a purpose, and the rules that narrow it."""

    access: Access
    rules: tuple[str, ...] = ()


def purposes_of(
    role: str, *, book: GateBook, jurisdiction: str, licence: str, on: date
) -> Mapping[Purpose, Allowed]:
    """For what a role may be contacted under the rules of a licence on a day.

    A role the gate has no word for is contacted for nothing, as the gate denies it. So
    is every role where the jurisdiction or the licence has no rules.
    """
    pack = book.pack(jurisdiction)
    known = role in set(Role) and pack is not None and licence in pack.licences
    checks = book.checks(on, jurisdiction, licence) if known else ()
    if not checks:
        return MappingProxyType({each: Allowed(Access.NEVER) for each in Purpose})
    return MappingProxyType({each: _allowed(role, each, checks) for each in Purpose})


def _allowed(role: str, purpose: Purpose, checks: tuple[Check, ...]) -> Allowed:
    never: list[str] = []
    finding: list[str] = []
    for check in checks:
        if not _is_about(check, role, purpose):
            continue
        if isinstance(check, Roles) and role not in check.may:
            never.append(check.rule)
        elif isinstance(check, DebtorOutOfReach):
            finding.append(check.rule)
    if never:
        return Allowed(Access.NEVER, tuple(dict.fromkeys(never)))
    if finding:
        return Allowed(Access.ONLY_TO_FIND, tuple(dict.fromkeys(finding)))
    return Allowed(Access.MAY)


def _is_about(check: Check, role: str, purpose: Purpose) -> bool:
    """Whether a check is asked of the role and the purpose, whatever the channel."""
    scope = check.scope
    return (
        (scope.roles is None or role in scope.roles)
        and (scope.purposes is None or purpose in scope.purposes)
        and scope.channels is None
    )
