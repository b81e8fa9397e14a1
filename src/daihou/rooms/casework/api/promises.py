"""Promises to pay, for programs."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Any

from django.http import HttpRequest
from ninja import Field, Query

from daihou.kit.api.paging import Page, Paging, begins_after, cut
from daihou.kit.api.router import Router
from daihou.kit.api.values import (
    Amount,
    Day,
    Given,
    Id,
    Money,
    Schema,
    StrictBool,
    Word,
    minor,
    money,
)
from daihou.rooms.casework import codes
from daihou.rooms.casework.actions import promises
from daihou.rooms.casework.actions.common import Deed
from daihou.rooms.casework.api import asker
from daihou.rooms.casework.queries import cases
from daihou.rooms.casework.queries import promises as rows
from daihou.rooms.gateway.door import ApiScope

router = Router(tags=["Cases"])
Text = Annotated[str, Field(max_length=2_000)]
Version = Annotated[int, Field(ge=1)]


class PartGiven(Given):
    """One part of a promise: how much by when."""

    due_on: Day
    amount: Amount


class PromiseGiven(Given):
    """A promise to pay, in one part or some in order of their days.

    With `replace` it takes the place of the one that stands. `reason_code` is where the
    money comes from.
    """

    parts: Annotated[list[PartGiven], Field(min_length=1, max_length=60)]
    reason_code: Word = ""
    replace: StrictBool = True


class PromiseAsked(PromiseGiven):
    """A promise to pay, and the version of the case as it was seen."""

    version: Version


class PromiseSaid(Schema):
    """A promise and how it stands; `ratio` per mille of the amount was paid."""

    id: int
    case: int
    customer: int
    amount: Money
    currency: str
    due_on: Day
    grace_days: int
    tolerance_per_mille: int
    rule: str
    channel: str
    self_service: bool
    reason_code: str
    taken_by: str
    taken_at: datetime
    made_on: Day
    replaces: int | None
    state: str
    appropriated: Money
    ratio: int
    decided_on: Day | None
    ended_at: datetime | None


class PartSaid(Schema):
    """One part of a promise."""

    due_on: Day
    amount: Money


class TakenSaid(Schema):
    """Money of a payment that counts for a part, or counted until it was undone."""

    part: int
    payment: int
    amount: Money
    paid_on: Day
    undone_at: datetime | None


class VerdictSaid(Schema):
    """How a promise was judged once; a later verdict leaves it standing."""

    before: str
    after: str
    appropriated: Money
    ratio: int
    as_of: Day
    because: str
    at: datetime


class PromiseWhole(PromiseSaid):
    """A promise with its parts, its money and every verdict."""

    parts: list[PartSaid]
    taken: list[TakenSaid]
    verdicts: list[VerdictSaid]


class Why(Given):
    """Why, and the version of the case as it was seen."""

    reason: Text
    version: Version | None = None


def promise_of(given: PromiseGiven, currency: str) -> promises.PromiseGiven:
    return promises.PromiseGiven(
        parts=[
            (part.due_on, minor(part.amount, currency, field=f"parts.{place}.amount"))
            for place, part in enumerate(given.parts)
        ],
        reason_code=given.reason_code,
        replace=given.replace,
    )


@router.write(
    "/cases/{case}/promises",
    scope=ApiScope.CASES_WRITE,
    returns=asker.WorkMade,
    allow=asker.worker,
)
def make_case_promise(
    request: HttpRequest, case: Id, body: PromiseAsked
) -> asker.WorkMade:
    """Take a promise of a customer who came by themselves

    Within the limits of the lender's policy; one that stands is replaced.
    """
    found = cases.case(case, scope=request.person.scope)
    made = promises.make_promise(
        case,
        given=promise_of(body, found.currency),
        channel=codes.Action.PORTAL,
        deed=Deed.of(request),
        version=body.version,
        self_service=True,
    )
    return asker.made(request, made)


@router.read(
    "/promises",
    scope=ApiScope.CASES_READ,
    returns=Page[PromiseSaid],
    allow=asker.reader,
)
def list_promises(
    request: HttpRequest,
    paging: Query[Paging],
    case: Id | None = None,
    state: Word = "",
    due_by: Day | None = None,
) -> Page[PromiseSaid]:
    """List promises

    Of the cases one sees, in the order in which they were taken.
    """
    of = "promises"
    listed = rows.promises_after(
        scope=request.person.scope,
        after=begins_after(paging, of=of),
        limit=paging.limit + 1,
        case_id=case,
        state=state,
        due_by=due_by,
    )
    return cut(listed, paging, of=of, key=lambda row: row.id, show=_promise_said)


def _promise_said(row: rows.PromiseRow) -> PromiseSaid:
    return PromiseSaid(**_promise_fields(row))


def _promise_fields(row: rows.PromiseRow) -> dict[str, Any]:
    return {
        "id": row.id,
        "case": row.case_id,
        "customer": row.customer_id,
        "amount": money(row.amount, row.currency),
        "currency": row.currency,
        "due_on": row.due_on,
        "grace_days": row.grace_days,
        "tolerance_per_mille": row.tolerance,
        "rule": row.rule,
        "channel": row.channel,
        "self_service": row.self_service,
        "reason_code": row.reason_code,
        "taken_by": row.taken_by,
        "taken_at": row.taken_at,
        "made_on": row.made_on,
        "replaces": row.replaces_id,
        "state": row.state,
        "appropriated": money(row.appropriated, row.currency),
        "ratio": row.ratio,
        "decided_on": row.decided_on,
        "ended_at": row.ended_at,
    }


# Before the reading one, whose place for a number would take the word with it.
@router.write(
    "/promises/{promise}:cancel",
    scope=ApiScope.CASES_WRITE,
    returns=asker.WorkMade,
    allow=asker.worker,
)
def cancel_promise(request: HttpRequest, promise: Id, body: Why) -> asker.WorkMade:
    """Cancel a promise

    The customer or a supervisor takes it back; it is not broken.
    """
    promises.cancel_promise(
        promise, reason=body.reason, version=body.version, deed=Deed.of(request)
    )
    return asker.made(request, promise)


@router.read(
    "/promises/{promise}",
    scope=ApiScope.CASES_READ,
    returns=PromiseWhole,
    allow=asker.reader,
)
def get_promise(request: HttpRequest, promise: Id) -> PromiseWhole:
    """Get a promise

    With its parts, the money that counts for it, and every verdict there was.
    """
    whole = rows.promise_whole(promise, scope=request.person.scope)
    currency = whole.row.currency
    return PromiseWhole(
        **_promise_fields(whole.row),
        parts=[
            PartSaid(due_on=part.due_on, amount=money(part.amount, currency))
            for part in whole.parts
        ],
        taken=[
            TakenSaid(
                part=each.part,
                payment=each.payment_id,
                amount=money(each.amount, currency),
                paid_on=each.paid_on,
                undone_at=each.undone_at,
            )
            for each in whole.taken
        ],
        verdicts=_verdicts(whole.verdicts, currency),
    )


def _verdicts(found: Sequence[rows.VerdictRow], currency: str) -> list[VerdictSaid]:
    return [
        VerdictSaid(
            before=each.before,
            after=each.after,
            appropriated=money(each.appropriated, currency),
            ratio=each.ratio,
            as_of=each.as_of,
            because=each.because,
            at=each.at,
        )
        for each in found
    ]
