"""The only reader of batches and their files."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from daihou.rooms.intake.models import Batch


@dataclass(frozen=True, slots=True)
class FileLine:
    """One file of a batch and what it did, in rows.

    `error_file` is the path of the rows to correct, empty without errors.
    """

    name: str
    digest: str
    table: str
    rows: int
    added: int
    changed: int
    unchanged: int
    refused: int
    error_file: str


@dataclass(frozen=True, slots=True)
class BatchLine:
    """One intake with its files."""

    id: int
    source: str
    mapping: str
    state: str
    by: str
    started_at: datetime
    finished_at: datetime | None
    error_count: int
    files: tuple[FileLine, ...]


def history(*, limit: int = 50) -> Sequence[BatchLine]:
    """The newest batches with their files; two queries."""
    rows = Batch.objects.order_by("-id").prefetch_related("files")[:limit]
    return [
        BatchLine(
            id=row.pk,
            source=row.source,
            mapping=row.mapping,
            state=row.state,
            by=row.by,
            started_at=row.started_at,
            finished_at=row.finished_at,
            error_count=row.error_count,
            files=tuple(
                FileLine(
                    name=file.name,
                    digest=file.digest,
                    table=file.table,
                    rows=file.rows,
                    added=file.added,
                    changed=file.changed,
                    unchanged=file.unchanged,
                    refused=file.refused,
                    error_file=file.error_file,
                )
                for file in row.files.all()
            ),
        )
        for row in rows
    ]
