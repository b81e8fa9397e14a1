"""What files came in and what they did; sending files by hand."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from django.conf import settings
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language, pgettext

from daihou.rooms.intake import door, plan_files, queries, upload
from daihou.rooms.intake.forms import SendForm
from daihou.rooms.people import door as people


def state_words(state: str) -> tuple[str, str, str]:
    """Colour, shape and word for the state of a batch."""
    words = {
        "applied": ("good", "tick", pgettext("intake", "Taken in")),
        "refused": ("bad", "cross", pgettext("intake", "Refused")),
        "known": ("mute", "ring", pgettext("intake", "Known, nothing changed")),
    }
    return words.get(state, ("mute", "ring", state))


def history(request: HttpRequest) -> HttpResponse:
    """The batches, newest first, and the form to send files."""
    people.require(request.person, people.Permission.VIEW_LOANS)
    context: dict[str, Any] = {"sources": queries.sources()}
    if request.method == "POST":
        people.require(request.person, people.Permission.RUN_INTAKE)
        context |= _send(request, known=context["sources"])
    wrong = context.get("form") is not None and context["form"].errors
    context |= {
        "batches": [(batch, *state_words(batch.state)) for batch in queries.history()],
        "may_send": request.person.may(people.Permission.RUN_INTAKE),
        "mappings": upload.mapping_names(),
    }
    status = 422 if wrong else 200
    return render(request, "intake/history.html", context, status=status)


def _send(request: HttpRequest, *, known: Sequence[str]) -> dict[str, Any]:
    """Take the files of the form in, or say what is wrong with it.

    Files that were only planned are kept, so that they need no choosing again.
    """
    kept = None
    if not request.FILES:
        kept = upload.find(request.POST.get("kept", ""), at=request.at)
    form = SendForm(
        request.POST,
        request.FILES,
        mappings=upload.mapping_names(),
        kept=kept is not None,
    )
    if not form.is_valid():
        return {"form": form, "kept": kept}
    asked = form.cleaned_data
    kept = kept or upload.keep(asked["files"], at=request.at)
    plan = asked["step"] == "plan"
    try:
        outcome = upload.take(
            kept,
            source=asked["source"],
            mapping=asked["mapping"],
            accept_good=asked["accept_good"],
            deed=_deed(request, plan=plan),
        )
    except door.MappingError as error:
        form.add_error("mapping", error.say(get_language() or "zh-hans"))
        return {"form": form, "kept": kept}
    if not plan:
        kept.drop()
    new = asked["source"] if known and asked["source"] not in known else ""
    return _told(outcome) | {
        "form": form,
        "kept": kept if plan else None,
        "new_source": new,
    }


def _deed(request: HttpRequest, *, plan: bool) -> door.Deed:
    day = request.business_day()
    return door.Deed(
        by=request.person.username,
        at=request.at,
        now=request.now,
        business_date=day.on if day else None,
        language=get_language() or "zh-hans",
        plan=plan,
    )


def _told(outcome: door.Outcome) -> dict[str, Any]:
    """What taking files in did, or would do, as the page tells it."""
    names = dict.fromkeys([*outcome.tables, *outcome.refused])
    tables = [
        (name, outcome.tables.get(name), outcome.refused.get(name, 0)) for name in names
    ]
    return {
        "result": outcome,
        "result_state": state_words(outcome.state),
        "result_tables": tables,
        "result_errors": _planned(outcome),
    }


def _planned(outcome: door.Outcome) -> list[tuple[str, str]]:
    """The error files of a plan: name and address, for as long as they are kept."""
    if not outcome.planned:
        return []
    ordered = sorted(outcome.error_files.values())
    # A file refused as a whole has no row to correct.
    rows_of = {fault.file for fault in outcome.faults if fault.line}
    with_rows = {outcome.error_files[file] for file in rows_of & {*outcome.error_files}}
    return [
        (path.name, reverse("intake:planned", args=[path.parent.name, number]))
        for number, path in enumerate(ordered)
        if path in with_rows
    ]


def planned(request: HttpRequest, plan: str, number: int) -> HttpResponse:
    """The bad rows of files that were only planned, on the day of the plan."""
    people.require(request.person, people.Permission.RUN_INTAKE)
    path = plan_files.find(plan, number, at=request.at)
    if path is None:
        raise Http404
    return FileResponse(path.open("rb"), as_attachment=True, filename=path.name)


def errors(request: HttpRequest, batch_id: int, digest: str) -> HttpResponse:
    """The bad rows of a file, to correct and send again."""
    people.require(request.person, people.Permission.RUN_INTAKE)
    named = queries.error_file(batch_id=batch_id, digest=digest)
    if not named:
        raise Http404
    path = (settings.DAIHOU_HOME / named).resolve()
    if not path.is_relative_to(Path(settings.DAIHOU_HOME).resolve()):
        raise Http404
    if not path.is_file():
        raise Http404
    return FileResponse(path.open("rb"), as_attachment=True, filename=path.name)
