"""Tokens of the person signed in; receivers of events and their messages."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from daihou.kit.refusal import Refused
from daihou.rooms.gateway import door, pages, queries
from daihou.rooms.gateway.forms import DAYS, EndpointForm, TokenForm
from daihou.rooms.people import door as people


def _deed(request: HttpRequest) -> dict[str, Any]:
    return {
        "by": request.person,
        "at": request.at,
        "request_id": request.request_id,
    }


@never_cache
def tokens(request: HttpRequest) -> HttpResponse:
    """The tokens of this person, and a new one: its secret is shown this once."""
    people.require(request.person, people.Permission.USE_API)
    made, secret = None, ""
    form = TokenForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            made, secret = door.make_token(
                username=request.person.username, **form.cleaned_data, **_deed(request)
            )
        except Refused as refused:
            form.add_error(None, str(refused))
    everybody = request.person.may(people.Permission.MANAGE_PEOPLE)
    mine = {request.person.username}
    sight = people.in_sight(request.person) if everybody else mine
    lines = queries.tokens(logins=None if sight is None else sight | mine)
    wrong = form.is_bound and bool(form.errors)
    context = {
        "rows": pages.token_rows(lines, at=request.at),
        "everybody": everybody,
        "form": TokenForm() if made else form,
        "days": DAYS,
        "made": made,
        "secret": secret,
        "may_manage": door.may_manage(request.person),
    }
    return render(request, "gateway/tokens.html", context, status=422 if wrong else 200)


@require_POST
def revoke(request: HttpRequest, public_id: str) -> HttpResponse:
    """End a token at once."""
    line = door.revoke_token(public_id=public_id, **_deed(request))
    messages.success(request, _("%(name)s is revoked.") % {"name": line.name})
    return redirect("gateway:tokens")


@never_cache
def webhooks(request: HttpRequest) -> HttpResponse:
    """The receivers of events, and a new one: its key is shown this once."""
    queries.require_manager(request.person)
    made, key = None, ""
    form = EndpointForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            made, key = door.add_endpoint(**form.cleaned_data, **_deed(request))
        except Refused as refused:
            form.add_error(None, str(refused))
    wrong = form.is_bound and bool(form.errors)
    context = {
        "lines": queries.endpoints(),
        "form": EndpointForm() if made else form,
        "made": made,
        "key": key,
        "may_manage": True,
    }
    status = 422 if wrong else 200
    return render(request, "gateway/webhooks.html", context, status=status)


@require_GET
def webhook(request: HttpRequest, endpoint_id: int) -> HttpResponse:
    """One receiver and the messages to it."""
    queries.require_manager(request.person)
    return _webhook(request, endpoint_id)


def _webhook(request: HttpRequest, endpoint_id: int, key: str = "") -> HttpResponse:
    page = pages.endpoint_page(endpoint_id, request.GET)
    context = {"page": page, "key": key, "may_manage": True}
    return render(request, "gateway/webhook.html", context)


@never_cache
@require_POST
def rotate(request: HttpRequest, endpoint_id: int) -> HttpResponse:
    """A new key, shown this once; the old one signs beside it for a day."""
    _line, key = door.rotate_key(endpoint_id=endpoint_id, **_deed(request))
    return _webhook(request, endpoint_id, key)


@require_POST
def switch(request: HttpRequest, endpoint_id: int) -> HttpResponse:
    """Stop sending, or go on where it was stopped."""
    active = request.POST.get("active") == "1"
    door.set_active(endpoint_id=endpoint_id, active=active, **_deed(request))
    said = _("Sending goes on.") if active else _("Nothing is sent until you resume.")
    messages.success(request, said)
    return redirect("gateway:webhook", endpoint_id)


@require_POST
def test(request: HttpRequest, endpoint_id: int) -> HttpResponse:
    """Send a message that only tries the receiver."""
    door.send_test(endpoint_id=endpoint_id, **_deed(request))
    messages.success(
        request, _("A test message is in line; look here in a few seconds.")
    )
    return redirect("gateway:webhook", endpoint_id)


@require_POST
def replay(request: HttpRequest, endpoint_id: int) -> HttpResponse:
    """Send one message once more, or all that were given up."""
    given = request.POST.get("delivery", "")
    if given.isascii() and given.isdigit() and len(given) < 18:
        door.replay(endpoint_id=endpoint_id, delivery_id=int(given), **_deed(request))
        count = 1
    else:
        count = door.replay_dead(endpoint_id=endpoint_id, **_deed(request))
    said = ngettext(
        "%(n)s message is sent once more.", "%(n)s messages are sent once more.", count
    )
    messages.success(request, said % {"n": count})
    return redirect("gateway:webhook", endpoint_id)
