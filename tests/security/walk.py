"""The pages a person can open by an address without numbers, and the forms there are."""

import re

from django.urls import get_resolver

from tests.rooms.test_odd_addresses import addresses

ROUTES = [route for route, _ in addresses(get_resolver())]
# Answered to programs, each with its own token and never by the session's cookie.
FOR_PROGRAMS = ("api/", "health/", "metrics")
PAGES = [
    f"/{route}"
    for route in ROUTES
    if "<" not in route and "(" not in route and not route.startswith(FOR_PROGRAMS)
]
FORMS = [
    "/" + re.sub(r"<\w+:\w+>", "0" * 32, re.sub(r"<int:\w+>", "1", route))
    for route in ROUTES
    if "(" not in route and not route.startswith(FOR_PROGRAMS)
]
