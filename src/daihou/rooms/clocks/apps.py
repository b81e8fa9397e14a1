"""Registers the room with Django."""

from django.apps import AppConfig


class ClocksConfig(AppConfig):
    """The clocks room."""

    name = "daihou.rooms.clocks"
    label = "clocks"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Look at the clocks on the rounds, stand on pages, name events and lists."""
        from django.utils.translation import gettext_lazy, pgettext_lazy

        from daihou.kit import panels, rounds, secret_places, shell
        from daihou.rooms.audit import door as audit
        from daihou.rooms.clocks import actions, keeping
        from daihou.rooms.clocks.actions.running import NOTICE
        from daihou.rooms.clocks.event_words import WORDS
        from daihou.rooms.clocks.pages import listing, panel
        from daihou.rooms.clocks.sealing import PLACES
        from daihou.rooms.lists import door as lists
        from daihou.rooms.notices import door as notices
        from daihou.rooms.people import door as people

        keeping.register()
        for place in PLACES:
            secret_places.register(place)
        audit.name_events(WORDS)
        notices.register_kind(NOTICE, gettext_lazy("Clocks of law"))
        rounds.register("legal clocks", every=5.0, do=actions.look_due)
        panels.register("loan", "clocks/parts/panel.html", panel.of_loan, order=25)
        lists.register(
            lists.ListKind(
                listing.LIST,
                pgettext_lazy("navigation", "Clocks of law"),
                "clocks:clocks",
                fields=frozenset(listing.OF_A_VIEW),
                permission=people.Permission.VIEW_LOANS,
            )
        )
        shell.register_entry(
            shell.Entry(
                pgettext_lazy("navigation", "Clocks of law"),
                "clocks:clocks",
                "hourglass",
                key="t",
                group=shell.Group.LAW,
                order=2,
                permission=people.Permission.VIEW_LOANS,
            )
        )
