"""The language of a page: what the person chose, else Chinese."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import translation
from django.utils.translation.trans_real import parse_accept_lang_header

Respond = Callable[[HttpRequest], HttpResponse]


PROGRAMS = "/api/v1/"  # below it programs ask, which say what they prefer


def preferred(header: str) -> str:
    """The language an Accept-Language header prefers of those there are."""
    for code, _weight in parse_accept_lang_header(header):
        for known in ("zh", "en"):
            if code.split("-")[0] == known:
                return {"zh": "zh-hans", "en": "en"}[known]
    return str(settings.LANGUAGE_CODE)


def chosen_language(respond: Respond) -> Respond:
    """Middleware: speak the language of the cookie, else the site's own.

    What a browser prefers is not asked: the product is Chinese first, and the
    switch is one click away on every page. A program is asked.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        language = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
        if request.path_info.startswith(PROGRAMS):
            language = preferred(request.headers.get("Accept-Language", ""))
        if language not in dict(settings.LANGUAGES):
            language = settings.LANGUAGE_CODE
        with translation.override(language):
            request.LANGUAGE_CODE = translation.get_language()
            response = respond(request)
            response.headers.setdefault("Content-Language", language)
        return response

    return middleware
