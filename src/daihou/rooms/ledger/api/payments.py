"""Payments for programs: what came, posting one or many, taking one back."""

from datetime import date, datetime
from typing import Annotated, Literal

from django.db import transaction
from django.http import HttpRequest
from django.utils.translation import get_language
from ninja import Query
from pydantic import Field

from daihou.engine.basics.errors import UserError
from daihou.kit import masking
from daihou.kit.api.paging import Page, Paging, begins_after, cut
from daihou.kit.api.problems import BadFields
from daihou.kit.api.router import Router
from daihou.kit.api.values import (
    Amount,
    Currency,
    Day,
    Given,
    Money,
    Ref,
    Schema,
    StrictBool,
    Word,
    minor,
    money,
)
from daihou.kit.refusal import Refused
from daihou.rooms.gateway.door import ApiScope
from daihou.rooms.ledger.actions.payments import Posted, post_payment
from daihou.rooms.ledger.actions.reversals import reverse_payment
from daihou.rooms.ledger.api import asked, standing
from daihou.rooms.ledger.api.standing import Source, Standing
from daihou.rooms.ledger.queries import listed

router = Router(tags=["Payments"])
MOST = 500


class Payment(Schema):
    """Money that came (positive) or went back (negative); the payer is masked."""

    id: int
    source: str
    number: str
    loan_id: int
    loan_number: str
    currency: str
    amount: Money
    paid_on: date
    recorded_at: datetime
    kind: str
    channel: str
    payer: str
    reversal_of: int | None
    reversed_by: int | None
    reversed_on: date | None


class PaymentFilter(Schema):
    """Which payments: of a loan, of a sender, `since` <= paid_on < `until`."""

    loan: Annotated[str, Field(pattern=r"^([1-9][0-9]{0,15}|ext:.{1,200})?$")] = ""
    source: Word = ""
    number: Annotated[str, Field(max_length=200)] = ""
    since: Day | None = None
    until: Day | None = None


class PaymentIn(Given):
    """A payment, by the number it has at its source, so that it counts once.

    A refund or chargeback counts against the borrower by its kind; the amount is
    positive. `keep_credit` lets money far beyond the payoff be held.
    """

    source: Source
    number: Annotated[str, Field(min_length=1, max_length=200)]
    loan: Ref
    loan_source: Word = ""
    paid_on: Day
    amount: Amount
    currency: Currency
    kind: Literal["payment", "recovery", "refund", "chargeback"] = "payment"
    channel: Annotated[str, Field(max_length=40)] = ""
    payer: Annotated[str, Field(max_length=200)] = ""
    keep_credit: StrictBool = False


class PostedOut(Schema):
    """What it did. `new` is false when the same had been posted before.

    `shares` says where the money went; the rest is held as credit. `id` is null on a
    dry run: what was undone has no number.
    """

    id: int | None
    loan_id: int
    currency: str
    new: bool
    dry_run: bool
    shares: dict[str, Money]
    before: Standing
    after: Standing


class ReversalIn(Given):
    """Since when the payment does not count, and why."""

    reversed_on: Day
    reason: Annotated[str, Field(min_length=1, max_length=300)]


class BatchIn(Given):
    """Payments that are posted one by one: each stands for itself."""

    items: Annotated[list[PaymentIn], Field(min_length=1, max_length=MOST)]


class BatchItem(Schema):
    """What became of one of them: posted, or refused with a code and the words."""

    number: str
    status: Literal["posted", "refused"]
    posted: PostedOut | None
    code: str | None
    detail: str | None


class BatchOut(Schema):
    """What became of each, in the order they were sent."""

    dry_run: bool
    posted: int
    refused: int
    items: list[BatchItem]


@router.read(
    "/payments", scope=ApiScope.PAYMENTS_READ, returns=Page[Payment], allow=asked.reader
)
def list_payments(
    request: HttpRequest, paging: Query[Paging], wanted: Query[PaymentFilter]
) -> Page[Payment]:
    """List payments

    In the order in which they were recorded, reversals among them.
    """
    scope = asked.asker(request).scope
    loan_id = asked.loan_id(request, wanted.loan) if wanted.loan else None
    rows = listed.payments_after(
        begins_after(paging, of="payments"),
        scope=scope,
        limit=paging.limit + 1,
        since=wanted.since,
        until=wanted.until,
        loan_id=loan_id,
        source=wanted.source,
        external_id=wanted.number,
    )
    return cut(
        rows, paging, of="payments", key=lambda row: row.payment_id, show=_payment
    )


