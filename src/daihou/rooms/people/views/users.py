"""The logins of the house: listed, made, changed, put off duty, looked through."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from daihou.kit.refusal import NotAllowed, NotFound, Refused
from daihou.rooms.audit import door as audit
from daihou.rooms.people import actions, queries, shown, standing, words
from daihou.rooms.people.permissions import Permission
from daihou.rooms.people.views._common import (
    deed,
    refused,
    require_sight,
    tabs,
)

_ONCE = "password_once"  # in the session: a password to be shown once, and whose


def _choices(person: queries.Person) -> dict[str, Any]:
    return {
        "tabs": tabs(person),
        "units": queries.unit_choices(),
        "roles": queries.role_choices(),
        "products": queries.product_choices(language=get_language() or "zh-hans"),
        "may_change": person.may(Permission.MANAGE_PEOPLE),
    }


@require_GET
def users(request: HttpRequest) -> HttpResponse:
    """The logins in sight."""
    require_sight(request.person)
    page = queries.users(request.GET, by=request.person)
    context = {"page": page} | _choices(request.person)
    return render(request, "people/users.html", context)


@never_cache
def user_new(request: HttpRequest) -> HttpResponse:
    """Make a login; its first password is shown once and must be changed."""
    queries.require(request.person, Permission.MANAGE_PEOPLE)
    problem, given = "", _given(request)
    if request.method == "POST":
        username = request.POST.get("username", "").strip()[:150]
        try:
            password, proposal = actions.make_login(
                username=username, wish=given, deed=deed(request)
            )
        except Refused as refusal:
            problem = str(refusal)
        else:
            if proposal:
                return _proposed(request, proposal)
            request.session[_ONCE] = [username, password]
            return redirect("people:user", username=username)
    context = {
        "problem": problem,
        "given": given | {"username": request.POST.get("username", "")},
    } | _choices(request.person)
    status = 422 if problem else 200
    return render(request, "people/user_new.html", context, status=status)


def _proposed(request: HttpRequest, proposal: str) -> HttpResponse:
    """Go to what a second person has to approve; then the same is done once more."""
    words = _("Proposed; a second person decides. Once approved, do the same again.")
    messages.success(request, words)
    return redirect(proposal)


def _given(request: HttpRequest) -> dict[str, Any]:
    """What the form of a login says; None for what it has no field for."""
    post = request.POST
    return {
        "role": post.get("role", "")[:40],
        "branch": post.get("branch", "")[:40],
        "products": [each[:60] for each in post.getlist("products")][:100],
        "full_name": post.get("full_name", "").strip()[:80],
        "reads_only": "reads_only" in post,
    }


@never_cache
def user(request: HttpRequest, username: str) -> HttpResponse:
    """One login: its rights, what it sees, devices, second factors, its story."""
    require_sight(request.person)
    line = queries.user_line(username, by=request.person)
    problem, given = "", None
    if request.method == "POST":
        queries.require(request.person, Permission.MANAGE_PEOPLE)
        given = _given(request)
        try:
            proposal = actions.ask_for_rights(
                username=username, wish=given, deed=deed(request)
            )
        except Refused as refusal:
            problem = str(refusal)
        else:
            if proposal:
                messages.success(request, _("Proposed; a second person decides."))
                return redirect(proposal)
            messages.success(request, _("The login is changed."))
            return redirect("people:user", username=username)
    context = _user_context(request, line)
    given = given or {
        "role": line.role,
        "branch": line.unit,
        "products": line.products,
        "full_name": line.name,
        "reads_only": line.reads_only,
    }
    context |= {"problem": problem, "given": given}
    status = 422 if problem else 200
    return render(request, "people/user.html", context, status=status)


def _user_context(request: HttpRequest, line: queries.UserLine) -> dict[str, Any]:
    person = queries.person(line.username, at=request.at)
    once = request.session.get(_ONCE)
    if once and once[0] == line.username:
        request.session.pop(_ONCE)
    else:
        once = None
    granted = [words.permission_word(each) for each in sorted(person.permissions)]
    return {
        "line": line,
        "sight": shown.sight(person),
        "covering": person.covering,
        "granted": granted,
        "devices": queries.devices(line.username, at=request.at),
        "factors": queries.factors(line.username),
        "timeline": audit.panel(subject_type="person", subject_id=line.username),
        "password": once[1] if once else "",
        "own": line.username == request.person.username,
        "may_look": standing.may_look(request.person),
    } | _choices(request.person)


def _back(request: HttpRequest, username: str) -> HttpResponse:
    return redirect("people:user", username=username)


def _in_sight(request: HttpRequest, username: str) -> None:
    """Raise NotFound unless the login is one this person may see."""
    queries.require(request.person, Permission.MANAGE_PEOPLE)
    queries.user_line(username, by=request.person)


@require_POST
def user_duty(request: HttpRequest, username: str) -> HttpResponse:
    """Put somebody off duty, which signs them out everywhere, or back on duty."""
    _in_sight(request, username)
    active = request.POST.get("active") == "on"
    try:
        proposal = actions.set_duty(
            username=username, active=active, deed=deed(request)
        )
    except (NotAllowed, NotFound):
        raise
    except Refused as problem:
        messages.error(request, str(problem))
        return _back(request, username)
    if proposal:
        messages.success(request, _("Proposed; a second person decides."))
        return redirect(proposal)
    done = _("Back on duty.") if active else _("Off duty, and signed out everywhere.")
    messages.success(request, done)
    return _back(request, username)


@require_POST
def user_password(request: HttpRequest, username: str) -> HttpResponse:
    """Give somebody a password for once; it is shown on the next page only."""
    _in_sight(request, username)
    try:
        password, proposal = actions.reset_password(
            username=username, deed=deed(request)
        )
    except Refused as problem:
        messages.error(request, str(problem))
    else:
        if proposal:
            return _proposed(request, proposal)
        request.session[_ONCE] = [username, password]
    return _back(request, username)


@require_POST
def user_factors(request: HttpRequest, username: str) -> HttpResponse:
    """Take the second factors of somebody away who lost them."""
    _in_sight(request, username)
    try:
        proposal = actions.reset_factors(username=username, deed=deed(request))
    except (NotAllowed, NotFound):
        raise
    except Refused as problem:
        messages.error(request, str(problem))
        return _back(request, username)
    if proposal:
        return _proposed(request, proposal)
    messages.success(request, _("The second factors are taken away."))
    return _back(request, username)


@require_POST
def user_sessions(request: HttpRequest, username: str) -> HttpResponse:
    """Sign somebody out: of one device, or of all."""
    _in_sight(request, username)
    asked = request.POST.get("session", "")
    if asked.isascii() and asked.isdigit() and len(asked) < 19:
        actions.end_session(
            session_id=int(asked), username=username, deed=deed(request)
        )
    else:
        actions.end_all_sessions(username=username, deed=deed(request))
    messages.success(request, _("Signed out."))
    return _back(request, username)


@require_POST
def view_as(request: HttpRequest, username: str) -> HttpResponse:
    """Begin to see the pages as somebody else does; a reason is asked for."""
    queries.require(request.person, Permission.VIEW_AS)
    queries.user_line(username, by=request.person)
    problem = refused(
        lambda: actions.begin_looking(username=username, deed=deed(request))
    )
    if problem:
        messages.error(request, problem)
        return _back(request, username)
    request.session[standing.VIEWED] = username
    return redirect("/")
