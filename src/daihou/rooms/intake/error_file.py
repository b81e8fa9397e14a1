"""The rows that were refused, as a file to correct and send again."""

import csv
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import xlsxwriter

from daihou.rooms.intake import phrases
from daihou.rooms.intake.checks.combined import Combined
from daihou.rooms.intake.findings import Found, Rows
from daihou.rooms.intake.readers.raw import Raw

# Columns that begin with # are ours: recognised and left aside when sent again.
HEADINGS = {
    "en": ("#file", "#line", "#column", "#problem", "#right"),
    "zh": ("#文件", "#行号", "#列", "#问题", "#应为"),
}
# Also behind quote marks, so that one mark on and one mark off leaves what was sent.
_COMMAND = re.compile(r"^'*(?:[=@\t\r]|[+\-](?![\d.]+$))")
_XLSX_ROWS = 1_048_000
_STEM = 50  # characters; a file system allows 255 bytes for the whole name


@dataclass(frozen=True)
class Fault:
    """One finding on one row, as a person reads it."""

    file: str
    sheet: str
    line: int | None
    column: str
    value: str
    code: str
    problem: str
    right: str
    is_error: bool


def _language(language: str) -> str:
    return "zh" if language.lower().startswith("zh") else "en"


def faults(
    found: Sequence[Found],
    tables: Mapping[str, Combined],
    raws: Sequence[Raw],
    *,
    language: str,
    limit: int | None = None,
) -> list[Fault]:
    """Findings with file, line, column and value; at most `limit` rows of each."""
    out: list[Fault] = []
    for one in found:
        if not len(one.rows):
            out.append(
                _fault(one, 0, one.file, one.sheet, None, one.column, "", language)
            )
            continue
        rows = one.rows[:limit]
        for place, row in enumerate(rows):
            raw, raw_row, column, value = _place(one, int(row), tables, raws)
            line = int(raw.lines[raw_row])
            name, sheet = raw.file, raw.sheet
            out.append(_fault(one, place, name, sheet, line, column, value, language))
    return out


def _fault(
    one: Found,
    place: int,
    file: str,
    sheet: str,
    line: int | None,
    column: str,
    value: str,
    language: str,
) -> Fault:
    params = {"value": value, **one.params}
    params["right"] = (
        one.right[place] if len(one.right) > place else params.get("right", "")
    )
    return Fault(
        file=file,
        sheet=sheet,
        line=line,
        column=column,
        value=value or str(one.params.get("value", "")),
        code=one.code,
        problem=phrases.say(one.code, params, language=language),
        right=phrases.say_right(one.code, params, language=language),
        is_error=one.is_error,
    )


def _place(
    one: Found, row: int, tables: Mapping[str, Combined], raws: Sequence[Raw]
) -> tuple[Raw, int, str, str]:
    """The raw table, row and column behind a finding, and the value as sent."""
    if not one.table:
        raw = next(r for r in raws if r.file == one.file and r.sheet == one.sheet)
        return raw, row, one.column, ""
    table = tables[one.table]
    part, raw_row = table.where(row)
    column = part.origin.get(one.column, one.column)
    value = None
    if column in part.raw.data.column_names:
        value = part.raw.data.column(column)[raw_row].as_py()
    elif one.column in table.data.column_names:
        value = table.data.column(one.column)[row].as_py()
    return part.raw, raw_row, column, value or ""


def write(
    found: Sequence[Found],
    tables: Mapping[str, Combined],
    raws: Sequence[Raw],
    *,
    files: Sequence[str],
    folder: Path,
    language: str,
) -> dict[str, Path]:
    """Write one error file per sent file that has errors; names by file."""
    errors = [one for one in found if one.is_error]
    listed = faults(errors, tables, raws, language=language)
    written: dict[str, Path] = {}
    for name in files:
        mine = [fault for fault in listed if fault.file == name]
        if not mine:
            continue
        folder.mkdir(parents=True, exist_ok=True)
        sheets = [raw for raw in raws if raw.file == name]
        pages = _pages(mine, sheets, language)
        is_book = bool(sheets) and sheets[0].kind == "xlsx"
        small = all(len(rows) < _XLSX_ROWS for _, _, rows in pages)
        kind = "xlsx" if is_book and small else "csv"
        path = _free(folder, Path(name).name.rsplit(".", 1)[0], kind, written)
        (_write_book if path.suffix == ".xlsx" else _write_csv)(path, pages)
        written[name] = path
    return written


