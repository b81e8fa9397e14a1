"""Receipts for programs: money that came and whose loan is not known yet."""

from datetime import date, datetime
from typing import Literal

from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja import Query

from daihou.kit import masking
from daihou.kit.api.paging import Page, Paging, begins_after, cut
from daihou.kit.api.router import Router
from daihou.kit.api.values import Day, Id, Money, Schema, Word, money
from daihou.kit.refusal import NotFound
from daihou.rooms.gateway.door import ApiScope
from daihou.rooms.ledger.queries import receipts
from daihou.rooms.people import door as people

router = Router(tags=["Receipts"])


class Receipt(Schema):
    """Money on the lender's account; payer and account are masked.

    `posted` of it went to loans, `returned` back; `left` has no owner yet.
    """

    id: int
    source: str
    number: str
    received_on: date
    recorded_at: datetime
    currency: str
    amount: Money
    posted: Money
    returned: Money
    left: Money
    payer: str
    payer_account: str
    channel: str
    remark: str
    branch: str
    state: str


class ReceiptFilter(Schema):
    """Which receipts: in a state, of a sender, `since` <= received_on < `until`."""

    state: Literal["", "open", "claimed", "settled"] = ""
    source: Word = ""
    since: Day | None = None
    until: Day | None = None


def _reader(request: HttpRequest) -> None:
    people.require(request.person, people.Permission.VIEW_RECEIPTS)


def _receipt(line: receipts.ReceiptLine) -> Receipt:
    return Receipt(
        id=line.id,
        source=line.source,
        number=line.number,
        received_on=line.received_on,
        recorded_at=line.recorded_at,
        currency=line.currency,
        amount=money(line.amount, line.currency),
        posted=money(line.posted, line.currency),
        returned=money(line.returned, line.currency),
        left=money(line.left, line.currency),
        payer=masking.name(line.payer),
        payer_account=line.account,
        channel=line.channel,
        remark=line.remark,
        branch=line.branch,
        state=line.state,
    )


@router.read(
    "/receipts", scope=ApiScope.PAYMENTS_READ, returns=Page[Receipt], allow=_reader
)
def list_receipts(
    request: HttpRequest, paging: Query[Paging], wanted: Query[ReceiptFilter]
) -> Page[Receipt]:
    """List receipts

    In the order in which they were recorded, of what the token's person may see.
    """
    rows = receipts.receipts_after(
        begins_after(paging, of="receipts"),
        scope=request.person.scope,
        limit=paging.limit + 1,
        state=wanted.state,
        source=wanted.source,
        since=wanted.since,
        until=wanted.until,
    )
    return cut(rows, paging, of="receipts", key=lambda line: line.id, show=_receipt)


@router.read(
    "/receipts/{receipt}", scope=ApiScope.PAYMENTS_READ, returns=Receipt, allow=_reader
)
def get_receipt(request: HttpRequest, receipt: Id) -> Receipt:
    """Read a receipt

    What of it went to loans, went back, or has no owner yet.
    """
    found = receipts.receipts_after(
        receipt - 1, scope=request.person.scope, limit=1, pk=receipt
    )
    if not found:
        raise NotFound(
            "receipt_unknown",
            _("There is no receipt %(number)s among those you may see.")
            % {"number": receipt},
        )
    return _receipt(found[0])
