"""Registers the room with Django."""

from django.apps import AppConfig


class GatewayConfig(AppConfig):
    """The gateway room."""

    name = "daihou.rooms.gateway"
    label = "gateway"
    default_auto_field = "django.db.models.BigAutoField"
