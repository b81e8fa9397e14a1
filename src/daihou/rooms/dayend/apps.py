"""Registers the room with Django."""

from django.apps import AppConfig


class DayendConfig(AppConfig):
    """The dayend room."""

    name = "daihou.rooms.dayend"
    label = "dayend"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Put the first page and the day-end into the navigation, watch the night."""
        from django.utils.translation import gettext_lazy as _

        from daihou.kit import rounds, shell
        from daihou.rooms.audit import door as audit
        from daihou.rooms.dayend import event_words, settling, telling
        from daihou.rooms.notices import door as notices

        notices.register_kind(telling.FAILED, _("Day-end failed"))
        notices.register_kind(settling.UNSETTLED, _("A payment could not be settled"))
        audit.name_events(event_words.WORDS)
        rounds.register("failed day-ends", every=10.0, do=telling.tell_failed)
        rounds.register("taken in", every=settling.EVERY, do=settling.settle_due)

        shell.register_entry(
            shell.Entry(
                _("First page"),
                "dayend:home",
                "home",
                key="h",
                group=shell.Group.TODAY,
                order=1,
            )
        )
        shell.register_entry(
            shell.Entry(
                _("Day-end"),
                "dayend:day_end",
                "calendar-time",
                key="d",
                group=shell.Group.SYSTEM,
                order=1,
            )
        )
