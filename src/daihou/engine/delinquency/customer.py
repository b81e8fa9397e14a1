"""How late a customer is: as late as the worst of the customer's loans."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from daihou.engine.basics.line import Line


@dataclass(frozen=True, slots=True)
class Standing:
    """One loan of a customer at the end of a day: its number and how late it is."""

    loan: str
    dpd: int
    oldest_unpaid_due_on: date | None = None


@dataclass(frozen=True, slots=True)
class CustomerLateness:
    """Days past due of a customer, the loan they come from, and why."""

    dpd: int
    loan: str
    late_loans: int
    derivation: tuple[Line, ...]


def customer_lateness(loans: Iterable[Standing]) -> CustomerLateness:
    """Return the lateness of a customer with these loans (at least one).

    The worst loan decides; of equals the one with the oldest unpaid due date, then
    the smaller number, so that the loan named is always the same.
    """
    known = tuple(loans)
    assert known, "a customer has loans"
    worst = min(
        known,
        key=lambda each: (-each.dpd, each.oldest_unpaid_due_on or date.max, each.loan),
    )
    late = sum(each.dpd > 0 for each in known)
    params = {"loan": worst.loan, "dpd": worst.dpd, "late": late, "loans": len(known)}
    code = "customer_late" if late else "customer_on_time"
    return CustomerLateness(worst.dpd, worst.loan, late, (Line(code, params),))
