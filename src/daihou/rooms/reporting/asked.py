"""Who may look into the portfolio."""

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from daihou.kit.refusal import NotAllowed
from daihou.rooms.people import door as people


def definition(request: HttpRequest, id: str) -> str:
    """The address of a definition, for who may read the dictionary."""
    may = request.person.may(people.Permission.VIEW_PORTFOLIO)
    return reverse("reporting:metric", args=[id]) if may else ""


def reader_of_loans(request: HttpRequest) -> None:
    """Refuse who may not see single loans, as the ledger does."""
    people.require(request.person, people.Permission.VIEW_LOANS)


def reader(request: HttpRequest) -> None:
    """Refuse who may not see figures of the portfolio; an agency never does."""
    people.require(request.person, people.Permission.VIEW_PORTFOLIO)
    if request.person.role == people.Role.AGENCY:
        raise NotAllowed(
            "portfolio_not_for_agencies",
            _(
                "The figures of the portfolio are the lender's own. Ask your contact there."
            ),
        )
