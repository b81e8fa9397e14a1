"""Registers the room with Django."""

from django.apps import AppConfig


class CaseworkConfig(AppConfig):
    """The casework room."""

    name = "daihou.rooms.casework"
    label = "casework"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Go through the mornings on the rounds, stand on pages, tell of its events."""
        from daihou.kit import panels, rounds, secret_places
        from daihou.rooms.audit import door as audit
        from daihou.rooms.casework import (
            event_words,
            harms,
            keeping,
            sealing,
            starting,
            work_event_words,
        )
        from daihou.rooms.casework.actions import morning
        from daihou.rooms.casework.pages import panel, shell
        from daihou.rooms.casework.queries import cases
        from daihou.rooms.gateway import door as gateway

        starting.register()
        harms.register()
        shell.register()
        for place, read in panel.READERS.items():
            panels.register(place, "casework/parts/panel.html", read, order=5)
        morning.register_step("judge", starting.judged, alone=True)
        rounds.register("casework", every=morning.EVERY, do=morning.morning_due)
        for place in sealing.PLACES:
            secret_places.register(place)
        keeping.register()
        audit.name_events({**event_words.WORDS, **work_event_words.WORDS})
        gateway.register_subject("case", cases.cases_seen)
