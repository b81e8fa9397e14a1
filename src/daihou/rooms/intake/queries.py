"""The only reader of batches and their files."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from daihou.rooms.intake.models import AttributeField, Batch, File
from daihou.rooms.intake.states import BatchState


@dataclass(frozen=True, slots=True)
class FileLine:
    """One file of a batch and what it did, in rows.

    `error_file` is the path of the rows to correct, empty without errors; it holds
    `to_correct` rows, none when the file itself could not be read.
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
    to_correct: int


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
                    to_correct=file.refused or file.findings.get("ragged_row", 0),
                )
                for file in row.files.all()
            ),
        )
        for row in rows
    ]


def sources() -> Sequence[str]:
    """The names under which files were taken in, in order."""
    taken = Batch.objects.filter(state=BatchState.APPLIED)
    return sorted(set(taken.values_list("source", flat=True).distinct()))


def known_files(
    digests: Sequence[str], *, source: str, mapping_digest: str, refers_to: str
) -> set[str]:
    """Which of these files were taken in whole before, and nothing after them.

    A file of which any row, in any of its tables, was refused was not taken in whole.
    A file that came again after a later file of the same source and table is not
    known: it may set back what the later one changed, and is judged row by row.
    """
    taken = File.objects.filter(batch__source=source, batch__state=BatchState.APPLIED)
    known = set()
    for digest in digests:
        same = taken.filter(
            digest=digest,
            batch__mapping_digest=mapping_digest,
            batch__refers_to=refers_to,
        )
        in_part = same.filter(refused__gt=0).values("batch_id")
        mine = same.exclude(batch_id__in=in_part)
        last = mine.order_by("-batch_id").values_list("batch_id", flat=True).first()
        if last is None:
            continue
        tables = mine.filter(batch_id=last).values_list("table", flat=True)
        later = taken.filter(batch_id__gt=last, table__in=list(tables))
        if not later.exclude(digest=digest).exists():
            known.add(digest)
    return known


def error_file(*, batch_id: int, digest: str) -> str:
    """Where the rows to correct of a file lie, below the home; '' without any."""
    rows = File.objects.filter(batch_id=batch_id, digest=digest).exclude(error_file="")
    return rows.values_list("error_file", flat=True).first() or ""


def mapping_changed(name: str, version: str, digest: str) -> bool:
    """Whether this version of a mapping was used with another content before."""
    used = Batch.objects.filter(
        mapping=name, mapping_version=version, state=BatchState.APPLIED
    )
    return bool(used.exclude(mapping_digest=digest).exists())


def attribute_kinds() -> dict[tuple[str, str], tuple[str, bool]]:
    """(kind, personal) of every custom attribute by (table, name)."""
    rows = AttributeField.objects.values_list("table", "name", "kind", "personal")
    return {(table, name): (kind, personal) for table, name, kind, personal in rows}
