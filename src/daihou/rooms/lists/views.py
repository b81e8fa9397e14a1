"""Saved views: the page of them, saving one, changing one, opening one by its number."""

from collections.abc import Mapping

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from daihou.kit.refusal import NotAllowed, NotFound, Refused
from daihou.rooms.lists import actions, kinds, queries
from daihou.rooms.lists.bar import address_of
from daihou.rooms.people import door as people


def _deed(request: HttpRequest) -> dict[str, object]:
    day = request.business_day()
    return {
        "by": request.person,
        "at": request.at,
        "business_date": day.on if day else None,
    }


def _grouped(request: HttpRequest) -> list[tuple[kinds.ListKind, list[object]]]:
    """The views by list, each with its address and the name of its owner."""
    names = people.names()
    found: dict[str, list[object]] = {}
    for view in queries.all_views(person=request.person):
        owner = names.get(view.owner, view.owner)
        found.setdefault(view.list, []).append((view, address_of(view), owner))
    known = kinds.kinds()
    return [(known[code], rows) for code, rows in sorted(found.items())]


@require_GET
def views(request: HttpRequest) -> HttpResponse:
    """Every view this person may open: to rename, share, put first, delete."""
    open_to = [
        (kind, reverse(kind.url_name))
        for kind in kinds.kinds().values()
        if request.person.may(kind.permission)
    ]
    if not open_to:
        people.require(request.person, people.Permission.VIEW_LOANS)
    context = {"lists": _grouped(request), "open_to": open_to}
    return render(request, "lists/views.html", context)


@require_GET
def open_view(request: HttpRequest, view_id: int) -> HttpResponse:
    """The short address of a view, to be sent: on to the list it belongs to."""
    return redirect(address_of(queries.view_of(view_id, person=request.person)))


@require_POST
def save(request: HttpRequest) -> HttpResponse:
    """Keep the conditions of a list under a name, then show the list with them."""
    form = request.POST
    query = QueryDict(form.get("query", "")[:8000])
    try:
        view_id = actions.save_view(
            code=form.get("list", ""),
            name=form.get("name", ""),
            query=query,
            shared=form.get("shared") == "1",
            **_deed(request),
        )
    except (NotAllowed, NotFound):
        raise
    except Refused as refused:
        return _back(request, form, refused)
    messages.success(request, _("The view is saved. Its address can be sent."))
    return redirect("lists:open", view_id)


def _back(
    request: HttpRequest, form: Mapping[str, str], refused: Refused
) -> HttpResponse:
    """To the list as it was, with what is wrong said above it."""
    messages.error(request, str(refused))
    kind = kinds.kind_of(form.get("list", ""), unknown=queries.no_such_view)
    query = kinds.kept(QueryDict(form.get("query", "")[:8000]), kind)
    return redirect(f"{reverse(kind.url_name)}?{query}")


@require_POST
def change(request: HttpRequest, view_id: int) -> HttpResponse:
    """Rename, share, put first, give other conditions or delete, as the button says."""
    form, deed = request.POST, _deed(request)
    step = form.get("step", "")
    target = redirect("lists:views")
    try:
        if step == "rename":
            name = form.get("name", "")
            actions.change_view(view_id=view_id, name=name, **deed)
        elif step in {"share", "keep"}:
            shared = step == "share"
            actions.change_view(view_id=view_id, shared=shared, **deed)
        elif step == "update":
            query = QueryDict(form.get("query", "")[:8000])
            actions.change_view(view_id=view_id, query=query, **deed)
            target = redirect("lists:open", view_id)
        elif step in {"first", "not_first"}:
            first = step == "first"
            actions.open_first(view_id=view_id, first=first, **deed)
        elif step == "delete":
            name = actions.delete_view(view_id=view_id, **deed)
            told = _("The view “%(name)s” is deleted.") % {"name": name}
            messages.success(request, told)
        else:
            messages.error(request, _("Nothing was changed: no step was named."))
    except (NotAllowed, NotFound):
        raise
    except Refused as refused:
        messages.error(request, str(refused))
    return target
