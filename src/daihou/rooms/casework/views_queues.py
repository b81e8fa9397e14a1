"""Queues and seats: supervisors say how a queue is worked, and who takes how much."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from daihou.kit.refusal import NotAllowed, NotFound, Refused
from daihou.rooms.casework import door
from daihou.rooms.casework.actions import queueing
from daihou.rooms.casework.pages import queues as page
from daihou.rooms.casework.pages.led import led_by
from daihou.rooms.people import door as people

_P = people.Permission


@require_GET
def queues(request: HttpRequest) -> HttpResponse:
    """Every queue, and everybody who works cases in one's units."""
    people.require(request.person, _P.MANAGE_CASES)
    shown = page.queues_page(request.person)
    return render(request, "casework/queues.html", {"page": shown})


@require_POST
def save_queue(request: HttpRequest, code: str) -> HttpResponse:
    """Change how a queue is worked."""
    people.require(request.person, _P.MANAGE_CASES)
    try:
        said = page.queue_said(request.POST)
        queueing.save_queue(code, said=said, deed=door.Deed.of(request))
    except (NotAllowed, NotFound):
        raise
    except Refused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, _("The queue is changed."))
    return redirect("casework:queues")


@require_POST
def save_seat(request: HttpRequest, login: str) -> HttpResponse:
    """Change what somebody takes; `absent` sends them away or takes them back."""
    people.require(request.person, _P.MANAGE_CASES)
    taker = led_by(request.person).get(login)
    if taker is None:
        raise NotFound("person_unknown", _("There is no such person in your units."))
    given, deed = request.POST, door.Deed.of(request)
    try:
        if given.get("absent") == "1":
            door.leave(login, deed=deed)
        elif given.get("absent") == "0":
            door.back(login, deed=deed)
        else:
            said = page.seat_said(given, now=taker)
            queueing.save_seat(login, said=said, deed=deed)
    except (NotAllowed, NotFound):
        raise
    except Refused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, _("The seat is changed."))
    return redirect("casework:queues")
