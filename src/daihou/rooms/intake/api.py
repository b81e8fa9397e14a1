"""Taking in files and rows for programs, and what was taken in."""

import csv
import io
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Annotated, Any, Final

from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile, UploadedFile
from django.http import HttpRequest
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from ninja import File, Form, Query
from ninja import UploadedFile as NinjaFile
from pydantic import Field

from daihou.kit import masking
from daihou.kit.api.paging import Page, Paging, begins_after, cut
from daihou.kit.api.personal import masked
from daihou.kit.api.problems import BadFields, Fault
from daihou.kit.api.router import Router
from daihou.kit.api.values import Given, Id, Schema, StrictBool, StrictInt
from daihou.kit.refusal import NotFound
from daihou.rooms.gateway.door import ApiScope
from daihou.rooms.intake import door, queries, upload
from daihou.rooms.intake.forms import FilesField
from daihou.rooms.people import door as people
from daihou.tables.intake import TABLES

router = Router(tags=["Intake"])
MOST_ROWS: Final = 10_000
Source = Annotated[str, Field(min_length=1, max_length=40, pattern="^[^/]+$")]
Cell = (
    Annotated[str, Field(max_length=4000)]
    | Annotated[StrictInt, Field(ge=-(10**18), le=10**18)]
    | StrictBool
    | None
)
Rows = Annotated[
    list[Annotated[dict[str, Cell], Field(max_length=200)]],
    Field(max_length=MOST_ROWS),
]


class TakenFile(Schema):
    """One file of an intake and what it did, in rows."""

    name: str
    digest: str
    table: str
    rows: int
    added: int
    changed: int
    unchanged: int
    refused: int


class Intake(Schema):
    """One intake with its files."""

    id: int
    source: str
    mapping: str
    state: str
    by: str
    started_at: datetime
    finished_at: datetime | None
    error_count: int
    files: list[TakenFile]


class IntakeForm(Schema):
    """The files of one source. `mapping` names one that is kept on the server."""

    source: Source
    mapping: Annotated[str, Field(max_length=80)] = ""
    accept_good: bool = False


class IntakeRows(Given):
    """Rows of the contract's tables (docs/reference/data-contract.md), by table.

    Amounts are decimal text. All is taken in or nothing, unless `accept_good` asks for
    the good rows alone.
    """

    source: Source
    tables: Annotated[dict[str, Rows], Field(min_length=1, max_length=len(TABLES))]
    mapping: Annotated[str, Field(max_length=80)] = ""
    accept_good: StrictBool = False


class TakenRows(Schema):
    """What an intake did to one table."""

    added: int
    changed: int
    unchanged: int


class Finding(Schema):
    """What is wrong with one row, what would be right; personal values are masked."""

    file: str
    line: int | None
    column: str
    value: str
    code: str
    problem: str
    right: str
    is_error: bool


class IntakeDone(Schema):
    """What an intake came to: applied, refused, or known (nothing new).

    `tables` counts rows taken in, `refused` rows left out, `codes` every finding; of
    each finding the first rows are in `findings`. `id` is null on a dry run, and when
    all files were known.
    """

    id: int | None
    state: str
    dry_run: bool
    tables: dict[str, TakenRows]
    refused: dict[str, int]
    codes: dict[str, int]
    findings: list[Finding]


def _sees_all(request: HttpRequest) -> None:
    """Files carry rows of every branch, so whoever sees one alone sees none of them."""
    people.require(request.person, people.Permission.VIEW_LOANS)
    if not request.person.oversees:
        raise _no_such_intake()


def _no_such_intake() -> NotFound:
    return NotFound(
        "intake_unknown",
        _("There is no such intake, or it is not for who sees a part of the book."),
    )


def _may_send(request: HttpRequest) -> None:
    people.require(request.person, people.Permission.RUN_INTAKE)
    _sees_all(request)


@router.read(
    "/intakes", scope=ApiScope.INTAKE_READ, returns=Page[Intake], allow=_sees_all
)
def list_intakes(request: HttpRequest, paging: Query[Paging]) -> Page[Intake]:
    """List what was taken in

    In the order in which it came.
    """
    rows = queries.batches_after(
        begins_after(paging, of="intakes"), limit=paging.limit + 1
    )
    return cut(rows, paging, of="intakes", key=lambda row: row.id, show=_intake)


