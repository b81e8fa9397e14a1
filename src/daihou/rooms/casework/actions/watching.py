"""The rounds of promises: every few seconds for money that came, once for a new day."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Final

from django.db import transaction

from daihou.rooms.casework.actions.common import BY, Deed
from daihou.rooms.casework.actions.judging import judge_customers
from daihou.rooms.casework.models.promises import PaymentLook, Promise
from daihou.rooms.casework.queries import money
from daihou.rooms.dayend import door as dayend
from daihou.rooms.people import door as people

EVERY: Final = 2.0  # seconds between two looks for money


def watch(*, at: datetime) -> None:
    """Judge promises whose money came or went, and all of them on a new day."""
    day = dayend.open_day()
    if day is None:
        return
    if not Promise.objects.filter(ended_at=None, watch_until__gte=day.on).exists():
        return
    deed = Deed(by=people.process(BY), at=at, business_date=day.on)
    judge_day(day.on, deed=deed)
    look_for_money(day.on, deed=deed)


def judge_day(as_of: date, *, deed: Deed, again: bool = False) -> Mapping[str, int]:
    """Judge every promise that can still change, once for each open day.

    `again` where facts of the day are known to have changed.
    """
    look = _look()
    if look.judged_on == as_of and not again:
        return {}
    rows = Promise.objects.filter(ended_at=None, watch_until__gte=as_of)
    customers = rows.values_list("customer_id", flat=True).distinct()
    found = judge_customers(list(customers), as_of=as_of, deed=deed)
    PaymentLook.objects.filter(pk=look.pk).update(judged_on=as_of)
    return found


def look_for_money(as_of: date, *, deed: Deed) -> Mapping[str, int]:
    """Judge the promises that payments since the last look may change.

    A payment may come into sight after one with a higher number: the mark moves on
    only when every transaction that ran at the look before has ended.
    """
    look = _look()
    seen = money.newest()
    if seen.id == look.last_id:
        return {}
    payers = money.payers_after(look.last_id, on=as_of)
    found = judge_customers(payers, as_of=as_of, deed=deed)
    with transaction.atomic():
        row = PaymentLook.objects.select_for_update().get(pk=look.pk)
        if row.ahead_id and seen.oldest >= row.ahead_mark:
            row.last_id, row.ahead_id = max(row.last_id, row.ahead_id), 0
        if not row.ahead_id and seen.id > row.last_id:
            row.ahead_id, row.ahead_mark = seen.id, seen.next
        row.at = deed.at
        row.save()
    return found


def _look() -> PaymentLook:
    found: PaymentLook | None = PaymentLook.objects.filter(pk=1).first()
    if found is not None:
        return found
    # What came before the first look was judged by the day.
    row: PaymentLook
    row, _made = PaymentLook.objects.get_or_create(
        pk=1, defaults={"last_id": money.newest().id}
    )
    return row
