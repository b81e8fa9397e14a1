"""What a request of this room says: who, on which day, and for which reason."""

from datetime import date

from django.http import HttpRequest
from django.utils import timezone

from daihou.kit import typed
from daihou.rooms.approvals.door import Deed
from daihou.rooms.people import door as people


def reader(request: HttpRequest) -> None:
    """Refuse who may not read strategies."""
    people.require(request.person, people.Permission.VIEW_STRATEGY)


def drawer(request: HttpRequest) -> None:
    """Refuse who may not draw them."""
    people.require(request.person, people.Permission.DRAFT_STRATEGY)


def today(request: HttpRequest) -> date:
    """The open business day, or the calendar's before there is one."""
    day = request.business_day()
    found: date = day.on if day else timezone.localdate(request.at)
    return found


def deed(request: HttpRequest, *, reason: str = "") -> Deed:
    """Who does it, when, and why."""
    return Deed.of(request, reason=reason.replace("\x00", ""))


def read_day(text: str) -> date | None:
    """A day of a form; None where there is none that can be read."""
    return typed.day(text)


def whole(text: str | None) -> int:
    """A whole number of an address or a form; 0 where it is none."""
    return typed.whole(text or "", digits=15) or 0
