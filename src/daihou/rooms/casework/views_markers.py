"""What was heard of people: a list, and what another person found."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from daihou.kit.refusal import NotAllowed, NotFound, Refused
from daihou.rooms.casework.actions.common import Deed
from daihou.rooms.casework.actions.markers import confirm_marker, refute_marker
from daihou.rooms.casework.pages.markers import markers_page
from daihou.rooms.people import door as people

_P = people.Permission


@require_GET
def markers(request: HttpRequest) -> HttpResponse:
    """What waits to be confirmed, and what was."""
    people.require(request.person, _P.VIEW_LOANS)
    day = request.business_day()
    today = day.on if day else request.at.date()
    page = markers_page(request.GET, by=request.person, today=today)
    return render(request, "casework/markers.html", {"page": page})


@require_POST
def decide(request: HttpRequest, marker_id: int) -> HttpResponse:
    """It is so, or it is not, on evidence."""
    people.require(request.person, _P.MANAGE_CASES)
    day = request.business_day()
    deed = Deed(
        by=request.person,
        at=request.at,
        business_date=day.on if day else None,
        request_id=request.request_id,
    )
    confirms = request.POST.get("found") == "confirm"
    act = confirm_marker if confirms else refute_marker
    try:
        act(marker_id, evidence=request.POST.get("evidence", ""), deed=deed)
    except (NotAllowed, NotFound):
        raise
    except Refused as refused:
        messages.error(request, str(refused))
    else:
        said = _("It is confirmed.") if confirms else _("It is refuted; the hold ends.")
        messages.success(request, said)
    return redirect("casework:markers")
