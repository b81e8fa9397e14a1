"""What may be done, the roles this product is shipped with, and how far each sees."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class Role(StrEnum):
    """The roles everybody starts with; a lender may copy and change them."""

    COLLECTOR = "collector"
    SUPERVISOR = "supervisor"
    BRANCH_MANAGER = "branch_manager"
    RISK = "risk"
    LEGAL = "legal"
    COMPLIANCE = "compliance"
    FINANCE = "finance"
    AUDITOR = "auditor"
    AGENCY = "agency"
    ADMIN = "admin"


class Permission(StrEnum):
    """One thing a person may do."""

    VIEW_LOANS = "view_loans"
    LABEL_LOANS = "label_loans"
    ADD_NOTE = "add_note"
    EXPORT_LEDGER = "export_ledger"
    POST_PAYMENT = "post_payment"
    VIEW_RECEIPTS = "view_receipts"
    CLAIM_RECEIPT = "claim_receipt"
    CONFIRM_RECEIPT = "confirm_receipt"
    CHANGE_LOAN = "change_loan"
    RUN_INTAKE = "run_intake"
    RUN_DAY_END = "run_day_end"
    VIEW_PEOPLE = "view_people"
    MANAGE_PEOPLE = "manage_people"
    MANAGE_ROLES = "manage_roles"
    ARRANGE_COVER = "arrange_cover"
    VIEW_AS = "view_as"
    VIEW_AUDIT = "view_audit"
    REVEAL_PERSONAL = "reveal_personal"
    EXPORT_PERSONAL = "export_personal"
    MANAGE_RETENTION = "manage_retention"
    USE_API = "use_api"
    MANAGE_WEBHOOKS = "manage_webhooks"
    PROPOSE_CORRECTION = "propose_correction"
    DECIDE_CORRECTION = "decide_correction"
    DECIDE_EXPORT = "decide_export"
    DECIDE_ROLE = "decide_role"
    DECIDE_LATE = "decide_late"
    MANAGE_APPROVALS = "manage_approvals"
    VIEW_LAW = "view_law"
    PROPOSE_LAW = "propose_law"
    DECIDE_LAW = "decide_law"
    PROPOSE_CLASS = "propose_class"
    DECIDE_CLASS = "decide_class"
    RECORD_CONTACT = "record_contact"
    FLAG_PERSON = "flag_person"
    LIFT_FLAG = "lift_flag"
    HANDLE_COMPLIANCE = "handle_compliance"
    VIEW_STRATEGY = "view_strategy"
    DRAFT_STRATEGY = "draft_strategy"
    DECIDE_STRATEGY = "decide_strategy"
    WORK_CASES = "work_cases"
    MANAGE_CASES = "manage_cases"
    REQUEST_RELIEF = "request_relief"
    DECIDE_RELIEF = "decide_relief"
    VIEW_PORTFOLIO = "view_portfolio"
    SHARE_REPORT = "share_report"


class Reach(StrEnum):
    """How far a role sees, from where its holder stands in the organisation."""

    OWN = "own"  # loans that name them as officer
    TEAM = "team"  # loans of their unit or of an officer in it
    BRANCH = "branch"  # loans of their unit and of all units below
    ALL = "all"


class UnitKind(StrEnum):
    """What a unit of the organisation is."""

    HEAD_OFFICE = "head_office"
    BRANCH = "branch"
    TEAM = "team"
    AGENCY = "agency"


# What an auditor keeps, whatever the role: seeing, never changing.
READING: Final = frozenset(
    {
        Permission.VIEW_LOANS,
        Permission.EXPORT_LEDGER,
        Permission.VIEW_RECEIPTS,
        Permission.VIEW_PEOPLE,
        Permission.VIEW_AUDIT,
        Permission.VIEW_LAW,
        Permission.VIEW_STRATEGY,
        Permission.VIEW_PORTFOLIO,
        Permission.USE_API,
    }
)
# What an administrator who looks through another's eyes keeps: nothing leaves.
LOOKING: Final = READING - {Permission.EXPORT_LEDGER, Permission.USE_API}
# Who keeps the logins moves no money and changes no debt.
_NOT_FOR_ADMIN: Final = {
    Permission.PROPOSE_CLASS,
    Permission.DECIDE_CLASS,
    Permission.POST_PAYMENT,
    Permission.CHANGE_LOAN,
    Permission.CLAIM_RECEIPT,
    Permission.CONFIRM_RECEIPT,
    Permission.REVEAL_PERSONAL,
    Permission.EXPORT_PERSONAL,
    Permission.PROPOSE_CORRECTION,
    Permission.DECIDE_CORRECTION,
    Permission.DECIDE_EXPORT,
    Permission.DECIDE_LATE,
    Permission.PROPOSE_LAW,
    Permission.DECIDE_LAW,
    Permission.RECORD_CONTACT,
    Permission.FLAG_PERSON,
    Permission.LIFT_FLAG,
    Permission.HANDLE_COMPLIANCE,
    Permission.DRAFT_STRATEGY,
    Permission.DECIDE_STRATEGY,
    Permission.WORK_CASES,
    Permission.MANAGE_CASES,
    Permission.REQUEST_RELIEF,
    Permission.DECIDE_RELIEF,
}
# Who gets at the login of somebody who may do one of these could do it in their name.
WEIGHTY: Final = frozenset(
    {
        *(each for each in Permission if each.startswith("decide_")),
        Permission.POST_PAYMENT,
        Permission.CHANGE_LOAN,
        Permission.CONFIRM_RECEIPT,
        Permission.EXPORT_PERSONAL,
        Permission.MANAGE_APPROVALS,
    }
)
_P = Permission

GRANTS: Final[dict[Role, frozenset[Permission]]] = {
    Role.COLLECTOR: frozenset(
        {
            _P.WORK_CASES,
            _P.REQUEST_RELIEF,
            _P.PROPOSE_CORRECTION,
            _P.VIEW_LOANS,
            _P.LABEL_LOANS,
            _P.ADD_NOTE,
            _P.REVEAL_PERSONAL,
            _P.RECORD_CONTACT,
            _P.FLAG_PERSON,
        }
    ),
    Role.SUPERVISOR: frozenset(
        {
            _P.VIEW_PORTFOLIO,
            _P.SHARE_REPORT,
            _P.WORK_CASES,
            _P.MANAGE_CASES,
            _P.REQUEST_RELIEF,
            _P.DECIDE_RELIEF,
            _P.VIEW_STRATEGY,
            _P.DRAFT_STRATEGY,
            _P.PROPOSE_CLASS,
            _P.RECORD_CONTACT,
            _P.FLAG_PERSON,
            _P.LIFT_FLAG,
            _P.VIEW_LAW,
            _P.REVEAL_PERSONAL,
            _P.PROPOSE_CORRECTION,
            _P.DECIDE_CORRECTION,
            _P.VIEW_LOANS,
            _P.LABEL_LOANS,
            _P.ADD_NOTE,
            _P.EXPORT_LEDGER,
            _P.VIEW_PEOPLE,
            _P.ARRANGE_COVER,
        }
    ),
    Role.BRANCH_MANAGER: frozenset(
        {
            _P.VIEW_PORTFOLIO,
            _P.SHARE_REPORT,
            _P.WORK_CASES,
            _P.MANAGE_CASES,
            _P.REQUEST_RELIEF,
            _P.DECIDE_RELIEF,
            _P.VIEW_STRATEGY,
            _P.DECIDE_STRATEGY,
            _P.PROPOSE_CLASS,
            _P.RECORD_CONTACT,
            _P.FLAG_PERSON,
            _P.LIFT_FLAG,
            _P.VIEW_LAW,
            _P.REVEAL_PERSONAL,
            _P.PROPOSE_CORRECTION,
            _P.DECIDE_CORRECTION,
            _P.DECIDE_LATE,
            _P.VIEW_LOANS,
            _P.LABEL_LOANS,
            _P.ADD_NOTE,
            _P.EXPORT_LEDGER,
            _P.VIEW_RECEIPTS,
            _P.CLAIM_RECEIPT,
            _P.VIEW_PEOPLE,
            _P.ARRANGE_COVER,
            _P.USE_API,
        }
    ),
    Role.RISK: frozenset(
        {
            _P.VIEW_PORTFOLIO,
            _P.SHARE_REPORT,
            _P.VIEW_STRATEGY,
            _P.DRAFT_STRATEGY,
            _P.DECIDE_STRATEGY,
            _P.DECIDE_RELIEF,
            _P.PROPOSE_CLASS,
            _P.DECIDE_CLASS,
            _P.RECORD_CONTACT,
            _P.FLAG_PERSON,
            _P.VIEW_LAW,
            _P.PROPOSE_LAW,
            _P.REVEAL_PERSONAL,
            _P.PROPOSE_CORRECTION,
            _P.DECIDE_CORRECTION,
            _P.DECIDE_EXPORT,
            _P.DECIDE_LATE,
            _P.VIEW_LOANS,
            _P.LABEL_LOANS,
            _P.ADD_NOTE,
            _P.EXPORT_LEDGER,
            _P.POST_PAYMENT,
            _P.VIEW_RECEIPTS,
            _P.CONFIRM_RECEIPT,
            _P.CHANGE_LOAN,
            _P.RUN_DAY_END,
            _P.USE_API,
        }
    ),
    Role.LEGAL: frozenset(
        {
            _P.VIEW_STRATEGY,
            _P.REQUEST_RELIEF,
            _P.PROPOSE_CLASS,
            _P.RECORD_CONTACT,
            _P.FLAG_PERSON,
            _P.LIFT_FLAG,
            _P.VIEW_LAW,
            _P.PROPOSE_LAW,
            _P.DECIDE_LAW,
            _P.PROPOSE_CORRECTION,
            _P.VIEW_LOANS,
            _P.LABEL_LOANS,
            _P.ADD_NOTE,
            _P.EXPORT_LEDGER,
            _P.REVEAL_PERSONAL,
        }
    ),
    Role.COMPLIANCE: frozenset(
        {
            _P.VIEW_STRATEGY,
            _P.DECIDE_STRATEGY,
            _P.DECIDE_CLASS,
            _P.FLAG_PERSON,
            _P.LIFT_FLAG,
            _P.HANDLE_COMPLIANCE,
            _P.VIEW_LAW,
            _P.PROPOSE_LAW,
            _P.DECIDE_LAW,
            _P.REVEAL_PERSONAL,
            _P.EXPORT_PERSONAL,
            _P.MANAGE_RETENTION,
            _P.DECIDE_CORRECTION,
            _P.DECIDE_EXPORT,
            _P.DECIDE_ROLE,
            _P.DECIDE_LATE,
            _P.MANAGE_APPROVALS,
            _P.VIEW_LOANS,
            _P.VIEW_PEOPLE,
            _P.VIEW_AUDIT,
            _P.USE_API,
        }
    ),
    Role.FINANCE: frozenset(
        {
            _P.VIEW_PORTFOLIO,
            _P.SHARE_REPORT,
            _P.PROPOSE_CORRECTION,
            _P.VIEW_LOANS,
            _P.EXPORT_LEDGER,
            _P.POST_PAYMENT,
            _P.VIEW_RECEIPTS,
            _P.CLAIM_RECEIPT,
            _P.CONFIRM_RECEIPT,
            _P.USE_API,
            _P.ADD_NOTE,
        }
    ),
    Role.AUDITOR: READING,
    Role.AGENCY: frozenset(
        {_P.VIEW_LOANS, _P.REVEAL_PERSONAL, _P.RECORD_CONTACT, _P.FLAG_PERSON}
    ),
    Role.ADMIN: frozenset(set(Permission) - _NOT_FOR_ADMIN),
}

REACH: Final[dict[Role, Reach]] = {
    Role.COLLECTOR: Reach.BRANCH,
    Role.SUPERVISOR: Reach.BRANCH,
    Role.BRANCH_MANAGER: Reach.BRANCH,
    Role.RISK: Reach.ALL,
    Role.LEGAL: Reach.ALL,
    Role.COMPLIANCE: Reach.ALL,
    Role.FINANCE: Reach.ALL,
    Role.AUDITOR: Reach.ALL,
    Role.AGENCY: Reach.TEAM,
    Role.ADMIN: Reach.ALL,
}


@dataclass(frozen=True, slots=True)
class Conflict:
    """Two permissions that one person must not hold together, unless it is waived."""

    first: str
    second: str

    def found_in(self, permissions: Iterable[str]) -> bool:
        """Whether both are among these."""
        return {self.first, self.second} <= set(permissions)


# Shipped with the product; a lender may set one aside, which leaves an event.
CONFLICTS: Final = (
    Conflict(Permission.MANAGE_PEOPLE, Permission.POST_PAYMENT),
    Conflict(Permission.MANAGE_PEOPLE, Permission.CHANGE_LOAN),
    Conflict(Permission.MANAGE_ROLES, Permission.POST_PAYMENT),
    Conflict(Permission.VIEW_AUDIT, Permission.POST_PAYMENT),
    Conflict(Permission.VIEW_AUDIT, Permission.CHANGE_LOAN),
    Conflict(Permission.RUN_INTAKE, Permission.POST_PAYMENT),
)


def grants(role: str, *, reads_only: bool = False) -> frozenset[Permission]:
    """What a shipped role may do as shipped; an unknown role may do nothing."""
    granted = GRANTS[Role(role)] if role in set(Role) else frozenset()
    return granted & READING if reads_only else granted


def known(codes: Iterable[str]) -> frozenset[Permission]:
    """The permissions among these codes; one of an older version is left out."""
    return frozenset(Permission(code) for code in codes if code in set(Permission))
