"""Trying: one customer on a version, a draft on yesterday's book, an experiment."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from daihou.kit.refusal import NotAllowed, NotFound, Refused
from daihou.kit.watermark import Mark
from daihou.rooms.people import door as people
from daihou.rooms.strategy import actions, asked, queries
from daihou.rooms.strategy.actions import rehearsing
from daihou.rooms.strategy.pages import experiment as experiment_page
from daihou.rooms.strategy.pages import rehearsed, trying

_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@require_GET
def try_it(request: HttpRequest, version_id: int) -> HttpResponse:
    """Which row a customer or typed facts would hit, why, and what would flip it."""
    asked.reader(request)
    page = trying.page(
        version_id, request.GET, person=request.person, on=asked.today(request)
    )
    status = 422 if page.problem else 200
    return render(request, "strategy/try.html", {"page": page}, status=status)


@require_POST
def rehearse(request: HttpRequest, version_id: int) -> HttpResponse:
    """Ask for a rehearsal; its page tells how far it is."""
    asked.drawer(request)
    try:
        made = actions.ask_rehearsal(
            version_id=version_id,
            rev=asked.whole(request.POST.get("rev")),
            deed=asked.deed(request),
        )
    except (NotAllowed, NotFound):
        raise
    except Refused as refused:
        messages.error(request, str(refused))
        return redirect("strategy:draft", version_id)
    return redirect("strategy:rehearsal", made)


@require_GET
def rehearsal(request: HttpRequest, rehearsal_id: int) -> HttpResponse:
    """How far a rehearsal is, and what it came to."""
    asked.reader(request)
    page = rehearsed.page(rehearsal_id, request.GET, person=request.person)
    return render(request, "strategy/rehearsal.html", {"page": page})


@require_GET
def movers(request: HttpRequest, rehearsal_id: int) -> HttpResponse:
    """The customers who would move, as a workbook; who took it is written down."""
    asked.reader(request)
    people.require(request.person, people.Permission.VIEW_LOANS)
    rehearsed.require_whole(request.person)
    line = queries.rehearsal(rehearsal_id)
    rows = rehearsed.all_moves(line)
    rehearsing.told_out(line, rows=len(rows), deed=asked.deed(request))
    mark = Mark(request.person.username, request.at, request.request_id, rows=len(rows))
    data = rehearsed.workbook(rows, mark=mark)
    answer = HttpResponse(data, content_type=_XLSX)
    name = f"rehearsal-{line.id}.xlsx"
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


@require_GET
def experiment(request: HttpRequest, version_id: int) -> HttpResponse:
    """The arms of an experiment: are the samples right, and what they came to."""
    asked.reader(request)
    page = experiment_page.page(version_id, person=request.person)
    if page is None:
        messages.info(request, _("This version has no experiment."))
        return redirect("strategy:version", version_id)
    return render(request, "strategy/experiment.html", {"page": page})