def _free(folder: Path, stem: str, kind: str, written: Mapping[str, Path]) -> Path:
    """A name no other file of this intake has, short enough in any writing."""
    stem = stem[:_STEM]
    path = folder / f"{stem}.errors.{kind}"
    number = 1
    while path in written.values():
        number += 1
        path = folder / f"{stem}.{number}.errors.{kind}"
    return path


_Page = tuple[str, list[str], list[list[Any]]]


def _pages(mine: Sequence[Fault], raws: Sequence[Raw], language: str) -> list[_Page]:
    """Per sheet: its name, its columns and ours, and the bad rows as sent."""
    headings = list(HEADINGS[_language(language)])
    whole = [[f.file, "", f.column, f.problem, f.right] for f in mine if f.line is None]
    pages: list[_Page] = []
    for raw in raws:
        rows = _rows(mine, raw)
        columns = [c for c in raw.data.column_names if not c.startswith("#")]
        if not rows and not (whole and raw is raws[0]):
            continue
        blank = [""] * len(columns)
        body = [head + blank for head in whole] if raw is raws[0] else []
        pages.append((raw.sheet, headings + columns, body + rows))
    return pages or [("", headings, whole)]


def _rows(mine: Sequence[Fault], raw: Raw) -> list[list[Any]]:
    by_line: dict[int, list[Fault]] = {}
    for fault in mine:
        if fault.line is not None and fault.sheet == raw.sheet:
            by_line.setdefault(fault.line, []).append(fault)
    if not by_line:
        return []
    lines: Rows = np.array(sorted(by_line), dtype=np.int64)
    at = np.searchsorted(raw.lines, lines)
    columns = [c for c in raw.data.column_names if not c.startswith("#")]
    cells = raw.data.select(columns).take(pa.array(at)).to_pylist()
    return [
        [
            raw.file,
            int(line),
            ", ".join(dict.fromkeys(f.column for f in by_line[int(line)])),
            "; ".join(f"{f.column}: {f.problem}" for f in by_line[int(line)]),
            "; ".join(f.right for f in by_line[int(line)] if f.right),
            *("" if row[c] is None else row[c] for c in columns),
        ]
        for line, row in zip(lines, cells, strict=True)
    ]


def _safe(cell: Any) -> Any:
    """A cell no spreadsheet program will run."""
    return f"'{cell}" if isinstance(cell, str) and _COMMAND.match(cell) else cell


def as_sent(cells: pa.ChunkedArray) -> pa.ChunkedArray:
    """Cells of an error file of ours without the mark that made them safe."""

    def plain(cell: str | None) -> str | None:
        marked = cell is not None and cell[:1] == "'" and _COMMAND.match(cell[1:])
        return cell[1:] if cell is not None and marked else cell

    marked = pc.any(pc.starts_with(cells, "'")).as_py()
    if not marked:
        return cells
    return pa.chunked_array([[plain(cell) for cell in cells.to_pylist()]], pa.string())


def _write_csv(path: Path, pages: Sequence[_Page]) -> None:
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        for _, columns, rows in pages:
            writer.writerow(columns)
            writer.writerows([_safe(cell) for cell in row] for row in rows)


def _write_book(path: Path, pages: Sequence[_Page]) -> None:
    options = {"constant_memory": True, "strings_to_formulas": False}
    with xlsxwriter.Workbook(str(path), options) as book:
        for place, (sheet, columns, rows) in enumerate(pages, start=1):
            page = book.add_worksheet(sheet[:31] or f"Sheet{place}")
            for number, row in enumerate([columns, *rows]):
                for column, cell in enumerate(row):
                    page.write_string(number, column, str(_safe(cell)))
