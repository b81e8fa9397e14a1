"""Sign in, sign out, and how a person likes the pages: language, light, density."""

import math

from django.conf import settings
from django.contrib.auth import login, logout
from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from daihou.kit.refusal import Refused
from daihou.rooms.people import door
from daihou.rooms.people.forms import SignInForm

_YEAR = 60 * 60 * 24 * 365


def _next(request: HttpRequest) -> str:
    """The address to go on to; one of another site is not followed."""
    asked = request.POST.get("next") or request.GET.get("next") or "/"
    safe = asked.startswith("/") and url_has_allowed_host_and_scheme(
        asked, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return asked if safe else "/"


@sensitive_post_parameters("password")
@never_cache
@login_not_required
def sign_in(request: HttpRequest) -> HttpResponse:
    """Show the form, or check it and go on to the page that was asked for."""
    if request.user.is_authenticated:
        return redirect(_next(request))
    form = SignInForm(request.POST or None)
    held = None
    if form.is_valid():
        try:
            user = door.authenticate(at=request.at, **form.cleaned_data)
        except door.SignInHeld as error:
            user, held = None, error
        if user is not None:
            return _signed_in(request, user)
    context = {"form": form, "next": _next(request), "held": held}
    status = 429 if held else 422 if form.is_bound else 200
    response = render(request, "people/sign_in.html", context, status=status)
    if held:
        seconds = (held.until - request.at).total_seconds()
        response.headers["Retry-After"] = str(math.ceil(seconds))
    return response


def _signed_in(request: HttpRequest, user: AbstractBaseUser) -> HttpResponse:
    """Open the session, in the language this device or else this person speaks."""
    login(request, user)
    person = door.person_of(user)
    response = redirect(_next(request))
    if settings.LANGUAGE_COOKIE_NAME not in request.COOKIES:
        _keep(response, settings.LANGUAGE_COOKIE_NAME, person.language)
    _keep(response, "daihou_theme", person.theme)
    return response


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """End the session."""
    logout(request)
    return redirect("people:sign_in")


@require_POST
@login_not_required
def language(request: HttpRequest) -> HttpResponse:
    """Speak another language from the next page on."""
    response = redirect(_next(request))
    asked = request.POST.get("language", "")
    if asked in dict(settings.LANGUAGES):
        _keep(response, settings.LANGUAGE_COOKIE_NAME, asked)
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
    except Refused as refused:
        return HttpResponse(str(refused), status=422, content_type="text/plain")
    response = redirect(_next(request))
    _keep(response, "daihou_theme", kept.theme)
    return response


def _keep(response: HttpResponse, name: str, value: str) -> None:
    response.set_cookie(
        name,
        value,
        max_age=_YEAR,
        samesite=settings.LANGUAGE_COOKIE_SAMESITE,
        secure=settings.HTTPS,
    )
