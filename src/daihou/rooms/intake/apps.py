"""Registers the room with Django."""

from django.apps import AppConfig


class IntakeConfig(AppConfig):
    """The intake room."""

    name = "daihou.rooms.intake"
    label = "intake"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Put the intake into the navigation, and name what it tells people."""
        from django.utils.translation import gettext_lazy, pgettext_lazy

        from daihou.kit import shell
        from daihou.rooms.audit import door as audit
        from daihou.rooms.intake import event_words
        from daihou.rooms.intake.old_files import error_files
        from daihou.rooms.ledger import door as ledger
        from daihou.rooms.notices import door as notices

        ledger.personal.register_files("error_files", error_files)
        audit.name_events(event_words.WORDS)
        notices.register_kind("intake.refused", gettext_lazy("Files refused"))

        shell.register_entry(
            shell.Entry(
                pgettext_lazy("navigation", "Intake"),
                "intake:history",
                "file-import",
                key="i",
                group=shell.Group.SYSTEM,
                order=2,
                permission="view_loans",
                whole=True,
            )
        )
