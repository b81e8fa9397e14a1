"""Arrays as columns and back, with the days that are not known."""

from collections.abc import Mapping
from typing import Any, Final

import numpy as np
import pyarrow as pa

Array = np.ndarray[Any, Any]
_DAY: Final = np.dtype("datetime64[D]")


def table_of(columns: Mapping[str, Array], schema: pa.Schema) -> pa.Table:
    """Arrays as a table in the form of `schema`; NaT becomes null."""
    made = [pa.array(columns[each.name]).cast(each.type) for each in schema]
    return pa.table(made, schema=schema)


def array_of(column: pa.ChunkedArray) -> Array:
    """A column of numbers, flags or days as an array; a day that is null is NaT."""
    found: Array = np.asarray(column.to_numpy())
    kind = column.type
    return found.astype(_DAY if pa.types.is_date32(kind) else kind.to_pandas_dtype())


def type_of(array: Array) -> pa.DataType:
    """The type of the column that an array makes."""
    return pa.date32() if array.dtype.kind == "M" else pa.from_numpy_dtype(array.dtype)
