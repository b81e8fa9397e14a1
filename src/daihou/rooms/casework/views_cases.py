"""One case whole, the list of cases, and what is done to many at once."""

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from daihou.kit.refusal import NotAllowed, NotFound, Refused
from daihou.rooms.audit import door as audit
from daihou.rooms.casework import door, forms_desk
from daihou.rooms.casework.pages import bulk as bulk_page
from daihou.rooms.casework.pages import case as case_page
from daihou.rooms.casework.pages import close_words, led
from daihou.rooms.casework.pages import listing as listing_page
from daihou.rooms.casework.states import CloseCode
from daihou.rooms.casework.views_desk import today_of
from daihou.rooms.people import door as people

_P = people.Permission


@require_GET
def case(request: HttpRequest, number: str) -> HttpResponse:
    """Everything about one case."""
    people.require(request.person, _P.VIEW_LOANS)
    page = case_page.case_page(
        number,
        by=request.person,
        today=today_of(request),
        at=request.at,
        kind=request.GET.get("kind", ""),
    )
    by = request.person
    context = {
        "page": page,
        "may_work": by.may(_P.WORK_CASES),
        "may_manage": by.may(_P.MANAGE_CASES),
        "collectors": led.choices(by) if by.may(_P.MANAGE_CASES) else (),
        "close_codes": close_words.groups(),
        "timeline": audit.panel_of({"case": [page.case.id]}),
    }
    return render(request, "casework/case.html", context)


def _done(
    request: HttpRequest, number: str, act: Callable[[], object], said: str
) -> HttpResponse:
    """Do it, and say on the case's page what came of it."""
    try:
        act()
    except (NotAllowed, NotFound):
        raise
    except Refused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, said)
    return redirect("casework:case", number)


@require_POST
def release(request: HttpRequest, number: str, hold_id: int) -> HttpResponse:
    """Release a hold that another person placed."""
    people.require(request.person, _P.MANAGE_CASES)
    door.case_numbered(number, scope=request.person.scope)

    def act() -> None:
        reason = request.POST.get("reason", "")
        door.release_hold(hold_id, reason=reason, deed=door.Deed.of(request))

    return _done(request, number, act, _("The case is worked again."))


@require_POST
def assign(request: HttpRequest, number: str) -> HttpResponse:
    """Give one case to somebody, or back to nobody."""
    people.require(request.person, _P.MANAGE_CASES)
    found = door.case_numbered(number, scope=request.person.scope)

    def act() -> None:
        moved = door.assign(
            [found.id],
            collector=request.POST.get("collector", ""),
            version=forms_desk.whole(request.POST.get("version", "")) or None,
            deed=door.Deed.of(request),
        )
        if moved.left:
            raise Refused(moved.left[0].code, moved.left[0].words)

    return _done(request, number, act, _("The case changed hands."))


@require_POST
def close(request: HttpRequest, number: str) -> HttpResponse:
    """Close a case with a code whose arithmetic is checked."""
    people.require(request.person, _P.MANAGE_CASES)
    found = door.case_numbered(number, scope=request.person.scope)

    def act() -> None:
        code = request.POST.get("code", "")
        if code not in set(CloseCode):
            raise Refused("close_code", _("Choose why the case is closed."))
        door.close_case(
            found.id,
            code=CloseCode(code),
            reason=request.POST.get("reason", ""),
            version=forms_desk.whole(request.POST.get("version", "")) or None,
            deed=door.Deed.of(request),
        )

    return _done(request, number, act, _("The case is closed."))


@require_GET
def listing(request: HttpRequest) -> HttpResponse:
    """Cases of one's sight, narrowed and in order."""
    people.require(request.person, _P.VIEW_LOANS)
    page = listing_page.list_page(
        request.GET, by=request.person, today=today_of(request)
    )
    if page.bar.first:
        return redirect(page.bar.first)
    context = {"page": page, "may_manage": request.person.may(_P.MANAGE_CASES)}
    return render(request, "casework/cases.html", context)


@require_POST
def bulk(request: HttpRequest) -> HttpResponse:
    """Show what would be done to the selected cases; with `sure`, do it."""
    people.require(request.person, _P.MANAGE_CASES)
    deed = door.Deed.of(request)
    try:
        plan = bulk_page.plan_of(request.POST, deed=deed)
        if request.POST.get("sure") != "1":
            return render(request, "casework/bulk.html", {"plan": plan})
        done = bulk_page.carry_out(plan, deed=deed)
    except (NotAllowed, NotFound):
        raise
    except Refused as refused:
        messages.error(request, str(refused))
        return redirect("casework:cases")
    text = ngettext("Done for %(n)s case.", "Done for %(n)s cases.", done.count)
    messages.success(request, text % {"n": done.count})
    for line in done.failed[:5]:
        messages.warning(request, line)
    return redirect("casework:cases")
