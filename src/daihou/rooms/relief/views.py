"""Requests for relief: the list, one of them, asking, what the customer says, pools."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from daihou.kit import typed
from daihou.kit.refusal import NotAllowed, NotFound, Refused
from daihou.rooms.approvals import door as approvals
from daihou.rooms.audit import door as audit
from daihou.rooms.people import door as people
from daihou.rooms.relief import actions, forms, queries, words
from daihou.rooms.relief.pages import asking as ask_page
from daihou.rooms.relief.pages import listing as listing_page
from daihou.rooms.relief.pages import policy as policy_page
from daihou.rooms.relief.pages import request as request_page
from daihou.rooms.relief.states import Kind


def _reader(request: HttpRequest) -> None:
    people.require(request.person, people.Permission.VIEW_LOANS)


def _of_the_lender(request: HttpRequest) -> None:
    if request.person.role == people.Role.AGENCY:
        raise NotAllowed(
            "policy_not_for_agencies",
            _(
                "How far the lender goes is the lender's own. Ask your contact there what"
                " you may offer."
            ),
        )


def open_day(request: HttpRequest) -> date:
    """The open business day, or Refused before the first."""
    day = request.business_day()
    if day is None:
        raise NotFound("no_business_date", _("No business date has been set."))
    found: date = day.on
    return found


def deed_of(request: HttpRequest, *, reason: str = "") -> actions.Deed:
    """Who does it now, on which business date, and why."""
    return actions.Deed(
        by=request.person,
        at=request.at,
        business_date=open_day(request),
        reason=reason,
        request_id=request.request_id,
    )


@require_GET
def requests(request: HttpRequest) -> HttpResponse:
    """The list of requests."""
    _reader(request)
    page = listing_page.listing(
        request.GET, login=request.person.username, scope=request.person.scope
    )
    sees_policy = request.person.role != people.Role.AGENCY
    context = {"page": page, "sees_policy": sees_policy}
    return render(request, "relief/requests.html", context)


@require_GET
def relief(request: HttpRequest, relief_id: int) -> HttpResponse:
    """One request."""
    _reader(request)
    return _show(request, relief_id)


def _show(
    request: HttpRequest, relief_id: int, *, problem: str = "", status: int = 200
) -> HttpResponse:
    person = request.person
    line = queries.find(relief_id, scope=person.scope)
    context = {
        "page": request_page.page(
            line,
            person=person,
            proposal=_proposal(request, line),
            scope=person.scope,
        ),
        "problem": problem,
        "sent": request.POST,
        "places": range(1, forms.SETTLEMENT_PARTS + 1),
        "timeline": audit.panel(subject_type="relief", subject_id=relief_id),
    }
    return render(request, "relief/request.html", context, status=status)


def _proposal(request: HttpRequest, line: queries.Line) -> approvals.Proposal | None:
    if line.proposal_id is None:
        return None
    try:
        found: approvals.Proposal = approvals.find(
            line.proposal_id, person=request.person, at=request.at
        )
    except NotFound:
        return None
    return found


@require_http_methods(["GET", "POST"])
def ask(request: HttpRequest, loan_id: int, kind: str) -> HttpResponse:
    """Ask for one kind of relief on a loan: weigh it as often as wished, then send it."""
    person = request.person
    _reader(request)
    people.require(person, people.Permission.REQUEST_RELIEF)
    if kind not in set(Kind):
        raise NotFound("kind_unknown", _("There is no such kind of relief."))
    wanted, on = Kind(kind), open_day(request)
    at = actions.standing(loan_id, on=on, scope=person.scope)
    weighed, problem, status = None, "", 200
    if request.method == "POST":
        try:
            wish = _READ[wanted](request.POST, at.line.currency)
            if request.POST.get("do") == "send":
                reason = request.POST.get("reason", "")
                deed = deed_of(request, reason=reason)
                made = _ASK[wanted](loan_id, wish, deed=deed)
                messages.success(request, _told(made))
                return redirect("relief:request", made.id)
            weighed = _weigh(wanted, loan_id, wish, person, on)
        except (NotAllowed, NotFound):
            raise
        except Refused as refused:
            problem, status = words.refusal_said(refused), 422
    replaces = request.GET.get("replaces", "") or request.POST.get("replaces", "")
    page = ask_page.page(
        loan_id,
        wanted,
        person=person,
        on=on,
        weighed=weighed,
        replaces=typed.whole(replaces),
    )
    context = {"page": page, "problem": problem, "sent": request.POST, "today": on}
    return render(request, "relief/ask.html", context, status=status)


def _told(made: queries.Line) -> str:
    words: str = _("%(number)s is within the policy and approved.")
    if made.undecided:
        words = _("Asked for as %(number)s. Others decide.")
    return words % {"number": made.number}


_READ: Mapping[Kind, Callable[..., Any]] = {
    Kind.WAIVER: forms.waiver,
    Kind.PLAN: forms.plan,
    Kind.SETTLEMENT: forms.settlement,
    Kind.TERMS: forms.terms,
}
_ASK: Mapping[Kind, Callable[..., queries.Line]] = {
    Kind.WAIVER: actions.ask_waiver,
    Kind.PLAN: actions.ask_plan,
    Kind.SETTLEMENT: actions.ask_settlement,
    Kind.TERMS: actions.ask_change_of_terms,
}


_WEIGH: Mapping[Kind, Callable[..., actions.Weighed]] = {
    Kind.PLAN: actions.weigh_plan,
    Kind.SETTLEMENT: actions.weigh_settlement,
    Kind.TERMS: actions.weigh_terms,
}


def _weigh(
    kind: Kind, loan_id: int, wish: Any, person: people.Person, on: date
) -> actions.Weighed:
    policy = queries.in_force(on)
    known: dict[str, Any] = {"by": person, "on": on, "policy": policy}
    if kind is Kind.WAIVER:
        return actions.weigh_waiver(
            loan_id,
            wish.parts,
            receive=wish.receive,
            until=wish.until,
            difficulty=wish.difficulty,
            **known,
        )
    return _WEIGH[kind](loan_id, wish, **known)


@require_POST
def act(request: HttpRequest, relief_id: int, deed: str) -> HttpResponse:
    """Something done with a request: what the customer says, or both agree on."""
    people.require(request.person, people.Permission.REQUEST_RELIEF)
    line = queries.find(relief_id, scope=request.person.scope)
    if deed not in _DEEDS:
        raise NotFound("deed_unknown", _("There is no such deed."))
    done = deed_of(request, reason=request.POST.get("reason", ""))
    version = typed.whole(request.POST.get("version", ""), digits=9)
    try:
        _DEEDS[deed](request, line, done, version)
    except (NotAllowed, NotFound):
        raise
    except Refused as refused:
        return _show(request, relief_id, problem=str(refused), status=409)
    messages.success(request, _("Done."))
    return redirect("relief:request", relief_id)


Done = Callable[[HttpRequest, queries.Line, actions.Deed, int | None], object]


def _accept(
    request: HttpRequest, line: queries.Line, deed: actions.Deed, version: int | None
) -> object:
    evidence = request.POST.get("evidence", "")
    return actions.accept(line.id, evidence=evidence, deed=deed, version=version)


def _counter(
    request: HttpRequest, line: queries.Line, deed: actions.Deed, version: int | None
) -> object:
    parts = forms.settlement_parts(request.POST, line.currency)
    return actions.counter(line.id, parts, deed=deed, version=version)


def _skip(
    request: HttpRequest, line: queries.Line, deed: actions.Deed, version: int | None
) -> object:
    seq = forms.number(request.POST, "seq")
    return actions.skip(line.id, seq, deed=deed, version=version)


def _plain(do: Callable[..., object]) -> Done:
    return lambda _request, line, deed, version: do(line.id, deed=deed, version=version)


_DEEDS: Mapping[str, Done] = {
    "accept": _accept,
    "counter": _counter,
    "skip": _skip,
    "withdraw": _plain(actions.withdraw),
    "cancel": _plain(actions.cancel),
    "suspend": _plain(actions.suspend),
    "resume": _plain(actions.resume),
}


@require_GET
def pools(request: HttpRequest) -> HttpResponse:
    """How much of their pool everybody used today."""
    people.require(request.person, people.Permission.DECIDE_RELIEF)
    on = open_day(request)
    found = queries.pools_of(on)
    seen = people.in_sight(request.person)
    shown = [each for each in found if seen is None or each.username in seen]
    names = people.names()
    context = {
        "pools": [(names.get(each.username, each.username), each) for each in shown],
        "policy": queries.in_force(on),
        "on": on,
    }
    return render(request, "relief/pools.html", context)


@require_http_methods(["GET", "POST"])
def policy(request: HttpRequest) -> HttpResponse:
    """The policy in force, and another one proposed; no agency reads how far one goes."""
    _reader(request)
    _of_the_lender(request)
    on = open_day(request)
    problem, status = "", 200
    if request.method == "POST":
        people.require(request.person, people.Permission.PROPOSE_LAW)
        try:
            made = actions.propose_policy(
                request.POST.get("text", ""),
                from_on=forms.sure_day(request.POST, "from_on"),
                deed=deed_of(request, reason=request.POST.get("reason", "")),
            )
        except (NotAllowed, NotFound):
            raise
        except Refused as refused:
            problem, status = str(refused), 422
        else:
            messages.success(request, _("Proposed. Another person decides."))
            return redirect(made.url)
    in_force, text = queries.written_in_force(on)
    context = {
        "policy": in_force,
        "rows": policy_page.rows_of(in_force.matrix),
        "text": request.POST.get("text") or text,
        "sent": request.POST,
        "problem": problem,
        "on": on,
        "may_propose": request.person.may(people.Permission.PROPOSE_LAW),
        "may_see_pools": request.person.may(people.Permission.DECIDE_RELIEF),
    }
    return render(request, "relief/policy.html", context, status=status)
