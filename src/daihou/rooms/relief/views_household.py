"""One plan for one household: begun, confirmed, worked through; and the list of them."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from daihou.engine.commitments.recoverability import Recoverable
from daihou.kit.refusal import NotAllowed, NotFound, Refused
from daihou.rooms.audit import door as audit
from daihou.rooms.ledger import door as ledger
from daihou.rooms.people import door as people
from daihou.rooms.relief import forms, words
from daihou.rooms.relief.actions import household as actions
from daihou.rooms.relief.queries import household as queries
from daihou.rooms.relief.views import deed_of, open_day

PLACES = range(1, 5)


@require_GET
def households(request: HttpRequest) -> HttpResponse:
    """Every plan that runs, what is due next first."""
    people.require(request.person, people.Permission.VIEW_LOANS)
    scope, stuck = request.person.scope, request.GET.get("stuck") == "1"
    found = queries.plans(scope=scope, stuck=stuck)
    lines = ledger.reading.lines_of([plan.loan_id for plan in found], scope=scope)
    rows = [
        (
            plan,
            lines[plan.loan_id].name if plan.loan_id in lines else "",
            words.recoverable_word(plan.confirmed or plan.proposed),
            words.stuck_word(plan.stuck_because),
        )
        for plan in found
    ]
    return render(request, "relief/households.html", {"rows": rows, "stuck": stuck})


@require_http_methods(["GET", "POST"])
def household(request: HttpRequest, customer_id: int) -> HttpResponse:
    """The plan of one household, or the form that begins one."""
    person = request.person
    people.require(person, people.Permission.VIEW_LOANS)
    on = open_day(request)
    found = queries.owing(customer_id, on=on, scope=person.scope)
    problem, status = "", 200
    if request.method == "POST":
        people.require(person, people.Permission.REQUEST_RELIEF)
        try:
            _do(request, customer_id, found)
        except (NotAllowed, NotFound):
            raise
        except Refused as refused:
            problem, status = str(refused), 422
        else:
            messages.success(request, _("Done."))
            return redirect("relief:household", customer_id)
    plan = queries.plan_of(customer_id, scope=person.scope)
    context = _context(request, plan, found, problem)
    return render(request, "relief/household.html", context, status=status)


def _context(
    request: HttpRequest,
    plan: queries.PlanLine | None,
    found: queries.Owing,
    problem: str,
) -> dict[str, Any]:
    may = request.person.may(people.Permission.REQUEST_RELIEF)
    return {
        "plan": plan,
        "owing": found,
        "problem": problem,
        "sent": request.POST,
        "may": may and not request.person.reads_only,
        "classes": [(c.value, words.recoverable_word(c.value)) for c in Recoverable],
        "proposed": words.recoverable_word(plan.proposed) if plan else "",
        "confirmed": words.recoverable_word(plan.confirmed) if plan else "",
        "why": words.sentences(plan.because) if plan else (),
        "stuck": words.stuck_word(plan.stuck_because) if plan else "",
        "willingness": words.willingness_word(plan.willingness) if plan else "",
        "sources": [
            (words.source_word(each.kind), words.every_word(each.every), each)
            for each in (plan.sources if plan else ())
        ],
        "means": [
            (words.means_word(each.code), each) for each in (plan.means if plan else ())
        ],
        "source_kinds": [(each, words.source_word(each)) for each in actions.SOURCES],
        "everies": [(each, words.every_word(each)) for each in actions.EVERY],
        "means_kinds": [(each, words.means_word(each)) for each in actions.MEANS],
        "wills": [(each, words.willingness_word(each)) for each in actions.WILLINGNESS],
        "places": PLACES,
        "timeline": (
            audit.panel(subject_type="household", subject_id=plan.id) if plan else None
        ),
    }


def _do(request: HttpRequest, customer_id: int, found: queries.Owing) -> None:
    sent, what = request.POST, request.POST.get("do", "begin")
    deed = deed_of(request, reason=sent.get("reason", ""))
    if what == "begin":
        actions.begin(customer_id, _wish(sent, found.loan.currency), deed=deed)
        return
    plan = queries.plan_of(customer_id, scope=request.person.scope)
    if plan is None:
        raise NotFound("household_unknown", _("There is no plan for this household."))
    version = forms.number(sent, "version", usual=plan.version, most=99_999)
    if what == "confirm":
        actions.confirm(
            plan.id,
            sent.get("recoverable", ""),
            review_on=forms.sure_day(sent, "review_on"),
            deed=deed,
            version=version,
        )
    elif what == "done":
        actions.done(
            plan.id,
            forms.number(sent, "place"),
            outcome=sent.get("outcome", ""),
            next_on=forms.sure_day(sent, "next_on"),
            deed=deed,
            version=version,
        )
    elif what == "end":
        actions.end(plan.id, deed=deed, version=version)
    else:
        raise Refused("deed_unknown", _("There is no such deed."))


def _wish(sent: QueryDict, currency: str) -> actions.HouseholdWish:
    return actions.HouseholdWish(
        goal=forms.amount(sent, "goal", currency),
        goal_on=forms.sure_day(sent, "goal_on"),
        next_on=forms.sure_day(sent, "next_on"),
        review_on=forms.sure_day(sent, "review_on"),
        willingness=sent.get("willingness", ""),
        story=sent.get("story", ""),
        sources=_sources(sent, currency),
        means=[
            (sent.get(f"means_{place}", ""), forms.sure_day(sent, f"means_on_{place}"))
            for place in PLACES
            if sent.get(f"means_{place}")
        ],
        targets=_targets(sent, currency),
    )


def _sources(sent: QueryDict, currency: str) -> list[actions.SourceWish]:
    return [
        actions.SourceWish(
            kind=sent.get(f"source_{place}", ""),
            amount=forms.amount(sent, f"source_amount_{place}", currency),
            every=sent.get(f"source_every_{place}", "month"),
            from_on=forms.sure_day(sent, f"source_from_{place}"),
            note=sent.get(f"source_note_{place}", ""),
        )
        for place in PLACES
        if sent.get(f"source_{place}")
    ]


def _targets(sent: QueryDict, currency: str) -> Sequence[tuple[date, int]]:
    found = []
    for place in PLACES:
        amount = forms.amount(sent, f"target_{place}", currency)
        if amount:
            found.append((forms.sure_day(sent, f"target_on_{place}"), amount))
    return found