def _payment(row: listed.PaymentRow) -> Payment:
    return Payment(
        id=row.payment_id,
        source=row.source,
        number=row.number,
        loan_id=row.loan_id,
        loan_number=row.loan_number,
        currency=row.currency,
        amount=money(row.amount, row.currency),
        paid_on=row.paid_on,
        recorded_at=row.recorded_at,
        kind=row.kind,
        channel=row.channel,
        payer=masking.name(row.payer),
        reversal_of=row.reversal_of,
        reversed_by=row.reversed_by,
        reversed_on=row.reversed_on,
    )


@router.write(
    "/payments", scope=ApiScope.PAYMENTS_WRITE, returns=PostedOut, allow=asked.poster
)
def post_one_payment(request: HttpRequest, body: PaymentIn) -> PostedOut:
    """Post a payment

    The loan is settled at once. The same source and number with the same content
    changes nothing; with another content it is a conflict.
    """
    return _post(request, body)


@router.write(
    "/payments:batch",
    scope=ApiScope.PAYMENTS_WRITE,
    returns=BatchOut,
    allow=asked.poster,
)
def post_payment_batch(request: HttpRequest, body: BatchIn) -> BatchOut:
    """Post many payments

    Each is posted or refused by itself; the answer says which.
    """
    items = [_item(request, each) for each in body.items]
    posted = sum(item.status == "posted" for item in items)
    return BatchOut(
        dry_run=request.dry_run,
        posted=posted,
        refused=len(items) - posted,
        items=items,
    )


def _item(request: HttpRequest, wanted: PaymentIn) -> BatchItem:
    try:
        with transaction.atomic():
            done = _post(request, wanted)
    except Refused as refused:
        detail = str(refused)
        if isinstance(refused, BadFields):
            detail = " ".join(
                f"{each.field}: {each.message}" for each in refused.faults
            )
        return _refused(wanted, refused.code, detail)
    except UserError as error:
        return _refused(wanted, error.code, error.say(get_language() or "zh-hans"))
    return BatchItem(
        number=wanted.number, status="posted", posted=done, code=None, detail=None
    )


def _refused(wanted: PaymentIn, code: str, detail: str) -> BatchItem:
    return BatchItem(
        number=wanted.number, status="refused", posted=None, code=code, detail=detail
    )


def _post(request: HttpRequest, wanted: PaymentIn) -> PostedOut:
    loan_id = asked.loan_id(request, wanted.loan, wanted.loan_source)
    currency = listed.loan_row(loan_id, scope=asked.asker(request).scope).currency
    standing.check_currency(wanted.currency, currency)
    deed = asked.deed(request)
    done = post_payment(
        source=wanted.source,
        external_id=wanted.number,
        loan_id=loan_id,
        paid_on=wanted.paid_on,
        amount=minor(wanted.amount, currency),
        by=deed.by,
        at=deed.at,
        business_date=deed.business_date,
        kind=wanted.kind,
        channel=wanted.channel,
        payer=wanted.payer,
        currency=wanted.currency,
        request_id=deed.request_id,
        keep_credit=wanted.keep_credit,
    )
    return _posted(request, done, currency)


def _posted(request: HttpRequest, done: Posted, currency: str) -> PostedOut:
    return PostedOut(
        id=None if request.dry_run and done.new else done.payment_id,
        loan_id=done.loan_id,
        currency=currency,
        new=done.new,
        dry_run=request.dry_run,
        shares={name: money(each, currency) for name, each in done.shares.items()},
        before=standing.told(done.before, currency),
        after=standing.told(done.after, currency),
    )


@router.write(
    "/payments/{payment}:reverse",
    scope=ApiScope.PAYMENTS_WRITE,
    returns=PostedOut,
    allow=asked.poster,
)
def reverse_one_payment(
    request: HttpRequest, payment: Ref, body: ReversalIn, source: Word = ""
) -> PostedOut:
    """Take a payment back

    Both rows stay for ever; days before `reversed_on` keep their positions.
    """
    payment_id = asked.payment_id(request, payment, source)
    row = listed.payment_row(payment_id, scope=asked.asker(request).scope)
    deed = asked.deed(request, body.reason)
    done = reverse_payment(
        payment_id=payment_id,
        reversed_on=body.reversed_on,
        reason=body.reason,
        by=deed.by,
        at=deed.at,
        business_date=deed.business_date,
        request_id=deed.request_id,
    )
    return _posted(request, done, row.currency)


@router.read(
    "/payments/{payment}",
    scope=ApiScope.PAYMENTS_READ,
    returns=Payment,
    allow=asked.reader,
)
def get_payment(request: HttpRequest, payment: Ref, source: Word = "") -> Payment:
    """Read a payment

    With the reversal that took it back, if one did.
    """
    payment_id = asked.payment_id(request, payment, source)
    return _payment(listed.payment_row(payment_id, scope=asked.asker(request).scope))
