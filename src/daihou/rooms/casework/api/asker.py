"""Who asks about cases, whether they may, and what is answered to a write."""

from django.http import HttpRequest

from daihou.kit.api.values import Schema
from daihou.rooms.people import door as people

_P = people.Permission


class WorkMade(Schema):
    """The number of what was written down; None where it was only tried."""

    id: int | None
    dry_run: bool


def reader(request: HttpRequest) -> None:
    """NotAllowed for a person who may not see loans."""
    people.require(request.person, _P.VIEW_LOANS)


def worker(request: HttpRequest) -> None:
    """NotAllowed for a person who does not work cases."""
    people.require(request.person, _P.WORK_CASES)


def manager(request: HttpRequest) -> None:
    """NotAllowed for a person who does not manage cases."""
    people.require(request.person, _P.MANAGE_CASES)


def made(request: HttpRequest, number: int) -> WorkMade:
    """What is answered to a write."""
    return WorkMade(id=None if request.dry_run else number, dry_run=request.dry_run)
