"""Drawing: the grid of a draft, its journeys and queues, files read, and proposing."""

import json
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from daihou.kit.refusal import Conflict, NotAllowed, NotFound, Refused
from daihou.rooms.strategy import actions, asked, document, forms, queries
from daihou.rooms.strategy.actions import filing
from daihou.rooms.strategy.pages import editor


@require_POST
def make(request: HttpRequest) -> HttpResponse:
    """Begin a strategy."""
    asked.drawer(request)
    given = request.POST
    try:
        made = actions.make_strategy(
            code=given.get("code", ""),
            title_zh=given.get("title_zh", ""),
            title_en=given.get("title_en", ""),
            deed=asked.deed(request),
        )
    except (NotAllowed, NotFound):
        raise
    except Refused as refused:
        messages.error(request, str(refused))
        return redirect("strategy:list")
    return redirect("strategy:draft", made.id)


@require_POST
def begin(request: HttpRequest, strategy_id: int) -> HttpResponse:
    """Begin a draft: of a version, of a file, or of what a browser still holds."""
    asked.drawer(request)
    row = queries.strategy_line(strategy_id)
    based_on = asked.whole(request.POST.get("based_on")) or None
    wish: dict[str, Any] = {"based_on": based_on}
    try:
        sent = request.FILES.get("file")
        if sent is not None:
            content, origin = filing.read(
                sent.read(), name=sent.name or "", code=row.code
            )
            wish |= {"content": content, "origin": origin}
        elif request.POST.get("grid"):
            if based_on is None:  # the page names the draft it was drawn in
                raise Refused(
                    "unreadable", _("What was sent cannot be read; reload the page.")
                )
            grid = _json(request.POST["grid"])
            base = queries.content_of(based_on)
            wish["content"] = document.with_grid(base, grid)
        made = actions.begin_draft(
            strategy_id=strategy_id, deed=asked.deed(request), **wish
        )
    except (NotAllowed, NotFound):
        raise
    except Refused as refused:
        messages.error(request, str(refused))
        return redirect("strategy:one", strategy_id)
    return redirect("strategy:draft", made.id)


def _json(text: str) -> dict[str, Any]:
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        found = None
    if not isinstance(found, dict):
        raise Refused("unreadable", _("What was sent cannot be read; reload the page."))
    return found


@require_GET
def draft(request: HttpRequest, version_id: int) -> HttpResponse:
    """The grid."""
    asked.drawer(request)
    page = editor.page(version_id, person=request.person, at=request.at)
    if not page.line.is_draft:
        return redirect("strategy:version", version_id)
    context = {"page": page, "today": asked.today(request)}
    return render(request, "strategy/draft.html", context)


@require_POST
def keep(request: HttpRequest, version_id: int) -> JsonResponse:
    """Keep the grid as it is typed; answer what is wrong with it, row by row."""
    try:
        asked.drawer(request)
        is_json = request.content_type == "application/json"  # a form is read already
        sent = _json(request.body.decode("utf-8", "replace") if is_json else "")
        content = queries.content_of(version_id)
        line = actions.keep_draft(
            version_id=version_id,
            rev=sent["rev"] if isinstance(sent.get("rev"), int) else 0,
            content=document.with_grid(content, sent),
            deed=asked.deed(request),
        )
    except Refused as refused:
        known = {"problem": str(refused), "code": refused.code, **refused.params}
        return JsonResponse(known, status=_status(refused))
    return JsonResponse(editor.answer(line, queries.content_of(version_id)))


def _status(refused: Refused) -> int:
    if isinstance(refused, Conflict):
        return 409
    if isinstance(refused, NotAllowed):
        return 403
    return 404 if isinstance(refused, NotFound) else 422


@require_http_methods(["GET", "POST"])
def parts(request: HttpRequest, version_id: int) -> HttpResponse:
    """Journeys, queues and the experiment of a draft."""
    asked.drawer(request)
    line, content = queries.version(version_id), queries.content_of(version_id)
    if not line.is_draft:
        return redirect("strategy:version", version_id)
    problem, status = "", 200
    if request.method == "POST":
        content = forms.parts(content, request.POST)
        if request.POST.get("act", "keep") == "keep":
            try:
                actions.keep_draft(
                    version_id=version_id,
                    rev=asked.whole(request.POST.get("rev")),
                    content=content,
                    deed=asked.deed(request),
                )
            except (NotAllowed, NotFound):
                raise
            except Refused as refused:
                problem, status = str(refused), 422
            else:
                messages.success(request, _("Kept."))
                return redirect("strategy:parts", version_id)
    page = editor.parts(line, content, rev=asked.whole(request.POST.get("rev")))
    context = {"page": page, "problem": problem}
    return render(request, "strategy/parts.html", context, status=status)


@require_POST
def read_file(request: HttpRequest, version_id: int) -> HttpResponse:
    """Take the content of a file into a draft; then compare it with what it was."""
    asked.drawer(request)
    line = queries.version(version_id)
    sent = request.FILES.get("file")
    try:
        if sent is None:
            raise Refused("file_missing", _("Choose a file first."))
        content, origin = filing.read(sent.read(), name=sent.name or "", code=line.code)
        actions.keep_draft(
            version_id=version_id,
            rev=asked.whole(request.POST.get("rev")),
            content=content,
            origin=origin,
            deed=asked.deed(request),
        )
    except (NotAllowed, NotFound):
        raise
    except Refused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, _("The file is read into this draft."))
    return redirect("strategy:draft", version_id)


@require_POST
def drop(request: HttpRequest, version_id: int) -> HttpResponse:
    """Drop a draft."""
    line = queries.version(version_id)
    try:
        actions.drop_draft(
            version_id=version_id,
            rev=asked.whole(request.POST.get("rev")),
            deed=asked.deed(request),
        )
    except (NotAllowed, NotFound):
        raise
    except Refused as refused:
        messages.error(request, str(refused))
        return redirect("strategy:draft", version_id)
    messages.success(request, _("The draft is dropped."))
    return redirect("strategy:one", line.strategy_id)


@require_POST
def propose(request: HttpRequest, version_id: int) -> HttpResponse:
    """Propose a draft; another person decides."""
    asked.drawer(request)
    given = request.POST
    text = given.get("begins_on", "").strip()
    try:
        begins_on = asked.read_day(text) if text else None
        if text and begins_on is None:
            raise Refused("day_unreadable", _("Name a day such as 2026-11-20."))
        actions.propose_version(
            version_id=version_id,
            rev=asked.whole(given.get("rev")),
            begins_on=begins_on,
            deed=asked.deed(request, reason=given.get("reason", "")),
        )
    except (NotAllowed, NotFound):
        raise
    except Refused as refused:
        messages.error(request, str(refused))
        return redirect("strategy:draft", version_id)
    messages.success(request, _("Proposed. Another person decides."))
    return redirect("strategy:draft", version_id)
