"""The collector's desk: a case, the gate, the outcome, the next case; and my day."""

from collections.abc import Mapping
from datetime import date, timedelta

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from daihou.kit.refusal import NotAllowed, NotFound, Refused
from daihou.rooms.casework import door, forms_desk
from daihou.rooms.casework.actions import desk as acting
from daihou.rooms.casework.pages import day as day_page
from daihou.rooms.casework.pages import desk as desk_page
from daihou.rooms.casework.pages import desk_due as due_page
from daihou.rooms.casework.pages import pulse as pulse_page
from daihou.rooms.casework.pages import terms as terms_page
from daihou.rooms.casework.pages.desk_list import address
from daihou.rooms.casework.queries.cases import CaseLine
from daihou.rooms.casework.states import HoldKind
from daihou.rooms.people import door as people

_P = people.Permission
_FURTHEST = timedelta(days=366)
_TYPED = ("code", "amount", "due_on", "note", "next_at", "decision", "came")


def today_of(request: HttpRequest) -> date:
    """The open business day, or the calendar's before there is one."""
    day = request.business_day()
    found: date = day.on if day else timezone.localdate(request.at)
    return found


def _page(
    request: HttpRequest,
    number: str = "",
    *,
    problem: str = "",
    draft: Mapping[str, object] | None = None,
    notes: tuple[desk_page.Note, ...] = (),
    case: CaseLine | None = None,
    status: int = 200,
) -> HttpResponse:
    """The whole page, or the desk alone where the desk asked."""
    page = desk_page.desk_page(
        desk_page.Asked(
            by=request.person,
            today=today_of(request),
            at=request.at,
            number=number,
            problem=problem,
            draft=draft,
            notes=notes,
            case=case,
        )
    )
    alone = request.headers.get("HX-Request") == "true"
    template = "casework/parts/desk.html" if alone else "casework/desk.html"
    answer = render(request, template, {"page": page}, status=status)
    if alone:
        number = page.case.number if page.case else ""
        answer.headers["HX-Push-Url"] = address(number)
    return answer


def _worker(request: HttpRequest) -> None:
    people.require(request.person, _P.WORK_CASES)


@require_GET
def desk(request: HttpRequest) -> HttpResponse:
    """The list, the case asked for or the first, the outcome panel."""
    _worker(request)
    return _page(request, request.GET.get("case", "")[:20].replace("\0", ""))


@require_GET
def day(request: HttpRequest) -> HttpResponse:
    """The whole day in order, with times, and how it went lately."""
    _worker(request)
    page = day_page.day_page(request.person, today=today_of(request), at=request.at)
    return render(request, "casework/day.html", {"page": page})


@require_GET
def worklist(request: HttpRequest) -> HttpResponse:
    """The list of the desk alone, as it is now; the desk asks for it by itself."""
    _worker(request)
    number = request.GET.get("case", "")[:20].replace("\0", "")
    page = desk_page.list_page(
        request.person, number, today=today_of(request), at=request.at
    )
    return render(request, "casework/parts/desk_list.html", {"page": page})


@require_POST
def take(request: HttpRequest) -> HttpResponse:
    """Take the next case from the queue; what was saved before is written first."""
    _worker(request)
    deed = door.Deed.of(request)
    acting.keep_own(deed=deed)
    try:
        taken = door.take_next(deed=deed)
    except (NotAllowed, NotFound):
        raise
    except Refused as refused:
        return _page(request, notes=(desk_page.Note("bad", str(refused)),))
    if taken is None:
        empty = _("Nobody in your queues may be contacted now.")
        return _page(request, notes=(desk_page.Note("mute", empty),))
    return _page(request, taken.case.number, case=taken.case)


def _refusable(request: HttpRequest, number: str, refused: Refused) -> HttpResponse:
    """The same case again, with what was refused above it."""
    return _page(request, number, notes=(desk_page.Note("bad", str(refused)),))


@require_POST
def ask(request: HttpRequest, number: str) -> HttpResponse:
    """Ask the gate for a contact; what comes of it is written down on its answer."""
    _worker(request)
    channel = request.POST.get("channel", "")
    try:
        way = pulse_page.way_of(number, channel, by=request.person, at=request.at)
        kept = acting.ask(
            number,
            loan_id=way.loan_id,
            channel=channel,
            point_id=way.point_id,
            deed=door.Deed.of(request),
        )
    except (NotAllowed, NotFound):
        raise
    except Refused as refused:
        return _refusable(request, number, refused)
    return _page(request, number, notes=(desk_page.answer_note(kept, request.at),))


@require_POST
def save(request: HttpRequest, number: str) -> HttpResponse:
    """Save the outcome and go on to the next case; it can be undone for a while."""
    _worker(request)
    typed = {name: request.POST.get(name, "") for name in _TYPED}
    case = door.case_numbered(number, scope=request.person.scope)
    try:
        outcome = forms_desk.outcome(request.POST, currency=case.currency)
        acting.save(number, outcome=outcome, typed=typed, deed=door.Deed.of(request))
    except (NotAllowed, NotFound):
        raise
    except Refused as refused:
        kept = desk_page.draft_of(case.id, by=request.person.username)
        draft = {**kept, **typed, "problem": ""}
        return _page(request, number, problem=str(refused), draft=draft, status=422)
    return _page(request)


