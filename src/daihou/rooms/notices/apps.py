"""Registers the room with Django."""

from django.apps import AppConfig


class NoticesConfig(AppConfig):
    """The notices room."""

    name = "daihou.rooms.notices"
    label = "notices"
    default_auto_field = "django.db.models.BigAutoField"
