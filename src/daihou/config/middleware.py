"""What every request gets at the edge: the instant, the person, the business day."""

import functools
from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from daihou.config import clock, failures
from daihou.kit.refusal import Refused
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
    is told the date and never looks for it. What a signed-in person gets is kept by no
    browser: after signing out, the way back shows nobody's data.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        known = request.user.is_authenticated
        request.person = (
            people.person_of(request.user, at=request.at) if known else None
        )
        request.business_day = functools.cache(dayend.business_date)
        response = respond(request)
        if known:
            response.headers.setdefault("Cache-Control", "private, no-store")
        return response

    return middleware


def refusals(respond: Respond) -> Respond:
    """Answer what a person may not do with 403, what is not there with 404, and so on."""

    def middleware(request: HttpRequest) -> HttpResponse:
        return respond(request)

    def answer(request: HttpRequest, refused: Exception) -> HttpResponse | None:
        known = isinstance(refused, Refused)
        return failures.answer(request, refused) if known else None

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
