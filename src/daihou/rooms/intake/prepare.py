"""From the files sent to contract tables of text, before anything is judged."""

import fnmatch
from collections.abc import Mapping as Map
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
import pyarrow as pa

from daihou.rooms.intake import mapping as mappings
from daihou.rooms.intake.checks import totals
from daihou.rooms.intake.checks.combined import Combined, as_parts, combine
from daihou.rooms.intake.checks.totals import Control
from daihou.rooms.intake.error_file import HEADINGS, as_sent
from daihou.rooms.intake.findings import FileProblem, Found
from daihou.rooms.intake.mapping import Mapping, Part
from daihou.rooms.intake.readers import Raw, Sent, read_file
from daihou.tables.intake import TABLES


@dataclass(frozen=True)
class Order:
    """What somebody asks to be taken in.

    `files` are (path, name as sent); `table` names the contract table where the
    file name does not; `control` is promised over all files together. `loans_of` is
    another source whose loans and customers the rows refer to.
    """

    files: Sequence[tuple[Path, str]]
    source: str
    mapping: Mapping | None = None
    table: str = ""
    encoding: str | None = None
    control: Control = field(default_factory=Control)
    accept_good: bool = False
    loans_of: str = ""

    @property
    def refers_to(self) -> str:
        """The source whose loans and customers are meant, but for those sent along."""
        return self.loans_of or (self.mapping.refers_to if self.mapping else "")


@dataclass(frozen=True)
class Prepared:
    """The files read, their rows by contract table, and what is wrong so far."""

    sent: Sequence[Sent]
    raws: Sequence[Raw]
    parts: Sequence[Part]
    tables: Map[str, Combined]
    found: Sequence[Found]
    controls: Map[str, Control]


def prepare(order: Order) -> Prepared:
    """Read every file, apply the mapping, compare control totals."""
    encoding = order.encoding or (order.mapping.encoding if order.mapping else None)
    sent = [read_file(path, name=name, encoding=encoding) for path, name in order.files]
    found = [one for file in sent for one in file.found]
    raws = _corrected([raw for file in sent for raw in file.raws])
    if order.mapping is not None:
        parts, faults = mappings.apply(order.mapping, raws)
    else:
        parts, faults = _by_name(raws, order.table)
    found += faults
    tables, faults = combine(parts)
    found += faults
    controls, faults = _controls(order, raws, parts)
    found += faults
    return Prepared(sent, raws, parts, tables, found, controls)


def _by_name(raws: Sequence[Raw], named: str) -> tuple[list[Part], list[Found]]:
    parts: list[Part] = []
    found: list[Found] = []
    for raw in raws:
        table = named or table_of(raw)
        if table is None:
            params = {"value": raw.title, "known": ", ".join(TABLES)}
            found.append(
                Found("unknown_table", file=raw.file, sheet=raw.sheet, params=params)
            )
            continue
        part, faults = as_parts(raw, table)
        parts.append(part)
        found += faults
    return parts, found


def table_of(raw: Raw) -> str | None:
    """The table a sheet or a file is named after (`loans_2026-11.csv`: loans)."""
    names = [raw.sheet.lower(), raw.file.lower()] if raw.sheet else [raw.file.lower()]
    for name in names:
        # The longest first: contact_points before contact_history, and so on.
        for table in sorted(TABLES, key=len, reverse=True):
            if fnmatch.fnmatch(name, f"{table}*") or fnmatch.fnmatch(
                name, f"*[_. -]{table}.*"
            ):
                return table
    return None


def _corrected(raws: Sequence[Raw]) -> list[Raw]:
    """Rows of a corrected error file take the place of the lines they came from.

    Only where the file they came from is sent along; sent alone they are rows like
    any other.
    """
    names = {raw.file for raw in raws}
    replaced: dict[str, list[int]] = {}
    kept: list[Raw] = []
    for raw in raws:
        ours = _our_columns(raw)
        if ours is None:
            kept.append(raw)
            continue
        file_column, line_column = ours
        data = raw.data
        has_line = data.column(line_column).is_valid().to_numpy()
        for file, line in zip(
            data.column(file_column).to_pylist(),
            data.column(line_column).to_pylist(),
            strict=True,
        ):
            if file in names and line and line.isdigit():
                replaced.setdefault(f"{file}\0{raw.sheet}", []).append(int(line))
        rows = raw.data.filter(pa.array(has_line))
        rows = pa.table(
            {name: as_sent(rows.column(name)) for name in rows.column_names}
        )
        kept.append(replace(raw, data=rows, lines=raw.lines[has_line]))
    return [_without(raw, replaced.get(f"{raw.file}\0{raw.sheet}")) for raw in kept]


def _our_columns(raw: Raw) -> tuple[str, str] | None:
    names = raw.data.column_names
    for file, line, *_ in HEADINGS.values():
        if file in names and line in names:
            return file, line
    return None


def _without(raw: Raw, lines: list[int] | None) -> Raw:
    if not lines:
        return raw
    keep = ~np.isin(raw.lines, lines)
    return replace(raw, data=raw.data.filter(pa.array(keep)), lines=raw.lines[keep])


def _controls(
    order: Order, raws: Sequence[Raw], parts: Sequence[Part]
) -> tuple[dict[str, Control], list[Found]]:
    """What was promised, by file ('' for all together), and what does not agree."""
    controls: dict[str, Control] = {}
    found: list[Found] = []
    for path, name in order.files:
        mine = [raw for raw in raws if raw.file == name]
        try:
            promised = totals.sidecar(path)
            for raw in mine:
                promised = promised or totals.trailer(raw)
        except FileProblem as problem:
            found.append(Found(problem.code, file=name, params=problem.params))
            continue
        if promised:
            controls[name] = promised
            found += totals.judge(promised, mine, parts, file=name)
    if order.control:
        controls[""] = order.control
        first = order.files[0][1]
        found += totals.judge(order.control, raws, parts, file=first)
    return controls, found
