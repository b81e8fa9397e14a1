"""The overdue ledger, its export, the search, and the page of one loan."""

from collections.abc import Sequence

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from daihou.kit import masking, panels, ports
from daihou.kit.refusal import NotAllowed, Refused
from daihou.kit.watermark import Mark
from daihou.rooms.audit import door as audit
from daihou.rooms.ledger import queries
from daihou.rooms.ledger.actions import large_exports
from daihou.rooms.ledger.actions.labels import label_loans
from daihou.rooms.ledger.pages import bulk as bulk_page
from daihou.rooms.ledger.pages import export as sheet
from daihou.rooms.ledger.pages import finding, view_bar
from daihou.rooms.ledger.pages import loan as loan_page
from daihou.rooms.ledger.pages import overdue_page as ledger_page
from daihou.rooms.ledger.pages.overdue import Ledger
from daihou.rooms.ledger.pages.words import list_words
from daihou.rooms.lists import door as lists
from daihou.rooms.people import door as people

_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@require_GET
def overdue(request: HttpRequest) -> HttpResponse:
    """The overdue ledger as of a closed day."""
    people.require(request.person, people.Permission.VIEW_LOANS)
    saved = lists.views_of(view_bar.LIST, person=request.person)
    first = view_bar.opens_with(request.GET, saved)
    if first:
        return redirect(f"{reverse('ledger:overdue')}?{first}")
    page = ledger_page.overdue_page(
        ports.book(), request.GET, scope=request.person.scope, saved=saved
    )
    context = {
        "page": page,
        "may_export": request.person.may(people.Permission.EXPORT_LEDGER),
        "export_why": _who_may(request.person, people.Permission.EXPORT_LEDGER),
        "may_label": request.person.may(people.Permission.LABEL_LOANS),
    }
    return render(request, "ledger/overdue.html", context)


def _who_may(person: people.Person, permission: people.Permission) -> str:
    """Why a button is off, and who could help; nothing when it is on."""
    try:
        people.require(person, permission)
    except NotAllowed as refused:
        return str(refused)
    return ""


@require_POST
def bulk(request: HttpRequest) -> HttpResponse:
    """One step for many loans: what it would do, and on yes the doing of it."""
    wish = bulk_page.read(request.POST)
    people.require(request.person, people.Permission.VIEW_LOANS)
    people.require(request.person, bulk_page.permission_of(wish.step))
    made = bulk_page.preview(ports.book(), wish, person=request.person)
    if wish.sure and wish.sure == made.promise and wish.step != "export":
        day = request.business_day()
        try:
            changed = label_loans(
                made.ids,
                word=wish.word,
                on=wish.step,
                by=request.person,
                at=request.at,
                business_date=day.on if day else None,
                request_id=request.request_id,
            )
        except Refused as refused:
            messages.error(request, str(refused))
        else:
            messages.success(request, bulk_page.done_text(wish.step, changed))
            return redirect(f"{reverse('ledger:overdue')}?{wish.address}")
    context = {"page": made, "moved": bool(wish.sure) and wish.sure != made.promise}
    return render(request, "ledger/bulk.html", context)


@require_GET
def suggest(request: HttpRequest) -> HttpResponse:
    """What the search finds while one types, in groups, names masked."""
    people.require(request.person, people.Permission.VIEW_LOANS)
    text = request.GET.get("q", "")[:80]
    groups = queries.find(text, scope=request.person.scope)
    context = {
        "groups": [(finding.group_word(group.kind), group) for group in groups],
        "search_text": text,
    }
    return render(request, "ledger/parts/found.html", context)


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
    # Whole names leave with a second person's yes, however few they are.
    if names_wish(request.GET) or not large_exports.take_out_alone(
        as_of=found.as_of,
        loan_ids=ids_of(found),
        address=request.GET.urlencode(),
        by=request.person,
        at=request.at,
        business_date=day.on if day else None,
        request_id=request.request_id,
    ):
        return redirect(f"{reverse('ledger:ask_export')}?{request.GET.urlencode()}")
    return sheet_of(found, request)


def ids_of(found: Ledger) -> Sequence[int]:
    """The loans of a list."""
    return [int(str(row["loan_id"])) for row in found.rows]


def names_wish(asked: QueryDict) -> str:
    """`whole` where an address asks for names that are not masked."""
    return "whole" if asked.get("names") == "whole" else ""


def sheet_of(found: Ledger, request: HttpRequest, *, names: str = "") -> HttpResponse:
    """The list as a spreadsheet to keep, marked; names masked unless `names` is whole."""
    by = request.person.username
    content = sheet.workbook(
        found.rows,
        total=found.total,
        currency=found.currency,
        as_of=found.as_of,
        fingerprint=found.fingerprint,
        mark=Mark(
            by=by, at=request.at, request_id=request.request_id, rows=len(found.rows)
        ),
        name=str if names else masking.name,
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
    may_correct = request.person.may(people.Permission.PROPOSE_CORRECTION)
    context = {
        "page": page,
        "timeline": told,
        "may_correct": may_correct,
        "panels": panels.of("loan", request, loan_id),
    }
    return render(request, template, context)
