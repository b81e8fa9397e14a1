"""Registers the room with Django."""

import time
from datetime import datetime, timedelta

from django.apps import AppConfig
from django.utils.translation import gettext_lazy, pgettext_lazy


class GatewayConfig(AppConfig):
    """The gateway room."""

    name = "daihou.rooms.gateway"
    label = "gateway"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Let callers of the API in, send messages on the rounds, show the pages."""
        from daihou.kit import rounds, shell
        from daihou.kit.api import gate
        from daihou.kit.secret_places import Place, register
        from daihou.rooms.audit import door as audit
        from daihou.rooms.gateway import event_words, gating
        from daihou.rooms.gateway.actions import endpoints, replies, sending
        from daihou.rooms.notices import door as notices

        audit.name_events(event_words.WORDS)
        gate.bind_gate(gating.Gate())
        rounds.register("webhooks", every=1.0, do=_send)
        rounds.register("gateway.sweep", every=3600.0, do=sending.sweep)
        for column in ("secret", "old_secret"):
            register(
                Place(table="gateway_endpoint", column=column, about=endpoints.ABOUT)
            )
        register(Place(table="gateway_reply", column="body", about=replies.ABOUT))
        notices.register_kind(sending.NOTICE, gettext_lazy("Messages given up"))
        shell.register_entry(
            shell.Entry(
                pgettext_lazy("navigation", "Interfaces"),
                "gateway:tokens",
                "plug",
                key="w",
                group=shell.Group.SYSTEM,
                order=4,
                also=("/api/docs",),
                permission="use_api",
            )
        )


def _send(*, at: datetime) -> None:
    """One round; the threads that send reckon the instant from it."""
    from daihou.rooms.gateway.actions import sending

    began = time.monotonic()
    sending.carry_on(
        at=at, now=lambda: at + timedelta(seconds=time.monotonic() - began)
    )
