"""Loans by a custom attribute, their own or their customer's: `vip_level=5`."""

from decimal import Decimal, InvalidOperation

from django.db.models import Q, QuerySet

from daihou.kit.scope import Scope
from daihou.rooms.ledger.models import Customer, Loan
from daihou.rooms.ledger.queries import seen


def readings(value: str) -> list[object]:
    """What a typed word can mean in JSON: text, a number, true or false."""
    found: list[object] = [value]
    if value.lower() in {"true", "false"}:
        found.append(value.lower() == "true")
    try:
        number = Decimal(value)
    except InvalidOperation:
        return found
    if number.is_finite() and abs(number) < Decimal(10) ** 15:
        # JSON numbers are exact in PostgreSQL: 2 and 2.00 are the same there.
        found.append(int(number) if number == int(number) else float(number))
    return found


def loans_with(name: str, value: str, *, scope: Scope) -> "QuerySet[Loan]":
    """Loans of the scope that carry an attribute; both sides through an index."""
    theirs = Q()
    for reading in readings(value.strip()):
        theirs |= Q(attributes__contains={name.strip(): reading})
    owners = Customer.objects.filter(theirs).values("pk")
    return seen.loans(scope).filter(theirs | Q(customer_id__in=owners))
