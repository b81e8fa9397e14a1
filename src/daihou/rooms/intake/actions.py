"""The only writer of intakes: check, refuse or take in, record; one transaction."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import pyarrow as pa
from django.conf import settings
from django.db import transaction

from daihou.rooms.intake import acts_tried, after, error_file, plan_files, telling
from daihou.rooms.intake.checks.run import Checked, Question, check
from daihou.rooms.intake.error_file import Fault
from daihou.rooms.intake.findings import Found, counts, errors
from daihou.rooms.intake.mapping import MappingError
from daihou.rooms.intake.models import AttributeField, Batch, File
from daihou.rooms.intake.prepare import Order, Prepared, prepare
from daihou.rooms.intake.queries import attribute_kinds, known_files, mapping_changed
from daihou.rooms.intake.states import BatchState
from daihou.rooms.ledger import door as ledger

_SHOWN = 20  # rows of each fault, on the page and the command line
Say = Callable[[str], None]


@dataclass(frozen=True)
class Outcome:
    """What an intake came to.

    `tables` counts rows by contract table (added, changed, unchanged), `refused` the
    rows left out, `codes` every finding by code, `faults` the first rows of each;
    `error_files` are the rows to correct, by name of the file sent.
    """

    state: BatchState
    batch_id: int | None = None
    planned: bool = False
    tables: Mapping[str, ledger.taking_in.Counts] = field(default_factory=dict)
    refused: Mapping[str, int] = field(default_factory=dict)
    codes: Mapping[str, int] = field(default_factory=dict)
    faults: Sequence[Fault] = ()
    error_files: Mapping[str, Path] = field(default_factory=dict)
    known: Sequence[str] = ()
    known_digests: Sequence[str] = ()
    acts: Sequence[Found] = ()  # what of it named a refused act


@dataclass(frozen=True)
class Deed:
    """Who takes in, when, on which business date, in which language.

    `now` tells the instant at the end; without it the intake ends when it began, as
    it does in a town that lives in no time.
    """

    by: str
    at: datetime
    business_date: date | None
    language: str = "zh-hans"
    plan: bool = False
    say: Say = lambda _step: None
    now: Callable[[], datetime] | None = None


def take_files(order: Order, deed: Deed) -> Outcome:
    """Take files in, whole or not at all (`accept_good`: their good rows).

    A file that was taken in before, by digest, changes nothing. With `plan` all is
    done and then undone, so the counts are exact and nothing is written.
    """
    plan_files.expire(at=deed.at)
    deed.say("read")
    prepared = prepare(order)
    with transaction.atomic():
        ledger.taking_in.hold_intake()
        if order.mapping is not None:
            _refuse_changed_mapping(order)
        outcome = _in_transaction(order, prepared, deed)
        if deed.plan:
            transaction.set_rollback(True)
    if not deed.plan:
        acts_tried.in_rows(outcome, source=order.source, deed=deed)
    return outcome


def _refuse_changed_mapping(order: Order) -> None:
    mapping = order.mapping
    assert mapping is not None
    if mapping_changed(mapping.name, mapping.version, mapping.digest):
        raise MappingError("changed", name=mapping.name, version=mapping.version)


def _in_transaction(order: Order, prepared: Prepared, deed: Deed) -> Outcome:
    known = known_files(
        [sent.digest for sent in prepared.sent],
        source=order.source,
        mapping_digest=order.mapping.digest if order.mapping else "",
        refers_to=order.refers_to,
    )
    if all(sent.digest in known for sent in prepared.sent):
        return _nothing_new(prepared, deed)
    deed.say("check")
    checked = check(
        prepared.tables,
        Question(
            source=order.source,
            business_date=deed.business_date,
            zone=ZoneInfo(settings.TIME_ZONE),
            attributes=attribute_kinds(),
            only_good=order.accept_good,
            refers_to=order.refers_to,
        ),
        before=prepared.found,
        say=deed.say,
    )
    found = checked.found
    # Faults of a whole file or its control totals are not healed by leaving rows out.
    whole = [one for one in errors(found) if not one.table]
    if whole or (errors(found) and not order.accept_good):
        return _refuse(order, prepared, found, deed)
    return _apply(order, prepared, checked, found, deed)


def _nothing_new(prepared: Prepared, deed: Deed) -> Outcome:
    """Say so and write nothing: the history has the first time already."""
    return Outcome(
        BatchState.KNOWN,
        planned=deed.plan,
        known=[sent.name for sent in prepared.sent],
        known_digests=[sent.digest for sent in prepared.sent],
    )


def _batch(order: Order, deed: Deed, state: BatchState, *, errors: int) -> Batch:
    mapping = order.mapping
    batch: Batch = Batch.objects.create(
        source=order.source,
        refers_to=order.refers_to,
        mapping=mapping.name if mapping else "",
        mapping_version=mapping.version if mapping else "",
        mapping_digest=mapping.digest if mapping else "",
        state=state,
        by=deed.by,
        started_at=deed.at,
        business_date=deed.business_date,
        error_count=errors,
    )
    return batch


def _finish(batch: Batch, deed: Deed) -> None:
    """Write down when all was done, the ledger and the error files included."""
    batch.finished_at = deed.now() if deed.now is not None else deed.at
    batch.save(update_fields=["finished_at"])


def _refuse(
    order: Order, prepared: Prepared, found: Sequence[Found], deed: Deed
) -> Outcome:
    """Leave the ledger as it is; keep the error files and that it was tried."""
    wrong = errors(found)
    batch = _batch(
        order, deed, BatchState.REFUSED, errors=sum(one.count for one in wrong)
    )
    written = _error_files(prepared, found, batch, deed)
    _record_files(prepared, batch, found, {}, written)
    _finish(batch, deed)
    if not deed.plan:
        telling.refused(prepared, batch)
    return _outcome(BatchState.REFUSED, batch, prepared, found, {}, written, deed)


def _error_files(
    prepared: Prepared, found: Sequence[Found], batch: Batch, deed: Deed
) -> dict[str, Path]:
    folder = settings.DAIHOU_HOME / "intake" / str(batch.pk)
    if deed.plan:
        folder = plan_files.folder_of(prepared.sent[0].digest, at=deed.at)
    return error_file.write(
        found,
        prepared.tables,
        prepared.raws,
        files=[sent.name for sent in prepared.sent],
        folder=folder,
        language=deed.language,
    )


def _apply(
    order: Order,
    prepared: Prepared,
    checked: Checked,
    found: Sequence[Found],
    deed: Deed,
) -> Outcome:
    deed.say("write")
    wrong = sum(one.count for one in errors(found))
    batch = _batch(order, deed, BatchState.APPLIED, errors=wrong)
    tables = {}
    for name, one in checked.good().items():
        keep = pa.array(~checked.bad(name))
        files = pa.array(_file_numbers(prepared, name)).filter(keep)
        personal = tuple(
            each.name
            for each in checked.attributes
            if each.personal and each.table == name
        )
        tables[name] = ledger.taking_in.Taken(
            one.data, tuple(one.attributes), files, personal
        )
    done = ledger.taking_in.take_in(
        tables,
        schedules=checked.schedules,
        source=order.source,
        batch_id=batch.pk,
        at=deed.at,
        business_date=deed.business_date,
        say=deed.say,
        refers_to=order.refers_to,
    )
    after.tell(
        after.TakenIn(batch.pk, frozenset(done), deed.by, deed.at, deed.business_date)
    )
    _register_attributes(checked)
    written = _error_files(prepared, found, batch, deed)
    _record_files(prepared, batch, found, done, written)
    telling.applied(order, prepared, batch, done, deed)
    _finish(batch, deed)
    return _outcome(BatchState.APPLIED, batch, prepared, found, done, written, deed)


def _file_numbers(prepared: Prepared, table: str) -> Any:
    """Which of the files sent each row of a table came from."""
    names = [sent.name for sent in prepared.sent]
    one = prepared.tables[table]
    of_part = [names.index(part.raw.file) for part in one.parts]
    return np.array(of_part, dtype=np.int32)[one.part]


def _register_attributes(checked: Checked) -> None:
    AttributeField.objects.bulk_create(
        [
            AttributeField(
                table=one.table, name=one.name, kind=one.kind, personal=one.personal
            )
            for one in checked.attributes
        ],
        update_conflicts=True,
        unique_fields=["table", "name"],
        update_fields=["kind"],
    )


def _record_files(
    prepared: Prepared,
    batch: Batch,
    found: Sequence[Found],
    done: Mapping[str, ledger.taking_in.Done],
    written: Mapping[str, Path],
) -> None:
    """One line per file and table: rows sent, taken and refused, faults by code."""
    rows = []
    for number, sent in enumerate(prepared.sent):
        parts = [part for part in prepared.parts if part.raw.file == sent.name]
        path = written.get(sent.name)
        promised = prepared.controls.get(sent.name) or prepared.controls.get("")
        for table in dict.fromkeys(part.table for part in parts) or [""]:
            count = ledger.taking_in.Counts()
            if table in done:
                count = done[table].files.get(number, count)
            rows.append(
                File(
                    batch=batch,
                    name=sent.name,
                    digest=sent.digest,
                    size=sent.size,
                    table=table,
                    rows=sum(len(p.data) for p in parts if p.table == table),
                    added=count.added,
                    changed=count.changed,
                    unchanged=count.unchanged,
                    refused=_refused(prepared, found, table, number),
                    findings=_codes_of(prepared, found, sent.name, table, number),
                    error_file=str(path.relative_to(settings.DAIHOU_HOME))
                    if path
                    else "",
                    control_totals=_promised(promised),
                )
            )
    File.objects.bulk_create(rows)


def _promised(control: Any) -> dict[str, Any]:
    if not control:
        return {}
    totals = {name: str(total) for name, total in control.totals.items()}
    return {"rows": control.rows, "totals": totals}


def _refused(
    prepared: Prepared, found: Sequence[Found], table: str, number: int
) -> int:
    if table not in prepared.tables:
        return 0
    bad = np.zeros(len(prepared.tables[table].data), dtype=np.bool_)
    for one in found:
        if one.table == table and one.is_error:
            bad[one.rows] = True
    return int((bad & (_file_numbers(prepared, table) == number)).sum())


def _codes_of(
    prepared: Prepared, found: Sequence[Found], file: str, table: str, number: int
) -> dict[str, int]:
    mine: dict[str, int] = {}
    for one in found:
        if one.table == table and one.table:
            count = int((_file_numbers(prepared, table)[one.rows] == number).sum())
        else:
            count = one.count if one.file == file and not one.table else 0
        if count:
            mine[one.code] = mine.get(one.code, 0) + count
    return mine


def _outcome(
    state: BatchState,
    batch: Batch,
    prepared: Prepared,
    found: Sequence[Found],
    done: Mapping[str, ledger.taking_in.Done],
    written: Mapping[str, Path],
    deed: Deed,
) -> Outcome:
    refused = {
        table: sum(
            _refused(prepared, found, table, number)
            for number in range(len(prepared.sent))
        )
        for table in prepared.tables
    }
    return Outcome(
        state=state,
        batch_id=None if deed.plan else batch.pk,
        planned=deed.plan,
        tables={table: one.total for table, one in done.items()},
        refused={table: count for table, count in refused.items() if count},
        codes=counts(found),
        faults=error_file.faults(
            found,
            prepared.tables,
            prepared.raws,
            language=deed.language,
            limit=_SHOWN,
        ),
        error_files=written,
        acts=[one for one in found if one.code in acts_tried.CODES],
    )
