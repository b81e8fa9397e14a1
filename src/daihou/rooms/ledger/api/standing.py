"""How a loan stands before and after what was posted, for programs."""

from datetime import date
from typing import Annotated

from django.utils.translation import gettext as _
from pydantic import Field

from daihou.kit.api.problems import BadFields, Fault
from daihou.kit.api.values import Money, Schema, money
from daihou.rooms.ledger.actions import standing

# The first slash of a reference ends the source, so a source has none.
Source = Annotated[str, Field(min_length=1, max_length=40, pattern="^[^/]+$")]


class Standing(Schema):
    """How a loan stands at the end of `as_of`."""

    as_of: date
    dpd: int
    bucket: str
    overdue_total: Money
    outstanding_total: Money
    unapplied_credit: Money
    status: str


def told(known: standing.Standing, currency: str) -> Standing:
    """The same in decimal text."""
    return Standing(
        as_of=known.as_of,
        dpd=known.dpd,
        bucket=known.bucket,
        overdue_total=money(known.overdue_total, currency),
        outstanding_total=money(known.outstanding_total, currency),
        unapplied_credit=money(known.unapplied_credit, currency),
        status=known.status,
    )


def check_currency(given: str, of_loan: str) -> None:
    """Refuse an amount in another currency than the loan's."""
    if given != of_loan:
        words = _("The loan is in %(currency)s; convert it first.")
        raise BadFields(
            Fault("currency", "currency_differs", words % {"currency": of_loan})
        )
