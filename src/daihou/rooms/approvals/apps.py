"""Registers the room with Django."""

from django.apps import AppConfig


class ApprovalsConfig(AppConfig):
    """The approvals room."""

    name = "daihou.rooms.approvals"
    label = "approvals"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Name the kinds of this room, its notices, its round and its sealed column."""
        from django.utils.translation import gettext_lazy as _
        from django.utils.translation import pgettext_lazy

        from daihou.kit import rounds, secret_places, shell
        from daihou.rooms.approvals import content, own, queries
        from daihou.rooms.approvals.actions import deciding, telling
        from daihou.rooms.approvals.pages import event_words
        from daihou.rooms.audit import door as audit
        from daihou.rooms.notices import door as notices

        own.register_own()
        audit.name_events(event_words.WORDS)
        notices.register_kind(telling.TO_DECIDE, _("Things to decide"))
        notices.register_kind(telling.DECIDED, _("What you proposed"))
        notices.register_kind(telling.DEPUTY, _("Who decides for whom"))
        rounds.register("approvals", every=60.0, do=deciding.go_round)
        secret_places.register(
            secret_places.Place(
                table="approvals_proposal", column="content", about=content.ABOUT
            )
        )
        shell.register_entry(
            shell.Entry(
                pgettext_lazy("navigation", "Approvals"),
                "approvals:inbox",
                "clipboard-check",
                key="p",
                group=shell.Group.TODAY,
                order=4,
                count=lambda request: queries.waiting_count(
                    request.person, at=request.at
                ),
            )
        )
