"""XLSX: each sheet is a table; cells become the text a person would have typed."""

import io
from datetime import date, datetime, time, timedelta

import numpy as np
import pyarrow as pa
from python_calamine import CalamineError, CalamineWorkbook

from daihou.rooms.intake.findings import FileProblem, Found
from daihou.rooms.intake.readers.guard import check_workbook
from daihou.rooms.intake.readers.raw import Raw, header, tidy


def read_workbook(data: bytes, *, name: str) -> list[Raw]:
    """Read every sheet that has rows; raises FileProblem for an unsafe workbook."""
    check_workbook(data)
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(data))
        sheets = [(s, _rows(book, s)) for s in book.sheet_names]
    except (CalamineError, OSError, ValueError) as error:
        raise FileProblem("broken_workbook", detail=str(error)) from error
    tables = [
        _table(name, sheet, rows)
        for sheet, rows in sheets
        if any(cell not in ("", None) for row in rows[:20] for cell in row)
    ]
    if not tables:
        raise FileProblem("empty_file")
    return tables


def _rows(book: CalamineWorkbook, sheet: str) -> list[list[object]]:
    rows = book.get_sheet_by_name(sheet).to_python(skip_empty_area=False)
    return [list(row) for row in rows]


def _table(name: str, sheet: str, rows: list[list[object]]) -> Raw:
    first = next(i for i, row in enumerate(rows) if any(c != "" for c in row))
    names, twice = header(rows[first])
    body = rows[first + 1 :]
    lines = np.arange(first + 2, first + 2 + len(body), dtype=np.int64)
    columns = [
        tidy(pa.array([_text(row[i]) for row in body], pa.string()))
        for i in range(len(names))
    ]
    table = pa.table(columns, names=names)
    filled = np.zeros(len(body), dtype=np.bool_)
    for column in table.columns:
        filled |= column.is_valid().to_numpy()
    if not filled.all():
        table = table.filter(pa.array(filled))
    found = [
        Found("duplicate_column", file=name, sheet=sheet, column=one) for one in twice
    ]
    return Raw(
        file=name,
        kind="xlsx",
        sheet=sheet,
        data=table,
        lines=lines[filled],
        found=found,
    )


def _text(cell: object) -> str:
    """A cell as typed: 1234.5 not 1234.50000001, 12 not 12.0, dates in ISO."""
    if isinstance(cell, str):
        return cell
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, float):
        return _number(cell)
    if isinstance(cell, datetime):
        if cell.time() == time():
            return cell.date().isoformat()
        return cell.isoformat()
    if isinstance(cell, date | time):
        return cell.isoformat()
    if isinstance(cell, timedelta):
        return str(cell)
    return "" if cell is None else str(cell)


def _number(value: float) -> str:
    if value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    # A spreadsheet keeps fifteen digits; more are noise of binary arithmetic.
    text = f"{value:.15g}"
    return f"{value:.12f}".rstrip("0").rstrip(".") if "e" in text else text
