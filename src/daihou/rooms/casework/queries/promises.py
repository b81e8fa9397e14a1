"""Promises, verdicts, results and things to do, as lists and pages read them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Q

from daihou.kit.refusal import NotFound
from daihou.kit.scope import Scope
from daihou.rooms.casework import sealing
from daihou.rooms.casework.models.promises import (
    Appropriation,
    Promise,
    PromisePart,
    Verdict,
)
from daihou.rooms.casework.models.work import Result, WorkItem


@dataclass(frozen=True, slots=True)
class PromiseRow:
    """A promise; minor units of `currency`, ratios per mille."""

    id: int
    case_id: int
    customer_id: int
    amount: int
    currency: str
    due_on: date
    grace_days: int
    tolerance: int
    rule: str
    channel: str
    self_service: bool
    reason_code: str
    taken_by: str
    taken_at: datetime
    made_on: date
    replaces_id: int | None
    state: str
    appropriated: int
    decided_on: date | None
    ended_at: datetime | None
    broken_before: int

    @property
    def ratio(self) -> int:
        """How much of it was paid, per mille."""
        return self.appropriated * 1000 // self.amount


@dataclass(frozen=True, slots=True)
class PartRow:
    """One part of a promise."""

    seq: int
    due_on: date
    amount: int


@dataclass(frozen=True, slots=True)
class TakenRow:
    """Money of a payment that counts, or counted until `undone_at`, for a part."""

    part: int
    payment_id: int
    amount: int
    paid_on: date
    undone_at: datetime | None


@dataclass(frozen=True, slots=True)
class VerdictRow:
    """How a promise was judged once."""

    before: str
    after: str
    appropriated: int
    ratio: int
    as_of: date
    because: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class PromiseWhole:
    """A promise with its parts, the money it took, and every verdict."""

    row: PromiseRow
    parts: Sequence[PartRow]
    taken: Sequence[TakenRow]
    verdicts: Sequence[VerdictRow]


def _rows(rows: Any, kind: type) -> list[Any]:
    names = list(kind.__dataclass_fields__)  # type: ignore[attr-defined]
    return [kind(*values) for values in rows.values_list(*names)]


def _seen(scope: Scope) -> Any:
    return scope.limit(Promise.objects.all(), by="case__branch")


def promises_after(
    *,
    scope: Scope,
    after: int = 0,
    limit: int = 50,
    case_id: int | None = None,
    state: str = "",
    due_by: date | None = None,
) -> Sequence[PromiseRow]:
    """Promises of the scope with an id above `after`, by id."""
    rows = _seen(scope).filter(pk__gt=after)
    if case_id is not None:
        rows = rows.filter(case=case_id)
    if state:
        rows = rows.filter(state=state)
    if due_by is not None:
        rows = rows.filter(due_on__lte=due_by)
    return _rows(rows.order_by("pk")[:limit], PromiseRow)


def promise_whole(promise_id: int, *, scope: Scope) -> PromiseWhole:
    """A promise of the scope with all that came of it, or NotFound."""
    found = _rows(_seen(scope).filter(pk=promise_id), PromiseRow)
    if not found:
        raise no_promise(promise_id)
    parts = PromisePart.objects.filter(promise=promise_id).order_by("seq")
    taken = Appropriation.objects.filter(promise=promise_id).order_by("pk")
    verdicts = Verdict.objects.filter(promise=promise_id).order_by("pk")
    return PromiseWhole(
        found[0],
        _rows(parts, PartRow),
        _rows(taken, TakenRow),
        _rows(verdicts, VerdictRow),
    )


def no_promise(promise_id: int) -> NotFound:
    """The refusal for a promise that is not there, or not for these eyes."""
    from django.utils.translation import gettext as _

    return NotFound(
        "promise_unknown",
        _("There is no such promise among those you may see."),
        promise=promise_id,
    )


@dataclass(frozen=True, slots=True)
class ResultRow:
    """What came of working a case once; `note` opened."""

    id: int
    case_id: int
    action: str
    code: str
    attempt_id: int | None
    decision_id: int | None
    promise_id: int | None
    item_id: int | None
    hold_id: int | None
    follow_up_at: datetime | None
    by: str
    at: datetime
    business_date: date
    note: str


def results_after(
    case_id: int, *, after: int = 0, limit: int = 50
) -> Sequence[ResultRow]:
    """What came of working a case that the reader sees, in order."""
    rows = Result.objects.filter(case=case_id, pk__gt=after).order_by("pk")[:limit]
    names = list(ResultRow.__dataclass_fields__)
    found = []
    for values in rows.values(*names):
        values["note"] = sealing.opened(values["note"], about=sealing.NOTE)
        found.append(ResultRow(**values))
    return found


@dataclass(frozen=True, slots=True)
class ItemRow:
    """Something to do at a case, or done."""

    id: int
    case_id: int
    kind: str
    due_at: datetime
    state: str
    priority: int
    reason: str
    outcome: str
    for_supervisor: bool
    promise_id: int | None
    part: int | None
    made_by: str
    made_at: datetime
    done_by: str
    done_at: datetime | None


def items_after(
    *,
    scope: Scope,
    after: int = 0,
    limit: int = 50,
    case_id: int | None = None,
    kind: str = "",
    state: str = "",
    due_by: datetime | None = None,
) -> Sequence[ItemRow]:
    """Things to do at cases of the scope with an id above `after`, by id."""
    wanted = Q(pk__gt=after)
    if case_id is not None:
        wanted &= Q(case=case_id)
    if kind:
        wanted &= Q(kind=kind)
    if state:
        wanted &= Q(state=state)
    if due_by is not None:
        wanted &= Q(due_at__lte=due_by)
    rows = scope.limit(WorkItem.objects.filter(wanted), by="case__branch")
    return _rows(rows.order_by("pk")[:limit], ItemRow)
