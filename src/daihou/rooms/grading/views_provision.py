"""Provisions of a month, of one loan, the sheet to take out, and what is held."""

from datetime import date

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from daihou.engine.basics.errors import MoneyError
from daihou.engine.basics.money import to_minor
from daihou.kit.refusal import NotAllowed, NotFound, Refused
from daihou.kit.watermark import Mark
from daihou.rooms.approvals import door as approvals
from daihou.rooms.grading import actions, forms, queries, words
from daihou.rooms.grading.pages import provision as provision_page
from daihou.rooms.grading.pages import provision_sheet
from daihou.rooms.people import door as people

_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def _reader(request: HttpRequest) -> None:
    people.require(request.person, people.Permission.VIEW_LOANS)


@require_GET
def provision(request: HttpRequest) -> HttpResponse:
    """What each class and branch needs, the ratios, and how the month moved."""
    _reader(request)
    return _provision(request)


def _provision(
    request: HttpRequest, *, problem: str = "", status: int = 200
) -> HttpResponse:
    page = provision_page.page(request.GET, scope=request.person.scope)
    day = request.business_day()
    may_tell = request.person.may(people.Permission.POST_PAYMENT)
    context = {
        "page": page,
        "problem": problem,
        "sent": request.POST,
        "today": day.on if day else None,
        "may_tell": page.whole and may_tell and day is not None,
        "may_export": request.person.may(people.Permission.EXPORT_LEDGER),
        "may_read_law": request.person.may(people.Permission.VIEW_LAW),
    }
    return render(request, "grading/provision.html", context, status=status)


@require_GET
def provision_of_loan(request: HttpRequest, loan_id: int) -> HttpResponse:
    """What one loan needs under every table, and why."""
    _reader(request)
    scope = request.person.scope
    context = {
        "loan": queries.loan_line(loan_id, scope=scope),
        "line": queries.class_of(loan_id, scope=scope),
        "found": provision_page.of_loan(loan_id, scope=scope),
        "may_read_law": request.person.may(people.Permission.VIEW_LAW),
    }
    return render(request, "grading/provision_loan.html", context)


@require_GET
def provision_export(request: HttpRequest) -> HttpResponse:
    """The page behind an address as a spreadsheet; leaves an event."""
    people.require(request.person, people.Permission.EXPORT_LEDGER)
    page = provision_page.page(request.GET, scope=request.person.scope)
    if page.run is None or not page.classes:
        raise NotFound("no_provision", _("No day has been provided for yet."))
    rows = len(page.classes) + len(page.offices)
    mark = Mark(
        by=request.person.username,
        at=request.at,
        request_id=request.request_id,
        rows=rows,
    )
    actions.record_provision_export(
        as_of=page.run.as_of, rows=rows, deed=approvals.Deed.of(request)
    )
    content = provision_sheet.workbook(page, mark=mark)
    response = HttpResponse(content, content_type=_XLSX)
    name = f"daihou-provision-{page.run.as_of.isoformat()}.xlsx"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


@require_POST
def provision_held(request: HttpRequest) -> HttpResponse:
    """Write down what allowance stands on the books."""
    people.require(request.person, people.Permission.POST_PAYMENT)
    sent = request.POST
    currency = sent.get("currency", "CNY")[:3]
    try:
        amount = _amount(sent.get("amount", ""), currency)
        on: date = forms.day(sent, "on")
        actions.tell_held(
            on=on,
            currency=currency,
            amount=amount,
            evidence=sent.get("evidence", ""),
            deed=approvals.Deed.of(request),
        )
    except (NotAllowed, NotFound):
        raise
    except Refused as refused:
        return _provision(request, problem=str(refused), status=400)
    messages.success(request, _("Written down. The ratios are reckoned with it."))
    return redirect("grading:provision")


def _amount(text: str, currency: str) -> int:
    try:
        return to_minor(text.strip(), currency)
    except MoneyError as error:
        raise Refused(
            "amount_unread", error.say(words.language()), field="amount"
        ) from None
