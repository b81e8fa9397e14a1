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
        from daihou.rooms.contact import event_words, harms, keeping
        from daihou.rooms.contact.actions import items, persons, taking_in
        from daihou.rooms.contact.pages import panel, roles
        from daihou.rooms.contact.pages import persons as same
        from daihou.rooms.contact.sealing import PLACES
        from daihou.rooms.intake import door as intake
        from daihou.rooms.notices import door as notices
        from daihou.rooms.people import door as people

        wording.register_recorder(items.open_items)
        wording.name_way("contact:templates", "template")
        wording.name_way("intake:mapping", "mapping")
        intake.register_after("contact", taking_in.follow)
        intake.register_after("persons", persons.follow)
        panels.register("customer", "contact/parts/panel.html", panel.read, order=20)
        panels.register("customer", "contact/parts/same.html", same.read, order=6)
        panels.register("loan", "contact/parts/roles.html", roles.read, order=40)
        keeping.register()
        harms.register()
        for place in PLACES:
            secret_places.register(place)
        notices.register_kind(items.NOTICE, gettext_lazy("Refused acts tried"))
        audit.name_events(event_words.WORDS)
        shell.register_entry(
            shell.Entry(
                pgettext_lazy("navigation", "Same persons"),
                "contact:twins",
                "users",
                key="j",
                group=shell.Group.BOOK,
                order=5,
                permission=people.Permission.DECIDE_CORRECTION,
            )
        )
        shell.register_entry(
            shell.Entry(
                pgettext_lazy("navigation", "Compliance"),
                "contact:items",
                "shield-check",
                key="m",
                group=shell.Group.LAW,
                order=4,
                permission=people.Permission.VIEW_AUDIT,
            )
        )
