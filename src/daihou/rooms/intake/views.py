"""What files came in and what they did; sending files by hand, seeing how far it is."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from django.conf import settings
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from daihou.kit.paging import Paging, paging
from daihou.kit.refusal import NotAllowed, NotFound
from daihou.rooms.audit import door as audit
from daihou.rooms.intake import door, phrases, plan_files, queries, running, upload
from daihou.rooms.intake.forms import SendForm
from daihou.rooms.intake.told import Told, tell
from daihou.rooms.people import door as people

Chip = tuple[str, str, str]


def state_words(state: str) -> Chip:
    """Colour, shape and word for the state of a batch."""
    words = {
        "applied": ("good", "tick", pgettext("intake", "Taken in")),
        "refused": ("bad", "cross", pgettext("intake", "Refused")),
        "known": ("mute", "ring", pgettext("intake", "Known, nothing changed")),
    }
    return words.get(state, ("mute", "ring", state))


def history(request: HttpRequest) -> HttpResponse:
    """The batches, newest first, and the form to send files."""
    _sees_all(request)
    context: dict[str, Any] = {"sources": queries.sources()}
    if request.method == "POST":
        people.require(request.person, people.Permission.RUN_INTAKE)
        context |= _send(request, known=context["sources"])
        if request.htmx:
            return render(request, "intake/parts/sent.html", context)
    wrong = context.get("form") is not None and context["form"].errors
    context |= _listed(request.GET) | {
        "may_send": request.person.may(people.Permission.RUN_INTAKE),
        "may_fetch": _may_fetch(request),
        "mappings": upload.mapping_names(),
    }
    status = 422 if wrong else 200
    return render(request, "intake/history.html", context, status=status)


def _listed(query: Mapping[str, str]) -> dict[str, Any]:
    """The page of the history an address asks for."""
    source = query.get("source", "").replace("\0", "")[:40]
    state = query.get("state", "").replace("\0", "")[:20]
    cut: Paging = paging(
        query.get("page"), total=queries.history_size(source=source, state=state)
    )
    batches = queries.history(
        limit=cut.size, start=cut.start, source=source, state=state
    )
    return {
        "batches": [(batch, *state_words(batch.state)) for batch in batches],
        "paging": cut,
        "source": source,
        "state": state,
        "states": [(each, state_words(each)[2]) for each in ("applied", "refused")],
    }


def _sees_all(request: HttpRequest) -> None:
    """Files carry rows of every branch, so whoever sees one alone sees none of them."""
    people.require(request.person, people.Permission.VIEW_LOANS)
    if not request.person.oversees:
        raise NotAllowed(
            "not_allowed",
            _(
                "Files carry loans of every branch; they are for who sees them all. Ask"
                " the head office."
            ),
        )


def _may_fetch(request: HttpRequest) -> bool:
    """Rows of files are of every branch: for who sees all of them."""
    person = request.person
    return person.may(people.Permission.RUN_INTAKE) and person.oversees


def _send(request: HttpRequest, *, known: Sequence[str]) -> dict[str, Any]:
    """Take the files of the form in, or say what is wrong with it.

    Files that were only planned, or refused, are kept, so that they need no choosing
    again; corrected rows are put beside them. A page that can wait for it is told how
    far the intake is; another gets the answer at once.
    """
    kept = upload.find(request.POST.get("kept", ""), at=request.at)
    form = SendForm(
        request.POST,
        request.FILES,
        mappings=upload.mapping_names(),
        kept=kept is not None and not request.FILES,
    )
    if not form.is_valid():
        return {"form": form, "kept": kept if not request.FILES else None}
    asked = form.cleaned_data
    if asked["files"]:
        corrected = kept is not None and upload.corrects(asked["files"])
        kept = (
            upload.join(kept, asked["files"])
            if kept is not None and corrected
            else upload.keep(asked["files"], at=request.at)
        )
    assert kept is not None
    plan = asked["step"] == "plan"
    wish = running.Asked(asked["source"], asked["mapping"], asked["accept_good"])
    deed = _deed(request, plan=plan)
    may_fetch = _may_fetch(request)

    def finish(outcome: door.Outcome) -> Told:
        return tell(outcome, source=wish.source, sources=known, batch_errors=may_fetch)

    if request.htmx:
        begun = running.begin(kept, wish, deed=deed, finish=finish)
        return {"progress": begun}
    return _at_once(form, kept, wish, deed=deed, finish=finish)


def _at_once(
    form: SendForm,
    kept: upload.Kept,
    wish: running.Asked,
    *,
    deed: door.Deed,
    finish: Any,
) -> dict[str, Any]:
    """The same without waiting: for a page without scripts."""
    try:
        outcome = upload.take(
            kept,
            source=wish.source,
            mapping=wish.mapping,
            accept_good=wish.accept_good,
            deed=deed,
        )
    except door.MappingError as error:
        form.add_error("mapping", error.say(get_language() or "zh-hans"))
        return {"form": form, "kept": kept}
    result: Told = finish(outcome)
    keeps = deed.plan or result.refused
    if not keeps:
        kept.drop()
    return _told(result) | {"form": form, "kept": kept if keeps else None}


def _told(result: Told) -> dict[str, Any]:
    return {"result": result, "result_state": state_words(result.state)}


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


@require_GET
@never_cache
def progress(request: HttpRequest, token: str) -> HttpResponse:
    """How far files are that this person sent; in the end what it came to."""
    people.require(request.person, people.Permission.RUN_INTAKE)
    found = running.find(token, at=request.at, by=request.person.username)
    if found is None:
        raise Http404
    context: dict[str, Any] = {"progress": found}
    if found.told is not None:
        kept = upload.find(token, at=request.at)
        context |= _told(found.told) | {"kept": kept, "finished": True}
    response = render(request, "intake/parts/sent.html", context)
    if found.state == "done":
        response.headers["HX-Trigger"] = "intake-done"
    return response


@require_GET
def batch(request: HttpRequest, batch_id: int) -> HttpResponse:
    """One intake: its files, what was found in them, the rows to correct."""
    _sees_all(request)
    found = queries.batch_of(batch_id)
    if found is None:
        raise NotFound("intake_unknown", pgettext("intake", "There is no such intake."))
    language = get_language() or "zh-hans"
    context = {
        "batch": found,
        "state": state_words(found.line.state),
        "files": [
            (file, [(_about(code, language), n) for code, n in file.findings.items()])
            for file in found.files
        ],
        "may_fetch": _may_fetch(request),
        "timeline": audit.panel(subject_type="intake", subject_id=batch_id),
    }
    return render(request, "intake/batch.html", context)


def _about(code: str, language: str) -> tuple[str, bool]:
    """What a code says, and whether it keeps rows out."""
    known = phrases.PHRASES.get(code)
    if known is None:
        return code, True
    text = phrases.general(code, language=language)
    return text, known.is_error


@require_GET
def planned(request: HttpRequest, plan: str, number: int) -> HttpResponse:
    """The bad rows of files that were only planned, on the day of the plan."""
    people.require(request.person, people.Permission.RUN_INTAKE)
    _require_everything(request)
    path = plan_files.find(plan, number, at=request.at)
    if path is None:
        raise Http404
    return FileResponse(path.open("rb"), as_attachment=True, filename=path.name)


@require_GET
def errors(request: HttpRequest, batch_id: int, digest: str) -> HttpResponse:
    """The bad rows of a file, to correct and send again."""
    people.require(request.person, people.Permission.RUN_INTAKE)
    _require_everything(request)
    named = queries.error_file(batch_id=batch_id, digest=digest)
    if not named:
        raise Http404
    path = (settings.DAIHOU_HOME / named).resolve()
    if not path.is_relative_to(Path(settings.DAIHOU_HOME).resolve()):
        raise Http404
    if not path.is_file():
        raise Http404
    return FileResponse(path.open("rb"), as_attachment=True, filename=path.name)


def _require_everything(request: HttpRequest) -> None:
    """A file holds rows of every branch: who sees one alone sees none of it."""
    if not request.person.oversees:
        raise Http404
