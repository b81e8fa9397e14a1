"""Leave cover: who stands in for whom, arranged and ended."""

from datetime import date

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from daihou.kit.refusal import NotAllowed, NotFound, Refused
from daihou.rooms.people import actions, queries
from daihou.rooms.people.permissions import Permission
from daihou.rooms.people.views._common import deed, refused, require_any, tabs, tell

_ARRANGERS = (Permission.ARRANGE_COVER, Permission.MANAGE_PEOPLE)
_SEERS = (*_ARRANGERS, Permission.VIEW_PEOPLE)


def covers(request: HttpRequest) -> HttpResponse:
    """The covers of the people in sight, and the form to arrange one."""
    require_any(request.person, *_SEERS)
    problem = ""
    names = ("absent", "cover", "begins_on", "last_on", "reason")
    given = {name: request.POST.get(name, "").strip()[:200] for name in names}
    if request.method == "POST":
        require_any(request.person, *_ARRANGERS)
        problem = _arrange(request, given)
        if not problem:
            tell(request, "", _("The cover is arranged; both see it in their bar."))
            return redirect("people:covers")
    may = request.person.may
    context = {
        "tabs": tabs(request.person),
        "covers": queries.covers(by=request.person, at=request.at),
        "people": queries.on_duty(by=request.person),
        "given": given,
        "problem": problem,
        "today": timezone.localdate(request.at).isoformat(),
        "may_arrange": may(Permission.MANAGE_PEOPLE) or may(Permission.ARRANGE_COVER),
    }
    status = 422 if problem else 200
    return render(request, "people/covers.html", context, status=status)


def _arrange(request: HttpRequest, given: dict[str, str]) -> str:
    begins_on, last_on = (_day(given[name]) for name in ("begins_on", "last_on"))
    if begins_on is None or last_on is None:
        return _("Give the first and the last day of the absence.")
    try:
        actions.arrange_cover(
            absent=given["absent"],
            cover=given["cover"],
            begins_on=begins_on,
            last_on=last_on,
            deed=deed(request),
        )
    except NotAllowed:
        raise
    except (NotFound, Refused) as problem:
        return str(problem)
    return ""


def _day(text: str) -> date | None:
    try:
        found = parse_date(text)
    except ValueError:  # written like a date, but there is no such day
        return None
    return found if found and 2000 <= found.year < 9000 else None


@require_POST
def cover_end(request: HttpRequest, cover_id: int) -> HttpResponse:
    """End a cover today, or take one back that has not begun."""
    problem = refused(lambda: actions.end_cover(cover_id=cover_id, deed=deed(request)))
    tell(request, problem, _("The cover has ended."))
    return redirect("people:covers")
