"""CSV: UTF-8 or GB18030, told apart by the bytes and never guessed silently."""

import csv
import io
import re
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.csv as pc_csv

from daihou.rooms.intake.findings import FileProblem, Found
from daihou.rooms.intake.readers.raw import Raw, header, tidy

_ALIASES = {
    "utf-8": "utf-8",
    "utf8": "utf-8",
    "utf-8-sig": "utf-8",
    "gb18030": "gb18030",
    "gbk": "gb18030",
    "gb2312": "gb18030",
}
_ORDINARY = re.compile(r"[\u4e00-\u9fa5\u3000-\u303f\uff00-\uffef\u2010-\u2030·￥]")
_CONTROL = "#control"


def read_csv(data: bytes, *, name: str, encoding: str | None = None) -> Raw:
    """Read one CSV; raises FileProblem for what is not readable as one."""
    data = _utf8(data, encoding=encoding)
    data, control = _trailer(data)
    if not data.strip():
        raise FileProblem("empty_file")
    delimiter = _delimiter(data)
    names, twice = header(_first_record(data, delimiter))
    found = [Found("duplicate_column", file=name, column=one) for one in twice]
    fast = _read_fast(data, names, delimiter)
    if fast is None:
        table, lines, ragged = _read_slow(data, names, delimiter)
        found += [
            Found(
                "ragged_row",
                file=name,
                rows=np.array([row], dtype=np.int64),
                params={"value": cells, "expected": len(names)},
            )
            for row, cells in ragged
        ]
    else:
        table = fast
        lines = np.arange(2, len(table) + 2, dtype=np.int64)
    return Raw(
        file=name, kind="csv", data=table, lines=lines, control=control, found=found
    )


