"""Registers the kit with Django: its templates, tags and static files."""

from django.apps import AppConfig


class KitConfig(AppConfig):
    """The base all rooms stand on."""

    name = "daihou.kit"
    label = "kit"
