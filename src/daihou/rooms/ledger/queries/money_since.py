"""Money of some loans since a day, for whoever waits for it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from daihou.rooms.ledger.models import Change, Collateral, Loan, Payment
from daihou.rooms.ledger.queries import seen


@dataclass(frozen=True, slots=True)
class MoneySince:
    """Money in (positive) or back (negative); from `ends_on` on as if never."""

    loan_id: int
    payment_id: int
    on: date
    amount: int
    ends_on: date | None


def money_since(loan_ids: Iterable[int], *, since: date) -> Sequence[MoneySince]:
    """What came and went on loans from a day on, by day; a reversal ends what it undoes."""
    rows = Payment.objects.filter(
        loan_id__in=list(loan_ids), paid_on__gte=since, reversal_of=None
    )
    found = rows.order_by("paid_on", "pk").values_list(
        "loan_id", "pk", "paid_on", "amount", "reversed_by__paid_on"
    )
    return [MoneySince(*row) for row in found]


def moved_since(change_id: int) -> tuple[int, frozenset[int]]:
    """Loans that changed after a note of the ledger, and the newest note.

    Notes without a loan (a whole file) tell nothing of single loans; whoever follows
    them looks at everything once a day as well.
    """
    rows = Change.objects.filter(pk__gt=change_id).order_by("pk")
    found = list(rows.values_list("pk", "loan_id")[:10_000])
    last = found[-1][0] if found else change_id
    return last, frozenset(loan for _pk, loan in found if loan is not None)


def debtor_of(loan_id: int) -> int:
    """Our number of the customer whose loan it is; NotFound where there is none."""
    found = Loan.objects.filter(pk=loan_id).values_list("customer_id", flat=True)
    number: int | None = found.first()
    if number is None:
        raise seen.no_such_loan(loan_id)
    return number


def secured(loan_ids: Iterable[int]) -> bool:
    """Whether something of worth secures one of these loans."""
    rows = Collateral.objects.filter(loan_id__in=list(loan_ids), value__gt=0)
    there: bool = rows.exists()
    return there
