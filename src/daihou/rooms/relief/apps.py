"""Registers the room with Django."""

from django.apps import AppConfig


class ReliefConfig(AppConfig):
    """The relief room."""

    name = "daihou.rooms.relief"
    label = "relief"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Name what is decided, follow the money, stand on pages, end with a case."""
        from django.utils.translation import gettext_lazy, pgettext_lazy

        from daihou.kit import panels, rounds, secret_places, shell
        from daihou.rooms.audit import door as audit
        from daihou.rooms.casework import door as casework
        from daihou.rooms.gateway import door as gateway
        from daihou.rooms.notices import door as notices
        from daihou.rooms.people import door as people
        from daihou.rooms.relief import (
            actions,
            approvable,
            event_words,
            queries,
            sealing,
        )
        from daihou.rooms.relief.pages import panel
        from daihou.rooms.relief.queries import household

        approvable.register()
        audit.name_events(event_words.WORDS)
        gateway.register_subject("relief", queries.relief_seen)
        gateway.register_subject("household", household.household_seen)
        notices.register_kind(actions.NOTICE, gettext_lazy("Household plan stuck"))
        for place in sealing.PLACES:
            secret_places.register(place)
        rounds.register("relief", every=3.0, do=actions.follow)
        casework.register_commitment("relief", end=actions.end_with_cases)
        panels.register("loan", "relief/parts/panel.html", panel.of_loan, order=30)
        panels.register(
            "customer", "relief/parts/panel.html", panel.of_customer, order=30
        )
        shell.register_entry(
            shell.Entry(
                pgettext_lazy("navigation", "Relief"),
                "relief:requests",
                "heart-handshake",
                key="f",
                group=shell.Group.COLLECT,
                order=3,
                permission=people.Permission.VIEW_LOANS,
            )
        )
