"""Personal data: one value shown whole for a minute; how long what is kept."""

from collections.abc import Callable
from datetime import date

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from daihou.kit.refusal import NotAllowed, NotFound, Refused, TooMany
from daihou.rooms.ledger.actions import canaries, retention
from daihou.rooms.ledger.actions.canaries import Doing, need_keeper
from daihou.rooms.ledger.actions.reveal import reveal
from daihou.rooms.ledger.pages import personal as pages
from daihou.rooms.ledger.queries import personal
from daihou.rooms.ledger.queries import retention as kept
from daihou.rooms.people import door as people

_P = people.Permission


def _doing(request: HttpRequest, *, reason: str = "") -> Doing:
    day = request.business_day()
    return Doing(
        by=request.person,
        at=request.at,
        business_date=day.on if day else None,
        reason=reason.strip()[:300],
        request_id=request.request_id,
    )


def _fragment(
    request: HttpRequest, template: str, context: dict[str, object]
) -> HttpResponse:
    """A piece of a page that nobody keeps: neither the browser nor a proxy."""
    response = render(request, f"ledger/parts/{template}.html", context)
    response.headers["Cache-Control"] = "no-store"
    return response


@require_http_methods(["GET", "POST"])
def value(request: HttpRequest, customer_id: int, field: str) -> HttpResponse:
    """One personal value: masked, the question why, or for a minute whole (POST)."""
    people.require(request.person, _P.VIEW_LOANS)
    scope = request.person.scope
    found = personal.value_of(customer_id, field, scope=scope)
    may = request.person.may(_P.REVEAL_PERSONAL)
    context: dict[str, object] = {
        "customer_id": customer_id,
        "field": field,
        "text": found.masked,
        "may_reveal": may,
    }
    if request.method == "GET":
        if not request.GET.get("ask"):
            return _fragment(request, "personal_value", context)
        people.require(request.person, _P.REVEAL_PERSONAL)
        return _fragment(request, "personal_ask", context | _asked(request))
    try:
        shown = reveal(
            customer_id,
            field,
            why=request.POST.get("why", ""),
            note=request.POST.get("note", ""),
            scope=scope,
            doing=_doing(request),
        )
    except (NotAllowed, NotFound):
        raise
    except Refused as refused:
        if isinstance(refused, TooMany) and not request.htmx:
            raise
        said = {"refused": str(refused)}
        answer = _fragment(request, "personal_ask", context | _asked(request) | said)
        # HTMX puts nothing into the page of what was refused.
        answer.status_code = 200 if request.htmx else 422
        return answer
    return _fragment(request, "personal_shown", context | {"shown": shown})


def _asked(request: HttpRequest) -> dict[str, object]:
    return {
        "reasons": pages.reasons(),
        "why": request.POST.get("why", ""),
        "note": request.POST.get("note", ""),
    }


@require_GET
def overview(request: HttpRequest) -> HttpResponse:
    """The schedule, deletions, holds and canaries; one part at a time."""
    need_keeper(request.person)
    part = request.GET.get("part", "")
    part = part if part in pages.PARTS else pages.PARTS[0]
    context: dict[str, object] = {"part": part, "tabs": pages.tabs(part)}
    if part == "schedule":
        context["sheet"] = pages.schedule_sheet()
    elif part == "runs":
        context["rows"] = [pages.run_row(run) for run in kept.runs()]
        context["today"] = _today(request)
    elif part == "holds":
        context["holds"] = kept.holds()
    else:
        context["canaries"] = kept.canaries()
    return render(request, "ledger/personal.html", context)


@require_GET
def run(request: HttpRequest, run_id: int) -> HttpResponse:
    """One deletion: what it lists by class, who did it, and whether the list holds."""
    need_keeper(request.person)
    row = kept.find_run(run_id)
    if row is None:
        raise NotFound("run_unknown", _("There is no such deletion."))
    line = kept.run_line(row)
    context = {
        "row": pages.run_row(line),
        "proof": kept.proof(row) if line.done_at else None,
        "own": line.planned_by == request.person.username,
    }
    return render(request, "ledger/personal_run.html", context)


def _today(request: HttpRequest) -> date:
    day = request.business_day()
    today: date = day.on if day else timezone.localtime(request.at).date()
    return today


def _tried(request: HttpRequest, do: Callable[[], object], *, said: str) -> bool:
    """Do it and say so; what was refused is said on the page one comes back to."""
    try:
        do()
    except NotAllowed:
        raise
    except Refused as refused:
        messages.error(request, str(refused))
        return False
    messages.success(request, said)
    return True


def _back(part: str) -> HttpResponse:
    return redirect(f"{reverse('ledger:personal')}?part={part}")


@require_POST
def plan(request: HttpRequest) -> HttpResponse:
    """List what is due today and keep the plan."""
    planned = retention.plan(as_of=_today(request), doing=_doing(request))
    if planned.run_id is None:
        messages.info(request, _("Nothing is due; nothing has been kept too long."))
        return _back("runs")
    return redirect("ledger:personal_run", planned.run_id)


@require_POST
def carry_out(request: HttpRequest, run_id: int) -> HttpResponse:
    """Carry a plan out, or drop it."""
    doing = _doing(request)
    if request.POST.get("step") == "drop":
        _tried(
            request,
            lambda: retention.drop_plan(run_id, doing=doing),
            said=_("The plan was dropped; nothing was removed."),
        )
        return _back("runs")
    done = _tried(
        request,
        lambda: retention.carry_out(run_id, doing=doing),
        said=_("It was removed; the list of what went is kept."),
    )
    return redirect("ledger:personal_run", run_id) if done else _back("runs")


@require_POST
def hold(request: HttpRequest) -> HttpResponse:
    """Place a hold on a customer or a loan."""
    on = "loan" if request.POST.get("on") == "loan" else "customer"
    number = request.POST.get("number", "").replace("\x00", "").strip()[:200]
    doing = _doing(request, reason=request.POST.get("reason", ""))
    _tried(
        request,
        lambda: retention.place_hold(on=on, number=number, doing=doing),
        said=_("The hold stands; nothing of it is removed until it is lifted."),
    )
    return _back("holds")


@require_POST
def lift(request: HttpRequest, hold_id: int) -> HttpResponse:
    """Lift a hold."""
    doing = _doing(request, reason=request.POST.get("reason", ""))
    _tried(
        request,
        lambda: retention.lift_hold(hold_id, doing=doing),
        said=_("The hold was lifted."),
    )
    return _back("holds")


@require_POST
def canary(request: HttpRequest) -> HttpResponse:
    """Make a customer a canary."""
    number = request.POST.get("number", "").replace("\x00", "").strip()[:200]
    note = request.POST.get("note", "")
    _tried(
        request,
        lambda: canaries.set_canary(number=number, note=note, doing=_doing(request)),
        said=_("Whoever reveals or exports this customer is reported from now on."),
    )
    return _back("canaries")


@require_POST
def end_canary(request: HttpRequest, canary_id: int) -> HttpResponse:
    """Let a canary be a customer again."""
    _tried(
        request,
        lambda: canaries.end_canary(canary_id, doing=_doing(request)),
        said=_("This customer is no canary any more."),
    )
    return _back("canaries")
