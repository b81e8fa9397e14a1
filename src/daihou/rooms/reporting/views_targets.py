"""Targets and costs: the pages that say what is to be recovered and what it costs."""

from datetime import date
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from daihou.kit.refusal import Conflict, NotAllowed, NotFound, Refused
from daihou.rooms.approvals import door as approvals
from daihou.rooms.people import door as people
from daihou.rooms.reporting import typed
from daihou.rooms.reporting.actions import targets as setting
from daihou.rooms.reporting.asked import reader
from daihou.rooms.reporting.pages import costs as costs_page
from daihou.rooms.reporting.pages import targets as targets_page

_LARGEST = 1_000_000  # bytes of a file of costs


def _today(request: HttpRequest) -> date:
    day = request.business_day()
    if day is None:
        raise Conflict("no_business_date", _("No business day is open yet."))
    on: date = day.on
    return on


def _back(name: str, request: HttpRequest) -> HttpResponse:
    kept = {key: request.POST.get(key, "")[:10] for key in ("month", "currency")}
    query = urlencode({key: value for key, value in kept.items() if value})
    return redirect(f"{reverse(name)}?{query}")


@require_GET
def targets(request: HttpRequest) -> HttpResponse:
    """The targets of a month and how far each has come."""
    reader(request)
    page = targets_page.page(request.person, request.GET, today=_today(request))
    return render(request, "reporting/targets.html", {"page": page})


@require_POST
def save_targets(request: HttpRequest) -> HttpResponse:
    """Keep what was typed into the grid."""
    reader(request)
    people.require(request.person, people.Permission.MANAGE_CASES)
    sent = request.POST
    try:
        shown = targets_page.page(request.person, sent, today=_today(request))
        changed = setting.set_targets(
            typed.month_of(sent.get("month", "")),
            targets_page.wishes(sent, person=request.person, currency=shown.currency),
            shown=targets_page.shown(
                sent, person=request.person, currency=shown.currency
            ),
            currency=shown.currency,
            deed=approvals.Deed.of(request),
        )
    except (NotAllowed, NotFound):
        raise
    except Refused as refused:
        messages.error(request, str(refused))
        return _back("reporting:targets", request)
    text = ngettext("%(n)s target was changed.", "%(n)s targets were changed.", changed)
    messages.success(request, text % {"n": changed})
    return _back("reporting:targets", request)


@require_GET
def costs(request: HttpRequest) -> HttpResponse:
    """What collecting cost, month by month."""
    _sees_the_house(request)
    page = costs_page.page(request.person, request.GET, today=_today(request))
    return render(request, "reporting/costs.html", {"page": page})


@require_POST
def save_costs(request: HttpRequest) -> HttpResponse:
    """Keep what was typed, or every line of a file."""
    _sees_the_house(request)
    try:
        shown = costs_page.page(request.person, request.POST, today=_today(request))
        changed = setting.set_costs(
            _sent(request, currency=shown.currency),
            shown=costs_page.shown(request.POST, currency=shown.currency),
            deed=approvals.Deed.of(request),
        )
    except (NotAllowed, NotFound):
        raise
    except Refused as refused:
        messages.error(request, str(refused))
        return _back("reporting:costs", request)
    text = ngettext("%(n)s line was changed.", "%(n)s lines were changed.", changed)
    messages.success(request, text % {"n": changed})
    return _back("reporting:costs", request)


def _sent(request: HttpRequest, *, currency: str) -> list[typed.CostWish]:
    file = request.FILES.get("file")
    if file is None:
        return list(costs_page.wishes(request.POST, currency=currency))
    if (file.size or 0) > _LARGEST:
        raise Refused("file_too_long", _("The file is larger than a megabyte."))
    return list(typed.read_costs(file.read()))


def _sees_the_house(request: HttpRequest) -> None:
    reader(request)
    if not request.person.scope.everything:
        raise NotAllowed(
            "costs_of_the_house",
            _("Costs are of the whole house; who sees a part of it cannot keep them."),
        )