def _utf8(data: bytes, *, encoding: str | None) -> bytes:
    """The same text in UTF-8 without a byte-order mark."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")) or b"\0" in data[:4096]:
        raise FileProblem(
            "encoding", named=encoding or "UTF-8", kind="UTF-16", value="00", position=0
        )
    data = data.removeprefix(b"\xef\xbb\xbf")
    named = _ALIASES.get((encoding or "").lower(), encoding)
    wrong = _wrong_at(data, "utf-8")
    if named == "utf-8" and wrong is not None:
        _refuse(data, "UTF-8", wrong)
    if wrong is None:
        if named == "gb18030" and not data.isascii():
            at = next(i for i, byte in enumerate(data) if byte > 127)
            raise FileProblem(
                "encoding",
                named="GB18030",
                kind="UTF-8",
                value=f"{data[at]:02X}",
                position=at + 1,
            )
        return data
    if named not in {None, "gb18030"}:
        raise FileProblem("encoding", named=named, kind="?", value="", position=0)
    text = _chinese(data)
    if text is None:
        _refuse(data, "UTF-8" if named is None else "GB18030", wrong)
    return str(text).encode()


def _wrong_at(data: bytes, encoding: str) -> int | None:
    try:
        data.decode(encoding)
    except UnicodeDecodeError as error:
        return error.start
    return None


def _chinese(data: bytes) -> str | None:
    """The text if the bytes read as GB18030 make ordinary Chinese, else None."""
    try:
        text = data.decode("gb18030")
    except UnicodeDecodeError:
        return None
    foreign = re.sub(r"[\x00-\x7f]", "", text[:200_000])
    if not foreign:
        return text
    ordinary = len(_ORDINARY.findall(foreign))
    return text if ordinary >= 0.8 * len(foreign) else None


def _refuse(data: bytes, named: str, at: int) -> None:
    kind = "GB18030" if _chinese(data) is not None else _other(data)
    raise FileProblem(
        "encoding", named=named, kind=kind, value=f"{data[at]:02X}", position=at + 1
    )


def _other(data: bytes) -> str:
    try:
        text = data.decode("big5")
        foreign = [c for c in text[:200_000] if ord(c) > 127]
        if (
            foreign
            and sum("\u4e00" <= c <= "\u9fff" for c in foreign) > len(foreign) * 0.8
        ):
            return "Big5"
    except UnicodeDecodeError:
        pass
    return "Latin-1 / Windows-1252"


def _trailer(data: bytes) -> tuple[bytes, dict[str, str]]:
    """Cut off a last line `#control,rows=2,amount=30.00` and read it."""
    body = data.rstrip()
    cut = body.rfind(b"\n") + 1
    last = body[cut:].decode().strip().strip('"')
    if not last.startswith(_CONTROL):
        return data, {}
    pairs = re.split(r"[,;\t]", last.removeprefix(_CONTROL).strip(",;\t"))
    control: dict[str, str] = {}
    for pair in pairs:
        key, mark, value = pair.strip().strip('"').partition("=")
        if not mark and pair.strip('" '):
            raise FileProblem("control_broken", detail=last)
        if mark:
            control[key.strip()] = value.strip()
    return data[:cut], control


def _delimiter(data: bytes) -> str:
    line = data.lstrip().split(b"\n", 1)[0].decode()
    return max(",;\t|", key=line.count) if any(c in line for c in ",;\t|") else ","


def _reader(data: bytes, delimiter: str) -> Any:
    stream = io.TextIOWrapper(io.BytesIO(data), encoding="utf-8", newline="")
    return csv.reader(stream, delimiter=delimiter, strict=True)


def _first_record(data: bytes, delimiter: str) -> list[str]:
    try:
        return next(row for row in _reader(data, delimiter) if row)
    except (csv.Error, StopIteration) as error:
        raise FileProblem("broken_csv", detail=str(error)) from error


def _read_fast(data: bytes, names: list[str], delimiter: str) -> pa.Table | None:
    """Read with Arrow when every row is one line; None when that is not sure."""
    short: list[int] = []

    def skip(row: Any) -> str:
        short.append(row.actual_columns)
        return "skip"

    lines = data.count(b"\n") + (not data.endswith(b"\n"))
    try:
        table = pc_csv.read_csv(
            io.BytesIO(data),
            read_options=pc_csv.ReadOptions(column_names=names, skip_rows=1),
            parse_options=pc_csv.ParseOptions(
                delimiter=delimiter, newlines_in_values=True, invalid_row_handler=skip
            ),
            convert_options=pc_csv.ConvertOptions(
                column_types={name: pa.string() for name in names},
                strings_can_be_null=True,
                null_values=[""],
            ),
        )
    except pa.ArrowInvalid:
        return None
    if short or len(table) + 1 != lines or data.count(b"\r") not in {0, lines}:
        return None
    if b'"' in data and data.count(b'"') % 2:
        return None
    return pa.table([tidy(column) for column in table.columns], names=names)


def _read_slow(
    data: bytes, names: list[str], delimiter: str
) -> tuple[pa.Table, Any, list[tuple[int, int]]]:
    """Read record by record: quoted line breaks, blank lines, ragged rows."""
    rows: list[list[str]] = []
    lines: list[int] = []
    ragged: list[tuple[int, int]] = []
    reader = _reader(data, delimiter)
    seen_header = False
    before = 0
    try:
        for row in reader:
            begins, before = before + 1, reader.line_num
            if not row:
                continue
            if not seen_header:
                seen_header = True
                continue
            if len(row) != len(names):
                ragged.append((len(rows), len(row)))
                row = (row + [""] * len(names))[: len(names)]
            rows.append(row)
            lines.append(begins)
    except csv.Error as error:
        raise FileProblem("broken_csv", detail=str(error)) from error
    columns = [list(column) for column in zip(*rows, strict=True)]
    columns = columns or [[] for _ in names]
    arrays = [tidy(pa.array(column, pa.string())) for column in columns]
    table = pa.table(arrays, names=names)
    return table, np.array(lines, dtype=np.int64), ragged
