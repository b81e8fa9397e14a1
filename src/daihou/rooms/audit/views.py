"""The explorer of the log of changes, and its export."""

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from daihou.kit.refusal import NotAllowed
from daihou.kit.watermark import Mark
from daihou.rooms.audit import pages, queries
from daihou.rooms.audit.actions import record_export

_MOST = 100_000  # events one export holds


def _require(request: HttpRequest) -> None:
    # A later room knows the permissions; here its code is enough.
    if not request.person.may("view_audit"):
        raise NotAllowed(
            "not_allowed",
            _("The log of changes is read by auditors and administrators. Ask one."),
            permission="view_audit",
        )
    if not request.person.oversees:  # events are of every branch
        raise NotAllowed(
            "not_allowed",
            _(
                "The log of changes tells of every branch; it is read by who sees them"
                " all. Ask an auditor or an administrator."
            ),
            permission="view_audit",
        )


@require_GET
def explorer(request: HttpRequest) -> HttpResponse:
    """Events by person, subject, type and time, newest first."""
    _require(request)
    page = pages.explorer(request.GET)
    return render(request, "audit/explorer.html", {"page": page})


@require_GET
def export(request: HttpRequest) -> StreamingHttpResponse:
    """The events behind an address as CSV; leaves an event itself."""
    _require(request)
    if request.person.viewing_as:
        raise NotAllowed(
            "looking_only",
            _("You look through another's eyes; nothing is taken out meanwhile."),
        )
    search = pages.asked(request.GET)[0]
    day = request.business_day()
    record_export(
        by=request.person.username,
        at=request.at,
        business_date=day.on if day else None,
        rows=queries.count_found(search, limit=_MOST),
        address=request.GET.urlencode()[:500],
    )
    found = queries.find_all(search, limit=_MOST)
    mark = Mark(
        by=request.person.username, at=request.at, request_id=request.request_id
    )
    content = pages.sheet(found, mark=mark)
    response = StreamingHttpResponse(content, content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = 'attachment; filename="daihou-audit.csv"'
    return response