def _intake(line: queries.BatchLine) -> Intake:
    return Intake(
        id=line.id,
        source=line.source,
        mapping=line.mapping,
        state=line.state,
        by=line.by,
        started_at=line.started_at,
        finished_at=line.finished_at,
        error_count=line.error_count,
        files=[
            TakenFile(**{name: getattr(file, name) for name in TakenFile.model_fields})
            for file in line.files
        ],
    )


@router.read(
    "/intakes/{intake}", scope=ApiScope.INTAKE_READ, returns=Intake, allow=_sees_all
)
def get_intake(request: HttpRequest, intake: Id) -> Intake:
    """Read one intake

    With its files and what each did.
    """
    found = queries.batches_after(0, limit=1, only=intake)
    if not found:
        raise _no_such_intake()
    return _intake(found[0])


@router.write(
    "/intakes",
    scope=ApiScope.INTAKE_WRITE,
    returns=IntakeDone,
    allow=_may_send,
)
def take_files_in(
    request: HttpRequest, files: File[list[NinjaFile]], form: Form[IntakeForm]
) -> IntakeDone:
    """Take files in

    CSV, XLSX or Parquet, named after their tables (`loans.csv`); whole or not at all
    unless `accept_good` asks for the good rows.
    """
    try:
        checked = FilesField().clean(list(files))
    except ValidationError as error:
        words = " ".join(error.messages)
        raise BadFields(Fault("files", "file", words, "form")) from None
    return _take(
        request,
        checked,
        source=form.source,
        mapping=form.mapping,
        accept_good=form.accept_good,
    )


@router.write(
    "/intakes:rows",
    scope=ApiScope.INTAKE_WRITE,
    returns=IntakeDone,
    allow=_may_send,
    words=False,
)
def take_rows_in(request: HttpRequest, body: IntakeRows) -> IntakeDone:
    """Take rows in

    The tables of the data contract as JSON, judged like the same rows in a file.
    """
    for name in body.tables:
        if name not in TABLES:
            words = _("There is no such table; known: %(known)s.")
            raise BadFields(
                Fault("tables", "unknown_table", words % {"known": ", ".join(TABLES)})
            )
    files = [
        SimpleUploadedFile(f"{name}.csv", _csv(rows))
        for name, rows in body.tables.items()
    ]
    return _take(
        request,
        files,
        source=body.source,
        mapping=body.mapping,
        accept_good=body.accept_good,
    )


def _csv(rows: Sequence[Mapping[str, Any]]) -> bytes:
    """Rows as the text of a CSV file; a missing and a null cell are both empty."""
    names = list(dict.fromkeys(name for row in rows for name in row))
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(names)
    for row in rows:
        writer.writerow([_cell(row.get(name)) for name in names])
    return text.getvalue().encode()


def _cell(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return "" if value is None else str(value)


def _take(
    request: HttpRequest,
    files: Sequence[UploadedFile],
    *,
    source: str,
    mapping: str,
    accept_good: bool,
) -> IntakeDone:
    if mapping and mapping not in upload.mapping_names():
        words = _("There is no such mapping; known: %(known)s.")
        known = ", ".join(upload.mapping_names())
        raise BadFields(Fault("mapping", "mapping_unknown", words % {"known": known}))
    day = request.business_day()
    kept = upload.keep(files, at=request.at)
    try:
        outcome = upload.take(
            kept,
            source=source,
            mapping=mapping,
            accept_good=accept_good,
            deed=door.Deed(
                by=request.person.username,
                at=request.at,
                now=request.now,
                business_date=day.on if day else None,
                language=get_language() or "zh-hans",
                plan=request.dry_run,
            ),
        )
    finally:
        kept.drop()
    return _done(outcome, dry_run=request.dry_run)


def _done(outcome: door.Outcome, *, dry_run: bool) -> IntakeDone:
    return IntakeDone(
        id=outcome.batch_id,
        state=str(outcome.state),
        dry_run=dry_run,
        tables={
            name: TakenRows(
                added=one.added, changed=one.changed, unchanged=one.unchanged
            )
            for name, one in outcome.tables.items()
        },
        refused=dict(outcome.refused),
        codes=dict(outcome.codes),
        findings=[_finding(each) for each in outcome.faults],
    )


def _finding(fault: door.Fault) -> Finding:
    return Finding(
        file=fault.file,
        line=fault.line,
        column=fault.column,
        value=str(masked(fault.value, key=fault.column)),
        code=fault.code,
        problem=masking.scrubbed(fault.problem),
        right=str(masked(fault.right, key=fault.column)),
        is_error=fault.is_error,
    )
