"""Who sent the book."""

from daihou.rooms.ledger.models import Customer, Loan


def sources() -> frozenset[str]:
    """Every sender that a loan or a customer came from."""
    loans = Loan.objects.order_by().values_list("source")
    customers = Customer.objects.order_by().values_list("source")
    return frozenset(source for (source,) in loans.union(customers))
