"""What every request gets at the edge: the instant, the person, the business day."""

import functools
from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views import defaults

from daihou.config import clock
from daihou.kit.refusal import NotAllowed, NotFound
from daihou.rooms.dayend import door as dayend
from daihou.rooms.people import door as people

Respond = Callable[[HttpRequest], HttpResponse]


def instant(respond: Respond) -> Respond:
    """Set `request.at`, the one instant of this request: below, nobody asks a clock.

    `request.now` is for what takes long and must say when it ended.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        request.at = clock.now()
        request.now = clock.now
        return respond(request)

    return middleware


def context(respond: Respond) -> Respond:
    """Set `request.person` (None when nobody signed in) and `request.business_day`.

    The second is a function, read once however often it is called: what lies below
    is told the date and never looks for it.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        known = request.user.is_authenticated
        request.person = people.person_of(request.user) if known else None
        request.business_day = functools.cache(dayend.business_date)
        return respond(request)

    return middleware


def refusals(respond: Respond) -> Respond:
    """Answer what a person may not do with 403 and what is not there with 404."""

    def middleware(request: HttpRequest) -> HttpResponse:
        return respond(request)

    def answer(request: HttpRequest, refused: Exception) -> HttpResponse | None:
        if isinstance(refused, NotAllowed):
            return defaults.permission_denied(request, refused)
        if isinstance(refused, NotFound):
            return render(request, "404.html", {"refused": refused}, status=404)
        return None

    middleware.process_exception = answer  # type: ignore[attr-defined]
    return middleware


def content_security_policy(respond: Respond) -> Respond:
    """No inline script and nothing from elsewhere; a page may not be framed."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = respond(request)
        response.headers.setdefault(
            "Content-Security-Policy", settings.CONTENT_SECURITY_POLICY
        )
        return response

    return middleware
