"""The receipts desk: what has no owner, one receipt, its claim and the decision."""

from datetime import date

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from daihou.engine.basics.errors import MoneyError
from daihou.engine.basics.money import to_minor
from daihou.kit.refusal import NotAllowed, NotFound, Refused
from daihou.rooms.audit import door as audit
from daihou.rooms.ledger.doors import posting, receipts
from daihou.rooms.ledger.forms_receipts import ReceiptForm
from daihou.rooms.ledger.pages.receipt_page import receipt_sheet, splits_of
from daihou.rooms.ledger.pages.receipts_page import desk as desk_page
from daihou.rooms.ledger.pages.words import list_words
from daihou.rooms.ledger.queries import choices
from daihou.rooms.lists import door as lists
from daihou.rooms.people import door as people

_P = people.Permission


def _today(request: HttpRequest) -> date:
    day = request.business_day()
    return day.on if day else timezone.localtime(request.at).date()


def _deed(request: HttpRequest) -> posting.Deed:
    """Who does it, now, on the open day; NotFound while there is none."""
    day = request.business_day()
    if day is None:
        raise NotFound("no_business_date", _("No business date has been set yet."))
    return posting.Deed(
        by=request.person,
        at=request.at,
        business_date=day.on,
        request_id=getattr(request, "request_id", ""),
    )


@require_GET
def desk(request: HttpRequest) -> HttpResponse:
    """Receipts without an owner, those that wait for a second person, and the rest."""
    people.require(request.person, _P.VIEW_RECEIPTS)
    bar = lists.bar("receipts", request.GET, person=request.person)
    if bar.first:
        return redirect(bar.first)
    page = desk_page(request.GET, scope=request.person.scope, on=_today(request))
    may_claim = request.person.may(_P.CLAIM_RECEIPT)
    context = {"page": page, "bar": bar, "may_claim": may_claim}
    return render(request, "ledger/receipts.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Write a receipt down by hand."""
    people.require(request.person, _P.CLAIM_RECEIPT)
    form = ReceiptForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            number = receipts.record_receipt(_arrival(form), deed=_deed(request))
        except (NotAllowed, NotFound):
            raise
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            return redirect("ledger:receipt", number)
    words = list_words()
    context = {
        "form": form,
        "today": _today(request),
        "branches": [
            (code, words.branch(code))
            for code in choices(request.person.scope)["branch"]
        ],
    }
    status = 422 if form.is_bound else 200
    return render(request, "ledger/receipt_new.html", context, status=status)


def _arrival(form: ReceiptForm) -> receipts.Arrival:
    given = form.cleaned_data
    names = ("external_id", "received_on", "currency", "payer", "payer_account")
    more = ("channel", "remark", "branch")
    return receipts.Arrival(
        source=receipts.HAND,
        amount=given["minor"],
        **{name: given[name] for name in (*names, *more)},
    )


@require_GET
def receipt(request: HttpRequest, receipt_id: int) -> HttpResponse:
    """One receipt: for which loan it may be, the claim being written or decided."""
    people.require(request.person, _P.VIEW_RECEIPTS)
    return _page(request, receipt_id, request.GET)


def _page(
    request: HttpRequest, receipt_id: int, draft: QueryDict, problem: str = ""
) -> HttpResponse:
    person = request.person
    page = receipt_sheet(
        receipt_id,
        query=draft,
        scope=person.scope,
        on=_today(request),
        may_claim=person.may(_P.CLAIM_RECEIPT),
    )
    own = page.waiting is not None and page.waiting.line.claimed_by == person.username
    context = {
        "page": page,
        "problem": problem,
        "own": own,
        "may_claim": person.may(_P.CLAIM_RECEIPT),
        "may_confirm": person.may(_P.CONFIRM_RECEIPT) and person.may(_P.POST_PAYMENT),
        # What happened names the loans of every claim, so it goes with them.
        "timeline": []
        if page.withheld
        else audit.panel(subject_type="receipt", subject_id=receipt_id),
    }
    status = 422 if problem else 200
    return render(request, "ledger/receipt.html", context, status=status)


@require_POST
def claim(request: HttpRequest, receipt_id: int) -> HttpResponse:
    """Claim (part of) a receipt for the loans of the form, or send it back."""
    people.require(request.person, _P.CLAIM_RECEIPT)
    given, deed = request.POST, _deed(request)
    try:
        if given.get("step") == "return":
            _send_back(request, receipt_id, deed)
        else:
            _claim(request, receipt_id, deed)
    except (NotAllowed, NotFound):
        raise
    except MoneyError as error:
        problem = error.say(get_language() or "zh-hans")
        return _page(request, receipt_id, given, problem)
    except Refused as refused:
        return _page(request, receipt_id, given, str(refused))
    messages.success(request, _("Kept. A second person has been asked to confirm it."))
    return redirect("ledger:receipt", receipt_id)


def _currency(request: HttpRequest, receipt_id: int) -> str:
    page = receipts.receipt_page(receipt_id, scope=request.person.scope)
    if page is None:
        raise receipts.no_such_receipt(receipt_id)
    return page.receipt.currency


def _claim(request: HttpRequest, receipt_id: int, deed: posting.Deed) -> None:
    given = request.POST
    pairs = splits_of(given, _currency(request, receipt_id))
    receipts.claim(
        receipt_id,
        splits=[receipts.Split(loan_id, amount) for loan_id, amount in pairs],
        relation=given.get("relation", ""),
        evidence=given.get("evidence", "").replace("\0", ""),
        keep_credit="keep_credit" in given,
        deed=deed,
    )


def _send_back(request: HttpRequest, receipt_id: int, deed: posting.Deed) -> None:
    given = request.POST
    text = given.get("return_amount", "").strip().replace(",", "")
    receipts.ask_return(
        receipt_id,
        amount=to_minor(text, _currency(request, receipt_id)),
        evidence=given.get("return_reason", "").replace("\0", ""),
        deed=deed,
    )


@require_POST
def decide(request: HttpRequest, claim_id: int) -> HttpResponse:
    """Confirm, refuse, withdraw a claim, or ask to reverse one that was confirmed."""
    people.require(request.person, _P.VIEW_RECEIPTS)
    if not request.person.may(_P.CLAIM_RECEIPT):
        people.require(request.person, _P.CONFIRM_RECEIPT)
    receipt_id = receipts.claim_receipt_id(claim_id, scope=request.person.scope)
    if receipt_id is None:
        raise receipts.no_such_claim(claim_id)
    deed, note = _deed(request), request.POST.get("note", "").replace("\0", "")
    try:
        told = _decided(request.POST.get("step", ""), claim_id, note=note, deed=deed)
    except NotFound:
        raise
    except Refused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, told)
    return redirect("ledger:receipt", receipt_id)


def _decided(step: str, claim_id: int, *, note: str, deed: posting.Deed) -> str:
    if step == "confirm":
        receipts.confirm(claim_id, note=note, deed=deed)
        return _("Confirmed. What was claimed is done.")
    if step == "refuse":
        receipts.refuse(claim_id, note=note, deed=deed)
        return _("Refused. The receipt is as it was before.")
    if step == "withdraw":
        receipts.withdraw(claim_id, deed=deed)
        return _("Withdrawn. The receipt is as it was before.")
    if step == "reverse":
        receipts.ask_reversal(claim_id, evidence=note, deed=deed)
        return _("Kept. A second person has been asked to confirm it.")
    raise Refused("step_unknown", _("Choose one of the buttons."))
