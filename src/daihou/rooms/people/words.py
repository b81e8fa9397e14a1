"""The words for roles and permissions in the reader's language."""

from django.utils.translation import gettext, pgettext

from daihou.rooms.people.permissions import Permission, Role


def role_word(role: str) -> str:
    """The word for a role; an unknown one is shown as it came."""
    words = {
        Role.COLLECTOR: pgettext("role", "Collector"),
        Role.RISK: pgettext("role", "Risk officer"),
        Role.ADMIN: pgettext("role", "Administrator"),
    }
    return words[Role(role)] if role in set(Role) else role


def permission_word(permission: Permission) -> str:
    """What a permission allows, for a sentence."""
    words: dict[Permission, str] = {
        Permission.VIEW_LOANS: gettext("see loans"),
        Permission.EXPORT_LEDGER: gettext("export the ledger"),
        Permission.POST_PAYMENT: gettext("post payments"),
        Permission.CHANGE_LOAN: gettext("change a loan"),
        Permission.RUN_INTAKE: gettext("take in files"),
        Permission.RUN_DAY_END: gettext("run the day-end"),
        Permission.SEE_ALL_BRANCHES: gettext("see all branches"),
        Permission.MANAGE_PEOPLE: gettext("manage people"),
        Permission.VIEW_AUDIT: gettext("read the log of changes"),
    }
    return words[permission]
