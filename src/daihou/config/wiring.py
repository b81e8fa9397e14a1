"""Start Django and bind the ports: what a process does before it uses the rooms."""

import os

from daihou.config import database


def start() -> None:
    """Join the database and set Django up; calling it again does nothing more."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "daihou.config.settings")
    database.join()
    import django
    from django.apps import apps

    if not apps.ready:
        django.setup()
