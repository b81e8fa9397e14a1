"""Registers the room with Django."""

from django.apps import AppConfig


class AuditConfig(AppConfig):
    """The audit room."""

    name = "daihou.rooms.audit"
    label = "audit"
    default_auto_field = "django.db.models.BigAutoField"
