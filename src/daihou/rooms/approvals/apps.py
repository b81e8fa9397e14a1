"""Registers the room with Django."""

from django.apps import AppConfig


class ApprovalsConfig(AppConfig):
    """The approvals room."""

    name = "daihou.rooms.approvals"
    label = "approvals"
    default_auto_field = "django.db.models.BigAutoField"
