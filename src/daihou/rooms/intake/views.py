"""What files came in and what they did; sending files by hand."""

from pathlib import Path

from django.conf import settings
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import pgettext

from daihou.rooms.intake import queries
from daihou.rooms.people import door as people


def _state(state: str) -> tuple[str, str, str]:
    """Colour, shape and word for the state of a batch."""
    words = {
        "applied": ("good", "tick", pgettext("intake", "Taken in")),
        "refused": ("bad", "cross", pgettext("intake", "Refused")),
        "checking": ("info", "half", pgettext("intake", "Checking")),
        "known": ("mute", "ring", pgettext("intake", "Known, nothing changed")),
    }
    return words.get(state, ("mute", "ring", state))


def history(request: HttpRequest) -> HttpResponse:
    """The batches, newest first, and the form to send files."""
    people.require(request.person, people.Permission.VIEW_LOANS)
    context = {
        "batches": [(batch, *_state(batch.state)) for batch in queries.history()],
        "may_send": request.person.may(people.Permission.RUN_INTAKE),
    }
    return render(request, "intake/history.html", context)


def errors(request: HttpRequest, batch_id: int, digest: str) -> HttpResponse:
    """The bad rows of a file, to correct and send again."""
    people.require(request.person, people.Permission.RUN_INTAKE)
    named = [
        file.error_file
        for batch in queries.history()
        if batch.id == batch_id
        for file in batch.files
        if file.digest == digest and file.error_file
    ]
    if not named:
        raise Http404
    path = Path(named[0])
    path = path if path.is_absolute() else settings.DAIHOU_HOME / path
    if not path.is_file():
        raise Http404
    return FileResponse(path.open("rb"), as_attachment=True, filename=path.name)
