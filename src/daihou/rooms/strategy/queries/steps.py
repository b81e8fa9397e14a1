"""The night's runs and the step each customer is at."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import QuerySet

from daihou.kit.scope import Scope
from daihou.rooms.strategy.models import CustomerStep, Run, Version


@dataclass(frozen=True, slots=True)
class RunLine:
    """One run of the night; `counts` is by row, queue, action, segment and arm."""

    id: int
    as_of: date
    versions: tuple[int, ...]
    fingerprint: str
    customers: int
    steps: int
    changed: int
    alarms: int
    counts: Mapping[str, Any]
    seconds: float
    at: datetime


@dataclass(frozen=True, slots=True)
class StepLine:
    """The step of a customer that the last run found."""

    customer_id: int
    name: str
    version_id: int
    version_name: str
    row_id: str
    arm: str
    segment: str
    queue: str
    action: str
    priority: int
    open_case: bool
    journey: str
    journey_step: str
    next_on: date | None
    alarm: str
    because: Mapping[str, str]
    since: date | None
    as_of: date


def _run(row: Run) -> RunLine:
    return RunLine(
        id=row.pk,
        as_of=row.as_of,
        versions=tuple(row.versions),
        fingerprint=row.fingerprint,
        customers=row.customers,
        steps=row.steps,
        changed=row.changed,
        alarms=row.alarms,
        counts=row.counts,
        seconds=row.seconds,
        at=row.at,
    )


def steps_run() -> RunLine | None:
    """The run whose steps are shown: the current one of the last day."""
    row = Run.objects.filter(current=True).order_by("-as_of").first()
    return _run(row) if row else None


def last_runs(most: int = 10) -> Sequence[RunLine]:
    """The newest runs that stand."""
    return [
        _run(row) for row in Run.objects.filter(current=True).order_by("-as_of")[:most]
    ]


def _line(row: CustomerStep, names: Mapping[int, str], as_of: date) -> StepLine:
    return StepLine(
        customer_id=row.pk,
        name=row.customer.name,
        version_id=row.version_id,
        version_name=names.get(row.version_id, ""),
        row_id=row.row_id,
        arm=row.arm,
        segment=row.segment,
        queue=row.queue,
        action=row.action,
        priority=row.priority,
        open_case=row.open_case,
        journey=row.journey,
        journey_step=row.journey_step,
        next_on=row.next_on,
        alarm=row.alarm,
        because=row.because,
        since=row.since,
        as_of=as_of,
    )


def _names(ids: set[int]) -> Mapping[int, str]:
    rows = Version.objects.filter(pk__in=ids).select_related("strategy")
    found = rows.values_list("pk", "strategy__code", "number")
    return {pk: f"{code} {number}" for pk, code, number in found}


def step_of(customer_id: int) -> StepLine | None:
    """The step of a customer whom the caller has found within the reader's scope."""
    rows = CustomerStep.objects.select_related("customer")
    return _found(rows.filter(pk=customer_id).first())


def step_of_loan(loan_id: int) -> StepLine | None:
    """The step of the borrower of a loan which the caller has found in scope."""
    rows = CustomerStep.objects.select_related("customer")
    return _found(rows.filter(customer__loan=loan_id).first())


def _found(row: CustomerStep | None) -> StepLine | None:
    run = steps_run() if row is not None else None
    if row is None or run is None:
        return None
    return _line(row, _names({row.version_id}), run.as_of)


def steps_page(
    *,
    scope: Scope,
    queue: str = "",
    segment: str = "",
    row_id: str = "",
    action: str = "",
    alarmed: str = "",
    after: int = 0,
    limit: int = 50,
) -> tuple[Sequence[StepLine], int]:
    """Customers at a step by their number, and the number the next page begins after.

    The second is 0 where nothing follows.
    """
    run = steps_run()
    if run is None:
        return [], 0
    wanted = {"queue": queue, "segment": segment, "row_id": row_id, "action": action}
    rows: QuerySet[CustomerStep] = CustomerStep.objects.filter(
        **{name: value for name, value in wanted.items() if value}
    )
    if alarmed:
        rows = rows.exclude(alarm="")
    if not scope.everything:
        mine = scope.limit(CustomerStep.objects.all(), by="customer__loan__branch")
        rows = rows.filter(pk__in=mine.values("pk"))
    rows = rows.filter(pk__gt=after).select_related("customer").order_by("pk")
    found = list(rows[: limit + 1])
    shown = found[:limit]
    names = _names({row.version_id for row in shown})
    more = shown[-1].pk if len(found) > limit else 0
    return [_line(row, names, run.as_of) for row in shown], more