@require_POST
def undo(request: HttpRequest, number: str) -> HttpResponse:
    """Take a saved result back while it is not written."""
    _worker(request)
    try:
        acting.take_back(number, deed=door.Deed.of(request))
    except (NotAllowed, NotFound):
        raise
    except Refused as refused:
        return _refusable(request, number, refused)
    return _page(request, number)


@require_POST
def keep(request: HttpRequest) -> HttpResponse:
    """Write one's own saved results whose time to be undone is over."""
    _worker(request)
    lost = acting.keep_due(at=request.at, by=request.person.username)
    problems = [
        _("Case %(number)s was not saved: %(why)s")
        % {"number": each.number, "why": each.words}
        for each in lost
    ]
    return JsonResponse({"problems": problems})


@require_POST
def draft(request: HttpRequest, number: str) -> HttpResponse:
    """Keep what is being written."""
    _worker(request)
    typed = {name: request.POST.get(name, "") for name in _TYPED if name != "decision"}
    acting.keep_draft(number, typed=typed, deed=door.Deed.of(request))
    return HttpResponse(status=204)


@require_POST
def pulse(request: HttpRequest, number: str) -> HttpResponse:
    """Say that one is at the case still, and hear what happened meanwhile."""
    _worker(request)
    since = parse_datetime(request.POST.get("since", "").replace(" ", "+"))
    told = pulse_page.pulse(
        number,
        since=since if since and since.tzinfo else request.at,
        version=forms_desk.whole(request.POST.get("version", "")),
        deed=door.Deed.of(request),
    )
    return JsonResponse(told)


@require_GET
def terms(request: HttpRequest, number: str) -> HttpResponse:
    """Reckon a plan: equal parts of an amount, month by month."""
    _worker(request)
    shown = terms_page.terms(
        number, request.GET, by=request.person, today=today_of(request)
    )
    return render(request, "casework/parts/desk_terms_shown.html", {"terms": shown})


@require_GET
def due(request: HttpRequest, number: str) -> JsonResponse:
    """What clears the case on the day of a promise; no further than a year ahead."""
    _worker(request)
    today = today_of(request)
    try:
        on = forms_desk.day(request.GET.get("on", "")) or today
    except Refused as refused:
        return JsonResponse({"amount": "", "said": str(refused)})
    told = due_page.due(
        number, on=min(on, today + _FURTHEST), by=request.person, today=today
    )
    return JsonResponse(dict(told))


@require_POST
def over(request: HttpRequest, number: str) -> HttpResponse:
    """Take a case over from a colleague who has it in hand."""
    _worker(request)
    case = door.case_numbered(number, scope=request.person.scope)
    try:
        door.take(case.id, deed=door.Deed.of(request), over=True)
    except (NotAllowed, NotFound):
        raise
    except Refused as refused:
        return _refusable(request, number, refused)
    return _page(request, number)


@require_POST
def pass_over(request: HttpRequest, number: str) -> HttpResponse:
    """Put a case out of one's hands, with a reason."""
    _worker(request)
    case = door.case_numbered(number, scope=request.person.scope)
    try:
        door.let_go(
            case.id, skip=request.POST.get("reason", ""), deed=door.Deed.of(request)
        )
    except (NotAllowed, NotFound):
        raise
    except Refused as refused:
        return _refusable(request, number, refused)
    return _page(request)


@require_POST
def hold(request: HttpRequest, number: str) -> HttpResponse:
    """Leave a case in peace until a day."""
    _worker(request)
    case = door.case_numbered(number, scope=request.person.scope)
    given = request.POST
    try:
        if given.get("kind") not in set(HoldKind):
            raise Refused("hold_kind", _("Choose why the case is left in peace."))
        door.place_hold(
            case.id,
            kind=HoldKind(given["kind"]),
            reason=given.get("reason", ""),
            expires_on=forms_desk.day(given.get("until", "")),
            amount=forms_desk.money(given.get("amount", ""), currency=case.currency),
            version=forms_desk.whole(given.get("version", "")) or None,
            deed=door.Deed.of(request),
        )
    except (NotAllowed, NotFound):
        raise
    except Refused as refused:
        return _refusable(request, number, refused)
    if request.headers.get("HX-Request") != "true":
        messages.success(request, _("The case is left in peace."))
        return redirect("casework:case", number)
    return _page(request)


@require_POST
def escalate(request: HttpRequest, number: str) -> HttpResponse:
    """Hand a case to who oversees it."""
    _worker(request)
    try:
        acting.escalate(
            number,
            kind=request.POST.get("kind", ""),
            reason=request.POST.get("reason", ""),
            version=forms_desk.whole(request.POST.get("version", "")),
            deed=door.Deed.of(request),
        )
    except (NotAllowed, NotFound):
        raise
    except Refused as refused:
        return _refusable(request, number, refused)
    done = desk_page.Note("good", _("The supervisor has it on the list."))
    return _page(request, number, notes=(done,))


@require_POST
def disagree(request: HttpRequest, number: str) -> HttpResponse:
    """Say why the suggested step is not right."""
    _worker(request)
    try:
        acting.disagree(
            number, reason=request.POST.get("reason", ""), deed=door.Deed.of(request)
        )
    except (NotAllowed, NotFound):
        raise
    except Refused as refused:
        return _refusable(request, number, refused)
    done = desk_page.Note("good", _("The strategy desk reads it."))
    return _page(request, number, notes=(done,))
