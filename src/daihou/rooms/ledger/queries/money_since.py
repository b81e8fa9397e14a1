"""Money of some loans since a day, for whoever waits for it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import connection
from django.db.models import Max

from daihou.rooms.ledger.models import Collateral, Loan, Payment
from daihou.rooms.ledger.queries import seen


@dataclass(frozen=True, slots=True)
class MoneySince:
    """Money in (positive) or back (negative); from `ends_on` on as if never."""

    loan_id: int
    payment_id: int
    on: date
    amount: int
    ends_on: date | None


def money_since(
    loan_ids: Iterable[int], *, since: date, after: int = 0
) -> Sequence[MoneySince]:
    """What came and went on loans from a day on, by day; a reversal ends what it undoes.

    Only what was recorded after payment `after` (`newest_payment`): what was there when
    something was agreed, on the same day too, does not count for it.
    """
    rows = Payment.objects.filter(
        loan_id__in=list(loan_ids), paid_on__gte=since, pk__gt=after, reversal_of=None
    )
    found = rows.order_by("paid_on", "pk").values_list(
        "loan_id", "pk", "paid_on", "amount", "reversed_by__paid_on"
    )
    return [MoneySince(*row) for row in found]


_NOTES = """
select id, loan_id,
       age(xmin) > age((pg_snapshot_xmin(pg_current_snapshot()))::xid)
from ledger_change where id > %s order by id limit 10000
"""


def newest_payment(loan_ids: Iterable[int]) -> int:
    """The number of the payment recorded last on some loans; 0 where there is none."""
    rows = Payment.objects.filter(loan_id__in=list(loan_ids))
    return rows.aggregate(newest=Max("pk"))["newest"] or 0


def moved_since(change_id: int) -> tuple[int, frozenset[int]]:
    """Loans that changed after a note of the ledger, and where to go on from.

    That is the newest note before which none can still come: of two transactions, the
    one with the smaller number may end last. Notes without a loan (a whole file) tell
    nothing of single loans; whoever follows them looks at everything once a day too.
    """
    with connection.cursor() as cursor:
        cursor.execute(_NOTES, [change_id])
        found = cursor.fetchall()
    last = change_id
    for pk, _loan, settled in found:
        if not settled:
            break
        last = pk
    return last, frozenset(loan for _pk, loan, _is in found if loan is not None)


def taken_back_since(loan_ids: Iterable[int], *, since: datetime) -> frozenset[int]:
    """Of these loans, those of which money went back that was recorded since then."""
    rows = Payment.objects.filter(
        loan_id__in=list(loan_ids), amount__lt=0, recorded_at__gte=since
    )
    return frozenset(rows.values_list("loan_id", flat=True))


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
