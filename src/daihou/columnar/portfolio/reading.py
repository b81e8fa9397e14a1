"""A panel file as an Arrow table: only the columns asked for, CSV or Parquet."""

import csv
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.csv as arrow_csv
import pyarrow.parquet as pq

from daihou.engine.metrics.errors import PanelError

SEPARATORS = (",", "\t", ";", "|")
SNIFFED = 1 << 20  # bytes looked at to tell the encoding
PARQUET, ZIP, OLD_EXCEL = b"PAR1", b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
WIDE = (b"\xff\xfe", b"\xfe\xff")  # how a text in UTF-16 begins, as Excel saves it


def table_of(given: Any, columns: Sequence[str]) -> pa.Table:
    """The columns of a file or frame; PanelError when it is not one.

    A frame is an Arrow table or batch, a pandas or polars frame, or whatever offers
    itself as an Arrow stream. In CSV everything is text, so that account 007 is not
    account 7.
    """
    wanted = list(dict.fromkeys(columns))
    if isinstance(given, str | Path):
        found = _file(Path(given), wanted)
        if not found.num_rows:
            raise PanelError("empty", file=Path(given).name)
        return found
    if isinstance(given, pa.RecordBatch):
        given = pa.Table.from_batches([given])
    if not isinstance(given, pa.Table):
        kind = type(given).__name__
        try:
            given = pa.table(_without_index(given))
        except (TypeError, pa.ArrowException):
            raise PanelError("frame", kind=kind) from None
    _must_have(given.column_names, wanted, "frame")
    return given.select(wanted)


def _without_index(frame: Any) -> Any:
    """Of a pandas frame only its columns: an index of texts is dear and not asked."""
    if hasattr(frame, "iloc") and hasattr(frame, "reset_index"):
        return frame.reset_index(drop=True)
    return frame


def _file(path: Path, columns: list[str]) -> pa.Table:
    if path.is_dir():
        return _parquet(path, columns)
    with path.open("rb") as file:
        head = file.read(4)
    if head == PARQUET:
        return _parquet(path, columns)
    if head in (ZIP, OLD_EXCEL):
        raise PanelError("kind", file=path.name)
    return _csv(path, columns)


def _parquet(path: Path, columns: list[str]) -> pa.Table:
    try:
        if path.is_file():
            schema = pq.read_schema(path)
            _must_have(schema.names, columns, path.name)
            # Text stays coded: a status of ten values is not worth a text per row.
            texts = [c for c in columns if _is_text(schema.field(c).type)]
            return pq.read_table(path, columns=columns, read_dictionary=texts)
        whole = pq.ParquetDataset(path)
        _must_have(whole.schema.names, columns, path.name)
        return whole.read(columns=columns)
    except pa.ArrowException as error:
        raise _unreadable(path, "Parquet", error) from None


def _is_text(kind: pa.DataType) -> bool:
    return bool(pa.types.is_string(kind) or pa.types.is_large_string(kind))


def _csv(path: Path, columns: list[str]) -> pa.Table:
    try:
        encoding, first = _first_line(path)
        separator = _separator(first, columns, path.name)
        coded = pa.dictionary(pa.int32(), pa.string())
        return arrow_csv.read_csv(
            path,
            read_options=arrow_csv.ReadOptions(encoding=encoding),
            parse_options=arrow_csv.ParseOptions(
                delimiter=separator, newlines_in_values=False
            ),
            convert_options=arrow_csv.ConvertOptions(
                include_columns=columns,
                column_types=dict.fromkeys(columns, coded),
                strings_can_be_null=False,
            ),
        )
    except pa.ArrowException as error:
        raise _unreadable(path, "CSV", error) from None


def _first_line(path: Path) -> tuple[str, str]:
    """The encoding, and the line of names."""
    with pa.input_stream(str(path)) as file:
        head = bytes(file.read(SNIFFED))
    if not head.strip():
        raise PanelError("empty", file=path.name)
    whole = head[: head.rfind(b"\n") + 1] or head
    encoding = "utf-16" if head[:2] in WIDE else "utf-8"
    try:
        whole.decode(encoding, errors="replace" if head[:2] in WIDE else "strict")
    except UnicodeDecodeError:
        encoding = "gb18030"
    text = whole.decode(encoding, errors="replace").removeprefix("\ufeff")
    return encoding, text.splitlines()[0]


def _separator(first: str, columns: list[str], name: str) -> str:
    read = {each: next(csv.reader([first], delimiter=each)) for each in SEPARATORS}
    for each, names in read.items():
        if set(columns) <= set(names):
            _must_have(names, columns, name)
            return each
    likely = max(read.values(), key=len)
    _must_have(likely, columns, name)
    return ","


def _must_have(known: Sequence[str], columns: Sequence[str], name: str) -> None:
    for column in columns:
        if known.count(column) > 1:
            raise PanelError("column_twice", file=name, column=column)
        if column not in known:
            raise PanelError("column", file=name, column=column, known=", ".join(known))


def _unreadable(path: Path, kind: str, error: Exception) -> PanelError:
    problem = (str(error).splitlines() or [type(error).__name__])[0].rstrip(".")
    return PanelError("unreadable", file=path.name, kind=kind, problem=problem)
