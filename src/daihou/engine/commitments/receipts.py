"""Money that came in after an agreement: what counts on a day, and when it was enough."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Receipt:
    """Money in (positive) or back (negative) on a day; from `ends_on` on as if never."""

    on: date
    amount: int
    ends_on: date | None = None
    payment_id: int = 0


def counting(
    receipts: Iterable[Receipt], *, since: date, as_of: date
) -> tuple[Receipt, ...]:
    """Return what counts at the end of `as_of` of the money since a day, by day."""
    found = [
        each
        for each in receipts
        if since <= each.on <= as_of and (each.ends_on is None or each.ends_on > as_of)
    ]
    return tuple(sorted(found, key=lambda each: (each.on, each.payment_id)))


def received(receipts: Iterable[Receipt], *, since: date, as_of: date) -> int:
    """Return the sum of what counts, never less than zero (minor units)."""
    return max(0, sum(r.amount for r in counting(receipts, since=since, as_of=as_of)))


def reached_on(
    receipts: Iterable[Receipt], amount: int, *, since: date, as_of: date
) -> date | None:
    """Return the day on whose end the money since a day was enough and stayed so.

    A refund later on takes it back: the day is the first from which on, to `as_of`,
    the sum was never below `amount` again. None: it is not enough on `as_of`.
    """
    total, reached = 0, None
    found = counting(receipts, since=since, as_of=as_of)
    for place, each in enumerate(found):
        total += each.amount
        if place + 1 < len(found) and found[place + 1].on == each.on:
            continue  # the end of the day decides
        if total < amount:
            reached = None
        elif reached is None:
            reached = each.on
    if not found and amount <= 0:
        return since
    return reached
