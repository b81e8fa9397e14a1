"""The reports: the catalogue, one report, its file, and the page of a unit."""

from datetime import date

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from daihou.kit import ports
from daihou.kit.refusal import Conflict, NotAllowed, NotFound, Refused
from daihou.kit.watermark import Mark
from daihou.rooms.approvals import door as approvals
from daihou.rooms.people import door as people
from daihou.rooms.reporting.actions import reasons as reason_actions
from daihou.rooms.reporting.actions import taking_out
from daihou.rooms.reporting.asked import reader, reader_of_loans
from daihou.rooms.reporting.files import csvs, xlsx
from daihou.rooms.reporting.pages.reports import (
    about,
    catalogue,
    cells,
    columns,
    units,
)
from daihou.rooms.reporting.pages.reports import page as report_page
from daihou.rooms.reporting.pages.reports.catalogue import Entry
from daihou.rooms.reporting.pages.reports.report import Report

FORMS = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv; charset=utf-8",
}


@require_GET
def reports(request: HttpRequest) -> HttpResponse:
    """Every report there is, with what it shows and for whom."""
    reader(request)
    sees_loans = request.person.may(people.Permission.VIEW_LOANS)
    dates = sorted(ports.book().standing())
    context = {
        "entries": [
            each for each in catalogue.REPORTS.values() if sees_loans or not each.names
        ],
        "last": dates[-1] if dates else None,
        "first": dates[0] if dates else None,
        "units": units.known(ports.book(), request.GET, scope=request.person.scope),
        "sees_house": request.person.scope.everything,
    }
    return render(request, "reporting/reports.html", context)


def _may_read(request: HttpRequest, code: str) -> Entry:
    reader(request)
    entry = catalogue.entry(code)
    if entry.names:
        reader_of_loans(request)
    return entry


@require_GET
def report(request: HttpRequest, code: str) -> HttpResponse:
    """One report as of a closed day."""
    _may_read(request, code)
    context = {
        "page": report_page.page(
            code, ports.book(), request.GET, scope=request.person.scope
        ),
        "may_export": request.person.may(people.Permission.EXPORT_LEDGER),
    }
    return render(request, "reporting/report.html", context)


@require_GET
def take(request: HttpRequest, code: str) -> HttpResponse:
    """The report behind an address as a file; leaves an event."""
    entry = _may_read(request, code)
    people.require(request.person, people.Permission.EXPORT_LEDGER)
    desk = report_page.desk_of(ports.book(), request.GET, scope=request.person.scope)
    if desk is None:
        raise Conflict("no_closed_day", _("No day has been closed yet."))
    found = catalogue.report(code, desk)
    if entry.names:
        found = columns.narrowed(found, request.GET.getlist("cols"))
    form = request.GET.get("form", "")
    form = form if form in FORMS else "xlsx"
    asked = request.GET.urlencode()
    leaving = taking_out.Taken(
        code=code,
        as_of=found.as_of,
        form=form,
        rows=found.rows,
        fingerprint=found.fingerprint,
        address=asked,
    )
    try:
        taking_out.take_out(
            leaving, loan_ids=found.loan_ids, deed=approvals.Deed.of(request)
        )
    except (NotAllowed, NotFound):
        raise
    except Refused as refused:
        messages.error(request, str(refused))
        return redirect(f"{reverse('reporting:report', args=[code])}?{asked}")
    return _file(request, found, entry, form)


def _file(request: HttpRequest, found: Report, entry: Entry, form: str) -> HttpResponse:
    """The report in the form that was asked for, with the mark."""
    mark = Mark(
        by=request.person.username,
        at=request.at,
        request_id=request.request_id,
        rows=found.rows,
    )
    words = cells.words_of(currency=found.currency, as_of=found.as_of, latest=True)
    write = csvs.as_text if form == "csv" else xlsx.workbook
    content = write(
        found,
        title=str(entry.title),
        about=about.lines(found, entry, mark=mark),
        words=words,
        mark=mark,
    )
    return as_file(content, _name(found.code, found.as_of, form), kind=FORMS[form])


def _name(code: str, as_of: date, form: str) -> str:
    return f"daihou-{code}-{as_of.isoformat()}.{form}"


def as_file(content: bytes, name: str, *, kind: str) -> HttpResponse:
    """An answer that a browser saves."""
    response = HttpResponse(content, content_type=kind)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


@require_GET
def branch(request: HttpRequest, code: str) -> HttpResponse:
    """One branch on one page."""
    return _unit(request, "branch", code)


@require_GET
def officer(request: HttpRequest, code: str) -> HttpResponse:
    """One officer on one page."""
    return _unit(request, "officer", code)


def _unit(request: HttpRequest, kind: str, code: str) -> HttpResponse:
    reader(request)
    reader_of_loans(request)  # its last table names the latest loans
    page = units.page(kind, code, ports.book(), request.GET, scope=request.person.scope)
    if page is None:
        raise NotFound(
            "unit_unknown", _("There is none of that among what you may see.")
        )
    return render(request, "reporting/unit.html", {"page": page})


@require_POST
def reason(request: HttpRequest, loan_id: int) -> HttpResponse:
    """Write down why a loan is late."""
    code = request.POST.get("reason", "")
    try:
        reason_actions.tell_reason(loan_id, code, deed=approvals.Deed.of(request))
    except (NotAllowed, NotFound):
        raise
    except Refused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, _("Written down."))
    return redirect("ledger:loan", loan_id)
