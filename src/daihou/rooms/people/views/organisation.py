"""The tree of units, and the form to add, move and rename one."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from daihou.kit.refusal import Refused
from daihou.rooms.people import actions, queries, words
from daihou.rooms.people.permissions import Permission, UnitKind
from daihou.rooms.people.views._common import deed, refused, require_sight, tabs, tell


def organisation(request: HttpRequest) -> HttpResponse:
    """The tree; `unit` in the address opens one of it beside, empty a new one."""
    require_sight(request.person)
    tree = queries.tree()
    chosen = {unit.code: unit for unit in tree}.get(request.GET.get("unit", ""))
    problem = ""
    given: dict[str, str] = {
        "code": chosen.code if chosen else "",
        "name": chosen.name if chosen else "",
        "name_en": chosen.name_en if chosen else "",
        "kind": chosen.kind if chosen else UnitKind.BRANCH,
        "parent": chosen.parent if chosen else request.GET.get("below", ""),
        "networks": "\n".join(chosen.networks) if chosen else "",
    }
    if request.method == "POST":
        queries.require(request.person, Permission.MANAGE_PEOPLE)
        given = {name: request.POST.get(name, "")[:80] for name in given}
        given["networks"] = request.POST.get("networks", "")[:3_000]
        new = request.POST.get("new") == "yes"
        try:
            actions.save_unit(**given, new=new, deed=deed(request))
        except Refused as refusal:
            problem = str(refusal)
        else:
            tell(request, "", _("The unit is saved."))
            return redirect(_address(given["code"].strip()))
    context = {
        "tabs": tabs(request.person),
        "tree": [(unit, words.kind_word(unit.kind)) for unit in tree],
        "chosen": chosen,
        "given": given,
        "problem": problem,
        "kinds": [(str(each), words.kind_word(each)) for each in UnitKind],
        "may_change": request.person.may(Permission.MANAGE_PEOPLE),
    }
    status = 422 if problem else 200
    return render(request, "people/organisation.html", context, status=status)


def _address(code: str) -> str:
    return f"{reverse('people:organisation')}?{urlencode({'unit': code})}"


@require_POST
def unit_remove(request: HttpRequest) -> HttpResponse:
    """Take an empty unit away."""
    queries.require(request.person, Permission.MANAGE_PEOPLE)
    code = request.POST.get("code", "").replace("\x00", "")[:40]
    problem = refused(lambda: actions.remove_unit(code=code, deed=deed(request)))
    tell(request, problem, _("The unit is taken away."))
    if problem:
        return redirect(_address(code))
    return redirect("people:organisation")
