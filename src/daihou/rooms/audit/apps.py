"""Registers the room with Django."""

from django.apps import AppConfig
from django.utils.translation import pgettext_lazy

from daihou.kit import shell


class AuditConfig(AppConfig):
    """The audit room."""

    name = "daihou.rooms.audit"
    label = "audit"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Put the log of changes into the navigation of who may read it."""
        shell.register_entry(
            shell.Entry(
                pgettext_lazy("navigation", "Changes"),
                "audit:explorer",
                "history",
                key="a",
                group=shell.Group.LAW,
                order=5,
                permission="view_audit",
            )
        )
