"""Registers the room with Django."""

from django.apps import AppConfig


class CapsConfig(AppConfig):
    """The room of the caps."""

    name = "daihou.rooms.caps"
    label = "caps"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Reckon on the rounds, stand on the page of a loan and in the navigation."""
        from django.utils.translation import pgettext_lazy

        from daihou.kit import panels, rounds, shell
        from daihou.rooms.audit import door as audit
        from daihou.rooms.caps import actions
        from daihou.rooms.caps.event_words import WORDS
        from daihou.rooms.caps.pages import panel

        audit.name_events(WORDS)
        rounds.register("caps", every=5.0, do=actions.reckon_due)
        panels.register("loan", "caps/parts/panel.html", panel.of_loan, order=25)
        shell.register_entry(
            shell.Entry(
                pgettext_lazy("navigation", "Caps"),
                "caps:listing",
                "gauge",
                key="q",
                group=shell.Group.LAW,
                order=3,
                permission="view_loans",
            )
        )
