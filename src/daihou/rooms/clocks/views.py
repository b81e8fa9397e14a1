"""The list of clocks, one clock, and what people start, tell, strike and close."""

from datetime import date

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from daihou.kit.refusal import NotAllowed, NotFound, Refused
from daihou.kit.watermark import Mark
from daihou.kit.wording import RefusedWords
from daihou.rooms.approvals import door as approvals
from daihou.rooms.audit import door as audit
from daihou.rooms.clocks import actions, forms, queries
from daihou.rooms.clocks.pages import beginning as beginning_page
from daihou.rooms.clocks.pages import clock as clock_page
from daihou.rooms.clocks.pages import export as sheet
from daihou.rooms.clocks.pages import listing as listing_page
from daihou.rooms.ledger import door as ledger
from daihou.rooms.lists import door as lists
from daihou.rooms.people import door as people

_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_KEPT_OUT = (NotAllowed, NotFound, RefusedWords)


def _reader(request: HttpRequest) -> None:
    people.require(request.person, people.Permission.VIEW_LOANS)


def _writer(request: HttpRequest) -> None:
    people.require(request.person, people.Permission.PROPOSE_CLASS)


def _of_house(request: HttpRequest) -> bool:
    return bool(request.person.may(people.Permission.VIEW_LAW))


def _today(request: HttpRequest) -> date:
    day = request.business_day()
    today: date = day.on if day else timezone.localdate(request.at)
    return today


@require_GET
def clocks(request: HttpRequest) -> HttpResponse:
    """Clocks of the claims a person sees, the one that ends first at the top."""
    _reader(request)
    bar = lists.bar(listing_page.LIST, request.GET, person=request.person)
    if bar.first:
        return redirect(bar.first)
    page = listing_page.listing(
        request.GET,
        today=_today(request),
        scope=request.person.scope,
        of_house=_of_house(request),
    )
    context = {
        "page": page,
        "bar": bar,
        "may_export": request.person.may(people.Permission.EXPORT_LEDGER),
        "may_start": request.person.may(people.Permission.PROPOSE_CLASS),
    }
    return render(request, "clocks/clocks.html", context)


@require_GET
def export(request: HttpRequest) -> HttpResponse:
    """The list behind an address as a spreadsheet; leaves an event."""
    people.require(request.person, people.Permission.EXPORT_LEDGER)
    scope, today = request.person.scope, _today(request)
    wish = listing_page.read(request.GET, today=today, scope=scope)
    of_house = _of_house(request)
    most = queries.MOST
    found = queries.clocks(wish, scope=scope, of_house=of_house, stop=most + 1)
    if len(found) > most:
        raise Refused(
            "export_too_large",
            _("More than %(n)s rows. Narrow the list by branch, kind or days left.")
            % {"n": most},
        )
    day = request.business_day()
    actions.record_export(
        on=today,
        loan_ids=[each.loan_id for each in found if each.loan_id is not None],
        rows=len(found),
        address=request.GET.urlencode(),
        doing=ledger.personal.Doing(
            by=request.person,
            at=request.at,
            business_date=day.on if day else None,
            request_id=request.request_id,
        ),
    )
    mark = Mark(
        by=request.person.username,
        at=request.at,
        request_id=request.request_id,
        rows=len(found),
    )
    lines = listing_page.lines_of(found, today=today, scope=scope)
    response = HttpResponse(sheet.workbook(lines, mark=mark), content_type=_XLSX)
    name = f"daihou-clocks-{today.isoformat()}.xlsx"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


@require_GET
def clock(request: HttpRequest, clock_id: int) -> HttpResponse:
    """Why one clock ends when it does, and what it heard."""
    _reader(request)
    return _clock(request, clock_id)


def _clock(
    request: HttpRequest, clock_id: int, *, problem: str = "", status: int = 200
) -> HttpResponse:
    scope = request.person.scope
    line = queries.clock(clock_id, scope=scope, of_house=_of_house(request))
    page = clock_page.page(line, today=_today(request), scope=scope)
    context = {
        "page": page,
        "problem": problem,
        "sent": request.POST,
        "today": _today(request),
        "may_tell": request.person.may(people.Permission.PROPOSE_CLASS)
        and line.closed_on is None,
        "may_read_law": request.person.may(people.Permission.VIEW_LAW),
        "timeline": audit.panel(
            subject_type="clock" if line.loan_id is None else "loan",
            subject_id=line.id if line.loan_id is None else line.loan_id,
        ),
    }
    return render(request, "clocks/clock.html", context, status=status)


@require_POST
def tell(request: HttpRequest, clock_id: int) -> HttpResponse:
    """Write down what happened, with its proof; the clock hears it at once."""
    _writer(request)
    queries.clock(clock_id, scope=request.person.scope, of_house=_of_house(request))
    try:
        actions.tell(
            clock_id, forms.event(request.POST), deed=approvals.Deed.of(request)
        )
    except _KEPT_OUT:
        raise
    except Refused as refused:
        return _clock(request, clock_id, problem=str(refused), status=400)
    messages.success(request, _("Written down. The clock has heard it."))
    return redirect("clocks:clock", clock_id)


@require_POST
def close(request: HttpRequest, clock_id: int) -> HttpResponse:
    """Take a clock off the list, with the reason."""
    _writer(request)
    queries.clock(clock_id, scope=request.person.scope, of_house=_of_house(request))
    try:
        because = request.POST.get("because", "")
        actions.close(clock_id, because=because, deed=approvals.Deed.of(request))
    except _KEPT_OUT:
        raise
    except Refused as refused:
        return _clock(request, clock_id, problem=str(refused), status=400)
    messages.success(request, _("The clock is off the list."))
    return redirect("clocks:clock", clock_id)


@require_POST
def strike(request: HttpRequest, event_id: int) -> HttpResponse:
    """Take back what was told wrongly."""
    _writer(request)
    actions.strike(
        event_id,
        because=request.POST.get("because", ""),
        deed=approvals.Deed.of(request),
    )
    messages.success(request, _("Struck. It stays on the page and counts no more."))
    back = request.POST.get("clock", "")
    if back.isascii() and back.isdigit() and len(back) < 16:
        return redirect("clocks:clock", int(back))
    return redirect("clocks:clocks")


@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Start a clock of the house: an agency, a report, a complaint without a loan."""
    return _new(request, None)


@require_http_methods(["GET", "POST"])
def new_of_loan(request: HttpRequest, loan_id: int) -> HttpResponse:
    """Start a clock of a loan, or say where one of the book truly began."""
    return _new(request, loan_id)


def _new(request: HttpRequest, loan_id: int | None) -> HttpResponse:
    _writer(request)
    problem, status = "", 200
    page = beginning_page.page(loan_id, scope=request.person.scope)
    if request.method == "POST":
        try:
            wish = forms.beginning(request.POST, loan_id=loan_id)
            made = actions.start(wish, deed=approvals.Deed.of(request))
        except _KEPT_OUT:
            raise
        except Refused as refused:
            problem, status = str(refused), 400
        else:
            messages.success(request, _("The clock runs."))
            return redirect("clocks:clock", made)
    context = {
        "page": page,
        "problem": problem,
        "sent": request.POST,
        "today": _today(request),
    }
    return render(request, "clocks/new.html", context, status=status)
