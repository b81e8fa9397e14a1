"""The plan of a case is paused, let go on, or stopped; a person's cases brought together."""

from collections.abc import Callable, Mapping
from typing import Final

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from daihou.kit import typed
from daihou.kit.refusal import NotAllowed, NotFound, Refused
from daihou.rooms.casework import door, forms_desk
from daihou.rooms.casework.actions import journeys, same_person
from daihou.rooms.people import door as people

_P = people.Permission
Act = Callable[[HttpRequest, int], str]


@require_POST
def plan(request: HttpRequest, number: str, do: str) -> HttpResponse:
    """Do it, and say on the page of the case what came of it."""
    people.require(request.person, _P.WORK_CASES)
    if do not in ACTS:
        raise Http404
    found = door.case_numbered(number, scope=request.person.scope)
    try:
        said = ACTS[do](request, found.id)
    except (NotAllowed, NotFound):
        raise
    except Refused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, said)
    return redirect("casework:case", number)


@require_POST
def together(request: HttpRequest, number: str) -> HttpResponse:
    """Bring the cases of one person into the hand that has this one."""
    people.require(request.person, _P.MANAGE_CASES)
    found = door.case_numbered(number, scope=request.person.scope)
    _reason, version, deed = _given(request)
    try:
        same_person.bring_together(found.id, version=version, deed=deed)
    except (NotAllowed, NotFound):
        raise
    except Refused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, _("One colleague has all cases of this person."))
    return redirect("casework:case", number)


def _given(request: HttpRequest) -> tuple[str, int | None, door.Deed]:
    version = forms_desk.whole(request.POST.get("version", "")) or None
    return request.POST.get("reason", ""), version, door.Deed.of(request)


def _pause(request: HttpRequest, case_id: int) -> str:
    reason, version, deed = _given(request)
    until = typed.day(request.POST.get("until", ""))
    if until is None:
        raise Refused("pause_until", _("Say until which day."), field="until")
    journeys.pause_plan(case_id, until=until, reason=reason, version=version, deed=deed)
    return str(_("The plan is paused."))


def _resume(request: HttpRequest, case_id: int) -> str:
    reason, version, deed = _given(request)
    journeys.resume_plan(case_id, reason=reason, version=version, deed=deed)
    return str(_("The plan goes on."))


def _stop(request: HttpRequest, case_id: int) -> str:
    reason, version, deed = _given(request)
    journeys.stop_plan(case_id, reason=reason, version=version, deed=deed)
    return str(_("The plan is stopped."))


ACTS: Final[Mapping[str, Act]] = {"pause": _pause, "resume": _resume, "stop": _stop}
