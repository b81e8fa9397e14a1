"""Parquet: typed columns become the same text cells as in a CSV."""

import io

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from daihou.rooms.intake.findings import FileProblem, Found
from daihou.rooms.intake.readers.raw import Raw, header, tidy

LIMIT = 8 * 2**30


def read_parquet(data: bytes, *, name: str) -> Raw:
    """Read one Parquet file; raises FileProblem for a damaged or inflated one."""
    try:
        file = pq.ParquetFile(io.BytesIO(data))
        meta = file.metadata
        size = sum(
            meta.row_group(i).total_byte_size for i in range(meta.num_row_groups)
        )
        if size > LIMIT:
            raise FileProblem(
                "zip_bomb",
                value=f"{size / 2**30:.0f} GiB",
                limit=f"{LIMIT / 2**30} GiB",
            )
        table = file.read()
    except (pa.ArrowException, OSError) as error:
        detail = str(error).splitlines()[0]
        raise FileProblem("truncated", detail=detail) from error
    names, twice = header(table.column_names)
    found = [Found("duplicate_column", file=name, column=one) for one in twice]
    columns = [_text(column) for column in table.columns]
    lines = np.arange(1, len(table) + 1, dtype=np.int64)
    return Raw(
        file=name,
        kind="parquet",
        data=pa.table(columns, names=names),
        lines=lines,
        found=found,
    )


def _text(column: pa.ChunkedArray) -> pa.ChunkedArray:
    """Any column as text: dates ISO, numbers without an exponent or a lone `.0`."""
    kind = column.type
    if pa.types.is_dictionary(kind):
        return _text(column.cast(kind.value_type))
    if pa.types.is_string(kind) or pa.types.is_large_string(kind):
        return tidy(column)
    if pa.types.is_timestamp(kind):
        return _instants(column)
    if pa.types.is_floating(kind):
        return _floats(column)
    if pa.types.is_nested(kind) or pa.types.is_binary(kind):
        return tidy(
            pa.array([None if v is None else str(v) for v in column.to_pylist()])
        )
    return tidy(column.cast(pa.string()))


def _floats(column: pa.ChunkedArray) -> pa.ChunkedArray:
    """The shortest decimal that reads back as the same number; NaN is empty."""
    column = pc.if_else(pc.is_nan(column), pa.scalar(None, column.type), column)
    text = column.cast(pa.string())
    text = pc.replace_substring_regex(text, r"\.0$", "")
    strange = pc.fill_null(pc.match_substring(text, "e"), fill_value=False)
    if pc.any(strange).as_py():
        values = [
            None if v is None else f"{v:.15f}".rstrip("0").rstrip(".")
            for v in column.to_pylist()
        ]
        text = pc.if_else(strange, pa.array(values, pa.string()), text)
    return tidy(text)


def _instants(column: pa.ChunkedArray) -> pa.ChunkedArray:
    zone = column.type.tz
    dates = pc.strftime(column, format="%Y-%m-%d")
    midnight = pc.equal(column, pc.floor_temporal(column, unit="day"))
    if zone is None and pc.all(pc.fill_null(midnight, fill_value=True)).as_py():
        return tidy(dates)
    seconds = pc.cast(column, pa.timestamp("s", zone), safe=False)
    form = "%Y-%m-%dT%H:%M:%S" + ("%z" if zone else "")
    return tidy(pc.strftime(seconds, format=form))
