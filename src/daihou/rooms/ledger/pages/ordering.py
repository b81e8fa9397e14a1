"""The first rows of a long list in its order, without sorting all of it."""

from collections.abc import MutableMapping

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

Numbers = npt.NDArray[np.int64]
_LAST = np.iinfo(np.int64).max


def keys(
    column: pa.ChunkedArray,
    *,
    descending: bool,
    kept: MutableMapping[str, Numbers],
    name: str,
) -> Numbers:
    """Numbers in whose order the rows stand; nothing comes last either way.

    Whole numbers, dates and words. Ranks of words are put into `kept` under `name`.
    """
    if pa.types.is_string(column.type):
        if name not in kept:
            kept[name] = pc.rank(column, tiebreaker="dense").to_numpy().astype(np.int64)
        values = kept[name]
    else:
        whole = column.cast(pa.int32()) if pa.types.is_date(column.type) else column
        values = pc.fill_null(whole.cast(pa.int64()), 0).to_numpy()
    values = -values if descending else values
    if column.null_count:
        values = np.where(column.is_null().to_numpy(), _LAST, values)
    return values


def first_places(by: Numbers, count: int) -> Numbers:
    """Places of the `count` smallest, smallest first; equal ones as they stood."""
    among = np.arange(len(by))
    if 0 < count < len(by):
        last = np.partition(by, count - 1)[count - 1]
        among = np.flatnonzero(by <= last)
    return among[np.argsort(by[among], kind="stable")][:count]
