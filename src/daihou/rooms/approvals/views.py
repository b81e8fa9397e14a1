"""The inbox, one proposal, the table of levels, and who decides for whom."""

from collections.abc import Callable
from datetime import date, timedelta
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from daihou.kit.refusal import NotAllowed, NotFound, Refused
from daihou.rooms.approvals import door
from daihou.rooms.approvals.actions.revealing import reveal as reveal_values
from daihou.rooms.approvals.forms import DecisionForm, DelegationForm
from daihou.rooms.approvals.kinds import known
from daihou.rooms.approvals.pages import away as away_page
from daihou.rooms.approvals.pages import inbox as inbox_page
from daihou.rooms.approvals.pages import levels as levels_page
from daihou.rooms.approvals.pages import proposal as proposal_page
from daihou.rooms.approvals.pages import together as together_page
from daihou.rooms.audit import door as audit
from daihou.rooms.people import door as people


def _tried(request: HttpRequest, do: Callable[[], object], *, done: str) -> bool:
    """Do it and say so; what is refused is said in its place."""
    try:
        do()
    except (NotAllowed, NotFound):
        raise
    except Refused as refused:
        messages.error(request, str(refused))
        return False
    messages.success(request, done)
    return True


@require_GET
def inbox(request: HttpRequest) -> HttpResponse:
    """What waits for this person, and what they proposed and decided."""
    page = inbox_page.inbox(request.GET, person=request.person, at=request.at)
    may_manage = request.person.may(people.Permission.MANAGE_APPROVALS)
    context = {"page": page, "may_manage": may_manage}
    return render(request, "approvals/inbox.html", context)


@require_GET
def proposal(request: HttpRequest, proposal_id: int) -> HttpResponse:
    """One proposal: what would change, why, who has said what."""
    page = proposal_page.page_of(proposal_id, person=request.person, at=request.at)
    told = audit.panel(subject_type="proposal", subject_id=proposal_id)
    context = {"page": page, "timeline": told}
    return render(request, "approvals/proposal.html", context)


@require_GET
def difference(request: HttpRequest, proposal_id: int) -> HttpResponse:
    """The difference alone, masked again: what the page asks for after a minute."""
    page = proposal_page.page_of(proposal_id, person=request.person, at=request.at)
    return render(request, "approvals/parts/difference.html", {"page": page})


@require_POST
def reveal(request: HttpRequest, proposal_id: int) -> HttpResponse:
    """The difference with its personal values, for a reason, for a minute."""
    deed = door.Deed.of(request, reason=request.POST.get("reason", ""))
    refused = ""
    try:
        reveal_values(proposal_id=proposal_id, deed=deed)
    except (NotAllowed, NotFound):
        raise
    except Refused as error:
        refused = str(error)
    page = proposal_page.page_of(
        proposal_id, person=request.person, at=request.at, revealed=not refused
    )
    context = {"page": page, "refused": refused}
    response = render(request, "approvals/parts/difference.html", context)
    response.headers["Cache-Control"] = "no-store"
    return response


@require_POST
def decide(request: HttpRequest, proposal_id: int) -> HttpResponse:
    """Approve or refuse the level that waits."""
    form = DecisionForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Nothing was decided: choose to approve or refuse."))
        return redirect("approvals:proposal", proposal_id)
    asked = form.cleaned_data
    done = _tried(
        request,
        lambda: door.decide(
            proposal_id=proposal_id,
            verdict=asked["verdict"],
            note=asked["note"],
            level=asked["level"],
            deed=door.Deed.of(request),
        ),
        done=_("Approved.") if asked["verdict"] == "approve" else _("Refused."),
    )
    return redirect("approvals:inbox") if done else _back(proposal_id)


def _back(proposal_id: int) -> HttpResponse:
    return redirect("approvals:proposal", proposal_id)


def together(request: HttpRequest) -> HttpResponse:
    """Several that wait for this person, each with its difference; one yes for all.

    Each is decided by itself: what is refused of one leaves the others as they are.
    """
    if request.method == "POST":
        return _decide_together(request)
    page = together_page.page(
        request.GET.getlist("id"), person=request.person, at=request.at
    )
    return render(request, "approvals/together.html", {"page": page})


