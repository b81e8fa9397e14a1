"""The words for roles, permissions, units and reach in the reader's language."""

from django.utils.translation import get_language, gettext, pgettext

from daihou.packs import products
from daihou.rooms.people.permissions import Permission, Reach, Role, UnitKind


def role_word(role: str) -> str:
    """The word for a shipped role; any other is shown as it came."""
    words = {
        Role.COLLECTOR: pgettext("role", "Collector"),
        Role.SUPERVISOR: pgettext("role", "Supervisor"),
        Role.BRANCH_MANAGER: pgettext("role", "Branch manager"),
        Role.RISK: pgettext("role", "Risk officer"),
        Role.LEGAL: pgettext("role", "Legal officer"),
        Role.COMPLIANCE: pgettext("role", "Compliance officer"),
        Role.FINANCE: pgettext("role", "Finance"),
        Role.AUDITOR: pgettext("role", "Auditor"),
        Role.AGENCY: pgettext("role", "Agency collector"),
        Role.ADMIN: pgettext("role", "Administrator"),
    }
    return words[Role(role)] if role in set(Role) else role


def permission_word(permission: Permission) -> str:
    """What a permission allows, for a sentence."""
    words: dict[Permission, str] = {
        Permission.VIEW_LOANS: gettext("see loans"),
        Permission.LABEL_LOANS: gettext("label loans"),
        Permission.ADD_NOTE: gettext("write notes on customers"),
        Permission.EXPORT_LEDGER: gettext("export the ledger"),
        Permission.POST_PAYMENT: gettext("post payments"),
        Permission.VIEW_RECEIPTS: gettext("see receipts without an owner"),
        Permission.CLAIM_RECEIPT: gettext("claim receipts"),
        Permission.CONFIRM_RECEIPT: gettext("confirm claims of receipts"),
        Permission.CHANGE_LOAN: gettext("change a loan"),
        Permission.RUN_INTAKE: gettext("take in files"),
        Permission.RUN_DAY_END: gettext("run the day-end"),
        Permission.VIEW_PEOPLE: gettext("see people and their rights"),
        Permission.MANAGE_PEOPLE: gettext("manage people"),
        Permission.MANAGE_ROLES: gettext("manage roles"),
        Permission.ARRANGE_COVER: gettext("arrange leave cover"),
        Permission.VIEW_AS: gettext("see the pages as somebody else"),
        Permission.VIEW_AUDIT: gettext("read the log of changes"),
        Permission.REVEAL_PERSONAL: gettext("see personal data whole"),
        Permission.EXPORT_PERSONAL: gettext("export personal data whole"),
        Permission.MANAGE_RETENTION: gettext("keep the retention of personal data"),
        Permission.USE_API: gettext("make tokens for programs"),
        Permission.MANAGE_WEBHOOKS: gettext("manage receivers of events"),
        Permission.PROPOSE_CORRECTION: gettext("propose corrections"),
        Permission.DECIDE_CORRECTION: gettext("decide corrections"),
        Permission.DECIDE_EXPORT: gettext("decide on large exports"),
        Permission.DECIDE_ROLE: gettext("decide on changes of rights"),
        Permission.DECIDE_LATE: gettext("decide what waits past its deadline"),
        Permission.MANAGE_APPROVALS: gettext("say who decides what"),
        Permission.VIEW_LAW: gettext("read the rules"),
        Permission.PROPOSE_LAW: gettext("propose changes of the rules"),
        Permission.DECIDE_LAW: gettext("decide changes of the rules"),
        Permission.PROPOSE_CLASS: gettext(
            "tell facts of a class, ask for a better one"
        ),
        Permission.DECIDE_CLASS: gettext("decide on classes of loans"),
        Permission.RECORD_CONTACT: gettext("contact people and record it"),
        Permission.FLAG_PERSON: gettext("stop contact with a person"),
        Permission.LIFT_FLAG: gettext("open contact with a person again"),
        Permission.HANDLE_COMPLIANCE: gettext("close compliance items"),
        Permission.VIEW_STRATEGY: gettext("read strategies"),
        Permission.DRAFT_STRATEGY: gettext("draft and rehearse strategies"),
        Permission.DECIDE_STRATEGY: gettext("decide on strategies"),
        Permission.WORK_CASES: gettext("work cases"),
        Permission.MANAGE_CASES: gettext("distribute, hold and close cases"),
    }
    return (words | _further_words())[permission]


def _further_words() -> dict[Permission, str]:
    return {
        Permission.REQUEST_RELIEF: gettext("ask for plans and waivers"),
        Permission.DECIDE_RELIEF: gettext("decide on plans and waivers"),
        Permission.VIEW_PORTFOLIO: gettext("see the figures of the portfolio"),
        Permission.SHARE_REPORT: gettext("share and schedule reports"),
    }


def reach_word(reach: str) -> str:
    """How far a role sees."""
    words = {
        Reach.OWN: pgettext("reach", "Own loans"),
        Reach.TEAM: pgettext("reach", "Own team"),
        Reach.BRANCH: pgettext("reach", "Own unit and below"),
        Reach.ALL: pgettext("reach", "Everything"),
    }
    return words[Reach(reach)] if reach in set(Reach) else reach


def kind_word(kind: str) -> str:
    """What a unit of the organisation is."""
    words = {
        UnitKind.HEAD_OFFICE: pgettext("unit", "Head office"),
        UnitKind.BRANCH: pgettext("unit", "Branch"),
        UnitKind.TEAM: pgettext("unit", "Team"),
        UnitKind.AGENCY: pgettext("unit", "Agency"),
    }
    return words[UnitKind(kind)] if kind in set(UnitKind) else kind


def product_name(code: str) -> str:
    """The name of a product from its dated file; an unknown code as it came."""
    found = products.known().get(code)
    return found.name(get_language() or "zh-hans") if found else code


_BROWSERS = (
    ("MicroMessenger", "WeChat"),
    ("Edg/", "Edge"),
    ("Firefox/", "Firefox"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
)
_SYSTEMS = (
    ("Windows", "Windows"),
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Mac OS X", "macOS"),
    ("Linux", "Linux"),
)


def device_word(agent: str) -> str:
    """Browser and system as people call them, from what a browser says of itself."""
    named = [
        next((word for mark, word in known if mark in agent), "")
        for known in (_BROWSERS, _SYSTEMS)
    ]
    return ", ".join(word for word in named if word) or agent[:40]
