"""Loans whose payments came in a file are settled at once, some at a time."""

import logging
from collections.abc import Callable, Sequence
from datetime import date
from typing import Final

from django.db import InterfaceError, OperationalError, transaction

from daihou.engine.ledger.fixed.settle import settle
from daihou.rooms.ledger.models import Change, DaySettled, Loan, Payment, Position
from daihou.rooms.ledger.queries import facts_of_rows, stands_on, waiting
from daihou.rooms.ledger.queries.waiting import position_columns

# Loans settled in one transaction: some 2 ms each, 10 ms one of three years, while a
# payment by hand to one of them waits.
MOST: Final = 25

Failed = Callable[[int, str, Exception], None]  # number, the lender's number, why

_log: Final = logging.getLogger("daihou.settling")


def _only_logged(_loan_id: int, _number: str, _error: Exception) -> None:
    """Whoever asks may tell people too; the log has it in any case."""


def settle_taken_in(
    *, business_date: date, most: int = MOST, failed: Failed = _only_logged
) -> int:
    """Settle loans whose money of files counts by now; how many, at most `most`.

    First those of which money is dated the open day, whenever it was sent; then those
    of files the night has not seen, in the order in which they came. The figures are
    those that posting each payment gives. How far it got is kept: again goes on from
    there, and less than `most` says that nothing is left.

    A loan that cannot be settled is passed over and given to `failed`, in the
    transaction that passes it over; its position stays until the day is closed.
    """
    done = 0
    while done < most:
        with transaction.atomic():
            place = _opened(business_date) or _sent(business_date)
            if place is None:
                break
            loans = _loans(place, business_date, most - done)
            _settled_or_told(loans, business_date=business_date, failed=failed)
            over = len(loans) < most - done
            place.settled_to = waiting.ALL if over else loans[-1]
            place.save(update_fields=["settled_to"])
        done += len(loans)
    return done


def _opened(business_date: date) -> DaySettled | None:
    """The row of the open day while it is not settled, held; None: it is."""
    rows = DaySettled.objects.select_for_update()
    row, _made = rows.get_or_create(on=business_date)
    found: DaySettled | None = row if (row.settled_to or 0) < waiting.ALL else None
    return found


def _sent(business_date: date) -> Change | None:
    """The note of the oldest file that is not settled yet, held; None: all are."""
    rows = waiting.files(business_date).order_by("pk")
    found: Change | None = rows.select_for_update().first()
    return found


def _loans(place: DaySettled | Change, business_date: date, most: int) -> Sequence[int]:
    """The next loans that have a position, by number."""
    rows = Payment.objects.filter(
        loan_id__gt=place.settled_to or 0, loan__position__isnull=False
    )
    if isinstance(place, Change):
        since = place.happened_on
        rows = rows.filter(
            batch_id=place.batch_id, paid_on__gte=since, paid_on__lte=business_date
        )
    else:
        rows = rows.filter(paid_on=business_date)
    every = rows.order_by("loan_id").values_list("loan_id", flat=True).distinct()
    return list(every[:most])


def _settled_or_told(
    loans: Sequence[int], *, business_date: date, failed: Failed
) -> None:
    """Settle these together; where that fails one by one, and pass over the bad."""
    if _error(loans, business_date=business_date) is None:
        return
    for loan in loans:
        error = _error([loan], business_date=business_date)
        if error is not None:
            number = Loan.objects.values_list("external_id", flat=True).get(pk=loan)
            _log.error("loan %s cannot be settled: %r", number, error)
            failed(loan, number, error)


def _error(loans: Sequence[int], *, business_date: date) -> Exception | None:
    """Settle these; why it failed, and then nothing was written. None: it is done.

    What the database cannot do now is no fault of a loan: that is tried again later.
    """
    try:
        with transaction.atomic():
            _settled(loans, business_date=business_date)
    except (InterfaceError, OperationalError):
        raise
    except Exception as error:  # noqa: BLE001 - one loan must not stop the others
        return error
    return None


def _settled(loans: Sequence[int], *, business_date: date) -> None:
    """Bring the current positions of these loans to what is known by now."""
    rows = list(
        Loan.objects.filter(pk__in=loans).order_by("pk").select_for_update(no_key=True)
    )
    before = Position.objects.in_bulk(loans)
    changed = []
    columns: dict[str, object] = {}
    for pk, facts in facts_of_rows(rows, as_of=business_date).items():
        as_of = stands_on(facts.loan, business_date=business_date)
        used = facts.under_policy_of(as_of)
        columns = position_columns(settle(used.loan, used.policy, as_of=as_of))
        position = before.get(pk)
        if position is None or all(
            getattr(position, name) == value for name, value in columns.items()
        ):
            continue
        for name, value in columns.items():
            setattr(position, name, value)
        position.changed_on = as_of
        changed.append(position)
    Position.objects.bulk_update(changed, ["changed_on", *columns])
