"""Registers the room with Django."""

from django.apps import AppConfig


class PeopleConfig(AppConfig):
    """The people room."""

    name = "daihou.rooms.people"
    label = "people"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Name the signed-in person in the top bar."""
        from daihou.kit import shell
        from daihou.rooms.people import shown

        shell.register_person(shown.person)
