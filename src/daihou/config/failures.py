"""The pages for what went wrong before or beyond a view, with a number to quote."""

from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template import loader
from django.views.decorators.csrf import requires_csrf_token

from daihou.config import logs
from daihou.kit.refusal import NotAllowed, NotFound, Refused, TooLarge, TooMany
from daihou.rooms.people import door as people

_GRANTERS_NAMED = 3


@requires_csrf_token
def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """400, or 413 where more was sent than is taken."""
    if isinstance(exception, RequestDataTooBig):
        return render(request, "413.html", status=413)
    return render(request, "400.html", status=400)


@requires_csrf_token
def server_error(_request: HttpRequest) -> HttpResponse:
    """500, drawn without the database: it may be what failed."""
    page = loader.render_to_string("500.html", {"request_id": logs.request_id()})
    return HttpResponse(page, status=500)


def answer(request: HttpRequest, refused: Refused) -> HttpResponse | None:
    """The page of a refusal that a view let through; None for one it should tell."""
    if isinstance(refused, NotAllowed) and refused.code == "address_refused":
        return render(request, "403_address.html", {"refused": refused}, status=403)
    if isinstance(refused, NotAllowed):
        context = {"exception": str(refused), "refused": _who_helps(refused)}
        return render(request, "403.html", context, status=403)
    if isinstance(refused, NotFound):
        return render(request, "404.html", {"refused": refused}, status=404)
    if isinstance(refused, TooLarge):
        return render(request, "413.html", {"refused": refused}, status=413)
    if isinstance(refused, TooMany):
        context = {"refused": refused, "seconds": refused.retry_after}
        response = render(request, "429.html", context, status=429)
        response.headers["Retry-After"] = str(refused.retry_after)
        return response
    return None


def _who_helps(refused: NotAllowed) -> dict[str, object]:
    """The permission that is missing, and a few who can grant it."""
    manage = people.Permission.MANAGE_PEOPLE
    able = [each.name for each in people.people() if each.may(manage)]
    code = str(refused.params.get("permission", ""))
    known = code in set(people.Permission)
    word = people.permission_word(people.Permission(code)) if known else ""
    return {
        "permission": code,
        "permission_word": word,
        "granters": able[:_GRANTERS_NAMED],
    }
