"""The page of one customer, a note on them, and their statement on paper."""

from datetime import date

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from daihou.kit import panels
from daihou.kit.refusal import NotAllowed, NotFound, Refused
from daihou.rooms.approvals import door as approvals
from daihou.rooms.audit import door as audit
from daihou.rooms.ledger.actions.canaries import Doing
from daihou.rooms.ledger.actions.customer_notes import (
    LONGEST,
    add_note,
    record_statement,
)
from daihou.rooms.ledger.doors import posting
from daihou.rooms.ledger.pages.customer import customer_sheet
from daihou.rooms.ledger.pages.statement import statement_sheet
from daihou.rooms.people import door as people

_P = people.Permission


def _today(request: HttpRequest) -> date:
    day = request.business_day()
    return day.on if day else timezone.localtime(request.at).date()


@require_GET
def customer(request: HttpRequest, customer_id: int) -> HttpResponse:
    """One customer: who, all their loans, what money would do, what happened."""
    person = request.person
    people.require(person, _P.VIEW_LOANS)
    page = customer_sheet(
        customer_id, query=request.GET, scope=person.scope, on=_today(request)
    )
    context = {
        "page": page,
        "customer_id": customer_id,
        "may_reveal": person.may(_P.REVEAL_PERSONAL),
        "may_correct": person.may(_P.PROPOSE_CORRECTION),
        "may_note": person.may(_P.ADD_NOTE),
        "longest_note": LONGEST,
        "proposals": approvals.open_on(
            "customer", customer_id, person=person, at=request.at
        ),
        "timeline": audit.panel_of(page.subjects),
        "panels": panels.of("customer", request, customer_id),
    }
    return render(request, "ledger/customer.html", context)


@require_POST
def note(request: HttpRequest, customer_id: int) -> HttpResponse:
    """Write a note on a customer."""
    people.require(request.person, _P.ADD_NOTE)
    deed = posting.Deed(
        by=request.person,
        at=request.at,
        business_date=_today(request),
        request_id=request.request_id,
    )
    try:
        add_note(customer_id, text=request.POST.get("text", ""), deed=deed)
    except (NotAllowed, NotFound):
        raise
    except Refused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, _("The note is kept."))
    return redirect("ledger:customer", customer_id)


@require_GET
def statement(request: HttpRequest, customer_id: int) -> HttpResponse:
    """The statement of a customer, made for paper; that it was made leaves an event."""
    people.require(request.person, _P.VIEW_LOANS)
    page = statement_sheet(
        customer_id,
        query=request.GET,
        scope=request.person.scope,
        on=_today(request),
    )
    day = request.business_day()
    record_statement(
        customer_id,
        since=page.paper.since,
        until=page.paper.until,
        loan_ids=[loan.loan_id for loan in page.paper.loans],
        doing=Doing(
            by=request.person,
            at=request.at,
            business_date=day.on if day else None,
            request_id=request.request_id,
        ),
    )
    context = {"page": page, "by": request.actor.name, "at": request.at}
    return render(request, "ledger/statement.html", context)
