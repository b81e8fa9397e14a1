"""What the book as a whole is made of: its currencies and who sent it."""

from collections.abc import Mapping

from django.db.models import Count

from daihou.kit.scope import Scope
from daihou.rooms.ledger.models import Customer, Loan
from daihou.rooms.ledger.queries import seen


def currencies(scope: Scope) -> Mapping[str, int]:
    """Loans of the scope by currency, the one with most loans first; one query."""
    rows = seen.loans(scope).values_list("currency").annotate(loans=Count("pk"))
    return dict(rows.order_by("-loans", "currency"))


def sources() -> frozenset[str]:
    """Every sender that a loan or a customer came from."""
    loans = Loan.objects.order_by().values_list("source")
    customers = Customer.objects.order_by().values_list("source")
    return frozenset(source for (source,) in loans.union(customers))
