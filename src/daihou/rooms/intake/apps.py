"""Registers the room with Django."""

from django.apps import AppConfig


class IntakeConfig(AppConfig):
    """The intake room."""

    name = "daihou.rooms.intake"
    label = "intake"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Put the intake into the navigation."""
        from django.utils.translation import pgettext_lazy

        from daihou.kit import shell

        shell.register_entry(
            shell.Entry(
                pgettext_lazy("navigation", "Intake"),
                "intake:history",
                "file-import",
                key="i",
                order=4,
            )
        )
