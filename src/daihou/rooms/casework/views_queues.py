"""Queues and seats: supervisors say how a queue is worked, and who takes how much."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from daihou.kit.refusal import NotAllowed, NotFound, Refused
from daihou.rooms.casework import door, forms_desk
from daihou.rooms.casework.actions import distributing, queueing
from daihou.rooms.casework.pages import queues as page
from daihou.rooms.casework.pages import share_out as share_out_page
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


def _queue(code: str) -> None:
    if code not in queueing.by_code():
        raise NotFound("queue_unknown", _("There is no such queue."), queue=code)


@require_GET
def share(request: HttpRequest, code: str) -> HttpResponse:
    """How a queue was shared out: who got how much, and how even it is."""
    people.require(request.person, _P.MANAGE_CASES)
    _queue(code)
    batch = forms_desk.whole(request.GET.get("batch", ""))
    shown = share_out_page.share_page(request.person, code, batch=batch)
    return render(request, "casework/share.html", {"page": shown})


@require_POST
def share_out(request: HttpRequest, code: str) -> HttpResponse:
    """Show what sharing a queue out would do; with its `key`, do it, once."""
    people.require(request.person, _P.MANAGE_CASES)
    _queue(code)
    deed, key = door.Deed.of(request), request.POST.get("key", "")
    seed = share_out_page.seed_of(key)
    try:
        if seed is None:
            seed = int(deed.at.timestamp())
            plan = distributing.distribute(code, deed=deed, seed=seed, preview=True)
            key = share_out_page.key_of(code, by=request.person, seed=seed)
            shown = share_out_page.share_page(request.person, code, plan=plan, key=key)
            return render(request, "casework/share.html", {"page": shown})
        key = share_out_page.key_of(code, by=request.person, seed=seed)
        done = distributing.distribute(code, deed=deed, seed=seed, key=key)
    except (NotAllowed, NotFound):
        raise
    except Refused as refused:
        messages.error(request, str(refused))
        return redirect("casework:share", code)
    text = ngettext(
        "%(n)s case was given out.", "%(n)s cases were given out.", done.moved
    )
    messages.success(request, text % {"n": done.moved})
    return redirect("casework:share", code)


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
