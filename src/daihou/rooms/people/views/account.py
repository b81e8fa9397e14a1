"""One's own account: password, second factors, devices, cover."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from daihou.kit.refusal import Refused
from daihou.rooms.people import actions, passkeys, pictures, queries, shown, signing_in
from daihou.rooms.people.views._common import deed, tell

_SECRET = "new_app"  # in the session: the secret of an app that is being added
_CODES = "new_codes"  # in the session: recovery codes to be shown once


def _own(request: HttpRequest) -> actions.Deed:
    """The deed of who really sits there, whoever they look at."""
    done = deed(request)
    return actions.Deed(
        by=request.actor,
        at=done.at,
        business_date=done.business_date,
        request_id=done.request_id,
    )


def _login(request: HttpRequest) -> str:
    return str(request.actor.username)


def _must_add(request: HttpRequest) -> bool:
    """Whether the role asks for a second factor that is not there yet."""
    asked = settings.MFA_ROLES
    wanted = "all" in asked or request.actor.role in asked
    return wanted and not queries.has_factor(request.user.pk)


@never_cache
def account(request: HttpRequest) -> HttpResponse:
    """Everything about one's own login on one page."""
    login, key = _login(request), request.session.session_key or ""
    context: dict[str, Any] = {
        "me": request.actor,
        "sight": shown.sight(request.actor),
        "password_set_at": request.user.password_set_at,
        "has_password": request.user.has_usable_password(),
        "factors": queries.factors(login),
        "codes_left": queries.recovery_codes_left(login),
        "devices": queries.devices(login, at=request.at, key=key),
        "covers": queries.covers(by=request.actor, at=request.at, login=login),
        "must_add": _must_add(request),
    }
    return render(request, "people/account.html", context)


def _confirmed(request: HttpRequest) -> str:
    """The words of a refusal when the password asked for again is not right."""
    try:
        signing_in.confirm(
            username=_login(request),
            password=request.POST.get("password", "")[:200],
            at=request.at,
        )
    except Refused as problem:
        return str(problem)
    return ""


@sensitive_post_parameters("old", "new", "again")
@never_cache
def password(request: HttpRequest) -> HttpResponse:
    """Change one's own password."""
    problem = _change_password(request) if request.method == "POST" else ""
    if request.method == "POST" and not problem:
        messages.success(request, _("The password is changed; other devices are out."))
        return redirect("people:account")
    context = {
        "problem": problem,
        "must": request.user.must_change_password,
        "least": settings.PASSWORD_LENGTH,
        "reuse": settings.PASSWORD_REUSE,
    }
    status = 422 if problem else 200
    return render(request, "people/password.html", context, status=status)


def _change_password(request: HttpRequest) -> str:
    old, new = (request.POST.get(name, "")[:200] for name in ("old", "new"))
    if new != request.POST.get("again", ""):
        return _("The two new passwords are not the same.")
    try:
        signing_in.confirm(username=_login(request), password=old, at=request.at)
        actions.change_own_password(
            username=_login(request), old=old, new=new, deed=_own(request)
        )
    except Refused as problem:
        return str(problem)
    request.user.refresh_from_db()
    key = request.session.session_key or ""
    update_session_auth_hash(request, request.user)  # this device stays
    request.session.save()
    actions.rename_device(key=key, to=request.session.session_key)
    actions.end_all_sessions(
        username=_login(request), deed=_own(request), keep=request.session.session_key
    )
    return ""


@never_cache
def app(request: HttpRequest) -> HttpResponse:
    """Add an app that shows codes: the picture to scan, then the first code."""
    problem = ""
    if request.method == "POST":
        secret = request.session.get(_SECRET, "")
        problem = _confirmed(request) or (
            "" if secret else _("Begin again: the picture was of another session.")
        )
        if not problem:
            try:
                codes = actions.add_app(
                    username=_login(request),
                    secret=secret,
                    code=request.POST.get("code", "")[:20],
                    deed=_own(request),
                )
            except Refused as refused:
                problem = str(refused)
            else:
                request.session.pop(_SECRET)
                return _added(request, codes)
    secret = request.session.setdefault(_SECRET, actions.new_secret())
    context = {
        "problem": problem,
        "secret": secret,
        "picture": pictures.app_picture(secret, login=_login(request)),
    }
    status = 422 if problem else 200
    return render(request, "people/app.html", context, status=status)


def _added(request: HttpRequest, codes: list[str]) -> HttpResponse:
    if codes:
        request.session[_CODES] = codes
        return redirect("people:codes")
    messages.success(request, _("The second factor is added."))
    return redirect("people:account")


@require_POST
def passkey_ask(request: HttpRequest) -> JsonResponse:
    """What the browser is asked for, to make a passkey."""
    return JsonResponse(passkeys.ask_to_register(request, request.user))


@require_POST
def passkey_add(request: HttpRequest) -> HttpResponse:
    """Keep the passkey the browser made."""
    problem = _confirmed(request)
    if not problem:
        try:
            credential = passkeys.registered(
                request, request.user, request.POST.get("credential", "")
            )
            codes = actions.add_passkey(
                username=_login(request),
                name=request.POST.get("name", ""),
                credential=credential,
                deed=_own(request),
            )
        except Refused as refused:
            problem = str(refused)
        else:
            return _added(request, codes)
    messages.error(request, problem)
    return redirect("people:account")


@never_cache
def codes(request: HttpRequest) -> HttpResponse:
    """Show new recovery codes once; make new ones when asked."""
    if request.method == "POST":
        problem = _confirmed(request)
        if not problem:
            try:
                request.session[_CODES] = actions.new_recovery_codes(
                    username=_login(request), deed=_own(request)
                )
            except Refused as refused:
                problem = str(refused)
        if problem:
            messages.error(request, problem)
            return redirect("people:account")
    told = request.session.pop(_CODES, None)
    if told is None:
        return redirect("people:account")
    pairs = [f"{code[:4]} {code[4:]}" for code in told]
    return render(request, "people/codes.html", {"codes": pairs})


@require_POST
def factor_remove(request: HttpRequest, factor_id: int) -> HttpResponse:
    """Take one's own second factor away."""
    problem = _confirmed(request)
    if not problem:
        actions.remove_factor(
            username=_login(request), factor_id=factor_id, deed=_own(request)
        )
    tell(request, problem, _("The second factor is taken away."))
    return redirect("people:account")


@require_POST
def session_end(request: HttpRequest, session_id: int) -> HttpResponse:
    """Sign one of one's own devices out."""
    actions.end_session(
        session_id=session_id, username=_login(request), deed=_own(request)
    )
    messages.success(request, _("The device is signed out."))
    return redirect("people:account")


@require_POST
def sessions_end(request: HttpRequest) -> HttpResponse:
    """Sign all of one's own devices out but this one."""
    actions.end_all_sessions(
        username=_login(request),
        deed=_own(request),
        keep=request.session.session_key or "",
    )
    messages.success(request, _("All other devices are signed out."))
    return redirect("people:account")
