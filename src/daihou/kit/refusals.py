"""Turns what a person may not have into the page that says what to do."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from daihou.kit.refusal import NotAllowed, NotFound, Refused


class RefusalPages:
    """Middleware: NotFound is 404, NotAllowed 403, any other refusal 409."""

    def __init__(self, respond: Callable[[HttpRequest], HttpResponse]) -> None:
        """Keep the rest of the chain."""
        self.respond = respond

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass the request on."""
        return self.respond(request)

    def process_exception(
        self, request: HttpRequest, exception: Exception
    ) -> HttpResponse | None:
        """The page for a refusal; anything else goes its own way."""
        if not isinstance(exception, Refused):
            return None
        status, template = 409, "kit/refused.html"
        if isinstance(exception, NotFound):
            status, template = 404, "404.html"
        elif isinstance(exception, NotAllowed):
            status, template = 403, "403.html"
        context = {"exception": exception, "why": str(exception)}
        return render(request, template, context, status=status)
