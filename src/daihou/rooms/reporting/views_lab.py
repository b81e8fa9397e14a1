"""The lab: its front, one question, the loans behind a cell, and its files."""

from typing import Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from daihou.kit.refusal import NotFound
from daihou.kit.watermark import Mark
from daihou.rooms.approvals import door as approvals
from daihou.rooms.people import door as people
from daihou.rooms.reporting import actions, question
from daihou.rooms.reporting.asked import reader
from daihou.rooms.reporting.files import drawn, lab_book
from daihou.rooms.reporting.files.lab_book import Taken
from daihou.rooms.reporting.pages import drill
from daihou.rooms.reporting.pages import lab as lab_page
from daihou.rooms.reporting.pages import overview as overview_page
from daihou.rooms.reporting.question import Question

_TYPES: Final = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "parquet": "application/vnd.apache.parquet",
    "svg": "image/svg+xml",
}


@require_GET
def lab(request: HttpRequest) -> HttpResponse:
    """The front: a few figures and where to begin."""
    reader(request)
    page = overview_page.overview(person=request.person)
    return render(request, "reporting/lab.html", {"page": page})


@require_GET
def ask(request: HttpRequest) -> HttpResponse:
    """One question; its address holds the whole of it."""
    reader(request)
    if not request.GET.get("metric"):
        return redirect("reporting:lab")
    page = lab_page.page(request.GET, person=request.person)
    may = request.person.may
    context = {
        "page": page,
        "may_export": may(people.Permission.EXPORT_LEDGER),
        "may_share": may(people.Permission.SHARE_REPORT),
    }
    return render(request, "reporting/ask.html", context)


@require_GET
def loans(request: HttpRequest) -> HttpResponse:
    """The loans in the numerator of one cell, at most 200, the largest first."""
    reader(request)
    people.require(request.person, people.Permission.VIEW_LOANS)
    page = drill.drill(request.GET, person=request.person)
    return render(request, "reporting/lab_loans.html", {"page": page})


@require_GET
def export(request: HttpRequest, kind: str) -> HttpResponse:
    """The answer as a workbook, columns or a drawing; leaves an event."""
    reader(request)
    people.require(request.person, people.Permission.EXPORT_LEDGER)
    asked = question.read(request.GET)
    mark = Mark(
        by=request.person.username, at=request.at, request_id=request.request_id
    )
    taken = _taken(request, asked, kind, mark)
    if taken is None:
        raise NotFound(
            "nothing_to_export", _("There is nothing to take out for this question.")
        )
    actions.record_export(
        address=asked.address(),
        kind=kind,
        fingerprint=taken.fingerprint,
        deed=approvals.Deed.of(request),
    )
    response = HttpResponse(taken.content, content_type=_TYPES[kind])
    name = f"daihou-{asked.metric.id}.{kind}"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _taken(
    request: HttpRequest, asked: Question, kind: str, mark: Mark
) -> Taken | None:
    if kind == "xlsx":
        return lab_book.workbook(asked, person=request.person, mark=mark)
    if kind == "parquet":
        return lab_book.parquet(asked, person=request.person, mark=mark)
    if kind == "svg":
        page = lab_page.page(request.GET, person=request.person)
        return drawn.svg(page, mark=mark)
    raise NotFound("export_unknown", _("The lab writes xlsx, parquet and svg."))
