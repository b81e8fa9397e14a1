"""Strategies, one with its versions, a version, two compared, and who is where."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from daihou.kit.refusal import NotAllowed, NotFound, Refused
from daihou.kit.watermark import Mark
from daihou.rooms.approvals import door as approvals
from daihou.rooms.audit import door as audit
from daihou.rooms.people import door as people
from daihou.rooms.strategy import actions, asked, queries, workbook
from daihou.rooms.strategy.actions import filing
from daihou.rooms.strategy.pages import compared, listing
from daihou.rooms.strategy.pages import steps as steps_page

_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@require_GET
def list_page(request: HttpRequest) -> HttpResponse:
    """Every strategy, what is in force, what comes, and how many it reaches."""
    asked.reader(request)
    page = listing.all_of_them(person=request.person)
    return render(request, "strategy/list.html", {"page": page})


@require_GET
def one(request: HttpRequest, strategy_id: int) -> HttpResponse:
    """One strategy with every version there was."""
    asked.reader(request)
    page = listing.one(strategy_id, person=request.person)
    told = audit.panel(subject_type="strategy", subject_id=strategy_id)
    return render(request, "strategy/one.html", {"page": page, "timeline": told})


@require_GET
def version(request: HttpRequest, version_id: int) -> HttpResponse:
    """One version: its table with head-counts, journeys, queues, and who decided."""
    asked.reader(request)
    page = listing.version(version_id, person=request.person, on=asked.today(request))
    if page.line.is_draft and page.may_draft and "read" not in request.GET:
        return redirect("strategy:draft", version_id)
    waiting = approvals.open_on(
        "strategy_version", version_id, person=request.person, at=request.at
    )
    context = {"page": page, "waiting": waiting, "today": asked.today(request)}
    return render(request, "strategy/version.html", context)


@require_GET
def file(request: HttpRequest, version_id: int) -> HttpResponse:
    """A version as a workbook or as YAML."""
    asked.reader(request)
    line = queries.version(version_id)
    content = queries.content_of(version_id)
    kind = "yaml" if request.GET.get("as") == "yaml" else "xlsx"
    filing.told_out(line, kind=kind, deed=asked.deed(request))
    name = f"{line.code}-{line.number}.{kind}"
    if kind == "yaml":
        answer = HttpResponse(filing.yaml_of(content), content_type="text/yaml")
    else:
        mark = Mark(request.person.username, request.at, request.request_id)
        answer = HttpResponse(workbook.write(content, mark=mark), content_type=_XLSX)
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


@require_GET
def compare(request: HttpRequest) -> HttpResponse:
    """Two versions, in words and as one grid."""
    asked.reader(request)
    page = compared.page(
        asked.whole(request.GET.get("a")),
        asked.whole(request.GET.get("b")),
        every=request.GET.get("rows") == "all",
    )
    return render(request, "strategy/compare.html", {"page": page})


@require_GET
def steps(request: HttpRequest) -> HttpResponse:
    """Segments and queues with their numbers, and the customers behind one."""
    asked.reader(request)
    page = steps_page.page(request.GET, person=request.person, on=asked.today(request))
    return render(request, "strategy/steps.html", {"page": page})


@require_POST
def release(request: HttpRequest, version_id: int) -> HttpResponse:
    """Name the day of a version, take it off, or put an earlier one back."""
    people.require(request.person, people.Permission.DECIDE_STRATEGY)
    given = request.POST
    act = given.get("act", "")
    deed = asked.deed(request, reason=given.get("reason", "").strip()[:2000])
    shown = version_id
    try:
        if act == "schedule":
            begins_on = asked.read_day(given.get("begins_on", ""))
            if begins_on is None:
                raise Refused("day_missing", _("Name a day such as 2026-11-20."))
            actions.schedule_version(
                version_id=version_id, begins_on=begins_on, deed=deed
            )
            told = _("The day is named.")
        elif act == "retire":
            actions.retire_version(version_id=version_id, deed=deed)
            told = _("It is taken off.")
        elif act == "roll_back":
            shown = actions.roll_back(version_id=version_id, deed=deed)
            told = _("Put back. The steps of the last day are found anew at once.")
        else:
            raise Refused("act_unknown", _("Choose what is to be done."))
    except (NotAllowed, NotFound):
        raise
    except Refused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, told)
    return redirect("strategy:version", shown)
