"""Registers the room with Django."""

from django.apps import AppConfig


class ListsConfig(AppConfig):
    """The lists room."""

    name = "daihou.rooms.lists"
    label = "lists"
    default_auto_field = "django.db.models.BigAutoField"
