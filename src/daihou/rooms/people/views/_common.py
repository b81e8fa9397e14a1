"""What the pages of people have in common."""

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpRequest
from django.utils.translation import pgettext

from daihou.kit.refusal import NotAllowed, NotFound, Refused
from daihou.rooms.people import actions, queries
from daihou.rooms.people.permissions import Permission


def deed(request: HttpRequest, *, reason: str = "") -> actions.Deed:
    """Who does it, when and why, from the request."""
    day = request.business_day()
    return actions.Deed(
        by=request.person,
        at=request.at,
        business_date=day.on if day else None,
        reason=reason or request.POST.get("reason", "").strip()[:500],
        request_id=getattr(request, "request_id", ""),
        address=getattr(request, "address", ""),
    )


def refused(do: Callable[[], object]) -> str:
    """Do it; the words of a refusal, or nothing when it went through.

    What is not there or not allowed is answered by the edge, as everywhere.
    """
    try:
        do()
    except (NotAllowed, NotFound):
        raise
    except Refused as problem:
        return str(problem)
    return ""


def tell(request: HttpRequest, problem: str, done: str) -> None:
    """Say on the next page what was done, or why it was not."""
    if problem:
        messages.error(request, problem)
    else:
        messages.success(request, done)


def require_any(person: queries.Person, *permissions: Permission) -> None:
    """Raise NotAllowed unless the person holds one of these."""
    if not any(person.may(each) for each in permissions):
        queries.require(person, permissions[0])


def require_sight(person: queries.Person) -> None:
    """Raise NotAllowed unless the person may see people and their rights."""
    require_any(person, Permission.VIEW_PEOPLE, Permission.MANAGE_PEOPLE)


def tabs(person: queries.Person) -> list[tuple[str, str]]:
    """The pages of people this person may open: url name, word."""
    sees = person.may(Permission.VIEW_PEOPLE) or person.may(Permission.MANAGE_PEOPLE)
    covers = sees or person.may(Permission.ARRANGE_COVER)
    found = [
        ("people:users", pgettext("people", "Logins"), sees),
        ("people:organisation", pgettext("people", "Organisation"), sees),
        ("people:roles", pgettext("people", "Roles"), sees),
        ("people:duties", pgettext("people", "Separation of duties"), sees),
        ("people:covers", pgettext("people", "Leave cover"), covers),
    ]
    return [(name, word) for name, word, shown in found if shown]
