"""Registers the room with Django."""

from django.apps import AppConfig


class ContactConfig(AppConfig):
    """The contact room."""

    name = "daihou.rooms.contact"
    label = "contact"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Write down what is refused, follow intakes, show the panel and the pages."""
        from django.utils.translation import gettext_lazy, pgettext_lazy

        from daihou.kit import panels, secret_places, shell, wording
        from daihou.rooms.audit import door as audit
        from daihou.rooms.contact import event_words, keeping
        from daihou.rooms.contact.actions import items, taking_in
        from daihou.rooms.contact.pages import panel
        from daihou.rooms.contact.sealing import PLACES
        from daihou.rooms.intake import door as intake
        from daihou.rooms.notices import door as notices
        from daihou.rooms.people import door as people

        wording.register_recorder(items.open_items)
        wording.name_way("contact:templates", "template")
        wording.name_way("intake:mapping", "mapping")
        intake.register_after("contact", taking_in.follow)
        panels.register("customer", "contact/parts/panel.html", panel.read, order=20)
        keeping.register()
        for place in PLACES:
            secret_places.register(place)
        notices.register_kind(items.NOTICE, gettext_lazy("Refused acts tried"))
        audit.name_events(event_words.WORDS)
        shell.register_entry(
            shell.Entry(
                pgettext_lazy("navigation", "Compliance"),
                "contact:items",
                "alert-triangle",
                key="m",
                order=14,
                permission=people.Permission.VIEW_AUDIT,
            )
        )
