"""The only reader of batches and their files."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import QuerySet

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


def history(
    *, limit: int = 50, start: int = 0, source: str = "", state: str = ""
) -> Sequence[BatchLine]:
    """The newest batches with their files; two queries."""
    rows = _asked(source, state).order_by("-id").prefetch_related("files")
    return [_batch_line(row) for row in rows[start : start + limit]]


def history_size(*, source: str = "", state: str = "") -> int:
    """How many batches `history` lists."""
    return int(_asked(source, state).count())


def _asked(source: str, state: str) -> "QuerySet[Batch]":
    rows = Batch.objects.all()
    rows = rows.filter(source=source) if source else rows
    return rows.filter(state=state) if state else rows


@dataclass(frozen=True, slots=True)
class FileWhole:
    """One file and table of a batch with what was found in it, by code."""

    line: FileLine
    size: int
    findings: Mapping[str, int]
    control_totals: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class BatchWhole:
    """One intake with everything that is kept of it."""

    line: BatchLine
    mapping_version: str
    refers_to: str
    business_date: date | None
    files: tuple[FileWhole, ...]


def batch_of(batch_id: int) -> BatchWhole | None:
    """One intake, or None."""
    row = Batch.objects.filter(pk=batch_id).prefetch_related("files").first()
    if row is None:
        return None
    return BatchWhole(
        line=_batch_line(row),
        mapping_version=row.mapping_version,
        refers_to=row.refers_to,
        business_date=row.business_date,
        files=tuple(
            FileWhole(_file_line(each), each.size, each.findings, each.control_totals)
            for each in row.files.all()
        ),
    )


@dataclass(frozen=True, slots=True)
class First:
    """When a file was taken in the first time, and by whom."""

    name: str
    batch_id: int
    by: str
    at: datetime


def first_taken(digests: Sequence[str]) -> Sequence[First]:
    """The first intake of each of these files that was applied."""
    rows = (
        File.objects.filter(digest__in=list(digests), batch__state=BatchState.APPLIED)
        .order_by("digest", "batch_id")
        .values_list("digest", "name", "batch_id", "batch__by", "batch__started_at")
    )
    found: dict[str, First] = {}
    for digest, name, batch_id, by, at in rows:
        found.setdefault(digest, First(name, batch_id, by, at))
    return list(found.values())


def batches_after(after: int, *, limit: int, only: int = 0) -> Sequence[BatchLine]:
    """Batches with a number above `after`, earliest first; `only` one of them."""
    rows = Batch.objects.filter(id__gt=after).order_by("id")
    if only:
        rows = rows.filter(id=only)
    return [_batch_line(row) for row in rows.prefetch_related("files")[:limit]]


def _batch_line(row: Batch) -> BatchLine:
    return BatchLine(
        id=row.pk,
        source=row.source,
        mapping=row.mapping,
        state=row.state,
        by=row.by,
        started_at=row.started_at,
        finished_at=row.finished_at,
        error_count=row.error_count,
        files=tuple(_file_line(file) for file in row.files.all()),
    )


def _file_line(file: File) -> FileLine:
    return FileLine(
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
