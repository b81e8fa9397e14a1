"""Customers who may be one person: a list, and what somebody decides."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from daihou.kit.refusal import NotAllowed, NotFound, Refused
from daihou.rooms.contact import door
from daihou.rooms.contact.pages.persons import persons_page
from daihou.rooms.people import door as people

_P = people.Permission


@require_GET
def twins(request: HttpRequest) -> HttpResponse:
    """Pairs to decide, and those that were."""
    people.require(request.person, _P.VIEW_LOANS)
    page = persons_page(request.GET, by=request.person)
    return render(request, "contact/persons.html", {"page": page})


@require_POST
def decide(request: HttpRequest, twin_id: int) -> HttpResponse:
    """They are one person, or they are two."""
    people.require(request.person, _P.DECIDE_CORRECTION)
    day = request.business_day()
    deed = door.Deed(
        by=request.person,
        at=request.at,
        business_date=day.on if day else None,
        request_id=request.request_id,
    )
    joins = request.POST.get("found") == "one"
    act = door.join_persons if joins else door.keep_apart
    try:
        act(twin_id, evidence=request.POST.get("evidence", ""), deed=deed)
    except (NotAllowed, NotFound):
        raise
    except Refused as refused:
        messages.error(request, str(refused))
    else:
        joined = _("They are one person; their contacts count together.")
        parted = _("They are two persons; each counts alone.")
        messages.success(request, joined if joins else parted)
    return redirect("contact:twins")
