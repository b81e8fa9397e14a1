"""Who asks, whether they may, and about whom; words that all operations share."""

from typing import Annotated

from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja import Field

from daihou.kit.api.values import Given, Schema, ref
from daihou.kit.refusal import NotFound
from daihou.rooms.ledger import door as ledger
from daihou.rooms.people import door as people

_P = people.Permission
Text = Annotated[str, Field(max_length=2_000)]


class Made(Schema):
    """The number of what was written down; None where it was only tried."""

    id: int | None
    dry_run: bool


class Nothing(Given):
    """No content."""


def reader(request: HttpRequest) -> None:
    """NotAllowed for a person who may not see loans."""
    people.require(request.person, _P.VIEW_LOANS)


def recorder(request: HttpRequest) -> None:
    """NotAllowed for a person who does not contact people."""
    people.require(request.person, _P.RECORD_CONTACT)


def flagger(request: HttpRequest) -> None:
    """NotAllowed for a person who may not hold contact."""
    people.require(request.person, _P.FLAG_PERSON)


def lifter(request: HttpRequest) -> None:
    """NotAllowed for a person who may not open contact again."""
    people.require(request.person, _P.LIFT_FLAG)


def made(request: HttpRequest, number: int) -> Made:
    """What is answered to a write."""
    return Made(id=None if request.dry_run else number, dry_run=request.dry_run)


def seen(request: HttpRequest, reference: str, source: str = "") -> int:
    """Our number of the customer meant, if the person sees them; else NotFound."""
    own, number = ref(reference)
    scope = request.person.scope
    if number:
        return ledger.reaching.customer_seen_as(number, source=source, scope=scope)
    if str(own) not in ledger.reaching.customers_seen([str(own)], scope):
        raise NotFound(
            "customer_unknown",
            _("There is no such customer among those you may see."),
            customer=own,
        )
    return own
