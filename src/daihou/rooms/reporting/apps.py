"""Registers the room with Django."""

from django.apps import AppConfig


class ReportingConfig(AppConfig):
    """The reporting room."""

    name = "daihou.rooms.reporting"
    label = "reporting"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Stand in the navigation, let questions be saved, send those that are due."""
        from django.utils.translation import gettext_lazy, pgettext_lazy

        from daihou.kit import definitions, rounds, shell
        from daihou.rooms.audit import door as audit
        from daihou.rooms.lists import door as lists
        from daihou.rooms.people import door as people
        from daihou.rooms.reporting import actions, asked, event_words, question
        from daihou.rooms.reporting.pages import lab

        audit.name_events(event_words.WORDS)
        rounds.register("given questions", every=60.0, do=actions.send_due)
        definitions.register(asked.definition)
        lists.register(
            lists.ListKind(
                lab.LIST,
                gettext_lazy("Portfolio lab"),
                "reporting:lab_ask",
                fields=question.FIELDS,
                permission=people.Permission.VIEW_PORTFOLIO,
            )
        )
        shell.register_entry(
            shell.Entry(
                pgettext_lazy("navigation", "Lab"),
                "reporting:lab",
                "chart-line",
                key="n",
                group=shell.Group.PORTFOLIO,
                order=1,
                permission=people.Permission.VIEW_PORTFOLIO,
            )
        )
        from daihou.rooms.reporting import reports_ready

        reports_ready.register()
