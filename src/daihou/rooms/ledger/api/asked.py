"""Who asks, on which day, and which loan, customer or payment they mean."""

from dataclasses import dataclass
from datetime import date

from django.http import HttpRequest

from daihou.kit.api.values import ref
from daihou.kit.refusal import NotFound
from daihou.kit.scope import Scope
from daihou.rooms.ledger.actions.payments import Deed
from daihou.rooms.ledger.queries import listed, loan_id_of
from daihou.rooms.people import door as people


@dataclass(frozen=True, slots=True)
class Asker:
    """The person of the token with their scope, once they may look at loans."""

    person: people.Person

    @property
    def scope(self) -> Scope:
        """Which loans they see."""
        return self.person.scope


def asker(request: HttpRequest) -> Asker:
    """Who asks; NotAllowed for one who may not see loans."""
    people.require(request.person, people.Permission.VIEW_LOANS)
    return Asker(request.person)


def reader(request: HttpRequest) -> None:
    """NotAllowed for a person who may not see loans."""
    people.require(request.person, people.Permission.VIEW_LOANS)


def poster(request: HttpRequest) -> None:
    """NotAllowed for a person who may not post payments."""
    people.require(request.person, people.Permission.POST_PAYMENT)


def changer(request: HttpRequest) -> None:
    """NotAllowed for a person who may not change loans."""
    people.require(request.person, people.Permission.CHANGE_LOAN)


def loan_id(request: HttpRequest, reference: str, source: str = "") -> int:
    """Our number of the loan meant; NotFound outside the scope."""
    own, number = ref(reference)
    scope = asker(request).scope
    if number:
        return loan_id_of(number, source=source, scope=scope)
    return listed.loan_row(own, scope=scope).loan_id


def customer_id(request: HttpRequest, reference: str, source: str = "") -> int:
    """Our number of the customer meant; NotFound outside the scope."""
    own, number = ref(reference)
    if number:
        scope = asker(request).scope
        return listed.customer_seen_as(number, source=source, scope=scope)
    asker(request)
    return own


def payment_id(request: HttpRequest, reference: str, source: str = "") -> int:
    """Our number of the payment meant; NotFound outside the scope."""
    own, number = ref(reference)
    scope = asker(request).scope
    if number:
        return listed.payment_seen_as(number, source=source, scope=scope)
    return listed.payment_row(own, scope=scope).payment_id


def open_on(request: HttpRequest) -> date:
    """The open business day, or a refusal where none has been set."""
    from django.utils.translation import gettext as _

    day = request.business_day()
    if day is None:
        raise NotFound(
            "no_business_date",
            _("No business date has been set. Take in a book first."),
        )
    return day.on


def deed(request: HttpRequest, reason: str = "") -> Deed:
    """Who does it, when, on which day, and why."""
    return Deed(
        by=request.person,
        at=request.at,
        business_date=open_on(request),
        reason=reason,
        request_id=request.request_id,
    )
