"""Who a request is answered for: view-as, and what must be done before anything else."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from daihou.config import failures
from daihou.kit.refusal import NotAllowed
from daihou.rooms.audit import door as audit
from daihou.rooms.gateway import door as gateway
from daihou.rooms.people import door as people

Respond = Callable[[HttpRequest], HttpResponse]

_SAFE = ("GET", "HEAD", "OPTIONS")
# What an administrator may still send while looking through another's eyes.
_WHILE_LOOKING = frozenset(
    f"people:{name}" for name in ("view_as_end", "sign_out", "language", "preferences")
)
# What somebody may still do who works from networks the lender has not named.
_FROM_ANYWHERE = frozenset({"people:sign_out", "people:language"})
# What somebody reaches who must first change a password or add a second factor.
_FIRST = _WHILE_LOOKING | {
    "people:account",
    "people:password",
    *(f"people:{name}" for name in ("app", "passkey_ask", "passkey_add", "codes")),
}


def looking(respond: Respond) -> Respond:
    """Answer for the person an administrator looks at, and let nothing be changed.

    `request.actor` is who really sits there. Events written meanwhile (there are none
    of changes) name the administrator, on behalf of the one looked at.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        request.actor = request.person
        if request.person is None:
            return respond(request)
        viewed = people.viewed_by(request.person, request.session, at=request.at)
        if viewed is None:
            return _standing_in(request, respond)
        request.person = viewed
        with audit.looking_through(by=request.actor.username):
            return respond(request)

    def look(
        request: HttpRequest, view: object, args: object, kwargs: object
    ) -> HttpResponse | None:
        person = request.person
        if person is None or not person.viewing_as or request.method in _SAFE:
            return None
        if request.resolver_match.view_name in _WHILE_LOOKING:
            return None
        words = _(
            "You see the pages as %(name)s sees them; nothing is changed meanwhile."
            " End it in the bar above first."
        )
        refused = NotAllowed("looking_only", words % {"name": person.name})
        return failures.answer(request, refused)

    middleware.process_view = look  # type: ignore[attr-defined]
    return middleware


def _standing_in(request: HttpRequest, respond: Respond) -> HttpResponse:
    """Answer somebody who may cover others: what is done names for whom it was."""
    person = request.person
    if not person.lent:
        return respond(request)

    def for_whom(subject_type: str, subject_id: str) -> str:
        wanted = [(subject_type, subject_id)]
        if gateway.subjects(wanted, person.own_scope):
            return ""
        found = (
            login for login, scope in person.lent if gateway.subjects(wanted, scope)
        )
        return next(found, "")

    with audit.standing_in(by=person.username, for_whom=for_whom):
        return respond(request)


def gate(respond: Respond) -> Respond:
    """Note that the device was used; first things first for who must do something.

    Who works from networks the lender has not named gets no page. A password that is too old or was given by an administrator is changed, and a
    second factor the role asks for is set up, before any other page opens.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        if request.actor is not None:
            people.note_use(request.session, at=request.at)
        return respond(request)

    def look(
        request: HttpRequest, view: object, args: object, kwargs: object
    ) -> HttpResponse | None:
        person, name = request.actor, request.resolver_match.view_name
        if person is None:
            return None
        if name not in _FROM_ANYWHERE:
            try:
                people.networks.require(
                    person.networks,
                    username=person.username,
                    address=request.address,
                    at=request.at,
                    way="session",
                    session=request.session,
                )
            except NotAllowed as refused:
                request.person = None  # the page shows nothing of the house
                return failures.answer(request, refused)
        if name in _FIRST:
            return None
        first = people.must_first(
            request.user,
            at=request.at,
            password_days=settings.PASSWORD_DAYS,
            factor_roles=settings.MFA_ROLES,
        )
        return redirect(first) if first else None

    middleware.process_view = look  # type: ignore[attr-defined]
    return middleware
