"""The addresses of the site: each room names its own, from the root."""

from importlib.util import find_spec

from django.conf import settings
from django.urls import include, path

urlpatterns = [
    *(
        path("", include(f"daihou.rooms.{room}.urls"))
        for room in settings.ROOMS
        if find_spec(f"daihou.rooms.{room}.urls")
    ),
]