def _decide_together(request: HttpRequest) -> HttpResponse:
    decided = 0
    for number, level in together_page.chosen(request.POST.getlist("id")):
        try:
            door.decide(
                proposal_id=number,
                verdict="approve",
                note=request.POST.get("note", ""),
                level=level,
                deed=door.Deed.of(request),
            )
        except Refused as refused:
            words = _("No. %(number)s: %(why)s")
            messages.error(request, words % {"number": number, "why": refused})
        else:
            decided += 1
    if decided:
        words = ngettext("%(n)s approved.", "%(n)s approved.", decided)
        messages.success(request, words % {"n": decided})
    return redirect("approvals:inbox")


@require_POST
def withdraw(request: HttpRequest, proposal_id: int) -> HttpResponse:
    """Take one's own proposal back."""
    deed = door.Deed.of(request, reason=request.POST.get("reason", "")[:2_000])
    _tried(
        request,
        lambda: door.withdraw(proposal_id=proposal_id, deed=deed),
        done=_("Taken back. Nothing was changed."),
    )
    return _back(proposal_id)


@require_POST
def comment(request: HttpRequest, proposal_id: int) -> HttpResponse:
    """Write under a proposal."""
    text = request.POST.get("text", "")
    _tried(
        request,
        lambda: door.comment(
            proposal_id=proposal_id, text=text, deed=door.Deed.of(request)
        ),
        done=_("Written. Whoever takes part is told."),
    )
    return _back(proposal_id)


def levels(request: HttpRequest) -> HttpResponse:
    """Who decides what by its amount; another table is proposed here."""
    people.require(request.person, people.Permission.MANAGE_APPROVALS)
    on = _today(request)
    if request.method == "POST":
        return _propose_levels(request)
    kind = request.GET.get("kind", "")
    currency = levels_page.read_currency(request.GET.get("currency", ""))
    form = levels_page.form(kind, currency, on=on) if known(kind) else None
    context = {"tables": levels_page.tables(on=on), "form": form}
    return render(request, "approvals/levels.html", context)


def _today(request: HttpRequest) -> date:
    day = request.business_day()
    return day.on if day else timezone.localtime(request.at).date()


def _propose_levels(request: HttpRequest) -> HttpResponse:
    kind = request.POST.get("kind", "")
    currency = levels_page.read_currency(request.POST.get("currency", ""))
    try:
        from_on = _read_day(request.POST.get("from_on", ""))
        rows = levels_page.read_rows(dict(request.POST.lists()), currency)
        made = door.propose_levels(
            kind=kind,
            currency=currency,
            rows=rows,
            from_on=from_on,
            deed=door.Deed.of(request, reason=request.POST.get("reason", "")),
        )
    except (NotAllowed, NotFound):
        raise
    except Refused as refused:
        messages.error(request, str(refused))
        asked = urlencode({"kind": kind, "currency": currency})
        return redirect(f"{request.path}?{asked}")
    messages.success(request, _("Proposed. Another person decides."))
    return _back(made.id)


def _read_day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise Refused("no_date", _("The date could not be read.")) from None


def away(request: HttpRequest) -> HttpResponse:
    """Who decides for whom, and the form to say so."""
    if request.method == "POST":
        return _delegate(request)
    page = away_page.page(request.person, at=request.at)
    return render(request, "approvals/away.html", {"page": page})


def _delegate(request: HttpRequest) -> HttpResponse:
    form = DelegationForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Nothing was changed: choose a person and two days."))
        return redirect("approvals:away")
    asked = form.cleaned_data
    _tried(
        request,
        lambda: door.delegate(
            principal=asked["principal"] or request.person.username,
            deputy=asked["deputy"],
            from_on=asked["from_on"],
            until_on=asked["last_on"] + timedelta(days=1),
            deed=door.Deed.of(request, reason=asked["reason"]),
        ),
        done=_("Kept. The deputy is told by what waits for them."),
    )
    return redirect("approvals:away")


@require_POST
def end(request: HttpRequest, delegation_id: int) -> HttpResponse:
    """End a delegation before its last day."""
    deed = door.Deed.of(request)
    _tried(
        request,
        lambda: door.end_delegation(delegation_id=delegation_id, deed=deed),
        done=_("Ended."),
    )
    return redirect("approvals:away")
