"""Registers the room with Django."""

from django.apps import AppConfig
from django.http import HttpRequest


class NoticesConfig(AppConfig):
    """The notices room."""

    name = "daihou.rooms.notices"
    label = "notices"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Hang the bell into the top bar, and send mail on the rounds."""
        from daihou.kit import rounds, shell
        from daihou.rooms.notices import mailing
        from daihou.rooms.notices.queries import unread

        rounds.register("notices.mail", every=60.0, do=mailing.go_round)

        def bell(request: HttpRequest) -> int:
            return unread(request.person.username, at=request.at)

        shell.register_bar("notices/bell.html", bell)
