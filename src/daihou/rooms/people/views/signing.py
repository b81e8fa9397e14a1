"""Sign in and out; how a person likes the pages: language, light, density."""

import math
from typing import Any

from django.conf import settings
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from daihou.kit.refusal import Refused
from daihou.rooms.people import (
    actions,
    door,
    opening,
    passkeys,
    queries,
    signing_in,
    standing,
)
from daihou.rooms.people.forms import SignInForm

_PENDING = "second_factor"  # in the session: who has shown the first, and when
_PATIENCE = 600  # seconds to show the second


@sensitive_post_parameters("password")
@never_cache
@login_not_required
def sign_in(request: HttpRequest) -> HttpResponse:
    """Show the form, or check it and go on to the page that was asked for."""
    if request.user.is_authenticated:
        return redirect(opening.next_of(request))
    request.session.pop(_PENDING, None)  # whoever opens the form begins anew
    form = SignInForm(request.POST or None)
    held = None
    if form.is_valid():
        try:
            user = door.authenticate(at=request.at, **form.cleaned_data)
        except door.SignInHeld as error:
            user, held = None, error
        if user is not None:
            return _first_shown(request, user)
    return _form(request, form=form, held=held)


def _form(
    request: HttpRequest,
    *,
    form: SignInForm,
    held: door.SignInHeld | None = None,
    problem: str = "",
) -> HttpResponse:
    context = {
        "form": form,
        "next": opening.next_of(request),
        "held": held,
        "elsewhere": problem,
        "oidc": settings.OIDC_ISSUER and (settings.OIDC_NAME or settings.OIDC_ISSUER),
        "oidc_provider": settings.OIDC_PROVIDER,
    }
    failed = form.is_bound or bool(problem)
    status = 429 if held else 422 if failed else 200
    response = render(request, "people/sign_in.html", context, status=status)
    return _wait(request, response, held)


def _wait(
    request: HttpRequest, response: HttpResponse, held: door.SignInHeld | None
) -> HttpResponse:
    if held:
        seconds = (held.until - request.at).total_seconds()
        response.headers["Retry-After"] = str(math.ceil(seconds))
    return response


def _first_shown(request: HttpRequest, user: Any) -> HttpResponse:
    """The password fits: open the session, or ask for the second factor."""
    then = opening.next_of(request)
    if not queries.has_factor(user.pk):
        return opening.open_session(request, user, way="password", then=then)
    request.session.cycle_key()  # a key somebody planted before is of no use
    request.session[_PENDING] = {
        "user": user.pk,
        "at": request.at.timestamp(),
        "next": then,
    }
    return redirect("people:second_factor")


def _pending(request: HttpRequest) -> tuple[Any, str] | None:
    """Who has shown a password and must show more, and where they want to go."""
    told = request.session.get(_PENDING)
    if not told or request.at.timestamp() - told["at"] > _PATIENCE:
        return None
    user = queries.user_with_id(told["user"])
    return (user, told["next"]) if user is not None and user.is_active else None


@never_cache
@login_not_required
def second_factor(request: HttpRequest) -> HttpResponse:
    """Ask for a code or a passkey, and open the session when it is right."""
    pending = _pending(request)
    if request.user.is_authenticated or pending is None:
        request.session.pop(_PENDING, None)
        return redirect("people:sign_in")
    user, then = pending
    held, wrong = None, False
    if request.method == "POST":
        way = "passkey" if request.POST.get("credential") else "code"
        try:
            right = signing_in.second_factor(
                username=user.username,
                check=lambda known: _is_theirs(request, known, way),
                way=way,
                at=request.at,
            )
        except door.SignInHeld as error:
            right, held = False, error
        if right:
            request.session.pop(_PENDING, None)
            return opening.open_session(request, user, way=way, then=then)
        wrong = True
    factors = queries.factors(user.username)
    context = {
        "wrong": wrong,
        "held": held,
        "has_app": any(each.kind == "totp" for each in factors),
        "has_passkey": any(each.kind == "webauthn" for each in factors),
    }
    status = 429 if held else 422 if wrong else 200
    response = render(request, "people/second_factor.html", context, status=status)
    return _wait(request, response, held)


def _is_theirs(request: HttpRequest, user: Any, way: str) -> bool:
    if way == "code":
        code = request.POST.get("code", "")[:40]
        return bool(code) and actions.check_code(user, code, at=request.at)
    factor = passkeys.shown(request, user, request.POST["credential"])
    if factor is not None:
        actions.passkey_used(factor_id=factor, at=request.at)
    return factor is not None


@require_POST
@login_not_required
def ask_passkey(request: HttpRequest) -> JsonResponse:
    """What the browser is asked for: of whom showed a password, or of anybody."""
    pending = _pending(request)
    user = pending[0] if pending else None
    return JsonResponse(passkeys.ask_to_show(request, user))


@require_POST
@never_cache
@login_not_required
def passkey(request: HttpRequest) -> HttpResponse:
    """Sign in by a passkey alone; the device has made sure who holds it."""
    if request.user.is_authenticated:
        return redirect(opening.next_of(request))
    answer = request.POST.get("credential", "")
    try:
        user = passkeys.holder(answer)
        factor = user and passkeys.shown(request, user, answer, alone=True)
    except Refused:
        user, factor = None, None
    if user is None or factor is None:
        words = _("This passkey opens nothing here. Sign in with your password.")
        return _form(request, form=SignInForm(), problem=words)
    signing_in.with_passkey(user=user, at=request.at)
    actions.passkey_used(factor_id=factor, at=request.at)
    then = opening.next_of(request)
    return opening.open_session(request, user, way="passkey", then=then)


@login_not_required
def elsewhere_cancelled(request: HttpRequest) -> HttpResponse:
    """Back from the identity provider without having signed in there."""
    return redirect("people:sign_in")


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """End the session."""
    actions.forget_session(key=request.session.session_key or "")
    logout(request)
    return redirect("people:sign_in")


@require_POST
@login_not_required
def language(request: HttpRequest) -> HttpResponse:
    """Speak another language from the next page on."""
    response = redirect(opening.next_of(request))
    asked = request.POST.get("language", "")
    if asked in dict(settings.LANGUAGES):
        opening.keep(response, settings.LANGUAGE_COOKIE_NAME, asked)
        if request.user.is_authenticated:
            door.set_preferences(
                username=request.user.get_username(), at=request.at, language=asked
            )
    return response


@require_POST
def preferences(request: HttpRequest) -> HttpResponse:
    """Keep how this person likes their pages: light or dark, close or wide rows."""
    wish = {name: request.POST.get(name) for name in ("theme", "density")}
    try:
        kept = door.set_preferences(
            username=request.user.get_username(), at=request.at, **wish
        )
    except Refused as problem:
        return HttpResponse(str(problem), status=422, content_type="text/plain")
    response = redirect(opening.next_of(request))
    opening.keep(response, "daihou_theme", kept.theme)
    return response


@require_POST
def view_as_end(request: HttpRequest) -> HttpResponse:
    """Look through one's own eyes again."""
    viewed = request.session.pop(standing.VIEWED, None)
    if viewed:
        actions.stop_looking(username=viewed, by=request.actor, at=request.at)
        return redirect("people:user", username=viewed)
    return redirect("/")
