"""Loans above a cap, one loan against its caps, and the list to take out."""

from datetime import date

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from daihou.engine.basics.errors import UserError
from daihou.kit.refusal import NotFound, Refused
from daihou.kit.watermark import Mark
from daihou.rooms.caps import actions, queries
from daihou.rooms.caps.pages import export as sheet
from daihou.rooms.caps.pages import listing as listing_page
from daihou.rooms.caps.pages import loan as loan_page
from daihou.rooms.ledger import door as ledger
from daihou.rooms.people import door as people

_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def _reader(request: HttpRequest) -> None:
    people.require(request.person, people.Permission.VIEW_LOANS)


@require_GET
def listing(request: HttpRequest) -> HttpResponse:
    """Loans above a cap with amounts, and those whose cap cannot be asserted."""
    _reader(request)
    page = listing_page.listing(request.GET, scope=request.person.scope)
    may_export = request.person.may(people.Permission.EXPORT_LEDGER)
    return render(
        request, "caps/listing.html", {"page": page, "may_export": may_export}
    )


@require_GET
def loan(request: HttpRequest, loan_id: int) -> HttpResponse:
    """One loan against its caps: which rules, what is above, what would turn it."""
    _reader(request)
    if not queries.applies():
        raise NotFound("no_caps", _("The law of this lender names no caps kept here."))
    try:
        page = loan_page.page(loan_id, as_of=_day(request), scope=request.person.scope)
    except UserError as error:
        said = error.say(listing_page.language())
        raise NotFound("loan_not_then", said, loan=loan_id) from error
    context = {
        "page": page,
        "may_read_law": request.person.may(people.Permission.VIEW_LAW),
    }
    return render(request, "caps/loan.html", context)


def _day(request: HttpRequest) -> date:
    """The day that is asked for, not beyond the open one; else that of the list."""
    day = request.business_day()
    today: date = day.on if day else timezone.localdate(request.at)
    try:
        return min(date.fromisoformat(request.GET.get("as_of", "")), today)
    except ValueError:
        run = queries.last_run()
        return run.as_of if run else today


@require_GET
def export(request: HttpRequest) -> HttpResponse:
    """The list behind an address as a spreadsheet; leaves an event."""
    people.require(request.person, people.Permission.EXPORT_LEDGER)
    run = queries.last_run() if queries.applies() else None
    if run is None:
        raise NotFound("no_caps", _("Nothing has been reckoned yet."))
    most = settings.EXPORT_APPROVAL_ROWS
    scope = request.person.scope
    wish = listing_page.read(request.GET)
    found = queries.findings(wish, scope=scope, stop=most + 1)
    if len(found) > most:
        raise Refused(
            "export_too_large",
            _("More than %(n)s rows. Narrow the list by number or currency.")
            % {"n": most},
        )
    day = request.business_day()
    actions.record_export(
        as_of=run.as_of,
        loan_ids=[each.loan_id for each in found],
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
    content = sheet.workbook(listing_page.lines_of(found), as_of=run.as_of, mark=mark)
    response = HttpResponse(content, content_type=_XLSX)
    name = f"daihou-caps-{run.as_of.isoformat()}.xlsx"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
