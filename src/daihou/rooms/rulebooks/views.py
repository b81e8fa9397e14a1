"""The rules: the list, one rule, two sides compared, a change, what it would do."""

from datetime import date

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from daihou.kit.refusal import NotAllowed, NotFound, Refused
from daihou.rooms.approvals import door as approvals
from daihou.rooms.audit import door as audit
from daihou.rooms.lists import door as lists
from daihou.rooms.people import door as people
from daihou.rooms.rulebooks import actions, drafting, forms, queries, rehearsing
from daihou.rooms.rulebooks.pages import change as change_page
from daihou.rooms.rulebooks.pages import compare as compare_page
from daihou.rooms.rulebooks.pages import history as history_page
from daihou.rooms.rulebooks.pages import impact as impact_page
from daihou.rooms.rulebooks.pages import listing
from daihou.rooms.rulebooks.pages import rule as rule_page


def _reader(request: HttpRequest) -> None:
    people.require(request.person, people.Permission.VIEW_LAW)


def _today(request: HttpRequest) -> date:
    day = request.business_day()
    return day.on if day else timezone.localdate(request.at)


def _closed(request: HttpRequest) -> date | None:
    """Yesterday's book: the last closed day, if there is a book."""
    day = request.business_day()
    return day.closed_on if day else None


@require_GET
def rules(request: HttpRequest) -> HttpResponse:
    """Every rule in force on a day, by pack, licence, force, standing and area."""
    _reader(request)
    bar = lists.bar(listing.LIST, request.GET, person=request.person)
    if bar.first:
        return redirect(bar.first)
    page = listing.page(request.GET, today=_today(request))
    return render(request, "rulebooks/rules.html", {"page": page, "bar": bar})


@require_GET
def rule(request: HttpRequest, rule_id: str) -> HttpResponse:
    """One rule as it holds on a day, with everything known of it."""
    _reader(request)
    on = forms.read_day(request.GET.get("on", "")) or _today(request)
    page = rule_page.page(rule_id, on=on, person=request.person, at=request.at)
    told = audit.panel(subject_type="rule", subject_id=page.rule.id)
    context = {"page": page, "timeline": told}
    return render(request, "rulebooks/rule.html", context)


@require_GET
def compare(request: HttpRequest) -> HttpResponse:
    """What is different between two days, or between the law and our policy."""
    _reader(request)
    page = compare_page.page(request.GET, today=_today(request))
    return render(request, "rulebooks/compare.html", {"page": page})


@require_GET
def history(request: HttpRequest) -> HttpResponse:
    """Every change of ours there was, and what waits for the reader."""
    _reader(request)
    page = history_page.page(
        request.GET, on=_today(request), person=request.person, at=request.at
    )
    return render(request, "rulebooks/history.html", {"page": page})


@require_http_methods(["GET", "POST"])
def change(request: HttpRequest, rule_id: str) -> HttpResponse:
    """Write a change, look at what it would do, and propose it."""
    people.require(request.person, people.Permission.PROPOSE_LAW)
    given = request.POST.dict() if request.method == "POST" else {}
    day = actions.open_day(approvals.Deed.of(request))
    if not given:
        return _form(request, change_page.page(rule_id, {}, day=day))
    rule = drafting.rule_of(rule_id, queries.base())
    wish = forms.wish(rule, given)
    deed = approvals.Deed.of(request, reason=given.get("reason", ""))
    as_of = _closed(request)
    try:
        if given.get("act") == "propose":
            made = actions.propose_change(wish, deed=deed, as_of=as_of)
            messages.success(request, _("Proposed. Another person decides."))
            return redirect("rulebooks:proposal", made.id)
        draft = actions.look(wish, deed=deed)
    except (NotAllowed, NotFound):
        raise
    except Refused as refused:
        page = change_page.page(rule_id, given, day=day, refused=refused)
        return _form(request, page, status=422)
    seen = rehearsing.rehearse(draft, as_of=as_of) if as_of else None
    page = change_page.page(rule_id, given, day=day, draft=draft, rehearsal=seen)
    return _form(request, page)


def _form(
    request: HttpRequest, page: change_page.Page, *, status: int = 200
) -> HttpResponse:
    effects = impact_page.shown(page.rehearsal, person=request.person)
    context = {"page": page, "effects": effects}
    return render(request, "rulebooks/change.html", context, status=status)


@require_GET
def proposal(request: HttpRequest, proposal_id: int) -> HttpResponse:
    """What a proposed change would do to yesterday's book, for who may read it."""
    _reader(request)
    page = impact_page.of_proposal(
        proposal_id,
        person=request.person,
        at=request.at,
        as_of=_closed(request),
        day=actions.open_day(approvals.Deed.of(request)),
    )
    return render(request, "rulebooks/proposal.html", {"page": page})


@require_GET
def turn(request: HttpRequest, rule_id: str) -> HttpResponse:
    """What another first day of a version would have done; nothing is moved by it."""
    _reader(request)
    page = impact_page.of_turn(
        rule_id, request.GET, person=request.person, as_of=_closed(request)
    )
    return render(request, "rulebooks/turn.html", {"page": page})
