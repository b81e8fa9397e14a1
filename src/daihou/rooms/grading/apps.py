"""Registers the room with Django."""

from django.apps import AppConfig


class GradingConfig(AppConfig):
    """The grading room."""

    name = "daihou.rooms.grading"
    label = "grading"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Name what is proposed, grade on the rounds, stand on pages and in the rules."""
        from django.utils.translation import pgettext_lazy

        from daihou.kit import panels, rounds, shell
        from daihou.rooms.audit import door as audit
        from daihou.rooms.grading import actions, approvable, impact, keeping, unsettled
        from daihou.rooms.grading.event_words import WORDS
        from daihou.rooms.grading.pages import panel

        approvable.register()
        impact.register()
        keeping.register()
        audit.name_events(WORDS)
        rounds.register("classification", every=3.0, do=actions.grade_due)
        rounds.register("provision", every=10.0, do=actions.provide_due)
        panels.register("loan", "grading/parts/panel.html", panel.of_loan, order=20)
        shell.register_banner(
            "grading/parts/unsettled.html",
            lambda request: unsettled.beside(request, "/grading/"),
        )
        shell.register_entry(
            shell.Entry(
                pgettext_lazy("navigation", "Classes"),
                "grading:overview",
                "tag",
                key="k",
                group=shell.Group.BOOK,
                order=4,
                permission="view_loans",
            )
        )
