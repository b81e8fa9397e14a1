"""The pages of the ledger on which something is proposed: corrections, large exports."""

from collections.abc import Callable, Mapping

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from daihou.kit import ports
from daihou.kit.refusal import NotAllowed, NotFound, Refused
from daihou.rooms.approvals import door as approvals
from daihou.rooms.ledger.actions import corrections, large_exports
from daihou.rooms.ledger.pages import correcting
from daihou.rooms.ledger.pages import overdue_page as ledger_page
from daihou.rooms.ledger.views import ids_of, names_wish, sheet_of
from daihou.rooms.people import door as people

Propose = Callable[..., approvals.Proposal]


def correct_customer(request: HttpRequest, customer_id: int) -> HttpResponse:
    """Propose other values of a customer."""
    return _correct(request, "customer", customer_id, corrections.propose_customer)


def correct_loan(request: HttpRequest, loan_id: int) -> HttpResponse:
    """Propose other facts of a loan."""
    return _correct(request, "loan", loan_id, corrections.propose_loan)


def _correct(
    request: HttpRequest, subject: str, key: int, propose: Propose
) -> HttpResponse:
    people.require(request.person, people.Permission.VIEW_LOANS)
    people.require(request.person, people.Permission.PROPOSE_CORRECTION)
    typed: Mapping[str, str] = {}
    reason = request.POST.get("reason", "")
    if request.method == "POST":
        typed = correcting.entered(request.POST.dict())
        try:
            made = propose(key, typed, deed=approvals.Deed.of(request, reason=reason))
        except (NotAllowed, NotFound):
            raise
        except Refused as refused:
            messages.error(request, str(refused))
        else:
            messages.success(request, _("Proposed. Another person decides."))
            return redirect(made.url)
    context = {
        "form": correcting.form(
            subject, key, scope=request.person.scope, typed=dict(typed)
        ),
        "reason": reason,
        "open": approvals.open_on(subject, key, person=request.person, at=request.at),
    }
    status = 422 if request.method == "POST" else 200
    return render(request, "ledger/correct.html", context, status=status)


def ask_export(request: HttpRequest) -> HttpResponse:
    """Ask for a list that is too long to leave the house on one person's word."""
    people.require(request.person, people.Permission.EXPORT_LEDGER)
    asked = QueryDict(request.POST.get("conditions", "")[:2_000])
    asked = asked if request.method == "POST" else request.GET
    found = ledger_page.whole_ledger(ports.book(), asked, scope=request.person.scope)
    if found is None:
        return redirect("ledger:overdue")
    if names_wish(asked):
        people.require(request.person, people.Permission.EXPORT_PERSONAL)
    conditions = _pinned(asked, found.as_of.isoformat())
    if request.method == "POST":
        deed = approvals.Deed.of(request, reason=request.POST.get("reason", ""))
        try:
            made = large_exports.propose_export(
                as_of=found.as_of,
                loan_ids=ids_of(found),
                conditions=conditions,
                deed=deed,
                names=names_wish(asked),
            )
        except (NotAllowed, NotFound):
            raise
        except Refused as refused:
            messages.error(request, str(refused))
        else:
            messages.success(request, _("Asked for. Another person decides."))
            return redirect(made.url)
    context = {"found": found, "conditions": conditions}
    return render(request, "ledger/ask_export.html", context)


def _pinned(asked: QueryDict, as_of: str) -> str:
    """The address of a list with its day said, so that it stays the same list."""
    kept = asked.copy()
    kept["as_of"] = as_of
    kept.pop("page", None)
    return str(kept.urlencode())


@require_POST
def take_export(request: HttpRequest, proposal_id: int) -> HttpResponse:
    """The approved list as a spreadsheet: once, to who asked for it."""
    people.require(request.person, people.Permission.EXPORT_LEDGER)
    proposal = approvals.find(proposal_id, person=request.person, at=request.at)
    if proposal.kind != large_exports.EXPORT_KIND:
        raise NotFound("export_unknown", _("There is no such export of yours."))
    asked = QueryDict(str(proposal.after["conditions"]))
    found = ledger_page.whole_ledger(ports.book(), asked, scope=request.person.scope)
    if found is None:
        return redirect("ledger:overdue")
    try:
        large_exports.take_out(
            proposal_id=proposal_id,
            as_of=found.as_of,
            loan_ids=ids_of(found),
            fingerprint=found.fingerprint,
            deed=approvals.Deed.of(request),
            names=names_wish(asked),
        )
    except (NotAllowed, NotFound):
        raise
    except Refused as refused:
        messages.error(request, str(refused))
        return redirect(proposal.url)
    return sheet_of(found, request, names=names_wish(asked))
