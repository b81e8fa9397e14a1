"""The web application, for gunicorn or any WSGI server."""

from django.core.wsgi import get_wsgi_application

from daihou.config import wiring

wiring.start()
application = get_wsgi_application()
