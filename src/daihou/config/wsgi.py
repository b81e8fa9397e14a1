"""The web application, for gunicorn or any WSGI server."""

from django.core.wsgi import get_wsgi_application
from django.urls import get_resolver

from daihou.config import telemetry, wiring

wiring.start()
telemetry.start("site")
application = get_wsgi_application()
# Every page is known before the first is asked for: its reader would wait for all.
assert get_resolver().url_patterns, "the site has pages"
