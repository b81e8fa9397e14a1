"""The reports on one customer: on the page, as PDF and as Word."""

from datetime import date

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET

from daihou.kit import ports
from daihou.kit.refusal import Refused
from daihou.kit.watermark import Mark
from daihou.rooms.approvals import door as approvals
from daihou.rooms.people import door as people
from daihou.rooms.reporting.actions import taking_out
from daihou.rooms.reporting.files import docx, pdf
from daihou.rooms.reporting.pages.reports import customer as customer_page
from daihou.rooms.reporting.pages.reports.customer import OfCustomer
from daihou.rooms.reporting.views_reports import as_file

FORMS = {
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}


def _asked(request: HttpRequest, customer_id: int) -> OfCustomer:
    people.require(request.person, people.Permission.VIEW_LOANS)
    kind = request.GET.get("kind", "")
    return customer_page.report(
        customer_id,
        kind=kind if kind in customer_page.KINDS else "risk",
        as_of=_as_of(request),
        scope=request.person.scope,
    )


def _as_of(request: HttpRequest) -> date:
    """The last closed day; before the first one the open day."""
    dates = sorted(ports.book().standing())
    if dates:
        return dates[-1]
    day = request.business_day()
    today: date = day.on if day else timezone.localdate(request.at)
    return today


@require_GET
def customer(request: HttpRequest, customer_id: int) -> HttpResponse:
    """A report on a customer as a page."""
    context = {
        "page": _asked(request, customer_id),
        "may_export": request.person.may(people.Permission.EXPORT_LEDGER),
    }
    return render(request, "reporting/customer.html", context)


@require_GET
def take(request: HttpRequest, customer_id: int) -> HttpResponse:
    """A report on a customer as a file; leaves an event."""
    people.require(request.person, people.Permission.EXPORT_LEDGER)
    found = _asked(request, customer_id)
    form = request.GET.get("form", "")
    form = form if form in FORMS else "pdf"
    mark = Mark(
        by=request.person.username, at=request.at, request_id=request.request_id
    )
    write = docx.as_word if form == "docx" else pdf.as_pdf
    try:
        content = write(found.document, mark=mark)
    except Refused as refused:
        messages.error(request, str(refused))
        return redirect("reporting:customer_report", customer_id)
    taking_out.write_customer(
        customer_id,
        kind=found.kind,
        form=form,
        loan_ids=found.loan_ids,
        deed=approvals.Deed.of(request),
    )
    name = f"daihou-{found.kind}-{customer_id}.{form}"
    return as_file(content, name, kind=FORMS[form])
