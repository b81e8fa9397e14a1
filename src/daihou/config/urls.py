"""The addresses of the site: each room names its own, from the root."""

from importlib.util import find_spec

from django.conf import settings
from django.urls import include, path

from daihou.config import api, health, metrics

handler400 = "daihou.config.failures.bad_request"
handler500 = "daihou.config.failures.server_error"

urlpatterns = [
    path("health/live", health.live, name="live"),
    path("health/ready", health.ready, name="ready"),
    path("metrics", metrics.page, name="metrics"),
    path("sign-in/", include("daihou.rooms.people.elsewhere_urls")),
    *api.urlpatterns,
    *(
        path("", include(f"daihou.rooms.{room}.urls"))
        for room in settings.ROOMS
        if find_spec(f"daihou.rooms.{room}.urls")
    ),
]
