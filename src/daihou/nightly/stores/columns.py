"""Columns of what PostgreSQL answers, as the columnar side takes them."""

from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from daihou.columnar.strategy.columns import Coded

Array = np.ndarray[Any, Any]
DAY: Final = "datetime64[D]"


def words_of(column: pa.ChunkedArray) -> Coded:
    """A column of texts as codes; nothing is an empty text."""
    texts = pc.fill_null(column.cast(pa.string()), "")
    encoded = texts.combine_chunks().dictionary_encode()
    if isinstance(encoded, pa.ChunkedArray):
        encoded = encoded.combine_chunks()
    codes = encoded.indices.to_numpy(zero_copy_only=False)
    return Coded(tuple(encoded.dictionary.to_pylist()), codes.astype(np.int32))


def days_of(column: pa.ChunkedArray) -> Array:
    """A column of dates as days; NaT where there is none."""
    return np.asarray(column.to_numpy()).astype(DAY)
