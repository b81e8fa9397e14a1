"""Opening a session once somebody has shown who they are, and what is kept with it."""

from django.conf import settings
from django.contrib.auth import login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.http import url_has_allowed_host_and_scheme

from daihou.rooms.people import actions, networks, queries
from daihou.rooms.people.models import User

_YEAR = 60 * 60 * 24 * 365
SEEN = "seen_at"  # in the session: when the list of devices was last told


def next_of(request: HttpRequest) -> str:
    """The address to go on to; one of another site is not followed."""
    asked = request.POST.get("next") or request.GET.get("next") or "/"
    return asked if is_ours(request, asked) else "/"


def is_ours(request: HttpRequest, asked: str) -> bool:
    """Whether an address is one of this site."""
    return asked.startswith("/") and url_has_allowed_host_and_scheme(
        asked, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )


def open_session(
    request: HttpRequest, user: User, *, way: str, then: str = "/"
) -> HttpResponse:
    """Open the session, in the language this device or else this person speaks.

    The session gets a new key, and the device a line in the person's list. NotAllowed
    for one who sits outside the networks of their role and unit.
    """
    person, address = queries.person_of(user), getattr(request, "address", "")
    networks.require(
        person.networks, username=user.username, address=address, at=request.at, way=way
    )
    login(request, user, backend=settings.AUTHENTICATION_BACKENDS[0])
    request.session[SEEN] = request.at.timestamp()
    request.session.save()
    actions.note_device(
        user_id=user.pk,
        key=request.session.session_key,
        at=request.at,
        address=address,
        device=request.headers.get("User-Agent", ""),
        way=way,
    )
    response = redirect(then)
    if settings.LANGUAGE_COOKIE_NAME not in request.COOKIES:
        keep(response, settings.LANGUAGE_COOKIE_NAME, person.language)
    keep(response, "daihou_theme", person.theme)
    return response


def keep(response: HttpResponse, name: str, value: str) -> None:
    """Keep a choice on this device for a year."""
    response.set_cookie(
        name,
        value,
        max_age=_YEAR,
        samesite=settings.LANGUAGE_COOKIE_SAMESITE,
        secure=settings.HTTPS,
    )
