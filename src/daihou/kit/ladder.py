"""The ladder M0 to M6+ that lists and charts show, whatever buckets a product has.

A position keeps the bucket of its own product's set; a page over many products
needs one ladder, and takes the step from the days past due.
"""

import numpy as np
import pyarrow as pa

from daihou.engine.delinquency.buckets import BUCKET_SETS

_SET = "M0_M7"
BUCKETS = tuple(name for name, _ in BUCKET_SETS[_SET])
_FIRST_DAYS = np.array([first for _, first in BUCKET_SETS[_SET]])
_NAMES = pa.array(BUCKETS)


def step(dpd: int) -> str:
    """The step of the ladder that holds `dpd` days past due."""
    return BUCKETS[int(np.searchsorted(_FIRST_DAYS, dpd, "right")) - 1]


def on_ladder(positions: pa.Table) -> pa.Table:
    """Positions (columns `bucket` and `dpd`) with the ladder's step as bucket."""
    days = positions["dpd"].to_numpy()
    places = np.searchsorted(_FIRST_DAYS, days, "right") - 1
    steps = pa.DictionaryArray.from_arrays(pa.array(places, pa.int32()), _NAMES)
    column = positions.schema.get_field_index("bucket")
    return positions.set_column(column, "bucket", steps.cast(pa.string()))
