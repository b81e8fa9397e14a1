"""Call-backs: the page, drawing talks, telling what was heard."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from daihou.kit import typed
from daihou.kit.refusal import Conflict, NotAllowed, NotFound, Refused
from daihou.rooms.approvals import door as approvals
from daihou.rooms.people import door as people
from daihou.rooms.reporting.actions import callbacks as telling
from daihou.rooms.reporting.asked import reader
from daihou.rooms.reporting.pages import callbacks as callbacks_page

_LONGEST = 2_000  # characters of a note


def _overseer(request: HttpRequest) -> None:
    reader(request)
    people.require(request.person, people.Permission.MANAGE_CASES)


@require_GET
def callbacks(request: HttpRequest) -> HttpResponse:
    """Talks drawn for a call-back, and what was heard."""
    _overseer(request)
    day = request.business_day()
    if day is None:
        raise Conflict("no_business_date", _("No business day is open yet."))
    page = callbacks_page.page(request.person, today=day.on)
    return render(request, "reporting/callbacks.html", {"page": page})


@require_POST
def draw(request: HttpRequest) -> HttpResponse:
    """Draw talks of a day by lot."""
    _overseer(request)
    day = typed.day(request.POST.get("day", ""))
    count = typed.whole(request.POST.get("count", ""), digits=3) or 0
    try:
        if day is None:
            raise Refused("day_unread", _("Write a date like 2026-03-31."), field="day")
        done = telling.draw(day, count, deed=approvals.Deed.of(request))
    except (NotAllowed, NotFound):
        raise
    except Refused as refused:
        messages.error(request, str(refused))
        return redirect("reporting:callbacks")
    text = ngettext("%(n)s talk was drawn.", "%(n)s talks were drawn.", done)
    messages.success(request, text % {"n": done})
    return redirect("reporting:callbacks")


@require_POST
def tell(request: HttpRequest, callback_id: int) -> HttpResponse:
    """Write down what a call-back heard."""
    _overseer(request)
    sent = request.POST
    try:
        telling.tell(
            callback_id,
            sent.get("result", ""),
            satisfied=typed.whole(sent.get("satisfied", ""), digits=1),
            note=sent.get("note", "")[:_LONGEST],
            deed=approvals.Deed.of(request),
        )
    except (NotAllowed, NotFound):
        raise
    except Refused as refused:
        messages.error(request, str(refused))
        return redirect("reporting:callbacks")
    messages.success(request, _("Written down."))
    return redirect("reporting:callbacks")
