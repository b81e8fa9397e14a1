"""Registers the room with Django."""

from django.apps import AppConfig


class RulebooksConfig(AppConfig):
    """The rulebooks room."""

    name = "daihou.rooms.rulebooks"
    label = "rulebooks"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Name the kind of proposal, the events, the uses and the navigation."""
        from django.utils.translation import pgettext_lazy

        from daihou.kit import shell
        from daihou.rooms.audit import door as audit
        from daihou.rooms.lists import door as lists
        from daihou.rooms.people import door as people
        from daihou.rooms.rulebooks import approvable, known_uses
        from daihou.rooms.rulebooks.event_words import WORDS
        from daihou.rooms.rulebooks.pages import listing

        approvable.register()
        known_uses.register()
        audit.name_events(WORDS)
        lists.register(
            lists.ListKind(
                listing.LIST,
                pgettext_lazy("navigation", "Rules"),
                "rulebooks:rules",
                fields=frozenset(listing.OF_A_VIEW),
                permission=people.Permission.VIEW_LAW,
            )
        )
        shell.register_entry(
            shell.Entry(
                pgettext_lazy("navigation", "Rules"),
                "rulebooks:rules",
                "scale",
                key="y",
                group=shell.Group.LAW,
                order=1,
                permission="view_law",
            )
        )
