"""Payments as the office lists them: what was recorded last first, without a count."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from django.db.models import Q

from daihou.kit.scope import Scope
from daihou.rooms.ledger.models import Payment
from daihou.rooms.ledger.queries import seen
from daihou.rooms.ledger.queries.listed import PAYMENT_FIELDS, PaymentRow

LOANS: Final = 200  # of those whose number begins as asked, so many are looked at
KINDS: Final = ("payment", "recovery", "refund", "chargeback", "reversal")


@dataclass(frozen=True, slots=True)
class AskedPayments:
    """What is asked for; empty values narrow nothing, amounts are minor units.

    `days` counts back from `on`; `state` is "" (all), standing or reversed.
    """

    on: date
    loan: str = ""
    kind: str = ""
    channel: str = ""
    currency: str = ""
    source: str = ""
    least: int = 0
    days: int = 0
    state: str = ""


def payments(
    asked: AskedPayments, *, scope: Scope, before: int = 0, limit: int
) -> Sequence[PaymentRow]:
    """Up to `limit` payments on loans of the scope with smaller ids than `before`."""
    rows = scope.limit(Payment.objects.all(), by="loan__branch")
    if before:
        rows = rows.filter(pk__lt=before)
    if asked.loan:
        numbered = seen.loans(scope).filter(external_id__startswith=asked.loan)
        ids = numbered.order_by("external_id").values_list("pk", flat=True)[:LOANS]
        rows = rows.filter(loan_id__in=list(ids))
    equal = {
        "kind": asked.kind,
        "channel": asked.channel,
        "loan__currency": asked.currency,
        "source": asked.source,
    }
    rows = rows.filter(**{name: value for name, value in equal.items() if value})
    if asked.least:  # money that went back is as large as it is
        rows = rows.filter(Q(amount__gte=asked.least) | Q(amount__lte=-asked.least))
    if asked.days:
        rows = rows.filter(paid_on__gt=asked.on - timedelta(days=asked.days))
    if asked.state:
        rows = rows.filter(reversed_by__isnull=asked.state == "standing")
    found = rows.order_by("-pk").values_list(*PAYMENT_FIELDS)
    return [PaymentRow(*row) for row in found[:limit]]


def payment_choices(rows: Sequence[PaymentRow]) -> Mapping[str, Sequence[str]]:
    """The channels, currencies and senders among these rows, to choose from."""
    return {
        "channel": sorted({row.channel for row in rows if row.channel}),
        "currency": sorted({row.currency for row in rows}),
        "source": sorted({row.source for row in rows}),
    }
