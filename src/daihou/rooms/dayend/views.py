"""The first page and the day-end."""

from datetime import date, datetime

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from daihou.kit import panels, ports
from daihou.kit.refusal import Refused
from daihou.rooms.audit import door as audit
from daihou.rooms.dayend import door, queries
from daihou.rooms.dayend.forms import BeginForm, RequestForm
from daihou.rooms.dayend.pages import ahead as ahead_page
from daihou.rooms.dayend.pages import calendar as calendar_page
from daihou.rooms.dayend.pages import day_end as day_end_page
from daihou.rooms.dayend.pages import home as home_page
from daihou.rooms.ledger import door as ledger
from daihou.rooms.people import door as people


def home(request: HttpRequest) -> HttpResponse:
    """The book as of the last closed day, for what this person may see."""
    people.require(request.person, people.Permission.VIEW_LOANS)

    def closed_at(as_of: date) -> datetime | None:
        run = door.run_of(as_of)
        return run.finished_at if run else None

    page = home_page.home_page(
        ports.book(),
        scope=request.person.scope,
        asked=request.GET.get("currency"),
        closed_at=closed_at,
    )
    context = {"page": page, "panels": panels.of("home", request, 0)}
    return render(request, "dayend/home.html", context)


def day_end(request: HttpRequest, run_id: int | None = None) -> HttpResponse:
    """The runs of the night, one of them opened."""
    person = request.person
    people.require(person, people.Permission.VIEW_LOANS)
    reader = ports.book()
    runs = queries.runs(limit=40)
    opened = None
    if run_id is not None or runs:
        ours = ledger.book.register().seen(person.scope)
        found = queries.run_page(
            runs[0].id if run_id is None else run_id,
            loan_ids=None if ours is None else ours.to_pylist(),
        )
        opened = day_end_page.opened(found, reader, scope=person.scope)
    told = audit.panel(
        subject_type="day_end",
        subject_id=opened.run.as_of.isoformat() if opened else "",
    )
    context = _standing(request) | {
        "ahead": ahead_page.ahead(
            queries.last_plan(),
            day=request.business_day(),
            facts=ledger.book.facts_mark(),
            scope=person.scope,
        ),
        "runs": [(day_end_page.kind_word(run.kind), run) for run in runs],
        "opened": opened,
        "timeline": told,
        "sees_all": person.scope.everything,
    }
    return render(request, "dayend/day_end.html", context)


@require_GET
def calendar(request: HttpRequest) -> HttpResponse:
    """A month: days closed, sealed, run again and off; one of them opened."""
    people.require(request.person, people.Permission.VIEW_LOANS)
    today = timezone.localtime(request.at).date()
    page = calendar_page.month(request.GET, day=request.business_day(), today=today)
    context = {
        "page": page,
        "may_run": request.person.may(people.Permission.RUN_DAY_END),
        "waiting": door.waiting(),
        "sees_all": request.person.scope.everything,
    }
    return render(request, "dayend/calendar.html", context)


def _standing(request: HttpRequest) -> dict[str, object]:
    """What was asked of the night last, and what may be asked now."""
    last = next(iter(door.requests(limit=1)), None)
    return {
        "day": request.business_day(),
        "may_run": request.person.may(people.Permission.RUN_DAY_END),
        "waiting": door.waiting(),
        "last": last,
        "problem": day_end_page.problem_words(last.problem if last else None),
        "today": timezone.localtime(request.at).date(),
    }


def waiting(request: HttpRequest) -> HttpResponse:
    """How far what was asked of the night is; the page asks while it waits."""
    people.require(request.person, people.Permission.VIEW_LOANS)
    return render(request, "dayend/parts/ask.html", _standing(request))


@require_POST
def ask(request: HttpRequest) -> HttpResponse:
    """Ask the night for a day-end; a worker takes it up."""
    people.require(request.person, people.Permission.RUN_DAY_END)
    form = RequestForm(request.POST)
    if not form.is_valid():
        why = " ".join(form.errors.get("reason", ()))
        said = why or _("The date could not be read. Nothing was asked.")
        messages.error(request, said)
        return redirect("dayend:day_end")
    try:
        asked = door.request_run(by=request.person, at=request.at, **form.cleaned_data)
    except Refused as refused:
        messages.error(request, str(refused))
    else:
        words = _("Asked for the day-end of %(day)s. The worker takes it up.")
        if asked.kind == "plan":
            words = _("Asked for the plan of %(day)s. Nothing is closed by it.")
        messages.success(request, words % {"day": asked.as_of})
    return redirect("dayend:day_end")


@require_POST
def begin(request: HttpRequest) -> HttpResponse:
    """Say on which day the book begins to live, before its first day-end."""
    people.require(request.person, people.Permission.RUN_DAY_END)
    form = BeginForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("The date could not be read. Nothing was set."))
        return redirect("dayend:day_end")
    on = form.cleaned_data["on"]
    try:
        day = door.set_business_date(
            on=on,
            by=request.person.username,
            at=request.at,
            simulated=on > timezone.localtime(request.at).date(),
        )
    except Refused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, _("The open day is %(day)s.") % {"day": day.on})
    return redirect("dayend:day_end")
