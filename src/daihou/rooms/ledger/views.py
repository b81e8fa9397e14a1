"""The overdue ledger, its export, the search, and the page of one loan."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET

from daihou.kit import ports
from daihou.rooms.audit import door as audit
from daihou.rooms.ledger import queries
from daihou.rooms.ledger.actions.exports import record_export
from daihou.rooms.ledger.pages import export as sheet
from daihou.rooms.ledger.pages import loan as loan_page
from daihou.rooms.ledger.pages import overdue_page as ledger_page
from daihou.rooms.ledger.pages.words import list_words
from daihou.rooms.people import door as people

_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@require_GET
def overdue(request: HttpRequest) -> HttpResponse:
    """The overdue ledger as of a closed day."""
    people.require(request.person, people.Permission.VIEW_LOANS)
    page = ledger_page.overdue_page(
        ports.book(), request.GET, scope=request.person.scope
    )
    may_export = request.person.may(people.Permission.EXPORT_LEDGER)
    context = {"page": page, "may_export": may_export}
    return render(request, "ledger/overdue.html", context)


@require_GET
def export(request: HttpRequest) -> HttpResponse:
    """The whole list behind an address as a spreadsheet; leaves an event."""
    people.require(request.person, people.Permission.EXPORT_LEDGER)
    found = ledger_page.whole_ledger(
        ports.book(), request.GET, scope=request.person.scope
    )
    if found is None:
        return redirect("ledger:overdue")
    day = request.business_day()
    record_export(
        as_of=found.as_of,
        rows=found.total.loans,
        address=request.GET.urlencode(),
        by=request.person,
        at=request.at,
        business_date=day.on if day else None,
    )
    content = sheet.workbook(
        found.rows,
        total=found.total,
        currency=found.currency,
        as_of=found.as_of,
        fingerprint=found.fingerprint,
        by=request.person.username,
    )
    response = HttpResponse(content, content_type=_XLSX)
    name = f"daihou-overdue-{found.as_of.isoformat()}.xlsx"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


@require_GET
def search(request: HttpRequest) -> HttpResponse:
    """Loans by number or name; a single hit opens at once."""
    people.require(request.person, people.Permission.VIEW_LOANS)
    text = request.GET.get("q", "").replace("\x00", "").strip()[:80]
    found = queries.search(text, scope=request.person.scope, limit=50)
    if len(found) == 1:
        return redirect("ledger:loan", found[0].loan_id)
    words = list_words()
    context = {
        "search_text": text,
        "found": [
            (line, words.product(line.product), words.branch(line.branch))
            for line in found
        ],
        "full": len(found) == 50,
        "several": len({line.currency for line in found}) > 1,
    }
    return render(request, "ledger/search.html", context)


@require_GET
def loan(request: HttpRequest, loan_id: int) -> HttpResponse:
    """One loan: what it owes, why it is this late, plan and payments."""
    people.require(request.person, people.Permission.VIEW_LOANS)
    day = request.business_day()
    page = loan_page.loan_page(
        loan_id,
        query=request.GET,
        open_on=day.on if day else None,
        scope=request.person.scope,
    )
    ahead = isinstance(page, loan_page.AheadSheet)
    template = "ledger/loan_ahead.html" if ahead else "ledger/loan.html"
    told = audit.panel(subject_type="loan", subject_id=loan_id)
    return render(request, template, {"page": page, "timeline": told})
