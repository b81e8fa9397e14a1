"""Every answer below the API's address is JSON, whoever refused."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from daihou.kit.api import problems
from daihou.kit.language import PROGRAMS

Respond = Callable[[HttpRequest], HttpResponse]


def answering(respond: Respond) -> Respond:
    """Middleware: a refusal from before any room becomes a problem as well."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = respond(request)
        if not request.path_info.startswith(PROGRAMS):
            return response
        ours = response.headers.get("Content-Type", "").startswith(problems.MEDIA_TYPE)
        if response.status_code >= 400 and not ours:
            plain = response
            response = problems.of_status(request, plain.status_code)
            if "Allow" in plain.headers:
                response.headers["Allow"] = plain.headers["Allow"]
        response.headers["Cache-Control"] = "no-store"
        response.headers["Vary"] = "Accept-Language, Authorization"
        return response

    return middleware
