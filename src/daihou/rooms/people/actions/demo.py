"""The logins of the demonstration, whose passwords everybody knows."""

from datetime import datetime

from django.db import transaction

from daihou.rooms.people import queries
from daihou.rooms.people.actions._common import Deed
from daihou.rooms.people.actions.organisation import save_unit
from daihou.rooms.people.actions.users import create_user
from daihou.rooms.people.models import Branch, User
from daihou.rooms.people.permissions import Role, UnitKind

# One login per role for a demo on the own machine; never made by anything else.
DEMO_PASSWORD = "daihou-demo"
_NAMES = {
    Role.COLLECTOR: "催收员",
    Role.SUPERVISOR: "催收主管",
    Role.BRANCH_MANAGER: "网点负责人",
    Role.RISK: "风险经理",
    Role.LEGAL: "法务",
    Role.COMPLIANCE: "合规",
    Role.FINANCE: "财务",
    Role.AUDITOR: "审计",
    Role.AGENCY: "委外催收员",
    Role.ADMIN: "管理员",
}
_IN_A_BRANCH = (Role.COLLECTOR, Role.SUPERVISOR, Role.BRANCH_MANAGER)
_HEAD, _AGENCY = "head-office", "agency-1"


@transaction.atomic
def demo_logins(*, at: datetime) -> list[tuple[str, str, str]]:
    """One login per role, made if missing: (role, username, password) of each.

    Those of a branch belong to the first one, the agency's to an agency of its own.
    A password changed since then is not known here and told as an empty text.
    """
    known = set(User.objects.values_list("username", flat=True))
    missing = [role for role in Role if role.value not in known]
    if missing:
        _organisation(at=at)
        for role in missing:
            _make(role, at=at)
    logins = []
    for role in Role:
        user = User.objects.get(username=role.value)
        same = user.check_password(DEMO_PASSWORD)
        logins.append((role.value, role.value, DEMO_PASSWORD if same else ""))
    return logins


def _make(role: Role, *, at: datetime) -> None:
    branch = _first_branch() if role in _IN_A_BRANCH else _HEAD
    create_user(
        username=role.value,
        password=DEMO_PASSWORD,
        role=role.value,
        branch=_AGENCY if role is Role.AGENCY else branch,
        full_name=_NAMES[role],
        by="demo",
        at=at,
    )


def _first_branch() -> str | None:
    rows = Branch.objects.filter(kind=UnitKind.BRANCH).order_by("code")
    code: str | None = rows.values_list("code", flat=True).first()
    return code


def _organisation(*, at: datetime) -> None:
    """A head office above the branches that stand alone, and an agency beside it."""
    deed = Deed(queries.process("demo"), at)
    known = set(Branch.objects.values_list("code", flat=True))
    if _HEAD not in known:
        save_unit(
            code=_HEAD,
            name="总部",
            name_en="Head office",
            kind=UnitKind.HEAD_OFFICE,
            new=True,
            deed=deed,
        )
        for row in Branch.objects.filter(kind=UnitKind.BRANCH, parent=None):
            save_unit(
                code=row.code,
                name=row.name,
                name_en=row.name_en,
                parent=_HEAD,
                deed=deed,
            )
    if _AGENCY not in known:
        save_unit(
            code=_AGENCY,
            name="委外机构",
            name_en="Agency",
            kind=UnitKind.AGENCY,
            new=True,
            deed=deed,
        )


def open_demo_logins() -> list[str]:
    """Names of the demonstration's logins that still have the known password."""
    users = User.objects.filter(username__in=[role.value for role in Role])
    return [
        user.username
        for user in users.filter(is_active=True).order_by("username")
        if user.check_password(DEMO_PASSWORD)
    ]
