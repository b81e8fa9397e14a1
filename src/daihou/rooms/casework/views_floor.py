"""The supervisor's floor: live figures, moving cases, the bulletin and the agenda."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from daihou.kit import panels
from daihou.kit.refusal import NotAllowed, NotFound, Refused
from daihou.rooms.casework import door
from daihou.rooms.casework.forms_desk import whole
from daihou.rooms.casework.pages import bulletin as bulletin_page
from daihou.rooms.casework.pages import floor as floor_page
from daihou.rooms.casework.pages.moving import plan_of
from daihou.rooms.casework.views_desk import today_of
from daihou.rooms.people import door as people

_P = people.Permission


def _overseer(request: HttpRequest) -> None:
    people.require(request.person, _P.MANAGE_CASES)


@require_GET
def floor(request: HttpRequest) -> HttpResponse:
    """Queues, people, promises and alarms, as they are now; the page asks again."""
    _overseer(request)
    page = floor_page.floor_page(
        request.person,
        today=today_of(request),
        at=request.at,
    )
    alone = request.headers.get("HX-Request") == "true"
    template = "casework/parts/floor_live.html" if alone else "casework/floor.html"
    beside = [] if alone else panels.of("floor", request, 0)
    return render(request, template, {"page": page, "panels": beside})


@require_POST
def move(request: HttpRequest) -> HttpResponse:
    """Show what moving cases would do; with `ids`, do what was shown."""
    _overseer(request)
    deed = door.Deed.of(request)
    given = request.POST
    ids = [n for each in given.get("ids", "").split(",") if (n := whole(each))]
    try:
        if not ids:
            plan = plan_of(given, deed=deed)
            return render(request, "casework/move.html", {"plan": plan})
        done = door.assign(ids, collector=given.get("target", ""), deed=deed)
    except (NotAllowed, NotFound):
        raise
    except Refused as refused:
        messages.error(request, str(refused))
        return redirect("casework:floor")
    n = len(done.moved)
    text = ngettext("%(n)s case was moved.", "%(n)s cases were moved.", n)
    messages.success(request, text % {"n": n})
    return redirect("casework:floor")


@require_POST
def undo(request: HttpRequest, batch_id: int) -> HttpResponse:
    """Take a distribution back."""
    _overseer(request)
    try:
        undone = door.undo_batch(batch_id, deed=door.Deed.of(request))
    except (NotAllowed, NotFound):
        raise
    except Refused as refused:
        messages.error(request, str(refused))
        return redirect("casework:floor")
    text = _("%(back)s cases are back where they were, %(kept)s moved on since.")
    counted = {"back": len(undone.back), "kept": len(undone.kept)}
    messages.success(request, text % counted)
    return redirect("casework:floor")


def _bulletin(request: HttpRequest, template: str) -> HttpResponse:
    _overseer(request)
    page = bulletin_page.bulletin_page(
        request.person,
        today=today_of(request),
        at=request.at,
    )
    said = panels.of("bulletin", request, 0)
    return render(request, template, {"page": page, "panels": said})


@require_GET
def bulletin(request: HttpRequest) -> HttpResponse:
    """The progress of the day, to be printed or sent."""
    return _bulletin(request, "casework/bulletin.html")


@require_GET
def agenda(request: HttpRequest) -> HttpResponse:
    """What to talk about in the meeting of the team."""
    return _bulletin(request, "casework/agenda.html")
