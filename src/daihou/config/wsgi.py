"""The web application, for gunicorn or any WSGI server."""

from django.core.wsgi import get_wsgi_application

from daihou.config import telemetry, wiring

wiring.start()
telemetry.start("site")
application = get_wsgi_application()
