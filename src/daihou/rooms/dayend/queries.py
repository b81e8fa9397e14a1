"""The only reader of the business date, the runs and the requests."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models.expressions import RawSQL
from django.utils.translation import gettext as _

from daihou.kit.refusal import NotFound
from daihou.rooms.dayend.models import BusinessDate, Request, Run
from daihou.rooms.dayend.states import UNFINISHED, RequestState, RunState


@dataclass(frozen=True, slots=True)
class BusinessDay:
    """The open day `on`; everything up to `closed_on` is closed.

    `simulated` is true once the date was turned past the real one.
    """

    on: date
    simulated: bool

    @property
    def closed_on(self) -> date:
        """The last closed day."""
        return self.on - timedelta(days=1)


@dataclass(frozen=True, slots=True)
class StepLine:
    """One step of a run: when it began, how long it took, rows handled."""

    name: str
    started_at: datetime
    seconds: float
    rows: int


@dataclass(frozen=True, slots=True)
class MoveLine:
    """Loans of one currency that went from one bucket to another (minor units)."""

    from_bucket: str
    to_bucket: str
    currency: str
    loans: int
    outstanding_principal: int
    overdue_total: int


@dataclass(frozen=True, slots=True)
class DifferenceLine:
    """What a re-run changed for one loan on one date; None: not in that book."""

    loan_id: int
    as_of: date
    dpd_before: int | None
    dpd_after: int | None
    bucket_before: str
    bucket_after: str
    overdue_before: int | None
    overdue_after: int | None


@dataclass(frozen=True, slots=True)
class RunLine:
    """One day-end as lists show it; `seconds` is the sum of its steps.

    `reason` is why the date was run again, `error` what broke the run off.
    """

    id: int
    as_of: date
    kind: str
    state: str
    current: bool
    started_at: datetime
    finished_at: datetime | None
    fingerprint: str
    inputs_digest: str
    rules_digest: str
    loans: int
    reason: str
    error: Mapping[str, Any] | None
    by: str
    plan: Mapping[str, object]
    steps: tuple[StepLine, ...]

    @property
    def seconds(self) -> float:
        """Time spent in the steps so far."""
        return sum(step.seconds for step in self.steps)


@dataclass(frozen=True, slots=True)
class RunPage:
    """One day-end with all it did; `differences` are cut at the asked number."""

    run: RunLine
    moves: tuple[MoveLine, ...]
    differences: tuple[DifferenceLine, ...]
    difference_count: int


@dataclass(frozen=True, slots=True)
class RequestLine:
    """A request of the office to the night; `problem` says why it failed."""

    id: int
    as_of: date | None
    kind: str
    state: str
    by: str
    asked_at: datetime
    finished_at: datetime | None
    problem: Mapping[str, Any] | None
    plan: Mapping[str, Any] | None


def business_date() -> BusinessDay | None:
    """The open business day, or None before the first book was taken in."""
    row = BusinessDate.objects.filter(id=1).first()
    return BusinessDay(on=row.on, simulated=row.simulated) if row else None


def open_day() -> BusinessDay:
    """The open business day, or a refusal that says how to set one."""
    day = business_date()
    if day is None:
        raise NotFound(
            "no_business_date",
            _(
                "No business date has been set. Taking in a book sets it "
                "(daihou intake), or set it yourself (daihou travel DATE)."
            ),
        )
    return day


def _run_line(run: Run) -> RunLine:
    return RunLine(
        id=run.pk,
        as_of=run.as_of,
        kind=run.kind,
        state=run.state,
        current=run.current,
        started_at=run.started_at,
        finished_at=run.finished_at,
        fingerprint=run.fingerprint,
        inputs_digest=run.inputs_digest,
        rules_digest=run.rules_digest,
        loans=run.loans,
        reason=run.reason,
        error=run.error,
        by=run.by,
        plan=run.plan,
        steps=tuple(
            StepLine(
                name=step.name,
                started_at=step.started_at,
                seconds=step.seconds,
                rows=step.rows,
            )
            for step in run.steps.all()
        ),
    )


def runs(*, limit: int = 30, before: int = 0) -> tuple[RunLine, ...]:
    """The newest runs with their steps; two queries. `before` a run id pages on."""
    rows = Run.objects.order_by("-id").prefetch_related("steps")
    if before:
        rows = rows.filter(id__lt=before)
    return tuple(_run_line(run) for run in rows[:limit])


def runs_after(after: int, *, limit: int) -> tuple[RunLine, ...]:
    """Runs with a number above `after`, earliest first, with their steps."""
    rows = Run.objects.filter(id__gt=after).order_by("id").prefetch_related("steps")
    return tuple(_run_line(run) for run in rows[:limit])


def requests_after(after: int, *, limit: int, only: int = 0) -> Sequence[RequestLine]:
    """Requests with a number above `after`, earliest first; `only` one of them."""
    names = tuple(RequestLine.__dataclass_fields__)
    rows = Request.objects.filter(id__gt=after).order_by("id")
    if only:
        rows = rows.filter(id=only)
    return [RequestLine(**row) for row in rows.values(*names)[:limit]]


def failed_runs(*, since: datetime) -> tuple[RunLine, ...]:
    """The runs begun since then that were broken off and not taken up again."""
    rows = Run.objects.filter(state=RunState.FAILED, started_at__gte=since)
    return tuple(_run_line(run) for run in rows.order_by("id"))


def failed_requests(*, since: datetime) -> Sequence[RequestLine]:
    """The requests of the office since then that failed."""
    names = tuple(RequestLine.__dataclass_fields__)
    rows = Request.objects.filter(state=RequestState.FAILED, asked_at__gte=since)
    return [RequestLine(**row) for row in rows.order_by("id").values(*names)]


def run_of(as_of: date) -> RunLine | None:
    """The run whose positions stand for that date, or None if it is not closed."""
    rows = Run.objects.filter(as_of=as_of, current=True).prefetch_related("steps")
    run = rows.first()
    return _run_line(run) if run else None


@dataclass(frozen=True, slots=True)
class DayRuns:
    """The runs of one date: the one that stands (None: none does), how many there
    were, and whether one was broken off and not taken up again."""

    as_of: date
    standing: RunLine | None
    count: int
    failed: bool


def days_between(first: date, last: date) -> Mapping[date, DayRuns]:
    """The dates from `first` to `last` that were ever run, with their runs; 2 queries."""
    rows = Run.objects.filter(as_of__gte=first, as_of__lte=last).order_by("id")
    found: dict[date, list[RunLine]] = {}
    for run in rows.prefetch_related("steps"):
        found.setdefault(run.as_of, []).append(_run_line(run))
    return {
        day: DayRuns(
            as_of=day,
            standing=next((run for run in runs if run.current), None),
            count=len(runs),
            failed=runs[-1].state == RunState.FAILED,
        )
        for day, runs in found.items()
    }


def runs_of(as_of: date) -> tuple[RunLine, ...]:
    """Every run of one date, newest first."""
    rows = Run.objects.filter(as_of=as_of).order_by("-id").prefetch_related("steps")
    return tuple(_run_line(run) for run in rows)


def run_page(
    run_id: int, *, differences: int = 200, loan_ids: Iterable[int] | None = None
) -> RunPage:
    """One run with steps, moves and the first `differences`; five queries at most.

    `loan_ids` are the loans whose differences may be seen and counted, None: all.
    """
    run = Run.objects.filter(pk=run_id).prefetch_related("steps", "moves").first()
    if run is None:
        raise NotFound(
            "run_unknown",
            _("There is no day-end number %(id)s. Look at the list of day-ends.")
            % {"id": run_id},
        )
    changed = run.differences.order_by("as_of", "loan_id")
    if loan_ids is not None:  # one array, so that many are no trouble
        seen = RawSQL("select unnest(%s::bigint[])", [list(loan_ids)])
        changed = changed.filter(loan_id__in=seen)
    return RunPage(
        run=_run_line(run),
        moves=tuple(
            MoveLine(
                from_bucket=move.from_bucket,
                to_bucket=move.to_bucket,
                currency=move.currency,
                loans=move.loans,
                outstanding_principal=move.outstanding_principal,
                overdue_total=move.overdue_total,
            )
            for move in run.moves.all()
        ),
        differences=tuple(
            DifferenceLine(**row)
            for row in changed.values(*DifferenceLine.__dataclass_fields__)[
                :differences
            ]
        ),
        difference_count=changed.count(),
    )


def moves_of(as_of: date) -> tuple[MoveLine, ...]:
    """Who changed bucket on a closed date, by the run that stands for it."""
    run = (
        Run.objects.filter(as_of=as_of, current=True).prefetch_related("moves").first()
    )
    return run_page(run.pk, differences=0).moves if run else ()


def requests(*, limit: int = 10) -> Sequence[RequestLine]:
    """The newest requests of the office."""
    names = tuple(RequestLine.__dataclass_fields__)
    return [RequestLine(**row) for row in Request.objects.values(*names)[:limit]]


def last_plan() -> RequestLine | None:
    """The newest request whose plan is there, or None."""
    names = tuple(RequestLine.__dataclass_fields__)
    rows = Request.objects.filter(kind="plan", plan__isnull=False)
    row = rows.order_by("-id").values(*names).first()
    return RequestLine(**row) if row else None


def is_running() -> bool:
    """Whether a night runs now, or was asked for."""
    runs = Run.objects.filter(state=RunState.RUNNING)
    return runs.exists() or Request.objects.filter(state__in=UNFINISHED).exists()


def waiting() -> RequestLine | None:
    """The request that waits or runs now, if there is one."""
    names = tuple(RequestLine.__dataclass_fields__)
    unfinished = Request.objects.filter(state__in=UNFINISHED)
    row = unfinished.order_by("id").values(*names).first()
    return RequestLine(**row) if row else None
