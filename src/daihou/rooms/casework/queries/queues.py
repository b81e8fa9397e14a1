"""Queues as others see them, and distributions that were carried out."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Count

from daihou.kit.numbers import is_chinese
from daihou.kit.scope import Scope
from daihou.rooms.casework.models import Batch, Case, Queue
from daihou.rooms.casework.states import Lifecycle


@dataclass(frozen=True, slots=True)
class QueueLine:
    """A queue, how it is worked, and how many open cases of the scope stand in it."""

    code: str
    title: str
    title_en: str
    skill: str
    teams: tuple[str, ...]
    share: str
    order: str
    taking: str
    mode: str
    most_cases: int | None
    most_amount: int | None
    redistribute_days: int
    team_days: Mapping[str, int]
    sticky_days: int
    sticky_product: bool
    auto: bool
    active: bool
    cases: int = 0
    unassigned: int = 0


_OWN = tuple(
    name
    for name in QueueLine.__dataclass_fields__
    if name not in ("cases", "unassigned", "teams")
)


def queues(*, scope: Scope) -> Sequence[QueueLine]:
    """Every queue in order, with its open cases; three queries."""
    rows = scope.limit(Case.objects.filter(lifecycle=Lifecycle.OPEN.value, held=False))
    counts = dict(
        rows.values("queue").annotate(n=Count("pk")).values_list("queue", "n")
    )
    free = rows.filter(collector="").values("queue").annotate(n=Count("pk"))
    unassigned = dict(free.values_list("queue", "n"))
    return [
        QueueLine(
            **{name: getattr(row, name) for name in _OWN},
            teams=tuple(row.teams),
            cases=counts.get(row.code, 0),
            unassigned=unassigned.get(row.code, 0),
        )
        for row in Queue.objects.all()
    ]


def queue_title(code: str, *, language: str) -> str:
    """The name of a queue in the reader's language; its code where it has none."""
    row = Queue.objects.filter(pk=code).values_list("title", "title_en").first()
    if row is None:
        return code
    return str(row[0] if is_chinese(language) else (row[1] or row[0]))


@dataclass(frozen=True, slots=True)
class BatchLine:
    """Cases that changed hands together, and what is kept of how."""

    id: int
    kind: str
    mode: str
    queue: str
    business_date: date
    seed: int
    moved: int
    report: Mapping[str, Any]
    by: str
    at: datetime
    state: str
    undone_by: str
    undone_at: datetime | None


def batches_of(queue: str, *, limit: int) -> Sequence[BatchLine]:
    """The newest distributions of a queue that moved something, the last first."""
    rows = Batch.objects.filter(queue=queue, moved__gt=0).order_by("-pk")
    return [_batch(row) for row in rows[:limit]]


def batches_after(after: int, *, limit: int, by: str = "") -> Sequence[BatchLine]:
    """Distributions by number from one on, those of one person if one is named."""
    rows = Batch.objects.filter(pk__gt=after).order_by("pk")
    if by:
        rows = rows.filter(by=by)
    return [_batch(row) for row in rows[:limit]]


def _batch(row: Batch) -> BatchLine:
    names = BatchLine.__dataclass_fields__
    return BatchLine(**{name: getattr(row, name) for name in names})
