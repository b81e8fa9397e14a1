"""Positions for other systems and people: Parquet, CSV or XLSX in major units."""

from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

import adbc_driver_postgresql.dbapi as adbc
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from pyarrow import csv

from daihou.engine.basics.money import digits
from daihou.nightly.errors import NightError
from daihou.tables.facts import MINOR
from daihou.tables.positions import POSITIONS, POSITIONS_OUT

SHEET_ROWS: Final = 1_048_575  # what one sheet holds below its head
_COMMAND: Final = r"^'*[=+\-@\t\r]"
AMOUNTS: Final = tuple(
    name
    for name in POSITIONS_OUT
    if name in POSITIONS.names
    and name != "loan_id"
    and POSITIONS.field(name).type == MINOR
)


def read_names(url: str) -> pa.Table:
    """The sender, its id and the currency of every loan, by our loan_id."""
    with adbc.connect(url) as connection, connection.cursor() as cursor:
        cursor.execute(
            "select id, source, external_id, currency from ledger_loan order by id"
        )
        found: pa.Table = cursor.fetch_arrow_table()
        return found


def decimals(minor: Any, *, scale: int) -> pa.Array:
    """Integers of 10**-scale as exact decimals, without going through floats."""
    wide = np.empty((len(minor), 2), np.int64)
    wide[:, 0] = minor
    wide[:, 1] = minor >> 63
    buffers = [None, pa.py_buffer(wide.tobytes())]
    return pa.Array.from_buffers(pa.decimal128(20, scale), len(minor), buffers)


def outward(positions: pa.Table, names: pa.Table, *, as_of: date) -> pa.Table:
    """The columns of POSITIONS_OUT: sender's ids, amounts in major units.

    Where two senders of the book share a loan's number, `source` is added at the end.
    """
    spots = pc.index_in(positions["loan_id"], value_set=names["id"].combine_chunks())
    assert spots.null_count == 0, "a position without its loan"
    known = names.take(spots)
    places = {code: digits(code) for code in pc.unique(known["currency"]).to_pylist()}
    scale = max(places.values(), default=2)
    factors = pa.array([10 ** (scale - n) for n in places.values()] or [1], pa.int64())
    which = pc.index_in(
        known["currency"], value_set=pa.array(list(places), pa.string())
    )
    factor = factors.take(which.combine_chunks()).to_numpy()
    columns: dict[str, Any] = {
        "loan_id": known["external_id"],
        "as_of": pa.repeat(pa.scalar(as_of), positions.num_rows),
    }
    for name in AMOUNTS:
        minor = positions[name].to_numpy() * factor
        columns[name] = decimals(minor, scale=scale)
    for name in POSITIONS_OUT:
        columns.setdefault(
            name, positions[name] if name in positions.column_names else None
        )
    told = {name: columns[name] for name in POSITIONS_OUT}
    if pc.count_distinct(names["external_id"]).as_py() < names.num_rows:
        told["source"] = known["source"]
    return pa.table(told)


def _harmless(column: pa.ChunkedArray) -> pa.ChunkedArray:
    """Text that a spreadsheet would run gets a quote mark, and so does quoted text."""
    marked = pc.match_substring_regex(column, _COMMAND)
    return pc.if_else(marked, pc.binary_join_element_wise("'", column, ""), column)


def _write_csv(table: pa.Table, out: Path) -> None:
    columns = {
        name: _harmless(table[name])
        if pa.types.is_string(table[name].type)
        or pa.types.is_large_string(table[name].type)
        else table[name]
        for name in table.column_names
    }
    csv.write_csv(pa.table(columns), out)


def _write_parquet(table: pa.Table, out: Path) -> None:
    pq.write_table(table, out, compression="zstd")


def _write_xlsx(table: pa.Table, out: Path) -> None:
    import xlsxwriter

    if table.num_rows > SHEET_ROWS:
        raise NightError("too_many_rows", rows=table.num_rows, limit=SHEET_ROWS)
    options = {"constant_memory": True, "strings_to_formulas": False}
    with xlsxwriter.Workbook(out, options) as book:
        sheet = book.add_worksheet("positions")
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        money = book.add_format({"num_format": "#,##0.00"})
        text = book.add_format({"quote_prefix": True})
        sheet.write_row(0, 0, table.column_names)
        sheet.freeze_panes(1, 1)
        sheet.autofilter(0, 0, table.num_rows, len(table.column_names) - 1)
        row = 1
        for batch in table.to_batches(max_chunksize=10_000):
            for values in zip(*batch.to_pydict().values(), strict=True):
                for column, value in enumerate(values):
                    _cell(sheet, row, column, value, day=day, money=money, text=text)
                row += 1


def _is_command(value: str) -> bool:
    return value[:1] in {"=", "+", "-", "@", "\t", "\r"}


def _cell(
    sheet: Any, row: int, column: int, value: Any, *, day: Any, money: Any, text: Any
) -> None:
    """Text stays text, whatever it begins with: no cell ever runs as a formula."""
    if value is None:
        return
    if isinstance(value, str):
        sheet.write_string(row, column, value, text if _is_command(value) else None)
    elif isinstance(value, date):
        sheet.write_datetime(row, column, value, day)
    elif isinstance(value, int):
        sheet.write_number(row, column, value)
    else:
        sheet.write_number(row, column, value, money)


WRITERS: Mapping[str, Callable[[pa.Table, Path], None]] = MappingProxyType(
    {"parquet": _write_parquet, "csv": _write_csv, "xlsx": _write_xlsx}
)


def write(table: pa.Table, out: Path, *, kind: str) -> None:
    """Write the table whole or not at all, as parquet, csv or xlsx."""
    draft = out.with_name(f".{out.name}.draft")
    try:
        WRITERS[kind](table, draft)
        draft.replace(out)
    finally:
        draft.unlink(missing_ok=True)
