"""The positions of closed days for programs: the whole book, page by page."""

from collections.abc import Mapping
from datetime import date
from typing import Any, Final

from django.http import HttpRequest
from ninja import Query

from daihou.kit import ports
from daihou.kit.api.paging import Page, Paging, begins_after, cut
from daihou.kit.api.router import Router
from daihou.kit.api.values import Day, Money, Schema, money
from daihou.rooms.gateway.door import ApiScope
from daihou.rooms.ledger.api import asked
from daihou.rooms.ledger.queries.closed import positions_after

router = Router(tags=["Positions"])


class ClosedPosition(Schema):
    """One loan at the end of a closed day, as the day-end found it."""

    loan_id: int
    number: str
    as_of: date
    currency: str
    dpd: int
    dpd_method: str
    bucket: str
    asset_class: str | None
    class_rule: str | None
    overdue_principal: Money
    overdue_interest: Money
    overdue_fee: Money
    overdue_penalty: Money
    overdue_compound: Money
    overdue_total: Money
    overdue_loan_balance: Money
    oldest_unpaid_due_on: date | None
    next_due_on: date | None
    next_due_amount: Money
    outstanding_principal: Money
    outstanding_total: Money
    unapplied_credit: Money
    times_late: int
    worst_dpd: int
    late_instalments: int
    status: str
    over_cap: Money
    non_accrual_since: date | None


_AMOUNTS: Final = frozenset(
    name
    for name, field in ClosedPosition.model_fields.items()
    if name.startswith(("overdue_", "outstanding_"))
    or name in ("next_due_amount", "unapplied_credit", "over_cap")
)


@router.read(
    "/positions",
    scope=ApiScope.POSITIONS_READ,
    returns=Page[ClosedPosition],
    allow=asked.reader,
)
def list_positions(
    request: HttpRequest, paging: Query[Paging], as_of: Day
) -> Page[ClosedPosition]:
    """List the positions of a closed day

    One row a loan, in order of their ids. A day that is closed stays as it was read
    unless late facts make the night run again.
    """
    scope = asked.asker(request).scope
    named = f"positions-{as_of.isoformat()}"
    rows = positions_after(
        ports.book(),
        begins_after(paging, of=named),
        as_of=as_of,
        scope=scope,
        limit=paging.limit + 1,
    )

    def show(row: Mapping[str, Any]) -> ClosedPosition:
        told = {name: row[name] for name in ClosedPosition.model_fields if name in row}
        told |= {name: money(row[name], row["currency"]) for name in _AMOUNTS}
        return ClosedPosition(as_of=as_of, **told)

    return cut(rows, paging, of=named, key=lambda row: row["loan_id"], show=show)
