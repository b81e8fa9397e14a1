"""The book by class, the list, one loan's class, and what is asked about it."""

from datetime import date

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from daihou.kit.refusal import NotAllowed, NotFound, Refused
from daihou.rooms.approvals import door as approvals
from daihou.rooms.audit import door as audit
from daihou.rooms.grading import actions, forms, queries
from daihou.rooms.grading.pages import listing as listing_page
from daihou.rooms.grading.pages import loan as loan_page
from daihou.rooms.grading.pages import overview as overview_page
from daihou.rooms.people import door as people


def _reader(request: HttpRequest) -> None:
    people.require(request.person, people.Permission.VIEW_LOANS)


def _today(request: HttpRequest) -> date:
    day = request.business_day()
    today: date = day.on if day else timezone.localdate(request.at)
    return today


@require_GET
def overview(request: HttpRequest) -> HttpResponse:
    """The book by class, what moved, and the ratio of bad loans."""
    _reader(request)
    page = overview_page.overview(request.GET, scope=request.person.scope)
    return render(request, "grading/overview.html", {"page": page})


@require_GET
def loans(request: HttpRequest) -> HttpResponse:
    """Loans by class with their causes."""
    _reader(request)
    page = listing_page.listing(
        request.GET, on=_today(request), scope=request.person.scope
    )
    return render(request, "grading/loans.html", {"page": page})


@require_GET
def loan(request: HttpRequest, loan_id: int) -> HttpResponse:
    """Why one loan is in its class."""
    _reader(request)
    return _loan(request, loan_id)


def _loan(
    request: HttpRequest, loan_id: int, *, problem: str = "", status: int = 200
) -> HttpResponse:
    asked = request.GET.get("as_of", "")
    try:
        as_of = date.fromisoformat(asked) if asked else None
    except ValueError:
        as_of = None
    waiting = approvals.open_on("loan", loan_id, person=request.person, at=request.at)
    page = loan_page.page(
        loan_id,
        asked=as_of,
        today=_today(request),
        scope=request.person.scope,
        waiting=waiting,
    )
    context = {
        "page": page,
        "problem": problem,
        "sent": request.POST,
        "today": _today(request),
        "may_propose": request.person.may(people.Permission.PROPOSE_CLASS),
        "may_read_law": request.person.may(people.Permission.VIEW_LAW),
        "timeline": audit.panel(subject_type="loan", subject_id=loan_id),
    }
    return render(request, "grading/loan.html", context, status=status)


@require_POST
def tell(request: HttpRequest, loan_id: int) -> HttpResponse:
    """Write down a fact of a loan, or propose it where it lifts the class."""
    people.require(request.person, people.Permission.PROPOSE_CLASS)
    line = queries.loan_line(loan_id, scope=request.person.scope)
    try:
        told = forms.told(request.POST, currency=line.currency)
        made = actions.tell(loan_id, told, deed=approvals.Deed.of(request))
    except (NotAllowed, NotFound):
        raise
    except Refused as refused:
        return _loan(request, loan_id, problem=str(refused), status=400)
    return _done(request, loan_id, made)


@require_POST
def end(request: HttpRequest, fact_id: int) -> HttpResponse:
    """Say that a fact is no longer so, or propose it where that lifts the class."""
    people.require(request.person, people.Permission.PROPOSE_CLASS)
    found = queries.fact(fact_id, scope=request.person.scope)
    try:
        made = actions.end(
            fact_id,
            ends_on=forms.day(request.POST, "ends_on"),
            deed=approvals.Deed.of(request, reason=request.POST.get("reason", "")),
        )
    except (NotAllowed, NotFound):
        raise
    except Refused as refused:
        return _loan(request, found.loan_id, problem=str(refused), status=400)
    return _done(request, found.loan_id, made)


@require_POST
def upgrade(request: HttpRequest, loan_id: int) -> HttpResponse:
    """Ask that a loan leaves its class for a better one."""
    people.require(request.person, people.Permission.PROPOSE_CLASS)
    queries.loan_line(loan_id, scope=request.person.scope)
    try:
        to, proofs = forms.upgrade(request.POST)
        made = actions.ask_upgrade(
            loan_id, to=to, proofs=proofs, deed=approvals.Deed.of(request)
        )
    except (NotAllowed, NotFound):
        raise
    except Refused as refused:
        return _loan(request, loan_id, problem=str(refused), status=400)
    return _done(request, loan_id, made)


def _done(request: HttpRequest, loan_id: int, made: object) -> HttpResponse:
    if isinstance(made, approvals.Proposal):
        told = _("Proposed as no. %(n)s. Another person decides.") % {"n": made.id}
    else:
        told = _("Written down. It counts from the next day-end on.")
    messages.success(request, told)
    return redirect("grading:loan", loan_id)
