"""Roles and what each may do; plain data, read by doors, pages and tests."""

from enum import StrEnum


class Role(StrEnum):
    """What a person is here for."""

    COLLECTOR = "collector"
    RISK = "risk"
    ADMIN = "admin"


class Permission(StrEnum):
    """One thing a person may do."""

    VIEW_LOANS = "view_loans"
    EXPORT_LEDGER = "export_ledger"
    POST_PAYMENT = "post_payment"
    CHANGE_LOAN = "change_loan"
    RUN_INTAKE = "run_intake"
    RUN_DAY_END = "run_day_end"
    SEE_ALL_BRANCHES = "see_all_branches"
    MANAGE_PEOPLE = "manage_people"
    VIEW_AUDIT = "view_audit"


# What an auditor keeps, whatever the role: seeing, never changing.
READING = frozenset(
    {
        Permission.VIEW_LOANS,
        Permission.EXPORT_LEDGER,
        Permission.SEE_ALL_BRANCHES,
        Permission.VIEW_AUDIT,
    }
)

GRANTS: dict[Role, frozenset[Permission]] = {
    Role.COLLECTOR: frozenset({Permission.VIEW_LOANS}),
    Role.RISK: frozenset(
        {
            Permission.VIEW_LOANS,
            Permission.EXPORT_LEDGER,
            Permission.POST_PAYMENT,
            Permission.CHANGE_LOAN,
            Permission.RUN_DAY_END,
            Permission.SEE_ALL_BRANCHES,
            Permission.VIEW_AUDIT,
        }
    ),
    Role.ADMIN: frozenset(Permission),
}


def grants(role: str, *, reads_only: bool = False) -> frozenset[Permission]:
    """Everything this role may do; an unknown role may do nothing."""
    granted = GRANTS[Role(role)] if role in set(Role) else frozenset()
    return granted & READING if reads_only else granted


def may(role: str, permission: Permission, *, reads_only: bool = False) -> bool:
    """Whether this role holds the permission; an unknown role holds none."""
    return permission in grants(role, reads_only=reads_only)
