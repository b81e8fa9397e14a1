"""Questions given to roles and units, and their mails."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from daihou.kit.refusal import NotAllowed, NotFound, Refused
from daihou.rooms.approvals import door as approvals
from daihou.rooms.people import door as people
from daihou.rooms.reporting import actions
from daihou.rooms.reporting.asked import reader
from daihou.rooms.reporting.pages import given as given_page


@require_GET
def given(request: HttpRequest) -> HttpResponse:
    """The questions given to the reader or by them."""
    reader(request)
    page = given_page.listing(person=request.person)
    return render(request, "reporting/given.html", {"page": page})


@require_GET
def one(request: HttpRequest, standing_id: int) -> HttpResponse:
    """One question: for whom, when its mail goes, and what became of the last ones."""
    reader(request)
    page = given_page.one(standing_id, person=request.person)
    return render(request, "reporting/given_one.html", {"page": page})


def give(request: HttpRequest) -> HttpResponse:
    """Give the question of an address to roles and units."""
    reader(request)
    people.require(request.person, people.Permission.SHARE_REPORT)
    if request.method == "POST":
        return _give(request)
    return _form(request, request.GET)


@require_POST
def end(request: HttpRequest, standing_id: int) -> HttpResponse:
    """Take a question back."""
    reader(request)
    actions.end(standing_id, deed=approvals.Deed.of(request))
    messages.success(request, _("Taken back. No further mail goes."))
    return redirect("reporting:given")


def _give(request: HttpRequest) -> HttpResponse:
    sent = request.POST
    wish = actions.Wish(
        name=sent.get("name", ""),
        fields=sent.get("query", ""),
        roles=sent.getlist("roles"),
        units=sent.getlist("units"),
        every=sent.get("every", ""),
    )
    try:
        made = actions.give(wish, deed=approvals.Deed.of(request))
    except (NotAllowed, NotFound):
        raise
    except Refused as refused:
        asked = QueryDict(wish.fields)
        return _form(request, asked, problem=str(refused), status=400)
    messages.success(request, _("Given. They find it in the lab."))
    return redirect("reporting:given_one", made)


def _form(
    request: HttpRequest, asked: QueryDict, *, problem: str = "", status: int = 200
) -> HttpResponse:
    page = given_page.form(asked, person=request.person)
    context = {"page": page, "problem": problem, "sent": request.POST}
    return render(request, "reporting/give.html", context, status=status)
