"""What programs may change of a loan: a charge, a new plan."""

from datetime import date
from typing import Annotated

from django.http import HttpRequest
from pydantic import Field

from daihou.engine.ledger.values import Row
from daihou.kit.api.router import Router
from daihou.kit.api.values import (
    Amount,
    Currency,
    Day,
    Given,
    Ref,
    Schema,
    StrictInt,
    Word,
    minor,
)
from daihou.rooms.gateway.door import ApiScope
from daihou.rooms.ledger.actions.charges import record_charge
from daihou.rooms.ledger.actions.schedules import extend
from daihou.rooms.ledger.api import asked, standing
from daihou.rooms.ledger.api.standing import Source, Standing, check_currency
from daihou.rooms.ledger.queries import listed

router = Router(tags=["Loans"])
Reason = Annotated[str, Field(min_length=1, max_length=300)]


class ChargeIn(Given):
    """A fee owed on a day, by the number it has at its source."""

    source: Source
    number: Annotated[str, Field(min_length=1, max_length=200)]
    kind: Annotated[str, Field(min_length=1, max_length=40)]
    due_on: Day
    amount: Amount
    currency: Currency
    reason: Annotated[str, Field(max_length=300)] = ""


class ChargeOut(Schema):
    """What recording it did; `new` is false when it was there before.

    `id` is null on a dry run: what was undone has no number.
    """

    id: int | None
    loan_id: int
    new: bool
    dry_run: bool
    before: Standing
    after: Standing


class RowIn(Given):
    """One instalment of a new plan."""

    seq: Annotated[StrictInt, Field(ge=1, le=2000)]
    due_on: Day
    principal: Amount
    interest: Amount
    fee: Amount = "0"


class PlanIn(Given):
    """Instalments that replace those from the first one's number on."""

    begins_on: Day
    currency: Currency
    rows: Annotated[list[RowIn], Field(min_length=1, max_length=1200)]
    reason: Reason


class PlanOut(Schema):
    """What the new plan did: its version, and how many rows it ended."""

    loan_id: int
    schedule: int
    replaced: int
    begins_on: date
    dry_run: bool
    before: Standing
    after: Standing


@router.write(
    "/loans/{loan}:charge",
    scope=ApiScope.LOANS_WRITE,
    returns=ChargeOut,
    allow=asked.changer,
)
def record_loan_charge(
    request: HttpRequest, loan: Ref, body: ChargeIn, source: Word = ""
) -> ChargeOut:
    """Record a charge on a loan

    In force from its due date, or from the business date if it is due later.
    """
    loan_id = asked.loan_id(request, loan, source)
    row = listed.loan_row(loan_id, scope=asked.asker(request).scope)
    check_currency(body.currency, row.currency)
    done = record_charge(
        source=body.source,
        external_id=body.number,
        loan_id=loan_id,
        kind=body.kind,
        due_on=body.due_on,
        amount=minor(body.amount, row.currency),
        deed=asked.deed(request, body.reason),
    )
    return ChargeOut(
        id=None if request.dry_run and done.new else done.demand_id,
        loan_id=loan_id,
        new=done.new,
        dry_run=request.dry_run,
        before=standing.told(done.before, row.currency),
        after=standing.told(done.after, row.currency),
    )


@router.write(
    "/loans/{loan}:extend",
    scope=ApiScope.LOANS_WRITE,
    returns=PlanOut,
    allow=asked.changer,
)
def extend_loan(
    request: HttpRequest, loan: Ref, body: PlanIn, source: Word = ""
) -> PlanOut:
    """Give a loan a new plan

    The old rows end and stay: days before `begins_on` are still judged by them. The
    new rows must owe exactly the principal of those they replace.
    """
    loan_id = asked.loan_id(request, loan, source)
    row = listed.loan_row(loan_id, scope=asked.asker(request).scope)
    check_currency(body.currency, row.currency)
    done = extend(
        loan_id=loan_id,
        rows=[
            Row(
                seq=each.seq,
                due_on=each.due_on,
                **{
                    name: minor(
                        getattr(each, name), row.currency, field=f"rows.{place}.{name}"
                    )
                    for name in ("principal", "interest", "fee")
                },
            )
            for place, each in enumerate(body.rows)
        ],
        begins_on=body.begins_on,
        deed=asked.deed(request, body.reason),
    )
    return PlanOut(
        loan_id=loan_id,
        schedule=done.schedule,
        replaced=done.replaced,
        begins_on=body.begins_on,
        dry_run=request.dry_run,
        before=standing.told(done.before, row.currency),
        after=standing.told(done.after, row.currency),
    )
